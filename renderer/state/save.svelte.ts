/** Saving: what of which pictures, where to, how far it is, and what was written. */

import {
  pictureKinds,
  saveKinds,
  usualSaveKinds,
  type Api,
  type ExportResult,
  type ImageInfo,
  type JobId,
  type Picture,
  type RunId,
  type SaveKind,
} from '../../shared/api.ts'
import type { FigureSubject } from '../../shared/figures.ts'
import type { Pipeline } from '../../shared/pipeline.ts'
import { FigureState, type Sight } from './figure.svelte.ts'
import { exportToEnd, runToEnd } from './jobs.ts'
import { isCancelled, sentence, type NoticeState } from './notices.svelte.ts'
import { kindsFor, partOf, type SaveSubject, type SaveWhat } from './saveChoices.ts'

export type SaveScope = 'current' | 'selected'
/** `default`: the folder of the settings. */
export type SaveWhere = 'zip' | 'folder' | 'default'

export type SaveProgress =
  | { readonly phase: 'running'; readonly done: number; readonly total: number }
  | { readonly phase: 'writing'; readonly done: number; readonly total: number; readonly file: string }
  | { readonly phase: 'fetching' }

export interface Saved {
  /** Null of one picture, which needs none. */
  readonly job: JobId | null
  readonly where: SaveWhere
  readonly result: ExportResult
  /** Where the zip, or the one picture, can be had again, as long as the dialog is open. */
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
  readonly saves = $derived.by((): readonly SaveKind[] => {
    const { what } = this
    if (what === 'figure') return [this.figure.format === 'png' ? 'figure' : 'figure-svg']
    if (what === 'everything') return saveKinds
    return kindsFor[what].filter((kind) => this.kinds.has(kind))
  })
  readonly ready = $derived(
    this.images.length > 0 && (this.what === 'formula' || this.saves.length > 0) && this.can(this.what),
  )
  /** Whether pictures are among what is saved, so that it matters how they look. */
  readonly draws = $derived(this.what === 'formula' || this.saves.some((kind) => pictureKinds.includes(kind)))
  /** Whether of each picture of the gallery only one is saved, that of the preview. */
  readonly alone = $derived(
    this.what === 'formula' ||
      (this.what !== 'all' && this.saves.length === 1 && pictureKinds.includes(this.saves[0]!)),
  )
  /** The one picture that is all there is to save; null where it is more, or goes to a folder. */
  readonly single = $derived.by((): Pick<Sight, 'subject' | 'format'> | null => {
    const one = this.what === 'formula' || this.images.length === 1
    return one && this.alone && this.where === 'zip' ? this.#sightOf() : null
  })
  /** What the preview is to show: of several pictures, the one of all stages. */
  readonly sight = $derived.by((): Sight | null => {
    const { subject, draws } = this
    const sight = this.#sightOf()
    if (!this.open || this.status === 'busy' || this.status === 'done') return null
    if (!subject?.run || !draws || !sight) return null
    const last = sight.subject.type === 'evolution' ? subject.pipeline.layers.length - 1 : sight.subject.stage
    if (subject.made() <= last) return null
    return { run: subject.run, ...sight, figure: this.figure.optionsWith(subject.scales) }
  })

  readonly figure: FigureState
  readonly #api: Api
  readonly #notices: NoticeState
  readonly #tools: SaveTools
  #abort: AbortController | null = null

  constructor(api: Api, notices: NoticeState, tools: SaveTools) {
    this.#api = api
    this.#notices = notices
    this.#tools = tools
    this.figure = new FigureState(api, tools)
  }

  /** Opens the dialog for what is in the window now. While something is being saved it shows that. */
  begin(subject: SaveSubject): void {
    this.open = true
    if (this.status === 'busy') return
    this.#forgetSaved()
    this.subject = subject
    this.status = 'choosing'
    this.problem = null
    const partly = this.what === 'channel' || this.what === 'region'
    if (!this.can(this.what)) this.what = subject.stage && partly ? 'stage' : 'all'
    this.scope = subject.selected.length > 1 ? this.scope : 'current'
  }

  /** Whether there is such a thing in the window now. */
  can(what: SaveWhat): boolean {
    const { subject } = this
    if (!subject) return false
    if (what === 'stage') return subject.stage !== null
    if (what === 'channel') return subject.stage !== null && subject.channel !== null
    if (what === 'region') return subject.stage !== null && subject.region !== null
    if (what === 'formula') return subject.probe !== null && subject.run !== null
    return true
  }

