/** What the program is made of, and the report that helps to find a fault. */

import type { Api, Versions } from '../../shared/api.ts'
import { sentence } from './notices.svelte.ts'

export class AboutState {
  open = $state(false)
  versions = $state.raw<Versions | null>(null)
  reportOpen = $state(false)
  /** Exactly what is copied; null while it is made. */
  report = $state.raw<string | null>(null)
  /** Why it could not be made: a sentence. */
  problem = $state<string | null>(null)
  copied = $state(false)

  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
  }

  async begin(): Promise<void> {
    this.open = true
    this.problem = null
    try {
      this.versions = await this.#api.call('host.versions', {})
    } catch (error) {
      this.problem = sentence(error)
    }
  }

  async beginReport(): Promise<void> {
    this.open = false
    this.reportOpen = true
    this.report = null
    this.problem = null
    this.copied = false
    try {
      this.report = (await this.#api.call('host.diagnostics', {})).text
    } catch (error) {
      this.problem = sentence(error)
    }
  }

  close(): void {
    this.open = false
    this.reportOpen = false
  }
}
