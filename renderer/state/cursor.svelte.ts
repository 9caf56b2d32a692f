/** One cursor over all stages: the corresponding place and its numbers in each, and what the element pointed at reads. */

import type { Api } from '../../shared/api.ts'
import type { Place, ReceptiveField, Region } from '../../shared/explain.ts'
import type { Shape } from '../../shared/tensor.ts'
import { elementOf, type Tile } from './arrangement.ts'
import { downward, elementNear, linkOf, proportional, upward, type Link, type Spot } from './correspondence.ts'
import type { ProbeState } from './probes.svelte.ts'
import type { RunState } from './run.svelte.ts'
import type { Source } from './source.ts'
import type { ViewerState } from './viewer.svelte.ts'

/** The element all stages are read at. */
export interface CursorAt {
  /** −1 is the original. */
  readonly stage: number
  readonly place: Place
  /** Whether three channels are looked at as one colour. */
  readonly colour: boolean
}

/** What stands at the corresponding place of one stage. */
export interface Reading {
  readonly stage: number
  readonly title: string
  /** Null: this stage has no corresponding place; undefined while that is not known. */
  readonly place: Place | null | undefined
  readonly channel: Tile
  /** How many channels there are to choose from; 1 for a vector. */
  readonly channels: number
  /** Null until they are known. */
  readonly values: readonly number[] | null
}

export class CursorState {
  readonly #api: Api
  readonly #run: RunState
  readonly #view: ViewerState
  readonly #probes: ProbeState
  readonly #schedule: (work: () => void) => void

