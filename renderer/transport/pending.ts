/**
 * Runs and exports begun through a transport whose answers and events travel apart: no event comes before the answer
 * that names its run, and nothing waits for ever when its last event is lost.
 */

import type { ApiEvent, Method, Result } from '../../shared/api.ts'
import { toWire, type LoupeError } from '../../shared/errors.ts'

type Kind = 'run' | 'job'

export class Pending {
  readonly #emit: (event: ApiEvent) => void
  /** What has begun here and not ended. */
  readonly #open = new Map<string, Kind>()
  /** Events of what may be about to be named by an answer, in order. */
  readonly #held = new Map<string, ApiEvent[]>()
  #beginning = 0

  constructor(emit: (event: ApiEvent) => void) {
    this.#emit = emit
  }

  /** Makes a call; if it begins something, that one's events wait until the caller has had the answer. */
  async follow<M extends Method>(method: M, call: () => Promise<Result<M>>): Promise<Result<M>> {
    if (method !== 'runs.start' && method !== 'export.start') return await call()
    this.#beginning++
    try {
      const result = await call()
      const begun = result as Result<'runs.start' | 'export.start'>
      this.#settle('run' in begun ? [begun.run, 'run'] : [begun.job, 'job'])
      return result
    } catch (error) {
      this.#settle()
      throw error
    }
  }

  /** An event from the host: passed on now, or once it can be understood. */
  take(event: ApiEvent): void {
    const id = idOf(event)
    const held = id === undefined ? undefined : this.#held.get(id)
    if (held) held.push(event)
    else if (id !== undefined && this.#beginning > 0 && !this.#open.has(id)) this.#held.set(id, [event])
    else this.#pass(event)
  }

  /** Tells of a failure for everything that has not ended. */
  fail(error: LoupeError): void {
    const wire = toWire(error)
    for (const [id, kind] of [...this.#open]) {
      this.#pass(
        kind === 'run' ? { type: 'run.failed', run: id, error: wire } : { type: 'export.failed', job: id, error: wire },
      )
    }
  }

  /** In a task of its own: by then whoever awaited the answer has gone on. */
  #settle(begun?: readonly [id: string, kind: Kind]): void {
    setTimeout(() => {
      this.#beginning--
      if (begun) this.#open.set(...begun)
      for (const [id, events] of [...this.#held]) {
        if (this.#beginning > 0 && !this.#open.has(id)) continue
        this.#held.delete(id)
        for (const event of events) this.#pass(event)
      }
    }, 0)
  }

  #pass(event: ApiEvent): void {
    if (/\.(done|failed)$/.test(event.type)) this.#open.delete(idOf(event)!)
    this.#emit(event)
  }
}

function idOf(event: ApiEvent): string | undefined {
  if ('run' in event) return event.run
  return 'job' in event ? event.job : undefined
}
