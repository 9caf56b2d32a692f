/**
 * The formula on show: of the chosen probe's element, or of the one playing has come to. Goes through all elements of a
 * channel in row-major order; explanations are asked for ahead, and what is on screen stays until the next is here.
 */

import type { Api, Params, RunId } from '../../shared/api.ts'
import type { Explanation, Place, Reading, TermsRequest, Trace } from '../../shared/explain.ts'
import { pictureShape, type Shape } from '../../shared/tensor.ts'
import { isCancelled, sentence } from './notices.svelte.ts'
import { readingElement, type Point } from './reading.ts'
import type { RunState } from './run.svelte.ts'

/** What is pinned, as far as this needs it. */
export interface Pinned {
  readonly number: number
  readonly stage: number
  readonly place: Place
  readonly shape: Shape
  readonly missing: string | null
}

/** Elements a second. */
export const speeds = [1, 4, 16, 64, 256] as const
/** Terms of a list that come with each explanation. */
const termsAtOnce = 1024
const ahead = 6
const inFlight = 2
const remembered = 400
/** Ticks a second while playing; faster than that several elements pass in one. */
const ticks = 25

type Timer = (work: () => void, milliseconds: number) => () => void

export class InspectorState {
  readonly #api: Api
  readonly #run: RunState
  readonly #pinned: () => Pinned | null
  readonly #every: Timer
  explanation = $state.raw<Explanation | null>(null)
  error = $state<string | null>(null)
  /** Every digit instead of rounded numbers. */
  exact = $state(false)
  /** Whether what the stages before add is told as well. */
  tracing = $state(false)
  /** The term up to which the sum is added, in the layer's order; null: all. */
  term = $state<number | null>(null)
  /** What of the formula is pointed at. */
  hovered = $state.raw<{ readonly reading: Reading; readonly told: string } | null>(null)
  playing = $state(false)
  speed = $state<(typeof speeds)[number]>(4)
  /** Whether the output is shown as far as playing has come, and not whole. */
  filling = $state(false)
  /** Closed by the person; choosing a probe opens it again. */
  closed = $state(false)
  #index = $state<number | null>(null)
  /** The key of what is on screen. */
  #shown = $state<string | null>(null)

