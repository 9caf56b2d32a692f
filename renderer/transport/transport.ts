/** What the views know of a transport: the contract, and nothing of how it is carried. */

export type { Api } from '../../shared/api.ts'
