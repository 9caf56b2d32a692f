/** Waiting for runs and exports to end. Their events may overtake the answer that gives them their id. */

import type { Api, ApiEvent, ExportEvent, ExportResult, JobId, Params, RunEvent, RunId } from '../../shared/api.ts'
import { fromWire, LoupeError } from '../../shared/errors.ts'

/**
 * Starts a run and resolves to its id when its last stage is there. Rejects with what made it fail, after releasing it,
 * or with `cancelled` when the signal is aborted, after cancelling it.
 */
export async function runToEnd(api: Api, params: Params<'runs.start'>, signal: AbortSignal): Promise<RunId> {
  const heard = listen(api, (event): event is RunEvent => event.type.startsWith('run.'))
  try {
    const { run } = await api.call('runs.start', params)
    try {
      await heard.until((event) => {
        if (event.run !== run) return false
        if (event.type === 'run.failed') throw fromWire(event.error)
        return event.type === 'run.done'
      }, signal)
      return run
    } catch (error) {
      if (signal.aborted) await api.call('runs.cancel', { run }).catch(() => undefined)
      await api.call('runs.release', { run }).catch(() => undefined)
      throw error
    }
  } finally {
    heard.stop()
  }
}

export interface ExportWatcher {
  readonly progress: (done: number, total: number, file: string) => void
}

/** Starts an export and resolves when everything is written; rejects like runToEnd. */
export async function exportToEnd(
  api: Api,
  params: Params<'export.start'>,
  signal: AbortSignal,
  watcher: ExportWatcher,
): Promise<{ job: JobId; result: ExportResult }> {
  const heard = listen(api, (event): event is ExportEvent => event.type.startsWith('export.'))
  try {
    const { job } = await api.call('export.start', params)
    let result: ExportResult | null = null
    try {
      await heard.until((event) => {
        if (event.job !== job) return false
        if (event.type === 'export.failed') throw fromWire(event.error)
        if (event.type === 'export.progress') watcher.progress(event.done, event.total, event.file)
        else result = event.result
        return event.type === 'export.done'
      }, signal)
    } catch (error) {
      if (signal.aborted) await api.call('export.cancel', { job }).catch(() => undefined)
      throw error
    }
    return { job, result: result! }
  } finally {
    heard.stop()
  }
}

/** Keeps events from now on, so that none is missed between asking and being answered. */
function listen<E extends ApiEvent>(api: Api, wanted: (event: ApiEvent) => event is E) {
  const waiting: E[] = []
  let take: ((event: E) => void) | null = null
  const stop = api.subscribe((event) => {
    if (!wanted(event)) return
    if (take) take(event)
    else waiting.push(event)
  })
  return {
    stop,
    /** Resolves when `ended` says so of an event; rejects with what it throws, or when the signal is aborted. */
    until(ended: (event: E) => boolean, signal: AbortSignal): Promise<void> {
      return new Promise((resolve, reject) => {
        const settle = (error?: unknown) => {
          signal.removeEventListener('abort', abort)
          take = null
          if (error === undefined) resolve()
          else reject(error instanceof Error ? error : new Error('The wait failed.', { cause: error }))
        }
        const abort = () => {
          settle(new LoupeError('cancelled', 'It was cancelled.'))
        }
        take = (event) => {
          try {
            if (ended(event)) settle()
          } catch (error) {
            settle(error)
          }
        }
        if (signal.aborted) {
          abort()
          return
        }
        signal.addEventListener('abort', abort)
        // An event that ends the wait clears `take`; what came after it is of no more interest.
        for (const event of waiting.splice(0)) (take as ((event: E) => void) | null)?.(event)
      })
    },
  }
}
