/** Many images through one pipeline, as the window has it: what is to be run, the batch there is, and what is told of it. */

import {
  saveKinds,
  usualSaveKinds,
  type Api,
  type ApiEvent,
  type ImageId,
  type ImageInfo,
  type SaveKind,
} from '../../shared/api.ts'
import type { BatchEvent, BatchRequest } from '../../shared/batch.ts'
import { fromWire } from '../../shared/errors.ts'
import type { Pipeline } from '../../shared/pipeline.ts'
import type { ScaleChoices } from '../../shared/scales.ts'
import { BatchRun } from './batchRun.svelte.ts'
import { FigureState } from './figure.svelte.ts'
import { isCancelled, sentence, type NoticeState } from './notices.svelte.ts'
import { handOver } from './handOver.ts'
import type { WindowTools } from './app.svelte.ts'

/** What can be run. */
export interface BatchSubject {
  readonly pipeline: Pipeline
  /** In the order of the gallery. */
  readonly all: readonly ImageInfo[]
  readonly selected: readonly ImageInfo[]
  /** The colours and ranges that are on show. */
  readonly scales: ScaleChoices
}

/** What can be saved of each image; its manifest, by which a batch is taken up again, comes with it. */
export const batchKinds: readonly SaveKind[] = saveKinds.filter((kind) => kind !== 'manifest')

export type BatchScope = 'all' | 'selected'
/** `none`: only the table and the statistics; `default`: the folder of the settings. */
export type BatchWhere = 'none' | 'folder' | 'default'
export type BatchView = 'table' | 'sheet' | 'statistics' | 'failures'

interface Folder {
  readonly folder: string
  readonly name: string
}

/** What the table is being written as. */
export interface TableWork {
  readonly as: 'csv' | 'tabs'
  readonly done: number
  readonly total: number
}

const topic = 'batch'

export class BatchState {
  /** Whether what is to be run is being chosen. */
  choosing = $state(false)
  /** Whether the results are seen. */
  open = $state(false)
  subject = $state.raw<BatchSubject | null>(null)
  scope = $state<BatchScope>('all')
  where = $state<BatchWhere>('none')
  kinds = $state.raw<ReadonlySet<SaveKind>>(new Set(usualSaveKinds.filter((kind) => batchKinds.includes(kind))))
  defaultFolder = $state.raw<Folder | null>(null)
  starting = $state(false)
  /** Why nothing was started: a sentence. */
  problem = $state<string | null>(null)
  run = $state.raw<BatchRun | null>(null)
  view = $state<BatchView>('table')
  tableWork = $state.raw<TableWork | null>(null)

  readonly images = $derived(!this.subject ? [] : this.scope === 'selected' ? this.subject.selected : this.subject.all)
  readonly ready = $derived(this.images.length > 0 && (this.where === 'none' || this.kinds.size > 0))

  readonly figure: FigureState
  readonly #api: Api
  readonly #notices: NoticeState
  readonly #tools: WindowTools
  readonly #show: (image: ImageId) => boolean
  /** Events that come before the answer that gives the batch its id. */
  #early: BatchEvent[] | null = null
  #writing: AbortController | null = null
  #disposed = false

  /** @param show Shows an image in the viewer; false where it is no longer in the gallery. */
  constructor(api: Api, notices: NoticeState, tools: WindowTools, show: (image: ImageId) => boolean) {
    this.#api = api
    this.#notices = notices
    this.#tools = tools
    this.figure = new FigureState(api, tools)
    this.#show = show
  }

  /** Chooses what to run; where there is a batch already, shows that. */
  begin(subject: BatchSubject): void {
    this.subject = subject
    this.scope = subject.selected.length > 1 ? this.scope : 'all'
    if (this.run) this.show()
    else this.choose()
  }

  /** Chooses what to run next; the results there are stay until it begins. */
  again(): void {
    this.open = false
    if (this.run) this.run.watched = false
    this.choose()
  }

  choose(): void {
    this.problem = null
    this.choosing = true
  }

  setKind(kind: SaveKind, wanted: boolean): void {
    const kinds = new Set(this.kinds)
    if (wanted) kinds.add(kind)
    else kinds.delete(kind)
    this.kinds = kinds
  }

  setDefaultFolder(folder: Folder | null): void {
    this.defaultFolder = folder
    if (!folder && this.where === 'default') this.where = 'none'
  }