  #sightOf(): Pick<Sight, 'subject' | 'format'> | null {
    const of = this.#pictured()
    if (!of) return null
    const { what, saves, figure } = this
    const svg = what === 'formula' || what === 'figure' ? figure.format === 'svg' : !saves.includes('png')
    return { subject: of, format: svg && saves.every((kind) => kind !== 'png' && kind !== 'figure') ? 'svg' : 'png' }
  }

  #pictured(): FigureSubject | null {
    const { subject, what } = this
    if (!subject || !this.can(what)) return null
    const { probe } = subject
    if (what === 'formula') return { type: 'formula', stage: probe!.stage, ...probe!.place }
    const part = partOf(subject, this.what)
    return part.stage === undefined ? { type: 'evolution' } : { ...part, type: 'stage', stage: part.stage }
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
    const { subject, images, saves, where } = this
    if (!subject || !this.ready || this.status === 'busy') return
    const abort = new AbortController()
    this.#abort = abort
    this.problem = null
    this.#forgetSaved()
    this.status = 'busy'
    const runs: RunId[] = []
    try {
      if (this.single) {
        await this.#saveOne(subject, this.single, runs, abort.signal)
        return
      }
      const destination = await this.#destination(where)
      if (!destination) {
        this.status = 'choosing'
        return
      }
      if (this.what === 'formula' && destination.type === 'folder') {
        await this.#saveFormula(subject, destination.folder, where, abort.signal)
        return
      }
      const failures = await this.#runAll(subject.pipeline, images, runs, abort.signal)
      if (runs.length === 0) throw failures[0]!.error
      this.progress = { phase: 'writing', done: 0, total: 0, file: '' }
      const request = {
        runs,
        save: saves,
        ...partOf(subject, this.what),
        ...(this.draws ? { figure: this.figure.optionsWith(subject.scales) } : {}),
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

  /** Has the host drag out the picture of the preview as a file, or all that is chosen of it as a folder. */
  async dragOut(held: AbortSignal): Promise<void> {
    const { sight, saves, alone } = this
    if (!sight) return
    try {
      await this.#api.call('host.dragOut', alone ? sight : { ...sight, save: saves }, { signal: held })
    } catch (error) {
      if (!isCancelled(error)) this.problem = sentence(error)
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

  async reveal(): Promise<void> {
    const job = this.saved?.job ?? null
    if (job === null) return
    try {
      await this.#api.call('host.revealExport', { job })
    } catch (error) {
      this.problem = sentence(error)
    }
  }

  /** Draws one picture of the run on show, or of one made for it, and hands it over as it is. */
  async #saveOne(
    subject: SaveSubject,
    { subject: of, format }: Pick<Sight, 'subject' | 'format'>,
    runs: RunId[],
    signal: AbortSignal,
  ): Promise<void> {
    // An element was pointed at in the run that is on show; anything else is of the whole pipeline.
    let run = of.type === 'formula' ? subject.run : null
    if (run === null) {
      const failures = await this.#runAll(subject.pipeline, [subject.current], runs, signal)
      if (runs.length === 0) throw failures[0]!.error
      run = runs[0]!
    }
    this.progress = { phase: 'fetching' }
    const figure = this.figure.optionsWith(subject.scales)
    const picture = await this.#api.call('figures.draw', { run, subject: of, format, figure }, { signal })
    const { name, bytes } = picture
    const url = this.#tools.createUrl(picture)
    this.#tools.download(url, name)
    const result = { files: [name], byteLength: bytes.byteLength, name }
    this.saved = { job: null, where: 'zip', result, url, failures: [] }
    this.status = 'done'
  }

  /** An element was pointed at in the run that is on show: the formula is of that. */
  async #saveFormula({ run, scales }: SaveSubject, folder: string, where: SaveWhere, signal: AbortSignal) {
    const figure = this.figure.optionsWith(scales)
    const request = { run: run!, ...this.#sightOf()!, figure, folder }
    const { job, result } = await this.#api.call('figures.save', request, { signal })
    this.saved = { job, where, result, url: null, failures: [] }
    this.status = 'done'
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
