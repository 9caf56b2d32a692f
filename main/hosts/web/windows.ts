/** Ends the batches of a window that is gone without a word: one that crashed, or was killed, releases nothing itself. */

import type { Api, Params, Result } from '../../../shared/api.ts'
import type { BatchId } from '../../../shared/batch.ts'

export class Windows {
  readonly #engine: Api
  readonly #patience: number
  /** Streams of events that each session has open. */
  readonly #streams = new Map<string, number>()
  readonly #leaving = new Map<string, NodeJS.Timeout>()
  readonly #batches = new Map<BatchId, string>()

  /** `patience`: milliseconds a window has to open its stream again. */
  constructor(engine: Api, patience: number) {
    this.#engine = engine
    this.#patience = patience
  }

  /** The engine for one window; what begins through it ends with that. */
  engineFor(session: string): Api {
    const engine = this.#engine
    return {
      subscribe: (listener) => engine.subscribe(listener),
      call: async (method, params, options) => {
        const result = await engine.call(method, params, options)
        if (method === 'batches.start') this.#batches.set((result as Result<'batches.start'>).batch, session)
        if (method === 'batches.release') this.#batches.delete((params as Params<'batches.release'>).batch)
        return result
      },
    }
  }

  /** A window's stream has opened; to be called when it has ended. */
  opened(session: string): () => void {
    clearTimeout(this.#leaving.get(session))
    this.#leaving.delete(session)
    this.#streams.set(session, (this.#streams.get(session) ?? 0) + 1)
    return () => {
      const left = this.#streams.get(session)! - 1
      this.#streams.set(session, left)
      if (left > 0) return
      this.#streams.delete(session)
      const timer = setTimeout(() => {
        this.#forget(session)
      }, this.#patience)
      timer.unref()
      this.#leaving.set(session, timer)
    }
  }

  close(): void {
    for (const timer of this.#leaving.values()) clearTimeout(timer)
    this.#leaving.clear()
  }

  #forget(session: string): void {
    this.#leaving.delete(session)
    for (const [batch, owner] of this.#batches) {
      if (owner !== session) continue
      this.#batches.delete(batch)
      void this.#engine.call('batches.release', { batch })
    }
  }
}
