/** Saving: what of which pictures, where to, how far it is, and what was written. */

import {
  usualSaveKinds,
  type Api,
  type ExportResult,
  type ImageInfo,
  type JobId,
  type Picture,
  type RunId,
  type SaveKind,
} from '../../shared/api.ts'
import type { Pipeline } from '../../shared/pipeline.ts'
import { exportToEnd, runToEnd } from './jobs.ts'
import { isCancelled, sentence, type NoticeState } from './notices.svelte.ts'

export type SaveWhat = 'stage' | 'all' | 'figure'
export type SaveScope = 'current' | 'selected'
/** `default`: the folder of the settings. */
export type SaveWhere = 'zip' | 'folder' | 'default'

/** What is to be saved of what is in the window. */
export interface SaveSubject {
  readonly pipeline: Pipeline
  readonly current: ImageInfo
  readonly selected: readonly ImageInfo[]
  /** The chosen stage, or null while the original is shown. */
  readonly stage: { readonly index: number; readonly title: string } | null
}

export type SaveProgress =
  | { readonly phase: 'running'; readonly done: number; readonly total: number }
  | { readonly phase: 'writing'; readonly done: number; readonly total: number; readonly file: string }
  | { readonly phase: 'fetching' }

export interface Saved {
  readonly job: JobId
  readonly where: SaveWhere
  readonly result: ExportResult
  /** Where the zip can be had again, as long as the dialog is open. */
  readonly url: string | null
  /** Pictures that could not be run, each with a sentence; the others were saved. */
  readonly failures: readonly { readonly name: string; readonly reason: string }[]
}

export interface SaveTools {
  readonly createUrl: (picture: Picture) => string
  readonly revokeUrl: (url: string) => void
  /** Hands a file to the person, as a browser's download. */
  readonly download: (url: string, name: string) => void
}

/** Which kinds each choice can be saved as; figure and scripts are of all stages, so one stage has none. */
export const kindsFor: { readonly [W in SaveWhat]: readonly SaveKind[] } = {
  stage: ['png', 'svg', 'npy', 'csv', 'manifest'],
  all: ['png', 'svg', 'npy', 'npz', 'csv', 'figure', 'figure-svg', 'script', 'manifest'],
  figure: ['figure'],
}

/** What each kind is called, and what it is. */
export const kindNames: { readonly [K in SaveKind]: readonly [string, string] } = {
  png: ['Pictures', 'PNG, each with its colour scale'],
  npy: ['Arrays', 'NumPy .npy, every value exactly'],
  npz: ['One array file', 'NumPy .npz, all stages in it'],
  csv: ['Numbers as text', 'CSV, every value exactly'],
  svg: ['Drawings', 'SVG, with text as text'],
  figure: ['Evolution figure', 'All stages side by side, PNG'],
  'figure-svg': ['Evolution as SVG', 'The same, with text as text'],
  script: ['Scripts', 'NumPy and PyTorch, check every array'],
  manifest: ['Manifest', 'JSON: pipeline, ranges, hashes of all files'],
}

/** Runs at a time before an export; the engine has one compute process. */
const runsAtOnce = 2

export class SaveState {
  open = $state(false)
  subject = $state.raw<SaveSubject | null>(null)
  what = $state<SaveWhat>('all')
  scope = $state<SaveScope>('current')
  where = $state<SaveWhere>('zip')
  /** The folder of the settings, if there is one. */
  defaultFolder = $state.raw<{ readonly folder: string; readonly name: string } | null>(null)
  kinds = $state.raw<ReadonlySet<SaveKind>>(new Set(usualSaveKinds))
  status = $state<'choosing' | 'busy' | 'done' | 'failed'>('choosing')
  progress = $state.raw<SaveProgress | null>(null)
  saved = $state.raw<Saved | null>(null)
  /** Why nothing was saved: a sentence. */
  problem = $state<string | null>(null)

  readonly images = $derived(
    !this.subject ? [] : this.scope === 'selected' ? this.subject.selected : [this.subject.current],
  )
  /** The kinds that will be written, in the contract's order. */
  readonly saves = $derived(kindsFor[this.what].filter((kind) => this.what === 'figure' || this.kinds.has(kind)))
  readonly ready = $derived(
    this.images.length > 0 && this.saves.length > 0 && (this.what !== 'stage' || this.subject?.stage !== null),
  )

  readonly #api: Api
  readonly #notices: NoticeState
  readonly #tools: SaveTools
  #abort: AbortController | null = null

  constructor(api: Api, notices: NoticeState, tools: SaveTools) {
    this.#api = api
    this.#notices = notices
    this.#tools = tools
  }

  /** Opens the dialog for what is in the window now. While something is being saved it shows that. */
  begin(subject: SaveSubject): void {
    this.open = true
    if (this.status === 'busy') return
    this.#forgetSaved()
    this.subject = subject
    this.status = 'choosing'
    this.problem = null
    if (!subject.stage && this.what === 'stage') this.what = 'all'
    this.scope = subject.selected.length > 1 ? this.scope : 'current'
  }