  /** Starts what was chosen, and lets go of the batch before. Never rejects. */
  async start(): Promise<void> {
    const { subject, images, where } = this
    if (!subject || !this.ready || this.starting) return
    this.starting = true
    this.problem = null
    this.#early = []
    try {
      const folder = await this.#folder(where)
      if (folder === 'none chosen') return
      const request: BatchRequest = {
        images: images.map(({ id }) => id),
        pipeline: subject.pipeline,
        save: folder ? [...this.kinds] : [],
        // Also where no pictures of each are saved: the sheets are.
        ...(folder ? { figure: this.figure.optionsWith(subject.scales) } : {}),
        destination: folder ? { type: 'folder', folder: folder.folder } : { type: 'none' },
      }
      const started = await this.#api.call('batches.start', request)
      const run = new BatchRun(this.#api, started, folder?.name ?? null)
      if (this.#disposed) {
        void run.release()
        return
      }
      this.#letGo()
      this.run = run
      this.choosing = false
      this.show()
      for (const event of this.#early) this.#take(event)
    } catch (error) {
      if (!isCancelled(error)) this.problem = sentence(error)
    } finally {
      this.starting = false
      this.#early = null
    }
  }

  hear(event: ApiEvent): void {
    if (!event.type.startsWith('batch.')) return
    if (this.#early) this.#early.push(event as BatchEvent)
    this.#take(event as BatchEvent)
  }

  /** Shows the results there are. */
  show(): void {
    if (!this.run) return
    this.open = true
    this.run.watched = true
    this.#notices.dismissTopic(topic)
    void this.run.refresh()
  }

  /** Closes the results; what is under way goes on, and the results stay until they are discarded. */
  close(): void {
    this.open = false
    this.cancelTable()
    if (this.run) this.run.watched = false
    if (!this.run?.underWay) return
    const { total } = this.run.progress
    this.#say(`${count(total)} ${total === 1 ? 'goes' : 'go'} on through ${this.run.pipelineName}.`, 'Show')
  }

  /** Ends what is under way, and lets go of the results. */
  discard(): void {
    this.open = false
    this.cancelTable()
    this.#letGo()
  }

  /** Goes to an image in the viewer; the results stay behind it. */
  goTo(image: ImageId): void {
    if (this.#show(image)) this.close()
    else if (this.run) this.run.problem = 'That picture is no longer in the gallery.'
  }

  /** Hands the table to the person as a file. */
  async saveCsv(): Promise<void> {
    const text = await this.#write('csv')
    if (text === null || !this.run) return
    handOver(this.#tools, 'summary.csv', 'text/csv', text)
  }

  /**
   * Puts the table's columns that are seen into the clipboard, which is asked for before they are read: a page may copy
   * only while it answers a person. False where it was cancelled or could not be read; rejects where nothing is copied.
   */
  async copyTable(): Promise<boolean> {
    const text = this.#write('tabs')
    try {
      await this.#tools.copy('text/plain', text.then(required))
      return true
    } catch (error) {
      if ((await text) === null) return false
      throw error
    }
  }

  cancelTable(): void {
    this.#writing?.abort()
  }

  dispose(): void {
    this.#disposed = true
    this.cancelTable()
    this.#letGo()
  }

  #take(event: BatchEvent): void {
    const { run } = this
    if (!run?.hear(event) || this.open) return
    if (event.type === 'batch.done') {
      const { done, failed } = event.progress
      const failures = failed > 0 ? `; ${count(failed)} failed` : ''
      this.#say(`${count(done)} ${done === 1 ? 'is' : 'are'} run through ${run.pipelineName}${failures}.`, 'Results')
    } else if (event.type === 'batch.failed') this.#notices.error(fromWire(event.error), topic)
  }

  #say(message: string, label: string): void {
    this.#notices.info(message, topic, {
      label,
      run: () => {
        this.show()
      },
    })
  }

  async #folder(where: BatchWhere): Promise<Folder | null | 'none chosen'> {
    if (where === 'none') return null
    if (where === 'default' && this.defaultFolder) return this.defaultFolder
    return (await this.#api.call('host.chooseFolder', {})) ?? 'none chosen'
  }

  async #write(as: TableWork['as']): Promise<string | null> {
    const { run } = this
    if (!run || this.#writing) return null
    const writing = new AbortController()
    this.#writing = writing
    this.tableWork = { as, done: 0, total: run.table.total }
    try {
      return await run.table[as](writing.signal, (done, total) => {
        this.tableWork = { as, done, total }
      })
    } catch (error) {
      if (!writing.signal.aborted) run.problem = sentence(error)
      return null
    } finally {
      this.#writing = null
      this.tableWork = null
    }
  }

  #letGo(): void {
    const { run } = this
    this.run = null
    this.view = 'table'
    this.#notices.dismissTopic(topic)
    run?.release().catch((error: unknown) => {
      // With the window its host may be gone too.
      if (!this.#disposed) this.#notices.error(error, topic)
    })
  }
}

function required(text: string | null): string {
  if (text === null) throw new Error('The table was not read to its end.')
  return text
}

function count(images: number): string {
  return `${images.toLocaleString('en')} ${images === 1 ? 'picture' : 'pictures'}`
}
