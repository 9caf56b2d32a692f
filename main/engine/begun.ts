/** What a window has begun that goes on after the answer, so that it ends with the window, however that goes. */

import type { Api, ApiEvent, Method, Params, Result } from '../../shared/api.ts'

type Engine = Pick<Api, 'call'>

/** By the method that begins it: what it is called, and how it is ended. */
const beginnings = {
  'runs.start': ({ run }: Result<'runs.start'>) => ({
    id: run,
    end: (engine: Engine) => engine.call('runs.release', { run }),
  }),
  'export.start': ({ job }: Result<'export.start'>) => ({
    id: job,
    end: (engine: Engine) => engine.call('export.cancel', { job }),
  }),
  'batches.start': ({ batch }: Result<'batches.start'>) => ({
    id: batch,
    end: (engine: Engine) => engine.call('batches.release', { batch }),
  }),
  'lab.open': ({ session }: Result<'lab.open'>) => ({
    id: session,
    end: (engine: Engine) => engine.call('lab.close', { session }),
  }),
} as const

export type Beginning = keyof typeof beginnings

export class Begun {
  readonly #engine: Engine
  readonly #methods: readonly Beginning[]
  readonly #ends = new Map<string, (engine: Engine) => Promise<null>>()

  /** `methods`: those whose work is to end. */
  constructor(engine: Engine, methods: readonly Beginning[]) {
    this.#engine = engine
    this.#methods = methods
  }

  /** A call of the window. What it has begun ends at once where nobody waits for the answer any more. */
  async call<M extends Method>(
    method: M,
    params: Params<M>,
    options?: { readonly signal?: AbortSignal },
  ): Promise<Result<M>> {
    const result = await this.#engine.call(method, params, options)
    if (method === 'runs.release') this.#ends.delete((params as Params<'runs.release'>).run)
    if (method === 'batches.release') this.#ends.delete((params as Params<'batches.release'>).batch)
    if (method === 'lab.close') this.#ends.delete((params as Params<'lab.close'>).session)
    const begins = this.#methods.find((beginning) => beginning === method)
    if (!begins) return result
    const { id, end } = beginnings[begins](result as never)
    if (options?.signal?.aborted) this.#end(end)
    else this.#ends.set(id, end)
    return result
  }

  /** What has ended by itself. */
  hear(event: ApiEvent): void {
    if (event.type === 'export.done' || event.type === 'export.failed') this.#ends.delete(event.job)
  }

  end(): void {
    for (const end of this.#ends.values()) this.#end(end)
    this.#ends.clear()
  }

  #end(end: (engine: Engine) => Promise<null>): void {
    // What cannot be ended has ended: the host keeps only so many sessions of the lab.
    end(this.#engine).catch(() => undefined)
  }
}
