/** The whole window: its parts, and what concerns all of them. */

import type { HostCommand, HostInfo } from '../../shared/api.ts'
import { fromWire } from '../../shared/errors.ts'
import type { FigureOptions } from '../../shared/figures.ts'
import { isNotebookName } from '../../shared/notebook.ts'
import { isPipelineName } from '../../shared/pictureNames.ts'
import type { ConnectionStatus, WindowApi } from '../transport/transport.ts'
import { AboutState } from './about.svelte.ts'
import { BatchState } from './batch.svelte.ts'
import { BrushState } from './brush.svelte.ts'
import { CompareState } from './compare.svelte.ts'
import { numbersOf, pictureOf } from './copying.ts'
import { CursorState } from './cursor.svelte.ts'
import { DifferenceState } from './difference.svelte.ts'
import { EditorState } from './editor.svelte.ts'
import { GalleryState } from './gallery.svelte.ts'
import { InspectorState } from './inspector.svelte.ts'
import { LabState } from './lab.svelte.ts'
import { connectionTopic, isCancelled, NoticeState } from './notices.svelte.ts'
import { PresetState } from './presets.svelte.ts'
import { ProbeState } from './probes.svelte.ts'
import { RecentState } from './recent.svelte.ts'
import { RunState } from './run.svelte.ts'
import { handOver } from './handOver.ts'
import { SaveState, type SaveTools } from './save.svelte.ts'
import { channelOnShow, probeToSave, regionOnShow } from './saveSubject.ts'
import { ScaleState } from './scales.svelte.ts'
import { SettingsPanel } from './settings.svelte.ts'
import type { SourceFile } from './uploads.svelte.ts'
import { ViewerState } from './viewer.svelte.ts'

/** What a window can do beyond the contract. */
export interface WindowTools extends SaveTools {
  /** Puts into the clipboard what is being made. Rejects where that fails, or the system does not take it. */
  readonly copy: (type: 'image/png' | 'text/plain', made: Promise<string | Uint8Array>) => Promise<void>
}

export class AppState {
  readonly notices = new NoticeState()
  readonly gallery: GalleryState
  readonly presets: PresetState
  readonly run: RunState
  readonly editor: EditorState
  readonly view: ViewerState
  readonly brush: BrushState
  readonly difference: DifferenceState
  readonly probes: ProbeState
  readonly inspector: InspectorState
  readonly cursor: CursorState
  readonly scales: ScaleState
  readonly compare: CompareState
  readonly save: SaveState
  readonly batch: BatchState
  readonly settings: SettingsPanel
  readonly about: AboutState
  readonly recent: RecentState
  readonly lab: LabState
  host = $state.raw<HostInfo | null>(null)
  connection = $state<ConnectionStatus>('open')
  helpOpen = $state(false)
  /** What the person chose about the side panels; null leaves it to the room there is. */
  galleryWanted = $state<boolean | null>(null)
  detailsWanted = $state<boolean | null>(null)

  readonly canCompare = $derived.by(() => this.gallery.current !== null && this.presets.pipeline !== null)
  readonly canRunMany = $derived.by(
    () => this.batch.run !== null || (this.gallery.readyCount > 0 && this.presets.pipeline !== null),
  )
  /** What there is to say; while the connection is broken the banner says so, and no notice besides. */
  readonly said = $derived(
    this.connection === 'open'
      ? this.notices.list
      : this.notices.list.filter((notice) => notice.topic !== connectionTopic),
  )

  readonly #api: WindowApi
  readonly #tools: WindowTools
  readonly #stop: (() => void)[] = []

  constructor(api: WindowApi, tools: WindowTools) {
    this.#api = api
    this.#tools = tools
    this.gallery = new GalleryState(api, this.notices)
    this.presets = new PresetState(api, this.notices, () => this.gallery.current !== null)
    this.run = new RunState(api)
    this.editor = new EditorState(this.presets, this.run, api, this.notices)
    this.view = new ViewerState(api)
    this.difference = new DifferenceState(api, this.run, this.editor, this.view, () => this.compare.on)
    this.brush = new BrushState(this.editor, this.run, this.view, () => this.#standing())
    this.probes = new ProbeState(api, this.run)
    this.inspector = new InspectorState(api, this.run, () => this.probes.chosen)
    this.cursor = new CursorState(api, this.run, this.view, this.probes)
    this.save = new SaveState(api, this.notices, tools)
    this.batch = new BatchState(api, this.notices, tools, (image) => {
      const known = this.gallery.entry(image) !== undefined
      if (known) this.gallery.pick(image, { range: false, toggle: false })
      return known
    })
    this.settings = new SettingsPanel(api, this.notices)
    this.scales = new ScaleState(this.run, this.settings, () => this.difference.sources)
    this.compare = new CompareState(api, this)
    this.scales.group = (source) => this.compare.group(source)
    this.about = new AboutState(api)
    this.recent = new RecentState(api, this.notices)
    this.lab = new LabState(api, this, tools)
    this.view.outlined = (source) => this.lab.outlineOn(source)
    this.#stop.push(
      api.subscribe((event) => {
        this.settings.hear(event)
        this.recent.hear(event)
        this.batch.hear(event)
        this.lab.hear(event)
        if (event.type === 'settings.changed') this.#apply()
        else if (event.type === 'engine.restarted') {
          this.notices.info(`The compute process stopped (${event.reason}) and was started again.`, 'engine')
        } else if (event.type === 'host.command') this.#obey(event.command)
        else if (event.type === 'host.failed') this.notices.error(fromWire(event.error), 'host')
      }),
    )
    const stop = api.onConnection?.((connection) => {
      this.connection = connection
      if (connection !== 'open') return
      this.notices.dismissTopic(connectionTopic)
      // It may have ended meanwhile, and the word of it been lost.
      void this.batch.run?.refresh()
    })
    if (stop) this.#stop.push(stop)
  }

