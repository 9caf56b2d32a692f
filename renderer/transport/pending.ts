/** What was begun through a transport and has not ended, so that nothing waits for ever when its events are lost. */

import type { ApiEvent, Method, Params, Result } from '../../shared/api.ts'
import { toWire, type LoupeError } from '../../shared/errors.ts'

export class Pending {
  readonly #runs = new Set<string>()
  readonly #jobs = new Set<string>()
  /** Ends whose events came before the answer that names their run or job. */
  readonly #ended = new Set<string>()

  started<M extends Method>(method: M, result: Result<M>): void {
    if (method === 'runs.start') this.#add(this.#runs, (result as Result<'runs.start'>).run)
    if (method === 'export.start') this.#add(this.#jobs, (result as Result<'export.start'>).job)
  }

  released<M extends Method>(method: M, params: Params<M>): void {
    if (method === 'runs.release') this.#runs.delete((params as Params<'runs.release'>).run)
  }

  saw(event: ApiEvent): void {
    if (event.type === 'run.done' || event.type === 'run.failed') this.#end(this.#runs, event.run)
    if (event.type === 'export.done' || event.type === 'export.failed') this.#end(this.#jobs, event.job)
  }

  /** A failure for everything that has not ended; afterwards nothing is pending. */
  fail(error: LoupeError): ApiEvent[] {
    const events: ApiEvent[] = [
      ...[...this.#runs].map((run) => ({ type: 'run.failed', run, error: toWire(error) }) as const),
      ...[...this.#jobs].map((job) => ({ type: 'export.failed', job, error: toWire(error) }) as const),
    ]
    this.#runs.clear()
    this.#jobs.clear()
    return events
  }

  #add(open: Set<string>, id: string): void {
    if (!this.#ended.delete(id)) open.add(id)
  }

  #end(open: Set<string>, id: string): void {
    if (open.delete(id)) return
    this.#ended.add(id)
    // Other windows' runs end here too; only the latest can still have their answer on the way.
    if (this.#ended.size > 1000) this.#ended.delete(this.#ended.values().next().value!)
  }
}
