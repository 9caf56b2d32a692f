/** The array lab beside the viewer: the notebook, the lessons, and what the code and its variables point at. */

import type { Api, ApiEvent } from '../../shared/api.ts'
import {
  mostLabImages,
  stageNames,
  type LabError,
  type LabName,
  type LabSurroundings,
  type LabVariable,
} from '../../shared/lab.ts'
import { stageFileStem } from '../../shared/pipeline.ts'
import { labCell } from '../../shared/python/labCell.ts'
import type { LayerStage } from '../../shared/python/code.ts'
import type { GalleryState } from './gallery.svelte.ts'
import { handOver } from './handOver.ts'
import type { LabCell } from './labCell.svelte.ts'
import { LabLessons } from './labLessons.svelte.ts'
import { LabNotebook } from './labNotebook.svelte.ts'
import { LabPointer } from './labPointer.svelte.ts'
import { LabSession } from './labSession.svelte.ts'
import type { NoticeState } from './notices.svelte.ts'
import type { RunState } from './run.svelte.ts'
import type { SaveTools } from './save.svelte.ts'
import type { SettingsPanel } from './settings.svelte.ts'
import { regionPart, type Part } from './labSource.ts'
import type { Source } from './source.ts'
import type { SourceFile } from './uploads.svelte.ts'

/** The parts of the window the lab goes by. */
export interface LabNeighbours {
  readonly gallery: GalleryState
  readonly run: RunState
  readonly settings: SettingsPanel
  readonly notices: NoticeState
}

/** What is known while code is written. */
export interface Known {
  readonly names: readonly LabName[]
  readonly variables: readonly LabVariable[]
  /** The keys of `stages`. */
  readonly stages: readonly string[]
  /** The code of all cells on show: what they define can be called. */
  readonly sources: readonly string[]
}

export class LabState {
  open = $state(false)
  page = $state<'notebook' | 'lessons'>('notebook')
  variablesOpen = $state(true)
  names = $state.raw<readonly LabName[]>([])
  readonly notebook: LabNotebook
  readonly lessons: LabLessons
  readonly pointer: LabPointer
  /** The namespace on show. */
  readonly session: LabSession
  /** A cell that is to get the keyboard; the view takes it. */
  wanted = $state.raw<LabCell | null>(null)

  readonly #api: Api
  readonly #near: LabNeighbours
  readonly #tools: SaveTools
  readonly #sessions: LabSession[] = []
  #naming: Promise<void> | null = null

