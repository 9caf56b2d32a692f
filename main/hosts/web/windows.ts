/**
 * Ends the batches, exports and sessions of the lab of a window that is gone without a word: one that crashed, or was killed,
 * releases nothing itself.
 */

import type { Api } from '../../../shared/api.ts'
import { Begun } from '../../engine/begun.ts'

export class Windows {
  readonly #engine: Api
  readonly #patience: number
  /** Streams of events that each session has open. */
  readonly #streams = new Map<string, number>()
  readonly #leaving = new Map<string, NodeJS.Timeout>()
  /** By session. */
  readonly #begun = new Map<string, Begun>()
  readonly #unsubscribe: () => void

  /** `patience`: milliseconds a window has to open its stream again. */
  constructor(engine: Api, patience: number) {
    this.#engine = engine
    this.#patience = patience
    this.#unsubscribe = engine.subscribe((event) => {
      for (const begun of this.#begun.values()) begun.hear(event)
    })
  }

  /** The engine for one window; what begins through it ends with that. */
  engineFor(session: string): Api {
    const engine = this.#engine
    const begun = this.#begun.get(session) ?? new Begun(engine, ['batches.start', 'export.start', 'lab.open'])
    this.#begun.set(session, begun)
    return {
      subscribe: (listener) => engine.subscribe(listener),
      call: (method, params, options) => begun.call(method, params, options),
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
    this.#unsubscribe()
    for (const timer of this.#leaving.values()) clearTimeout(timer)
    this.#leaving.clear()
  }

  #forget(session: string): void {
    this.#leaving.delete(session)
    this.#begun.get(session)?.end()
    this.#begun.delete(session)
  }
}