  /** The folder of the settings has changed: it is where to save, until another place is chosen. */
  setDefaultFolder(folder: SaveState['defaultFolder']): void {
    const had = this.defaultFolder !== null
    this.defaultFolder = folder
    if (folder && !had) this.where = 'default'
    else if (!folder && this.where === 'default') this.where = 'folder'
  }

  setKind(kind: SaveKind, wanted: boolean): void {
    const kinds = new Set(this.kinds)
    if (wanted) kinds.add(kind)
    else kinds.delete(kind)
    this.kinds = kinds
  }

  /** Runs what has to be run, writes it, and hands it over. Never rejects: `status` and `problem` say how it ended. */
  async start(): Promise<void> {
    const { subject, images, saves, what, where } = this
    if (!subject || !this.ready || this.status === 'busy') return
    const abort = new AbortController()
    this.#abort = abort
    this.problem = null
    this.#forgetSaved()
    this.status = 'busy'
    const runs: RunId[] = []
    try {
      const destination = await this.#destination(where)
      if (!destination) {
        this.status = 'choosing'
        return
      }
      const failures = await this.#runAll(subject.pipeline, images, runs, abort.signal)
      if (runs.length === 0) throw failures[0]!.error
      this.progress = { phase: 'writing', done: 0, total: 0, file: '' }
      const request = {
        runs,
        save: saves,
        ...(what === 'stage' && subject.stage ? { stage: subject.stage.index } : {}),
        destination,
      }
      const { job, result } = await exportToEnd(this.#api, request, abort.signal, {
        progress: (done, total, file) => (this.progress = { phase: 'writing', done, total, file }),
      })
      const url = where === 'zip' ? await this.#fetchZip(job, result, abort.signal) : null
      this.saved = {
        job,
        where,
        result,
        url,
        failures: failures.map(({ name, error }) => ({ name, reason: sentence(error) })),
      }
      this.status = 'done'
    } catch (error) {
      if (isCancelled(error)) this.status = 'choosing'
      else {
        this.status = 'failed'
        this.problem = sentence(error)
      }
    } finally {
      this.progress = null
      this.#abort = null
      for (const run of runs) this.#api.call('runs.release', { run }).catch(() => undefined)
      this.#tellIfClosed()
    }
  }

  cancel(): void {
    this.#abort?.abort()
  }

  /** Closes the dialog; what is being saved goes on, and a notice tells how it ended. */
  close(): void {
    this.open = false
    if (this.status !== 'busy') this.#forgetSaved()
  }

  downloadAgain(): void {
    if (this.saved?.url) this.#tools.download(this.saved.url, this.saved.result.name)
  }

  async reveal(): Promise<void> {
    if (!this.saved) return
    try {
      await this.#api.call('host.revealExport', { job: this.saved.job })
    } catch (error) {
      this.problem = sentence(error)
    }
  }

  async #destination(where: SaveWhere) {
    if (where === 'zip') return { type: 'zip' } as const
    if (where === 'default' && this.defaultFolder) {
      return { type: 'folder', folder: this.defaultFolder.folder } as const
    }
    const chosen = await this.#api.call('host.chooseFolder', {})
    return chosen && ({ type: 'folder', folder: chosen.folder } as const)
  }

  /** Runs every picture; collects the runs as they end, in the order of the pictures, and returns what failed. */
  async #runAll(pipeline: Pipeline, images: readonly ImageInfo[], runs: RunId[], signal: AbortSignal) {
    const failures: { name: string; error: unknown }[] = []
    const ended: (RunId | undefined)[] = []
    let next = 0
    let done = 0
    this.progress = { phase: 'running', done, total: images.length }
    const work = async () => {
      while (next < images.length && !signal.aborted) {
        const at = next++
        const image = images[at]!
        try {
          ended[at] = await runToEnd(this.#api, { image: image.id, pipeline }, signal)
        } catch (error) {
          failures.push({ name: image.name, error })
        }
        this.progress = { phase: 'running', done: ++done, total: images.length }
      }
    }
    await Promise.all(Array.from({ length: runsAtOnce }, work))
    for (const run of ended) if (run !== undefined) runs.push(run)
    signal.throwIfAborted()
    return failures
  }

  async #fetchZip(job: JobId, result: ExportResult, signal: AbortSignal): Promise<string> {
    this.progress = { phase: 'fetching' }
    const zip = await this.#api.call('export.fetch', { job }, { signal })
    signal.throwIfAborted()
    const url = this.#tools.createUrl(zip)
    this.#tools.download(url, result.name)
    return url
  }

  #tellIfClosed(): void {
    if (this.open) return
    if (this.status === 'done' && this.saved) this.#notices.info(`Saved ${this.saved.result.name}.`, 'saved')
    if (this.status === 'failed' && this.problem) this.#notices.error(new Error(this.problem), 'saved')
  }

  #forgetSaved(): void {
    if (this.saved?.url) this.#tools.revokeUrl(this.saved.url)
    this.saved = null
  }
}
