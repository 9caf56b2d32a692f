/** Files and folders opened before, where the host can open them again. */

import type { Api, ApiEvent, RecentItem } from '../../shared/api.ts'
import type { NoticeState } from './notices.svelte.ts'

export class RecentState {
  items = $state.raw<readonly RecentItem[]>([])

  readonly #api: Api
  readonly #notices: NoticeState

  constructor(api: Api, notices: NoticeState) {
    this.#api = api
    this.#notices = notices
  }

  async load(): Promise<void> {
    try {
      this.items = await this.#api.call('recent.list', {})
    } catch (error) {
      this.#notices.error(error)
    }
  }

  hear(event: ApiEvent): void {
    if (event.type === 'recent.changed') this.items = event.items
  }

  async open(item: string): Promise<void> {
    try {
      await this.#api.call('recent.open', { item })
    } catch (error) {
      this.#notices.error(error, 'recent')
    }
  }

  async clear(): Promise<void> {
    try {
      await this.#api.call('recent.clear', {})
    } catch (error) {
      this.#notices.error(error, 'recent')
    }
  }
}
