/** The pipelines of this session: the built-in ones, which never change, and the person's own, each with its history. */

import type { Api, Preset } from '../../shared/api.ts'
import { LoupeError } from '../../shared/errors.ts'
import { emptyDocument, parseDocumentText, type Pipeline } from '../../shared/pipeline.ts'
import { documentOf, editedOf, pipelineOf, type Edited } from './edited.ts'
import { begin, record, redo, settle, takeBack, undo, type History } from './history.ts'
import { sentence, type NoticeState } from './notices.svelte.ts'
import { readFile } from './readFile.ts'
import type { SourceFile } from './uploads.svelte.ts'

export interface PipelineChoice {
  readonly id: string
  readonly pipeline: Pipeline
  /** The file it was opened from or saved as; null for one that has none. */
  readonly file: string | null
  readonly builtIn: boolean
  /** Whether it has changes that no file has. */
  readonly unsaved: boolean
}

/** A pipeline of the person's own. Nothing that was done to it is lost while the window is open. */
class OwnPipeline {
  readonly id: string
  readonly builtIn = false
  /** What was read from its file: to be read again where what it leaves out has changed. */
  readonly text: string | null
  file: string | null
  history: History<Edited>
  /** As its file has it, or as it began. */
  saved: Edited
  readonly edited: Edited
  readonly pipeline: Pipeline
  readonly unsaved: boolean

  constructor(id: string, edited: Edited, file: string | null, text: string | null) {
    this.id = id
    this.text = text
    this.file = $state.raw(file)
    this.history = $state.raw(begin(edited))
    this.saved = $state.raw(edited)
    this.edited = $derived(this.history.present.value)
    this.pipeline = $derived(pipelineOf(this.edited))
    this.unsaved = $derived(this.edited !== this.saved)
  }
}

/** A pipeline with every weight written out may be large; a picture taken for one is larger. */
const largestPipelineFile = 64e6

/** Opening is one thing to the person: what is said of it holds until the next attempt. */
const topic = 'pipeline'

export class PresetState {
  presets = $state.raw<readonly Preset[]>([])
  opened = $state.raw<readonly OwnPipeline[]>([])
  chosen = $state<string | null>(null)
  loaded = $state(false)
  /** A pipeline with unsaved changes that is to be closed, while the person is asked. */
  closing = $state.raw<string | null>(null)

