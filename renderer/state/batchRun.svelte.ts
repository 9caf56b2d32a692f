/** One batch from its start to its release: how far it is, what failed, and what it has found. */

import type { Api } from '../../shared/api.ts'
import type { BatchEvent, BatchFailure, BatchId, BatchProgress, BatchStarted } from '../../shared/batch.ts'
import { fromWire } from '../../shared/errors.ts'
import { SetStatisticsState } from './batchStatistics.svelte.ts'
import { BatchTableState } from './batchTable.svelte.ts'
import { isCancelled, sentence } from './notices.svelte.ts'

/** Milliseconds between two readings of what is found while it is under way. */
const refreshInterval = 1000
/** Failures that are listed. */
export const listedFailures = 1000

export class BatchRun {
  progress = $state.raw<BatchProgress>()!
  failures = $state.raw<readonly BatchFailure[]>([])
  /** Why all of it failed, or what was asked of it could not be done: a sentence. */
  problem = $state<string | null>(null)

  /** Whether it is seen, so that what it finds is read while it is under way. */
  watched = false
  readonly id: BatchId
  readonly pipelineName: string
  /** The name of the folder it saves to; null where only the table and the statistics are made. */
  readonly folder: string | null
  readonly table: BatchTableState
  readonly statistics: SetStatisticsState
  readonly underWay = $derived(['running', 'paused', 'saving'].includes(this.progress.state))
  /** Images neither done nor failed. */
  readonly left = $derived(this.progress.total - this.progress.done - this.progress.failed)

  readonly #api: Api
  #timer: ReturnType<typeof setTimeout> | null = null
  #disposed = false
  /** Counts what has told of the progress: an answer that was overtaken is of no more use. */
  #turn = 0
  /** The same of the failures. */
  #reading = 0

  constructor(api: Api, { batch, total, pipeline, stages }: BatchStarted, folder: string | null) {
    this.#api = api
    this.id = batch
    this.pipelineName = pipeline.name
    this.folder = folder
    this.progress = { state: 'running', total, done: 0, skipped: 0, failed: 0, secondsLeft: null }
    this.table = new BatchTableState(api, batch, stages)
    this.statistics = new SetStatisticsState(api, batch, stages)
  }

  /** Whether the event is of this batch; true where it has ended with it. */
  hear(event: BatchEvent): boolean {
    if (event.batch !== this.id || this.#disposed) return false
    // Of the progress it says nothing.
    if (event.type !== 'batch.imageFailed') this.#turn++
    switch (event.type) {
      case 'batch.progress':
        this.progress = event.progress
        this.#refreshSoon()
        return false
      case 'batch.imageFailed':
        this.#refreshSoon()
        return false
      case 'batch.done':
        this.progress = event.progress
        void this.refresh()
        return true
      case 'batch.failed': {
        const error = fromWire(event.error)
        if (!isCancelled(error)) this.problem = sentence(error)
        this.progress = { ...this.progress, state: 'cancelled', secondsLeft: null }
        void this.refresh()
        return true
      }
    }
  }

  async pause(): Promise<void> {
    await this.#ask('batches.pause')
  }

  async resume(): Promise<void> {
    await this.#ask('batches.resume')
  }

  async cancel(): Promise<void> {
    await this.#ask('batches.cancel')
  }

  /** Tries what failed again, and goes on with what was left. */
  async retry(): Promise<void> {
    await this.#ask('batches.retry')
  }

  /** Reads what there is to see anew. */
  async refresh(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    this.table.refresh()
    await Promise.all([this.statistics.refresh(), this.#readFailures(), this.#readProgress()])
  }

  /** Ends it where it is under way, and lets go of it and its table; what it has saved stays. */
  async release(): Promise<void> {
    this.#disposed = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    await this.#api.call('batches.release', { batch: this.id })
  }

  async #ask(method: 'batches.pause' | 'batches.resume' | 'batches.cancel' | 'batches.retry'): Promise<void> {
    this.problem = null
    try {
      await this.#api.call(method, { batch: this.id })
      await this.#readProgress()
      await this.#readFailures()
    } catch (error) {
      if (!isCancelled(error)) this.problem = sentence(error)
    }
  }

  async #readProgress(): Promise<void> {
    const turn = ++this.#turn
    await this.#read(async () => {
      const progress = await this.#api.call('batches.progress', { batch: this.id })
      if (turn === this.#turn) this.progress = progress
    })
  }

  async #readFailures(): Promise<void> {
    const reading = ++this.#reading
    await this.#read(async () => {
      const request = { batch: this.id, first: 0, limit: listedFailures }
      const { failures } = await this.#api.call('batches.failures', request)
      if (reading === this.#reading) this.failures = failures
    })
  }

  async #read(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      if (!this.#disposed && !isCancelled(error)) this.problem = sentence(error)
    }
  }

  #refreshSoon(): void {
    if (!this.watched) return
    this.#timer ??= setTimeout(() => {
      this.#timer = null
      void this.refresh()
    }, refreshInterval)
  }
}
