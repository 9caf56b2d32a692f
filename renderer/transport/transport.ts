/** What the views know of a transport: the contract, what some can do beyond it, and nothing of how it is carried. */

import type { Api, ImageId, ImageInfo } from '../../shared/api.ts'

export type { Api } from '../../shared/api.ts'

export type ConnectionStatus = 'open' | 'lost' | 'gone'

export interface WindowApi extends Api {
  /** A transport that can lose its host says so; one in the same process has nothing to say. */
  onConnection?(listener: (connection: ConnectionStatus) => void): () => void
  /** Adds a file of the browser's without reading it here; null where this transport cannot, as by path one that has none. */
  addFile?(file: object, options?: { readonly signal?: AbortSignal }): Promise<ImageInfo | null>
  /** An address of a thumbnail, the caller's to revoke, where it can be made without holding up the window. */
  readonly thumbnailUrl?:
    ((image: ImageId, size: number, options?: { readonly signal?: AbortSignal }) => Promise<string>) | undefined
}