  readonly choices = $derived<readonly PipelineChoice[]>([
    ...this.presets.map(({ id, pipeline }) => ({ id, pipeline, file: null, builtIn: true, unsaved: false })),
    ...this.opened,
  ])
  readonly current = $derived(this.choices.find((choice) => choice.id === this.chosen) ?? null)
  readonly pipeline = $derived(this.current?.pipeline ?? null)
  readonly own = $derived(this.opened.find(({ id }) => id === this.chosen) ?? null)
  /** Made once, so that its layers are the same ones when it is chosen again. */
  #builtIn = $state.raw<ReadonlyMap<string, Edited>>(new Map())
  readonly edited = $derived<Edited | null>(this.own?.edited ?? this.#builtIn.get(this.chosen ?? '') ?? null)
  /** The one in use without its unsaved changes: as its file has it, or as it began. */
  readonly before = $derived.by((): Pipeline | null => (this.own ? pipelineOf(this.own.saved) : this.pipeline))
  /** Whether anything would be lost with the window. */
  readonly unsaved = $derived(this.opened.some((pipeline) => pipeline.unsaved))

  readonly #api: Api
  readonly #notices: NoticeState
  readonly #hasPicture: () => boolean
  #ids = 0
  #background = '#ffffff'

  /** @param hasPicture Whether a picture is shown: then its run says where a pipeline does not fit. */
  constructor(api: Api, notices: NoticeState, hasPicture: () => boolean = () => false) {
    this.#api = api
    this.#notices = notices
    this.#hasPicture = hasPicture
  }

  async load(): Promise<void> {
    try {
      this.#take(await this.#api.call('pipelines.presets', {}))
      this.chosen ??= this.presets[0]?.id ?? null
    } catch (error) {
      this.#notices.error(error)
    } finally {
      this.loaded = true
    }
  }

  /** What lies under transparent pixels where a pipeline does not say; one that was changed keeps what it had. */
  async setBackground(background: string): Promise<void> {
    if (background === this.#background) return
    this.#background = background
    try {
      this.#take(await this.#api.call('pipelines.presets', {}))
    } catch (error) {
      this.#notices.error(error)
    }
    for (const own of this.opened) {
      if (own.text === null || own.history.past.length > 0) continue
      own.history = begin(editedOf(parseDocumentText(own.text, background)))
      own.saved = own.edited
    }
  }

  choose(id: string): void {
    if (!this.choices.some((choice) => choice.id === id)) return
    this.chosen = id
    this.#notices.dismissTopic(topic)
  }

  /** Does something to the pipeline in use. A built-in one stays as it is: a copy of it, the person's own, is changed. */
  change(edited: Edited, label: string, stream: string | null): void {
    const before = this.edited
    if (!before || edited === before) return
    const own = this.own ?? this.#add({ ...before, name: this.#free(before.name, ' (edited)') })
    const name = edited.name === before.name ? own.edited.name : edited.name
    own.history = record(own.history, { ...edited, name }, label, stream)
    this.chosen = own.id
  }

  /** Ends a stream of changes. */
  settle(): void {
    if (this.own) this.own.history = settle(this.own.history)
  }

  /** Takes back a stream of changes that has not ended. */
  takeBack(): void {
    if (this.own) this.own.history = takeBack(this.own.history)
  }

  undo(): void {
    if (this.own) this.own.history = undo(this.own.history)
  }

  redo(): void {
    if (this.own) this.own.history = redo(this.own.history)
  }

  /** Begins another one from the pipeline in use. */
  copy(): void {
    if (this.edited) this.choose(this.#add({ ...this.edited, name: this.#free(this.edited.name, ' copy') }).id)
  }

  /** Begins another one with nothing but an input. */
  create(): void {
    this.choose(this.#add(editedOf(emptyDocument(this.#free('New pipeline', '')))).id)
  }

  /** The pipeline in use as the text of a file, and what to call it. */
  fileOf(id: string): { readonly name: string; readonly text: string } | null {
    const choice = this.choices.find((other) => other.id === id)
    const own = this.opened.find((other) => other.id === id)
    if (!choice) return null
    const text = JSON.stringify(own ? documentOf(own.edited) : choice.pipeline, null, 2)
    const stem = choice.pipeline.name
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .replace(/^-|-$/g, '')
    return { name: choice.file ?? `${stem || 'pipeline'}.pipeline.json`, text: `${text}\n` }
  }

  /** It is now in a file of that name. */
  markSaved(id: string, file: string): void {
    const own = this.opened.find((other) => other.id === id)
    if (!own) return
    own.history = settle(own.history)
    own.saved = own.edited
    own.file = file
  }

  /** Takes a pipeline of the person's own off the list; one with unsaved changes only after asking. */
  close(id: string): void {
    if (this.opened.find((other) => other.id === id)?.unsaved) this.closing = id
    else this.discard(id)
  }

  discard(id: string): void {
    const place = this.choices.findIndex((choice) => choice.id === id)
    this.opened = this.opened.filter((other) => other.id !== id)
    if (this.chosen === id) this.chosen = this.choices[Math.max(0, place - 1)]?.id ?? null
    this.closing = null
  }

  /** Opens pipeline files and runs with the last; what is wrong with one is said, and the one in use stays. */
  async open(files: readonly SourceFile[]): Promise<void> {
    if (files.length === 0) return
    this.#notices.dismissTopic(topic)
    const refusals: LoupeError[] = []
    const remarks: string[] = []
    for (const file of files) {
      try {
        const remark = await this.#open(file)
        if (remark !== null) remarks.push(remark)
      } catch (error) {
        const code = error instanceof LoupeError ? error.code : 'internal'
        const said = sentence(error)
        refusals.push(new LoupeError(code, said.startsWith(file.name) ? said : `${file.name}: ${said}`))
      }
    }
    const [first] = refusals
    const said = [...refusals.map(({ message }) => message), ...remarks].join(' ')
    if (first) this.#notices.error(new LoupeError(first.code, said), topic)
    else if (said !== '') this.#notices.info(said, topic)
  }

  /** Answers with what there is to say about a pipeline that was opened all the same. */
  async #open(file: SourceFile): Promise<string | null> {
    const bytes = await readFile(file, largestPipelineFile)
    const text = new TextDecoder().decode(bytes)
    const document = parseDocumentText(text, this.#background)
    const plan = await this.#api.call('pipeline.plan', { pipeline: document })
    // The file is read again where nothing was done to what it held; else both are kept.
    const known = this.opened.find((other) => other.file === file.name && !other.unsaved)
    this.opened = this.opened.filter((other) => other !== known)
    this.chosen = this.#add(editedOf(document), file.name, text).id
    // Whether it fits depends on the picture; the run itself says where it does not.
    return plan.problem && !this.#hasPicture() ? `${file.name}: ${plan.problem.message}` : null
  }

  #take(presets: readonly Preset[]): void {
    this.presets = presets
    this.#builtIn = new Map(presets.map(({ id, pipeline }) => [id, editedOf(pipeline)]))
  }

  #add(edited: Edited, file: string | null = null, text: string | null = null): OwnPipeline {
    const own = new OwnPipeline(`own:${++this.#ids}`, edited, file, text)
    this.opened = [...this.opened, own]
    return own
  }

  /** A name that no pipeline has yet, and no longer than one may be: `Edges (edited)`, `Edges (edited) 2`. */
  #free(name: string, what: string): string {
    const taken = new Set(this.choices.map(({ pipeline }) => pipeline.name))
    const stem = `${name.slice(0, 180).replace(/\p{Cs}$/u, '')}${what}`
    let free = stem
    for (let count = 2; taken.has(free); count++) free = `${stem} ${count}`
    return free
  }
}
