/**
 * What a change makes of every stage: the run in hand minus a second run of the same photo, without the change. The
 * change is what was painted by hand; whose stage corresponds to whose is all that is asked of it.
 */

import type { Api, RunId, TensorWindow } from '../../shared/api.ts'
import type { LoupeError } from '../../shared/errors.ts'
import { fromWire, toWire } from '../../shared/errors.ts'
import { definitionOf, type LayerSpec } from '../../shared/layers/index.ts'
import type { Pipeline } from '../../shared/pipeline.ts'
import { elementOf } from './arrangement.ts'
import { pipelineOf, type Edited } from './edited.ts'
import type { EditorState } from './editor.svelte.ts'
import { stampAt } from './marks.ts'
import { isCancelled } from './notices.svelte.ts'
import { RunState } from './run.svelte.ts'
import { cardRequest, type CardPicture } from './stageSlots.ts'
import { differenceSource, type Source } from './source.ts'
import type { Readout } from './pointed.svelte.ts'
import type { ViewerState } from './viewer.svelte.ts'

/** What the run in hand is compared with. */
interface Reference {
  readonly pipeline: Pipeline
  /** The stage of the reference that corresponds to each of the run. */
  readonly stages: readonly number[]
}

interface Made {
  /** Of which stage of which run, minus which. */
  readonly key: string
  readonly source: Source
  readonly card: CardPicture | null
}

/** The element pointed at, with the change and without. */
export interface Pair {
  readonly with: readonly number[]
  readonly without: readonly number[]
}

/** Elements a side that are read round the one pointed at, so that the next ones are in hand. */
const patchSide = 65

export class DifferenceState {
  /** Whether the person wants to see it; it is seen where there is something to compare with. */
  wanted = $state(false)
  /** Why a stage has none. */
  #failed = $state.raw<ReadonlyMap<number, LoupeError>>(new Map())
  #misread = $state.raw<LoupeError | null>(null)
  #made = $state.raw<ReadonlyMap<number, Made>>(new Map())
  #patch = $state.raw<{ readonly source: Source; readonly windows: readonly [TensorWindow, TensorWindow] } | null>(null)

  readonly #api: Api
  readonly #run: RunState
  readonly #editor: EditorState
  readonly #view: ViewerState
  readonly #elsewhere: () => boolean
  /** The run without the change. */
  readonly #other: RunState
  readonly #asking = new Map<number, { readonly key: string; readonly abort: AbortController }>()
  #pointing: AbortController | null = null
  #last: { readonly layers: readonly LayerSpec[]; readonly dtype: string; readonly reference: Reference } | null = null