  async load(): Promise<void> {
    const host = this.#api.call('host.info', {}).then(
      (info) => {
        this.host = info
        this.gallery.byteLimit = info.limits.bytes
        this.save.where = info.capabilities.chooseFolder ? 'folder' : 'zip'
      },
      (error: unknown) => {
        this.notices.error(error)
      },
    )
    // The settings first: what is read of pictures and pipelines goes by them.
    await Promise.all([host, this.settings.load()])
    this.#apply()
    await Promise.all([this.gallery.load(), this.presets.load(), this.recent.load()])
  }

  /** Notebooks go to the lab, other JSON files to the pipelines, everything else to the gallery. */
  addFiles(files: readonly SourceFile[]): void {
    const pictures = files.filter((file) => !isPipelineName(file.name))
    if (pictures.length > 0) this.gallery.addFiles(pictures)
    const notebook = files.find((file) => isNotebookName(file.name))
    if (notebook) void this.lab.openNotebook(notebook)
    void this.presets.open(files.filter((file) => isPipelineName(file.name) && !isNotebookName(file.name)))
  }

  /** Hands a pipeline (the one in use if none is named) to the person as a file. */
  savePipeline(id = this.presets.chosen): void {
    const file = id === null ? null : this.presets.fileOf(id)
    if (id === null || !file) return
    handOver(this.#tools, file.name, 'application/json', file.text)
    this.presets.markSaved(id, file.name)
  }

  /** How a picture looks that is taken without the save dialog: as chosen there, its elements as large as fits. */
  get #look(): FigureOptions {
    return { ...this.save.figure.optionsWith(this.scales.choices), elementSize: null }
  }

  /** Copies what is seen of the stage on show, as a picture or as numbers, and tells how that went. */
  async copy(what: 'picture' | 'numbers'): Promise<void> {
    const copied =
      what === 'picture'
        ? this.#tools.copy('image/png', pictureOf(this.#api, this.view, this.run.run, this.#look))
        : this.#tools.copy('text/plain', numbersOf(this.view))
    try {
      await copied
      this.notices.info(what === 'picture' ? 'The picture is copied.' : 'The numbers are copied.', 'copied')
    } catch (error) {
      this.notices.error(error, 'copied')
    }
  }

  /** Has the host drag a stage's picture out as a file, as it would be copied. */
  async dragStage(stage: number, held: AbortSignal): Promise<void> {
    const { run } = this.run
    if (run === null) return
    const subject = { type: 'stage', stage } as const
    try {
      await this.#api.call('host.dragOut', { run, subject, format: 'png', figure: this.#look }, { signal: held })
    } catch (error) {
      if (!isCancelled(error)) this.notices.error(error, 'drag')
    }
  }

  /** Opens the save dialog; without a picture there is nothing to save. */
  beginSave(): void {
    const { pipeline } = this.presets
    const { current, selectedImages } = this.gallery
    if (!pipeline || !current) return
    const { run } = this.run
    const stage = this.run.stages[this.run.selected]?.planned ?? null
    this.save.begin({
      pipeline,
      current,
      selected: selectedImages,
      stage: stage && { index: stage.index, title: stage.title },
      channel: stage && channelOnShow(this.view),
      region: stage && regionOnShow(this.view),
      probe: probeToSave(this.probes.chosen),
      run,
      made: () => (this.run.run === run ? this.run.stages.filter(({ summary }) => summary !== null).length : 0),
      scales: this.scales.choices,
    })
  }

  /** What stands in the stage where it is pointed at, also while its difference is on show. */
  #standing(): readonly number[] | null {
    return this.view.source?.difference ? (this.difference.pair?.with ?? null) : (this.view.readout?.values ?? null)
  }

  /** Opens what there is of many pictures: the choice of what to run, or the results. */
  beginBatch(): void {
    const { pipeline } = this.presets
    const { entries, selectedImages } = this.gallery
    if (!this.canRunMany) return
    if (!pipeline) {
      this.batch.show()
      return
    }
    const all = entries.flatMap((entry) => (entry.state === 'ready' ? [entry.image] : []))
    this.batch.begin({ pipeline, all, selected: selectedImages, scales: this.scales.choices })
  }

  /** What the settings say of the other parts of the window. */
  #apply(): void {
    const { background } = this.settings.settings
    this.run.background = background
    this.compare.run.background = background
    this.save.setDefaultFolder(this.settings.folder)
    this.batch.setDefaultFolder(this.settings.folder)
    void this.presets.setBackground(background)
  }

  #obey(command: HostCommand): void {
    switch (command) {
      case 'save':
        this.beginSave()
        break
      case 'batch':
        this.beginBatch()
        break
      case 'help':
        this.helpOpen = true
        break
      case 'settings':
        this.settings.begin()
        break
      case 'about':
        void this.about.begin()
        break
      case 'diagnostics':
        void this.about.beginReport()
        break
    }
  }

  dispose(): void {
    for (const stop of this.#stop) stop()
    this.save.cancel()
    this.batch.dispose()
    this.lab.dispose()
    this.inspector.dispose()
    this.gallery.dispose()
    this.editor.dispose()
    this.compare.dispose()
    this.difference.dispose()
    this.run.dispose()
  }
}