  readonly pinned = $derived.by(() => this.#pinned())
  /** What is pinned; changes when another element is. */
  readonly subject = $derived.by(() => {
    if (!this.pinned) return ''
    const { number, stage, place } = this.pinned
    return [number, stage, place.row, place.column, place.channel].join(':')
  })
  readonly open = $derived(this.pinned !== null && this.pinned.stage >= 0 && !this.closed)
  readonly #size = $derived(pictureShape(this.pinned?.shape ?? [1]))
  /** How many elements playing goes through: those of one channel, or of a vector. */
  readonly total = $derived(this.pinned?.shape.length === 1 ? this.#size[2] : this.#size[0] * this.#size[1])
  readonly home = $derived(this.pinned ? this.#indexOf(this.pinned.place) : 0)
  readonly index = $derived(Math.min(this.#index ?? this.home, this.total - 1))
  readonly away = $derived(this.index !== this.home)
  readonly place = $derived(this.placeAt(this.index))
  /** Which element of which stage of which run: the same key means the same numbers. Null while there is none. */
  readonly key = $derived.by(() => this.#keyAt(this.index))
  /** Whether what is on screen is not yet the element wanted. */
  readonly waiting = $derived(this.key !== null && this.#shown !== this.key && this.error === null)

  #shownRun: RunId | null = null
  readonly #known = new Map<string, { readonly run: RunId; readonly explanation: Explanation }>()
  readonly #asking = new Map<string, AbortController>()
  #followed = ''
  #stop: (() => void) | null = null

  constructor(api: Api, run: RunState, pinned: () => Pinned | null, every: Timer = interval) {
    this.#api = api
    this.#run = run
    this.#pinned = pinned
    this.#every = every
  }

  placeAt(index: number): Place {
    const channel = this.pinned?.place.channel ?? 0
    if (this.pinned?.shape.length === 1) return { row: 0, column: 0, channel: index }
    return { row: Math.floor(index / this.#size[1]), column: index % this.#size[1], channel }
  }

  /** Another probe, or the same one moved: playing ends there. */
  follow(subject: string): void {
    if (subject === this.#followed) return
    this.#followed = subject
    this.pause()
    this.#index = null
    this.filling = false
    this.term = null
    this.closed = false
  }

  /** Asks for what is wanted and not known; called whenever `key` changes. */
  update(key = this.key): void {
    this.error = null
    if (key === null) {
      this.#drop(() => true)
      this.explanation = null
      this.#shown = null
      return
    }
    const run = key.slice(0, key.lastIndexOf('@'))
    this.#drop((asked) => !asked.startsWith(`${run}@`))
    this.#show(key)
    this.#ask()
  }

  seek(index: number): void {
    const to = Math.max(0, Math.min(this.total - 1, index))
    if (to === this.index) return
    this.#index = to
    this.term = null
  }

  step(by: number): void {
    this.pause()
    this.filling = true
    this.seek(this.index + by)
  }

  stepTerm(by: number, count: number): void {
    this.pause()
    this.term = Math.max(0, Math.min(count - 1, (this.term ?? (by > 0 ? -1 : count)) + by))
  }

  /** Back to the pinned element. */
  goHome(): void {
    this.pause()
    this.#index = null
    this.filling = false
    this.term = null
  }

  /** `still`: nothing moves, the end is shown at once. */
  play(still: boolean): void {
    if (this.playing || this.total < 2) return
    this.filling = true
    this.term = null
    if (still) {
      this.seek(this.total - 1)
      return
    }
    if (this.index >= this.total - 1) this.seek(0)
    this.playing = true
    let due = 0
    this.#stop = this.#every(
      () => {
        due += this.speed / Math.min(ticks, this.speed)
        const by = Math.floor(due)
        due -= by
        this.seek(this.index + by)
        if (this.index >= this.total - 1) this.pause()
      },
      1000 / Math.min(ticks, this.speed),
    )
  }

  pause(): void {
    this.#stop?.()
    this.#stop = null
    this.playing = false
  }

  setSpeed(speed: (typeof speeds)[number], still: boolean): void {
    const { playing } = this
    this.pause()
    this.speed = speed
    if (playing) this.play(still)
  }

  /** Up by exactly one level: from a term to all, from playing to a stop, from elsewhere to the probe, then closed. */
  up(): void {
    if (this.term !== null) this.term = null
    else if (this.playing) this.pause()
    else if (this.away || this.filling) this.goHome()
    else this.closed = true
  }

  /** The explanation on screen with other terms of its lists, or of one row of the photo. */
  async read(
    more: { readonly terms?: TermsRequest; readonly photoRow?: number },
    signal: AbortSignal,
  ): Promise<Explanation | null> {
    const { explanation } = this
    if (!explanation || this.#shownRun === null) return null
    const { stage, place } = explanation
    return this.#api.call('explain', { run: this.#shownRun, stage, ...place, ...more }, { signal })
  }

  /** What each earlier stage adds to the value on screen, of each the elements that add most. */
  async trace(limit: number, signal: AbortSignal): Promise<Trace | null> {
    const { explanation } = this
    if (!explanation || this.#shownRun === null) return null
    const { stage, place } = explanation
    return this.#api.call('trace', { run: this.#shownRun, stage, ...place, limit }, { signal })
  }

  /** Goes to the element that reads this place of what the stage is made of, if there is one. */
  async seekReading(wanted: Point): Promise<void> {
    const { explanation, pinned } = this
    const run = this.#shownRun
    if (!explanation || !pinned || run === null || pinned.shape.length !== 3) return
    this.pause()
    const [rows, columns] = this.#size
    const { stage, from, place } = explanation
    const at = { row: rows >> 1, column: columns >> 1 }
    const by = (length: number) => (length > 1 ? -1 : 0)
    const centre = async ({ row, column }: Point): Promise<Point | null> => {
      const field = await this.#api.call('receptiveField', { run, stage, row, column, channel: place.channel })
      const region = from.stage === null ? field.photo : field.stages[from.stage]
      if (!region) return null
      const { left, top, width, height } = region.rect
      return { row: top + (height - 1) / 2, column: left + (width - 1) / 2 }
    }
    try {
      const [here, down, right] = await Promise.all([
        centre(at),
        centre({ ...at, row: at.row + by(rows) }),
        centre({ ...at, column: at.column + by(columns) }),
      ])
      if (!here || !down || !right || this.explanation?.stage !== stage) return
      const found = readingElement(wanted, at, here, { by: by(rows), from: down }, { by: by(columns), from: right })
      if (!found) return
      const within = (index: number, length: number) => Math.max(0, Math.min(length - 1, index))
      this.filling = true
      this.seek(within(found.row, rows) * columns + within(found.column, columns))
    } catch (error) {
      this.error = sentence(error)
    }
  }

  dispose(): void {
    this.pause()
    this.#drop(() => true)
  }

  #indexOf({ row, column, channel }: Place): number {
    return this.pinned?.shape.length === 1 ? channel : row * this.#size[1] + column
  }

  #keyAt(index: number): string | null {
    const { pinned } = this
    const { run } = this.#run
    if (!pinned || pinned.stage < 0 || pinned.missing !== null || run === null || this.closed) return null
    if (!this.#run.stages[pinned.stage]?.summary) return null
    return `${run}:${pinned.stage}:${pinned.place.channel}@${index}`
  }

  #show(key: string): void {
    const known = this.#known.get(key)
    if (!known) return
    if (this.explanation !== known.explanation) this.hovered = null
    this.explanation = known.explanation
    this.#shownRun = known.run
    this.#shown = key
  }

  /** The element wanted first, then those that come next. */
  #ask(): void {
    const { pinned, index } = this
    const { run } = this.#run
    if (!pinned || run === null) return
    const last = this.playing || this.filling ? Math.min(this.total - 1, index + ahead) : index
    for (let at = index; at <= last && this.#asking.size < inFlight; at++) {
      const key = this.#keyAt(at)
      if (key === null || this.#known.has(key) || this.#asking.has(key)) continue
      void this.#fetch(key, { run, stage: pinned.stage, ...this.placeAt(at), terms: { limit: termsAtOnce } })
    }
  }

  async #fetch(key: string, params: Params<'explain'>): Promise<void> {
    const abort = new AbortController()
    this.#asking.set(key, abort)
    try {
      const explanation = await this.#api.call('explain', params, { signal: abort.signal })
      if (this.#asking.get(key) !== abort) return
      if (this.#known.size >= remembered) this.#known.delete(this.#known.keys().next().value!)
      this.#known.set(key, { run: params.run, explanation })
      if (this.key === key) this.#show(key)
      this.#asking.delete(key)
      this.#ask()
    } catch (error) {
      if (this.#asking.get(key) !== abort) return
      this.#asking.delete(key)
      // Of an element that was only foreseen it is asked again when it is wanted.
      if (this.key === key && !isCancelled(error)) this.error = sentence(error)
    }
  }

  #drop(which: (key: string) => boolean): void {
    for (const [key, abort] of this.#asking) {
      if (!which(key)) continue
      this.#asking.delete(key)
      abort.abort()
    }
  }
}

function interval(work: () => void, milliseconds: number): () => void {
  const timer = setInterval(work, milliseconds)
  return () => {
    clearInterval(timer)
  }
}