  /** Whether an element is pointed at. */
  readonly pointing = $derived.by(() => this.#view.readout !== null)
  /** The element pointed at, or else the chosen probe. */
  readonly at = $derived.by((): CursorAt | null => this.#locate())
  readonly readings = $derived.by((): readonly Reading[] => this.#readings())

  /** Each stage's link to the one before, by what makes it; `#linked` is of the run in hand. */
  #known = new Map<string, Link>()
  #linked = $state.raw<{ readonly run: string; readonly links: readonly Link[] } | null>(null)
  #linking = ''
  #field = $state.raw<{ readonly at: string; readonly field: ReceptiveField } | null>(null)
  #asking: AbortController | null = null
  #scheduled = false
  #asked = ''

  constructor(
    api: Api,
    run: RunState,
    view: ViewerState,
    probes: ProbeState,
    schedule: (work: () => void) => void = (work) => void requestAnimationFrame(work),
  ) {
    this.#api = api
    this.#run = run
    this.#view = view
    this.#probes = probes
    this.#schedule = schedule
  }

  /** Whether it is known how the stages of the run in hand stand over each other. */
  get linked(): boolean {
    return this.#linked?.run === this.#identity()
  }

  get photoShape(): Shape | undefined {
    return this.#shapes()[0]
  }

  /** The part of a stage (−1: the photo) the element under the cursor reads. */
  regionIn(stage: number): Region | null {
    const { at } = this
    if (!at || stage >= at.stage || this.#field?.at !== this.#keyOf(at)) return null
    return stage < 0 ? this.#field.field.photo : (this.#field.field.stages[stage] ?? null)
  }

  /** Asks for what is not in hand, at the next frame; only the newest cursor is asked for. */
  update(): void {
    const { at } = this
    if (!at || this.#scheduled) return
    this.#scheduled = true
    this.#schedule(() => {
      this.#scheduled = false
      void this.#ask()
    })
  }

  #locate(): CursorAt | null {
    const { readout, source } = this.#view
    if (readout && source) {
      const colour = readout.channel === 'colour'
      const channel = readout.channel === 'colour' ? 0 : readout.channel
      return { stage: stageOf(source), place: { row: readout.row, column: readout.column, channel }, colour }
    }
    const { chosen } = this.#probes
    if (!chosen || chosen.missing !== null) return null
    return { stage: chosen.stage, place: chosen.place, colour: false }
  }

  #readings(): readonly Reading[] {
    const { at } = this
    const { stages, original, status } = this.#run
    if (!at || !original) return []
    const known = this.linked || status === 'failed' || status === 'cancelled'
    const places = this.#places(at)
    return [original.source, ...stages.map(({ source }) => source)].map((source, i) => {
      const stage = i - 1
      const place = places[i] ?? null
      const title = stage < 0 ? 'Original' : stages[stage]!.planned.title
      if (!source || !place) {
        return { stage, title, place: known ? null : undefined, channel: 0, channels: 1, values: null }
      }
      const channel = source.colour && (stage !== at.stage || at.colour) ? ('colour' as const) : place.channel
      const channels = source.form === 'picture' ? source.channels : 1
      return { stage, title, place, channel, channels, values: this.#valuesAt(source, place, channel) }
    })
  }

  /** The corresponding place in the photo and in every stage. */
  #places(at: CursorAt): readonly (Place | null)[] {
    const shapes = this.#shapes()
    const places = Array.from<Place | null>({ length: shapes.length }).fill(null)
    const own = at.stage + 1
    if (own >= shapes.length) return places
    places[own] = at.place
    this.#walk(own, at.place, 0, (i, spot) => (places[i] = elementNear(spot)))
    this.#walk(own, at.place, shapes.length - 1, (i, spot) => (places[i] = elementNear(spot)))
    return places
  }

  /**
   * Where what stands at a place of one stage stands in another (−1: the photo). Null: nowhere; undefined while it is not
   * known how the stages of this run stand over each other.
   */
  correspondingSpot(from: number, spot: Spot, to: number): Spot | null | undefined {
    if (from === to) return spot
    if (!this.linked) return undefined
    let found: Spot | null = null
    this.#walk(from + 1, spot, to + 1, (i, at) => {
      if (i === to + 1) found = at
    })
    return found
  }

  /** Goes from a place of one shape (0: the photo) to the last, up or down, as far as there is a corresponding place. */
  #walk(from: number, start: Spot, last: number, visit: (index: number, spot: Spot) => void): void {
    const shapes = this.#shapes()
    const links = (this.linked && this.#linked?.links) || []
    let spot: Spot | null = start
    for (let i = from; i !== last && spot;) {
      if (last < i) {
        const link = links[i - 1]
        spot = link ? upward(link, spot, shapes[i - 1]!) : null
        i--
      } else {
        const link = links[i]
        spot = link ? downward(link, spot, shapes[i]!, shapes[i + 1]!) : null
        i++
      }
      if (spot) visit(i, spot)
    }
  }

  /** Of the photo and of every stage. */
  #shapes(): readonly Shape[] {
    const { image, stages } = this.#run
    return image ? [[image.height, image.width, image.channels], ...stages.map(({ planned }) => planned.shape)] : []
  }

  #identity(): string {
    return `${this.#run.image?.id ?? ''}:${this.#run.run ?? ''}`
  }

  #valuesAt(source: Source, { row, column, channel }: Place, shown: Tile): readonly number[] | null {
    const card = (stageOf(source) < 0 ? this.#run.original : this.#run.stages[stageOf(source)])?.card
    // Either may still be of the run before.
    const held = [this.#view.screen, card].filter((one) => one?.source === source).map((one) => one!.window)
    const wanted = shown === 'colour' ? [0, 1, 2] : [channel]
    for (const window of held) {
      const values = wanted.map((index) => elementOf(window, row, column, index))
      if (values.every((value) => value !== undefined)) return values
    }
    return this.#view.tiles.valuesAt(source, { row, column, channel }, wanted)
  }

  async #ask(): Promise<void> {
    const { at } = this
    // Of a stage that is still to come nothing can be asked; when it comes, this is called again.
    if (!at || (at.stage >= 0 && !this.#run.stages[at.stage]?.summary)) return
    const identity = this.#identity()
    const asked = `${identity}:${this.#keyOf(at)}`
    const again = this.#asking !== null && asked === this.#asked
    // While stages were still to come, how all of them stand over each other could not be told.
    const linked = this.#linked?.run === identity
    if (again && linked && this.readings.every(({ place, values }) => !place || values)) return
    if (!again) this.#asking?.abort()
    const asking = again ? this.#asking! : new AbortController()
    this.#asking = asking
    this.#asked = asked
    const { signal } = asking
    try {
      // The number pointed at first: links and fields take the host longer than a tile, and it does one thing at a time.
      await this.#readValues()
      if (asking.signal.aborted) return
      const field = again ? null : this.#readField(at, signal)
      await Promise.all([field, this.#link(signal).then(() => this.#readValues())])
    } catch {
      // A run that has just been left, or an engine that has: the next cursor asks again, and the run says what failed.
      if (this.#asking === asking) this.#asked = ''
    }
  }

  async #readField(at: CursorAt, signal: AbortSignal): Promise<void> {
    const { run } = this.#run
    if (at.stage < 0 || run === null || this.#field?.at === this.#keyOf(at)) return
    const field = await this.#api.call('receptiveField', { run, stage: at.stage, ...at.place }, { signal })
    if (!signal.aborted) this.#field = { at: this.#keyOf(at), field }
  }

  async #readValues(): Promise<void> {
    const sources = [this.#run.original?.source, ...this.#run.stages.map(({ source }) => source)]
    const { tiles, source: shown } = this.#view
    tiles.keep(new Set([shown, ...sources].flatMap((source) => source?.key ?? [])))
    await Promise.all(
      this.readings.map(async ({ stage, place, values }) => {
        const source = sources[stage + 1]
        if (source && place && !values) await tiles.read(source, place)
      }),
    )
  }

  /** Learns how the stages of the run in hand stand over each other; each layer is asked about once. */
  async #link(signal: AbortSignal): Promise<void> {
    const identity = this.#identity()
    const { run, pipeline, stages } = this.#run
    if (run === null || !pipeline || this.#linked?.run === identity || this.#linking === identity) return
    if (stages.some(({ summary }) => summary === null)) return
    this.#linking = identity
    const shapes = this.#shapes()
    // Of earlier pipelines nothing is kept: a key holds all weights of its layer.
    const used = new Map<string, Link>()
    try {
      const links = await Promise.all(
        stages.map(async (_, stage) => {
          const [before, after] = [shapes[stage]!, shapes[stage + 1]!]
          if (stage === 0) return proportional(before, after)
          const key = JSON.stringify([before, pipeline.layers[stage]])
          const ask = async (place: Place) =>
            (await this.#api.call('receptiveField', { run, stage, ...place })).stages[stage - 1] ?? null
          const link = this.#known.get(key) ?? (await linkOf(before, after, ask))
          used.set(key, link)
          return link
        }),
      )
      this.#known = used
      if (this.#identity() === identity) this.#linked = { run: identity, links }
    } finally {
      this.#linking = ''
    }
    if (signal.aborted) this.update()
  }

  #keyOf({ stage, place, colour }: CursorAt): string {
    const at = this.#run.stages[stage]?.source?.key ?? this.#run.original?.source.key ?? ''
    return `${at}:${place.row}:${place.column}:${place.channel}:${colour}`
  }
}

/** Which stage a source is; −1 is the original. */
export function stageOf(source: Source): number {
  return source.summary?.index ?? -1
}
