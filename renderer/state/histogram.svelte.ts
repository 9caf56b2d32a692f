/** How the values on screen are spread: told with a stage, counted for the original when that is looked at. */

import type { Histogram } from '../../shared/api.ts'
import type { Source } from './source.ts'

export class HistogramState {
  #counted = $state.raw<{ readonly key: string; readonly histogram: Histogram } | null>(null)
  #abort: AbortController | null = null

  /** Null until it is counted. */
  of(source: Source): Histogram | null {
    return source.summary?.histogram ?? (this.#counted?.key === source.key ? this.#counted.histogram : null)
  }

  /** Counts what is not known yet, and gives up what is counted for another. Throws what the engine says. */
  async count(source: Source): Promise<void> {
    if (!source.count || this.of(source)) return
    this.#abort?.abort()
    const abort = new AbortController()
    this.#abort = abort
    try {
      const histogram = await source.count(abort.signal)
      if (this.#abort === abort) this.#counted = { key: source.key, histogram }
    } catch (error) {
      if (!abort.signal.aborted) throw error
    }
  }
}
