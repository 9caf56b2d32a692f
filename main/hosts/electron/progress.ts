/** What is under way, as one number for the taskbar or dock. */

import type { ApiEvent, RunId } from '../../../shared/api.ts'

/** Work over in less than this (milliseconds) is not shown: it would only flicker. */
const worthShowing = 700

interface Work {
  readonly began: number
  fraction: number
}

export class TaskProgress {
  readonly #show: (fraction: number | null) => void
  readonly #now: () => number
  readonly #stages = new Map<RunId, number>()
  readonly #work = new Map<string, Work>()
  #shown: number | null = null

  /** `show` gets what is done of all that is under way, 0 to 1, or null when there is nothing. */
  constructor(show: (fraction: number | null) => void, now: () => number = () => performance.now()) {
    this.#show = show
    this.#now = now
  }

  /** How many stages a run will have. */
  planned(run: RunId, stages: number): void {
    this.#stages.set(run, stages)
  }

  take(event: ApiEvent): void {
    switch (event.type) {
      case 'run.progress':
        this.#set(event.run, (event.stage + event.fraction) / (this.#stages.get(event.run) ?? Infinity))
        break
      case 'export.progress':
        this.#set(event.job, event.total > 0 ? event.done / event.total : 0)
        break
      case 'batch.progress': {
        const { total, done, failed } = event.progress
        this.#set(event.batch, total > 0 ? (done + failed) / total : 0)
        break
      }
      case 'run.done':
      case 'run.failed':
        this.#stages.delete(event.run)
        this.#end(event.run)
        break
      case 'export.done':
      case 'export.failed':
        this.#end(event.job)
        break
      case 'batch.done':
      case 'batch.failed':
        this.#end(event.batch)
        break
      case 'batch.imageFailed':
      case 'run.stage':
      case 'images.added':
      case 'engine.restarted':
      case 'host.command':
      case 'host.failed':
      case 'host.opened':
      case 'host.refused':
      case 'settings.changed':
      case 'recent.changed':
      case 'lab.output':
        break
    }
  }

  #set(id: string, fraction: number): void {
    const work = this.#work.get(id)
    if (work) work.fraction = fraction
    else this.#work.set(id, { began: this.#now(), fraction })
    this.#tell()
  }

  #end(id: string): void {
    if (this.#work.delete(id)) this.#tell()
  }

  #tell(): void {
    const now = this.#now()
    const shown = [...this.#work.values()].filter(({ began }) => now - began >= worthShowing)
    const total = shown.length === 0 ? null : shown.reduce((sum, { fraction }) => sum + fraction, 0) / shown.length
    if (total === this.#shown) return
    this.#shown = total
    this.#show(total)
  }
}
