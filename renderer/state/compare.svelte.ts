/**
 * Two runs side by side: A, the one in hand, and B: another picture through the same pipeline, or the same picture
 * through another pipeline. Stage by stage, by their number; A minus B where the shapes agree.
 */

import type { Api, ImageId, ImageInfo, StageOfRun, StageSummary } from '../../shared/api.ts'
import type { Pipeline } from '../../shared/pipeline.ts'
import { formatShape } from '../../shared/tensor.ts'
import { elementBeside } from './beside.ts'
import { elementNear, proportional, upward } from './correspondence.ts'
import { CursorState, stageOf } from './cursor.svelte.ts'
import type { EditorState } from './editor.svelte.ts'
import type { GalleryState } from './gallery.svelte.ts'
import { isCancelled, sentence, type NoticeState } from './notices.svelte.ts'
import type { Element } from './pointed.svelte.ts'
import type { PresetState } from './presets.svelte.ts'
import { ProbeState } from './probes.svelte.ts'
import { RunState } from './run.svelte.ts'
import type { StageSlot } from './stageSlots.ts'
import { differenceSource, type Source } from './source.ts'
import { ViewerState } from './viewer.svelte.ts'

/** What B is; `before`: the pipeline in use without its unsaved changes. */
export type Against =
  | { readonly kind: 'picture'; readonly image: ImageId }
  | { readonly kind: 'pipeline'; readonly id: string }
  | { readonly kind: 'before' }

/** Which panes are seen: both stages, their difference too, or that alone. */
export const layouts = ['pair', 'all', 'difference'] as const
export type CompareLayout = (typeof layouts)[number]

/** What is compared, as far as it is there. */
interface Subject {
  readonly image: ImageInfo
  readonly pipeline: Pipeline
  readonly nameA: string
  readonly nameB: string
}

/** Two stages that have a difference. */
interface Pair {
  readonly of: StageOfRun
  readonly minus: StageOfRun
  readonly a: Source & { readonly summary: StageSummary }
  readonly b: Source
}

/** What stands at the place pointed at, or at the chosen probe: one number each, or three of a colour photo. */
export interface Beside {
  readonly a: readonly number[] | null
  readonly b: readonly number[] | null
  /** A minus B, where the shapes agree. */
  readonly difference: readonly number[] | null
}

interface Parts {
  readonly gallery: GalleryState
  readonly presets: PresetState
  readonly editor: EditorState
  readonly run: RunState
  readonly view: ViewerState
  readonly probes: ProbeState
  readonly cursor: CursorState
  readonly notices: NoticeState
}

export class CompareState {
  against = $state.raw<Against | null>(null)
  /** Whether the person is choosing what to compare with. */
  choosing = $state(false)
  layout = $state<CompareLayout>('all')
  /** A minus B of the chosen stage; the one before stays until the next is there. */
  difference = $state.raw<Source | null>(null)
  /** Why the difference could not be computed: a sentence. */
  problem = $state<string | null>(null)

  /** Of B. */
  readonly run: RunState
  readonly view: ViewerState
  readonly probes: ProbeState
  readonly cursor: CursorState
  readonly differenceView: ViewerState

