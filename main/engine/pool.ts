/** Compute processes for a batch: as many as there are cores, each supervised, each with one image in hand. */

import type { ComputeSettings } from './protocol.ts'
import { Supervisor, type SupervisorOptions } from './supervisor.ts'

export class Pool {
  readonly #workers: Supervisor[]

  constructor(size: number, spawn: SupervisorOptions['spawn'], settings: ComputeSettings) {
    // Nothing is kept from one image to the next; more threads than cores would only change places.
    const start = { ...settings, cacheBytes: 0, threads: 1 }
    this.#workers = Array.from({ length: size }, () => new Supervisor({ spawn, start }))
  }

  get workers(): readonly Supervisor[] {
    return this.#workers
  }

  /** Ids of the processes there are, for measurements and tests. */
  get pids(): readonly number[] {
    return this.#workers.flatMap(({ pid }) => pid ?? [])
  }

  /** Ends all processes but one, which then has the memory of the others to draw the sheets in. */
  async keepOne(): Promise<Supervisor> {
    const [first, ...others] = this.#workers
    await Promise.all(others.map((worker) => worker.close()))
    return first!
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.close()))
  }
}
