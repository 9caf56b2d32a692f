/** Work several requests wait for, done once. */

import { orCancelled } from './drive.ts'

interface Job<T> {
  readonly promise: Promise<T>
  readonly controller: AbortController
  waiting: number
}

export class Shared<T> {
  readonly #jobs = new Map<string, Job<T>>()
  readonly #whenAbandoned: 'stop' | 'finish'

  /** Whether work nobody waits for any more is stopped, or goes on and is there for whoever asks before its end. */
  constructor(whenAbandoned: 'stop' | 'finish') {
    this.#whenAbandoned = whenAbandoned
  }

  /** The result of `work` under this key, begun now or already under way; `cancelled` when the signal is aborted. */
  async get(key: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const job = this.#jobs.get(key) ?? this.#begin(key, work)
    job.waiting++
    try {
      return await orCancelled(job.promise, signal)
    } finally {
      job.waiting--
      if (job.waiting === 0 && this.#whenAbandoned === 'stop') {
        job.controller.abort()
        this.#forget(key, job)
      }
    }
  }

  #begin(key: string, work: (signal: AbortSignal) => Promise<T>): Job<T> {
    const controller = new AbortController()
    const job: Job<T> = { promise: work(controller.signal), controller, waiting: 0 }
    this.#jobs.set(key, job)
    const forget = () => {
      this.#forget(key, job)
    }
    job.promise.then(forget, forget)
    return job
  }

  #forget(key: string, job: Job<T>): void {
    if (this.#jobs.get(key) === job) this.#jobs.delete(key)
  }
}