  constructor(api: Api, near: LabNeighbours, tools: SaveTools) {
    this.#api = api
    this.#near = near
    this.#tools = tools
    const { settings, notices } = near
    this.notebook = new LabNotebook(this.#begin(), notices, tools, () => ({
      image: near.gallery.current,
      background: settings.settings.background,
      stages: new Map(this.stageKeys.map((key, i) => [key, `${stageFileStem(i, this.#kinds[i]!)}.npy`])),
    }))
    const progress = {
      get done() {
        return settings.settings.lessonsDone
      },
      keep: (lessonsDone: readonly string[]) => settings.keep({ lessonsDone: [...lessonsDone] }),
    }
    this.lessons = new LabLessons(() => this.#begin(), progress, notices)
    this.session = $derived((this.page === 'lessons' ? this.lessons.chosen?.session : null) ?? this.notebook.session)
    this.pointer = new LabPointer(() => this.session)
  }

  /** The keys of `stages` of the run in hand. */
  get stageKeys(): readonly string[] {
    return stageNames(this.#kinds)
  }

  /** Whether there is an `image`. */
  get hasPhoto(): boolean {
    return this.#near.gallery.current !== null
  }

  /** What can be completed where code is written. */
  get known(): Known {
    const cells = this.page === 'lessons' ? this.lessons.cells : this.notebook.cells
    const sources = cells.flatMap(({ kind, source }) => (kind === 'code' ? [source] : []))
    return { names: this.names, variables: this.session.variables, stages: this.stageKeys, sources }
  }

  /** Runs all cells on show. */
  async runAll(): Promise<void> {
    await (this.page === 'notebook' ? this.notebook.runAll() : this.lessons.runAll())
  }

  /** The keyboard goes to the cell before or after one of the lesson; it stays where there is none. */
  goBeside(cell: LabCell, by: -1 | 1): void {
    const { cells } = this.lessons
    this.wanted = cells[cells.indexOf(cell) + by] ?? this.wanted
  }

  toggle(): void {
    if (this.open) this.open = false
    else this.show()
  }

  show(): void {
    this.open = true
    void this.name()
    if (this.page === 'notebook') this.wanted = this.notebook.current
  }

  /** The notebook comes forward, and the keyboard goes to its current cell. */
  showNotebook(): void {
    this.page = 'notebook'
    this.show()
  }

  /** Writes the cell that computes a stage from the one before. */
  openStage(stage: LayerStage): void {
    const keys = this.stageKeys
    const image = this.#near.gallery.current
    this.notebook.write(labCell(stage, { image, input: keys[stage.index - 1] ?? null, output: keys[stage.index]! }))
    this.showNotebook()
  }

  async openNotebook(file: SourceFile): Promise<void> {
    if (await this.notebook.open(file)) this.showNotebook()
  }

  showLessons(): void {
    this.page = 'lessons'
    // A cell that is no longer seen cannot take the keyboard.
    this.wanted = null
    void this.lessons.load()
  }

  /** The part of what is shown that the code points at. */
  outlineOn(source: Source): Part | null {
    const { pointed } = this.pointer
    if (!this.open || !pointed?.region) return null
    const known = this.#sourceNamed(pointed.name)
    const here = known?.key === source.key || (pointed.id !== null && source.key.endsWith(`:${pointed.id}`))
    return here ? regionPart(pointed.region, source) : null
  }

  /** The photo or stage that a name in the code stands for, where no variable of that name hides it. */
  #sourceNamed(name: string): Source | null {
    const { run } = this.#near
    if (name === 'image') return run.original?.source ?? null
    const key = /^stages\[['"](\w+)['"]\]$/.exec(name)?.[1]
    const index = key === undefined ? -1 : this.stageKeys.indexOf(key)
    return run.stages[index]?.source ?? null
  }

  /** What is shown beside the variables: of what the code points at, or of the variable that is chosen. */
  readonly shown = $derived.by((): { readonly variable: LabVariable } | { readonly source: Source } | null => {
    const { subject, variable } = this.pointer
    if (subject) {
      const own = this.session.variables.find(
        ({ id, name }) => name === subject.name || (id !== null && id === subject.id),
      )
      if (own?.array?.picture) return { variable: own }
      const source = this.#sourceNamed(subject.name)
      if (source) return { source }
    }
    return variable?.array?.picture ? { variable } : null
  })

  hear(event: ApiEvent): void {
    for (const session of this.#sessions) session.hear(event)
  }

  dispose(): void {
    for (const session of this.#sessions) session.dispose()
  }

  get #kinds() {
    return this.#near.run.stages.map(({ planned }) => planned.kind)
  }

  #begin(): LabSession {
    const session = new LabSession(this.#api, () => this.#around())
    this.#sessions.push(session)
    return session
  }

  /** The chosen picture first: it is `image`. */
  #around(): LabSurroundings {
    const { gallery, run } = this.#near
    const ready = gallery.entries.flatMap((entry) => (entry.state === 'ready' ? [entry.image.id] : []))
    const first = gallery.current ? [gallery.current.id] : []
    return { images: [...new Set([...first, ...ready])].slice(0, mostLabImages), run: run.run }
  }

  /** Hands text over as a file. */
  saveText(name: string, text: string): void {
    handOver(this.#tools, name, 'text/plain', text)
  }

  /** What of the code cannot be read. */
  async check(code: string, signal: AbortSignal): Promise<LabError | null> {
    const { error } = await this.#api.call('lab.check', { code }, { signal })
    return error
  }

  /** Learns the names there are, once. */
  async name(): Promise<void> {
    this.#naming ??= this.#api.call('lab.names', {}).then(
      ({ names }) => void (this.names = names),
      (error: unknown) => {
        // Without them nothing is completed; asked again when the lab is opened again.
        this.#naming = null
        this.#near.notices.error(error)
      },
    )
    await this.#naming
  }
}