  readonly on = $derived(this.against !== null)
  readonly subject = $derived.by((): Subject | null => this.#subject())
  /** B's slot beside the stage of A that is chosen. */
  readonly slot = $derived.by((): StageSlot | null => this.run.stages[this.#parts.run.selected] ?? null)
  readonly source = $derived.by((): Source | null =>
    this.#parts.run.selected < 0 ? (this.run.original?.source ?? null) : (this.slot?.source ?? null),
  )
  /** The stages that have a difference, or a sentence why there is none; null while they are still to come. */
  readonly pair = $derived.by((): Pair | { readonly none: string } | null => this.#pair())
  readonly none = $derived(this.pair && 'none' in this.pair ? this.pair.none : null)
  readonly beside = $derived.by((): Beside | null => this.#beside())

  readonly #api: Api
  readonly #parts: Parts
  #shown: readonly unknown[] = []
  #asked = ''
  #asking: AbortController | null = null

  constructor(api: Api, parts: Parts, schedule?: (work: () => void) => void) {
    this.#api = api
    this.#parts = parts
    this.run = new RunState(api)
    this.view = new ViewerState(api, schedule)
    this.differenceView = new ViewerState(api, schedule)
    this.probes = new ProbeState(api, this.run)
    this.cursor = new CursorState(api, this.run, this.view, this.probes, schedule)
    const views = [parts.view, this.view, this.differenceView]
    for (const view of views) {
      view.onMove = () => {
        if (this.on) for (const other of views) if (other !== view) this.#bring(other, view)
      }
    }
  }

  begin(against: Against): void {
    this.against = against
    this.choosing = false
  }

  end(): void {
    this.against = null
    this.choosing = false
  }

  /** Runs what is to be compared now; without it, lets go of what was. */
  follow(subject: Subject | null): void {
    if (this.on && !subject && this.#gone()) {
      const { kind } = this.against!
      this.#parts.notices.info(`The ${kind} that was compared with is gone, so comparing has ended.`, 'compare')
      this.end()
    }
    const shown = [subject?.image.id, subject?.pipeline, this.run.background]
    if (shown.every((part, i) => part === this.#shown[i])) return
    this.#shown = shown
    this.run.show(subject?.image ?? null, subject?.pipeline ?? null, this.#parts.run.selected)
  }

  /** Brings the panes up to the stages there are: shows B's, asks for the difference where there is one. */
  update(): void {
    this.view.open(this.on ? this.source : null)
    const { pair } = this
    if (!this.on || (pair && 'none' in pair)) this.#drop()
    else if (pair) void this.#subtract(pair)
  }

  /** Looks everywhere at what A looks at, as the stages come. */
  align(): void {
    if (!this.on) return
    const { view } = this.#parts
    for (const other of [this.view, this.differenceView]) this.#bring(other, view)
  }

  #bring(pane: ViewerState, to: ViewerState): void {
    pane.follow(to, this.#besideOf(to, pane))
  }

  /**
   * What stands in one pane beside the element pointed at in another: of stages of different sizes what comes from the
   * same place of the photo (of another photo: the place at the same share of it), as soon as that is known.
   */
  #besideOf(from: ViewerState, to: ViewerState): Element | null {
    const near = elementBeside(from, to)
    const [here, there] = [from.source, to.source]
    const stage = this.#parts.run.selected
    const differs = here?.height !== there?.height || here?.width !== there?.width
    if (!near || !here || !there || stage < 0 || here.form !== 'picture' || !differs) return near
    const ofB = from === this.view
    const [own, other] = ofB ? [this.cursor, this.#parts.cursor] : [this.#parts.cursor, this.cursor]
    const [photo, otherPhoto] = [own, other].map((cursor) => cursor.photoShape)
    const { row, column } = from.hover!
    const spot = own.correspondingSpot(stage, { row, column, channel: 0 }, -1)
    if (!photo || !otherPhoto || spot === undefined) return near
    const beside = spot && upward(proportional(otherPhoto, photo), spot, otherPhoto)
    const found = beside && other.correspondingSpot(-1, beside, stage)
    if (found === undefined) return near
    return found && { ...elementNear(found), tile: near.tile }
  }

  /** The stages that are painted on one scale: those of A and B beside each other, where they are seen in one way. */
  group(source: Source): readonly Source[] {
    if (!this.on || source.summary === null || source.difference) return [source]
    const stage = stageOf(source)
    const slot = this.run.stages[stage]
    const ofB = [slot?.source, slot?.card?.source, this.view.source].includes(source)
    const [a, b] = ofB ? [this.#parts.run.stages[stage]?.source, source] : [source, slot?.source]
    return a?.summary && b?.summary && a.form === b.form && a.colour === b.colour ? [a, b] : [source]
  }

  dispose(): void {
    this.#drop()
    this.run.dispose()
  }

  #subject(): Subject | null {
    const { against } = this
    const { gallery, presets, editor } = this.#parts
    const image = gallery.current
    const pipeline = editor.running
    const name = presets.current?.pipeline.name ?? ''
    if (!against || !image || !pipeline) return null
    if (against.kind === 'picture') {
      const other = gallery.entry(against.image)
      return other?.state === 'ready'
        ? { image: other.image, pipeline, nameA: image.name, nameB: other.image.name }
        : null
    }
    if (against.kind === 'before') {
      return presets.before && { image, pipeline: presets.before, nameA: name, nameB: `${name}, without the changes` }
    }
    const other = presets.choices.find(({ id }) => id === against.id)?.pipeline
    return other ? { image, pipeline: other, nameA: name, nameB: other.name } : null
  }

  /** Whether what is compared with is no longer there, and not only nothing to compare it to. */
  #gone(): boolean {
    const { against } = this
    const { gallery, presets } = this.#parts
    if (against?.kind === 'picture') return gallery.entry(against.image)?.state !== 'ready'
    return against?.kind === 'pipeline' && !presets.choices.some(({ id }) => id === against.id)
  }

  #pair(): Pair | { readonly none: string } | null {
    const { run } = this.#parts
    const stage = run.selected
    if (!this.on) return null
    if (stage < 0) return { none: 'The photos themselves are not subtracted. Choose a stage.' }
    if (this.run.status === 'failed') return { none: this.run.error?.message ?? 'B could not be computed.' }
    const [a, b] = [run.stages[stage], this.slot]
    if (!a || this.run.status === 'starting') return null
    if (!b) return { none: this.missing ?? '' }
    if (a.planned.shape.join() !== b.planned.shape.join()) {
      const shapes = `A is ${formatShape(a.planned.shape)} and B is ${formatShape(b.planned.shape)}`
      return { none: `There is no difference, since the shapes do not agree: ${shapes}.` }
    }
    const of = run.run
    const minus = this.run.run
    if (!a.summary || !b.summary || !a.source || !b.source || of === null || minus === null) return null
    return {
      of: { run: of, stage },
      minus: { run: minus, stage },
      a: { ...a.source, summary: a.summary },
      b: b.source,
    }
  }

  #beside(): Beside | null {
    const { view, probes } = this.#parts
    const [a, b] = view.readout
      ? [view.readout.values, this.view.readout?.values ?? null]
      : [probes.chosen, this.probes.chosen].map((probe) =>
          probe && probe.value !== null && probe.stage === this.#parts.run.selected ? [probe.value] : null,
        )
    if (!this.on || (!view.readout && !a)) return null
    const { pair } = this
    const agree = pair && !('none' in pair) && view.source?.key === pair.a.key && this.view.source === pair.b
    const difference = agree && a && b && a.length === b.length ? a.map((value, i) => value - b[i]!) : null
    return { a: a ?? null, b: b ?? null, difference }
  }

  /** Why B has no stage beside that of A: a sentence. */
  get missing(): string | null {
    const { stages } = this.run
    const stage = this.#parts.run.selected
    if (!this.on || stage < 0 || this.run.status === 'starting' || stages[stage] || stages.length === 0) return null
    const last = stages.at(-1)!.planned
    return `B has no stage ${stage}: it ends with stage ${last.index}, ${last.title}.`
  }

  async #subtract({ of, minus, a, b }: Pair): Promise<void> {
    const key = `${a.key}-${b.key}`
    if (key === this.#asked) return
    this.#asking?.abort()
    const asking = new AbortController()
    this.#asking = asking
    this.#asked = key
    try {
      const summary = await this.#api.call('stages.difference', { ...of, minus }, { signal: asking.signal })
      if (this.#asking !== asking) return
      this.problem = null
      this.difference = differenceSource(this.#api, of, minus, a, summary)
      this.differenceView.open(this.difference)
    } catch (error) {
      if (this.#asking !== asking || isCancelled(error)) return
      this.#drop()
      this.problem = sentence(error)
    }
  }

  #drop(): void {
    this.#asking?.abort()
    this.#asking = null
    this.#asked = ''
    this.problem = null
    this.difference = null
    this.differenceView.open(null)
  }
}