  readonly reference = $derived.by((): Reference | null => this.#refer())
  readonly on = $derived.by(() => this.wanted && this.reference !== null && !this.#elsewhere())
  /** Changes whenever there may be more to tell: when stages of either run come. */
  readonly due = $derived.by(() => (this.on ? this.#run.stages.map((_, stage) => this.#keyOf(stage)).join() : ''))
  /** What the second run shows; the same as before where only what is painted has changed. */
  readonly plain = $derived(this.on ? this.reference!.pipeline : null)
  readonly error = $derived.by((): LoupeError | null => this.#failed.values().next().value ?? this.#misread)
  /** With and without the change, where the pointer is; null while that is read, or nothing is pointed at. */
  readonly pair = $derived.by((): Pair | null => this.#pairAt(this.#view.readout))

  /** @param elsewhere Whether another difference is on show. */
  constructor(api: Api, run: RunState, editor: EditorState, view: ViewerState, elsewhere: () => boolean = () => false) {
    this.#elsewhere = elsewhere
    this.#api = api
    this.#run = run
    this.#editor = editor
    this.#view = view
    this.#other = new RunState(api)
  }

  toggle(): void {
    if (this.reference) this.wanted = !this.wanted
  }

  /** The difference of a stage, or while it is to come the one of the run before; null where there is none. */
  sourceOf(stage: number): Source | null {
    return this.on ? (this.#made.get(stage)?.source ?? null) : null
  }

  cardOf(stage: number): CardPicture | null {
    return this.on ? (this.#made.get(stage)?.card ?? null) : null
  }

  /** Whether the difference of a stage is that of the run in hand. */
  fresh(stage: number): boolean {
    const key = this.#keyOf(stage)
    return key !== null && this.#made.get(stage)?.key === key
  }

  /** All of them, for a scale they share. */
  readonly sources = $derived.by((): readonly Source[] =>
    this.on ? [...this.#made.values()].map(({ source }) => source) : [],
  )

  /** Runs the photo without the change, or lets that run go; called whenever `plain` or the photo changes. */
  follow(plain = this.plain, photo = this.#run.image): void {
    const image = plain ? photo : null
    this.#other.show(image, image && plain)
    if (!plain) {
      for (const { abort } of this.#asking.values()) abort.abort()
      this.#asking.clear()
      this.#made = new Map()
      this.#patch = null
      this.#failed = new Map()
      this.#misread = null
    }
  }

  /** Asks for every difference that is not known; called whenever `due` changes. */
  update(): void {
    if (!this.on) return
    for (const stage of this.#run.stages.keys()) {
      const key = this.#keyOf(stage)
      if (key === null || key === this.#made.get(stage)?.key || key === this.#asking.get(stage)?.key) continue
      this.#asking.get(stage)?.abort.abort()
      const abort = new AbortController()
      this.#asking.set(stage, { key, abort })
      void this.#make(stage, key, abort.signal)
    }
    const last = this.#run.stages.length
    if ([...this.#made.keys(), ...this.#failed.keys()].some((stage) => stage >= last)) {
      this.#made = new Map([...this.#made].filter(([stage]) => stage < last))
      this.#failed = new Map([...this.#failed].filter(([stage]) => stage < last))
    }
  }

  /** Reads what stands round the element pointed at in both runs; called whenever what is pointed at changes. */
  point(): void {
    const { readout, source } = this.#view
    this.#pointing?.abort()
    this.#pointing = null
    if (!readout || !source?.difference || this.pair) return
    const abort = new AbortController()
    this.#pointing = abort
    void this.#readPair(readout, source, abort.signal)
  }

  dispose(): void {
    this.follow(null)
    this.#other.dispose()
  }

  async #make(stage: number, key: string, signal: AbortSignal): Promise<void> {
    const [run, minus] = this.#pairOf(stage)!
    const { summary, source: own } = this.#run.stages[stage]!
    if (!summary || !own) return
    try {
      const difference = await this.#api.call('stages.difference', { run, stage, minus }, { signal })
      const { title } = summary
      const source = differenceSource(this.#api, { run, stage }, minus, { ...own, summary }, difference, title)
      const window = await source.read(cardRequest(source), signal)
      if (this.#asking.get(stage)?.key !== key) return
      this.#asking.delete(stage)
      this.#made = new Map(this.#made).set(stage, { key, source, card: { source, window } })
      this.#fail(stage, null)
    } catch (error) {
      if (this.#asking.get(stage)?.key !== key) return
      this.#asking.delete(stage)
      // A run that has been left may have lost its tensors; the next one is asked again.
      if (this.#keyOf(stage) === key && !isCancelled(error)) this.#fail(stage, fromWire(toWire(error)))
    }
  }

  #fail(stage: number, error: LoupeError | null): void {
    if (error === null && !this.#failed.has(stage)) return
    const failed = new Map(this.#failed)
    if (error) failed.set(stage, error)
    else failed.delete(stage)
    this.#failed = failed
  }

  #pairOf(stage: number): readonly [RunId, { readonly run: RunId; readonly stage: number }] | null {
    const at = this.reference?.stages[stage]
    if (at === undefined || this.#run.run === null || this.#other.run === null) return null
    if (!this.#run.stages[stage]?.summary || !this.#other.stages[at]?.summary) return null
    return [this.#run.run, { run: this.#other.run, stage: at }]
  }

  #keyOf(stage: number): string | null {
    const pair = this.#pairOf(stage)
    return pair && `${pair[0]}:${stage}-${pair[1].run}:${pair[1].stage}`
  }

  async #readPair({ row, column, channel }: Readout, shown: Source, signal: AbortSignal): Promise<void> {
    const stage = shown.summary!.index
    const sources = [this.#run.stages[stage]?.source, this.#other.stages[this.reference?.stages[stage] ?? -1]?.source]
    if (!sources[0] || !sources[1] || channel === 'colour') return
    const stamp = stampAt({ row, column }, patchSide, shown)
    if (!stamp) return
    const rect = { left: stamp.column, top: stamp.row, width: stamp.width, height: stamp.height }
    const request = { rect, channels: [channel, channel + 1] as const }
    try {
      const [one, two] = await Promise.all(sources.map((source) => source!.read(request, signal)))
      if (signal.aborted) return
      this.#patch = { source: shown, windows: [one!, two!] }
      this.#misread = null
    } catch (error) {
      if (!signal.aborted && !isCancelled(error)) this.#misread = fromWire(toWire(error))
    }
  }

  #pairAt(readout: Readout | null): Pair | null {
    const patch = this.#patch
    if (!readout || !patch || patch.source !== this.#view.source || readout.channel === 'colour') return null
    const { row, column, channel } = readout
    const [one, two] = patch.windows.map((window) => elementOf(window, row, column, channel))
    return one === undefined || two === undefined ? null : { with: [one], without: [two] }
  }

  #refer(): Reference | null {
    const { edited } = this.#editor
    if (!edited) return null
    const on = edited.layers.filter(({ off }) => !off)
    const plain = on.filter(({ spec }) => !definitionOf(spec).marks)
    if (plain.length === on.length) return null
    let made = -1
    const stages = on.map(({ spec }) => (definitionOf(spec).marks ? made : ++made))
    const layers = plain.map(({ spec }) => spec)
    const last = this.#last
    const same =
      last?.dtype === edited.dtype &&
      last.layers.length === layers.length &&
      layers.every((spec, index) => spec === last.layers[index])
    const pipeline = same ? last.reference.pipeline : pipelineOf({ ...edited, layers: plain } satisfies Edited)
    const reference = { pipeline, stages }
    this.#last = { layers, dtype: edited.dtype, reference }
    return reference
  }
}
