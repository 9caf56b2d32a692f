/** The stage viewer: what is on screen, zoom and pan, the element pointed at, and the windows of numbers that needs. */

import type { Api, TensorWindow } from '../../shared/api.ts'
import { fromWire, toWire, type LoupeError } from '../../shared/errors.ts'
import type { Region } from '../../shared/explain.ts'
import type { Size } from '../../shared/tensor.ts'
import { arrange, noChoices, requestFor, stepOf, type Arrangement, type Choices, type Tile } from './arrangement.ts'
import { HistogramState } from './histogram.svelte.ts'
import { isCancelled } from './notices.svelte.ts'
import { ElementReader, type Element, type Readout } from './pointed.svelte.ts'
import { choicesFor } from './beside.ts'
import type { Source } from './source.ts'
import { Tiles } from './tiles.svelte.ts'
import {
  clampView,
  elementAt,
  fitted,
  reveal,
  scaleOf,
  visibleRect,
  zoomAt,
  panBy,
  type Point,
  type View,
} from './zoom.ts'

/** What is on screen: a source, how it is looked at, and its numbers. */
export interface Screen {
  readonly source: Source
  readonly choices: Choices
  readonly window: TensorWindow
}

const noRoom: Size = { width: 0, height: 0 }

export class ViewerState {
  readonly api: Api
  screen = $state.raw<Screen | null>(null)
  view = $state.raw<View>(fitted)
  box = $state.raw<Size>(noRoom)
  /** Device pixels to a CSS pixel. */
  ratio = $state.raw(1)
  hover = $state.raw<Element | null>(null)
  /** Whether keys have put the cursor where it is. */
  byKeys = $state(false)
  /** For a moment after a click that may be the first of a double click. */
  betweenClicks = $state(false)
  error = $state.raw<LoupeError | null>(null)
  /** Whether what is asked for is not yet on screen. */
  waiting = $state(false)
  /** The elements themselves of what is seen as means. */
  readonly tiles = new Tiles()
  readonly #reader = new ElementReader(this.tiles)
  readonly #histograms = new HistogramState()

  /** The part of a source that something outside the viewer points at. */
  outlined: (source: Source) => Pick<Region, 'rect' | 'channels'> | null = () => null
  /** Told of whatever changes where one looks or points, for viewers beside it to follow. */
  onMove: () => void = () => undefined
  #following = false

  readonly source = $derived(this.screen?.source ?? null)
  /** Whether there are channels to show one by one. */
  readonly divisible = $derived(this.source?.form === 'picture' && this.source.channels > 1)
  readonly histogram = $derived(this.source && this.#histograms.of(this.source))
  readonly choices = $derived(this.screen?.choices ?? noChoices)
  readonly plan = $derived(
    this.screen && this.box.width > 0 ? arrange(this.screen.source, this.screen.choices, this.box, this.ratio) : null,
  )
  /** CSS pixels an element takes. */
  readonly scale = $derived(this.plan ? scaleOf(this.view, this.plan.grid.tile, this.plan.picture, this.ratio) : 1)
  readonly readout = $derived.by((): Readout | null => this.#read())

  readonly #schedule: (work: () => void) => void
  #scheduled = false
  #wanted: { readonly source: Source; readonly choices: Choices } | null = null
  #flight: { readonly id: number; readonly source: Source; readonly abort: AbortController } | null = null
  #ids = 0
  /** The request the window on screen answers. */
  #answered = ''

  /** `schedule` runs work at the next frame; tests give their own. */
  constructor(api: Api, schedule: (work: () => void) => void = (work) => void requestAnimationFrame(work)) {
    this.api = api
    this.#schedule = schedule
  }

  /** Shows a source as soon as its numbers are here; until then what is on screen stays. */
  open(source: Source | null): void {
    if (source?.key === this.#wanted?.source.key && source !== null) return
    this.#drop()
    this.error = null
    if (!source) {
      this.#wanted = null
      this.screen = null
      this.hover = null
      this.waiting = false
      return
    }
    const before = this.screen?.source
    const alike = before !== undefined && before.form === source.form && before.channels === source.channels
    this.#wanted = { source, choices: alike ? this.choices : { ...noChoices, split: this.choices.split } }
    this.waiting = true
    if (!this.#presentInHand()) this.#plan()
  }

  resize(box: Size, ratio: number): void {
    this.box = box
    this.ratio = ratio
    this.#look(this.view)
  }

  zoom(factor: number, point?: Point): void {
    const plan = this.plan
    if (!plan) return
    const { tile } = plan.grid
    const at = point ?? this.#cursorPoint() ?? { x: tile.width / 2, y: tile.height / 2 }
    this.#look(zoomAt(this.view, factor, at, tile, plan.picture, this.ratio))
  }

  pan(dx: number, dy: number): void {
    if (this.plan) this.#look(panBy(this.view, dx, dy, this.plan.grid.tile, this.plan.picture, this.ratio))
  }

  fit(): void {
    this.#look(fitted)
  }

  /** One element to one CSS pixel. */
  actual(): void {
    this.zoom(1 / this.scale)
  }

  turnPage(by: number): void {
    const plan = this.plan
    if (!plan) return
    const page = Math.max(0, Math.min(plan.pages - 1, this.choices.page + by))
    if (page !== this.choices.page) this.#choose({ page })
  }

  /** Shows one channel alone, or all again. */
  toggleSolo(channel: Tile): void {
    if (!this.divisible) return
    if (this.choices.solo !== null) this.#choose({ solo: null })
    else if (channel !== 'colour') this.#choose({ solo: channel })
    else this.#choose({ split: true })
  }

  toggleSplit(): void {
    this.#choose({ split: !this.choices.split, solo: null })
  }

  /** Points at what lies under a point of a tile (CSS pixels in it). */
  point(tile: Tile, at: Point): void {
    const plan = this.plan
    if (!plan) return
    const found = elementAt(this.view, at, plan.grid.tile, plan.picture, this.ratio)
    const outside = found !== null && plan.count !== null && found.row * plan.picture.width + found.column >= plan.count
    this.byKeys = false
    this.#pointAt(found && !outside ? { ...found, tile } : null)
  }

  /** Points at one number of a vector shown as bars. */
  pointAtBar(channel: number): void {
    this.#pointAt({ row: 0, column: 0, tile: channel })
  }

  leave(): void {
    this.#pointAt(null)
  }

  /** Moves the cursor by elements, or puts it in the middle of what is seen. */
  moveCursor(rows: number, columns: number): void {
    const plan = this.plan
    if (!plan || !this.source) return
    this.byKeys = true
    if (this.source.form === 'bars') {
      const last = this.source.channels - 1
      const at = this.hover && this.hover.tile !== 'colour' ? this.hover.tile + rows + columns : 0
      this.pointAtBar(Math.max(0, Math.min(last, at)))
      return
    }
    const { picture, grid } = plan
    const seen = visibleRect(this.view, grid.tile, picture, this.ratio)
    const from = this.hover ?? {
      row: seen.top + (seen.height >> 1) - rows,
      column: seen.left + (seen.width >> 1) - columns,
      tile: plan.tiles[0]!,
    }
    const row = Math.max(0, Math.min(picture.height - 1, from.row + rows))
    const column = Math.max(0, Math.min(picture.width - 1, from.column + columns))
    if (plan.count !== null && row * picture.width + column >= plan.count) return
    this.reveal(row, column)
    this.#pointAt({ row, column, tile: from.tile })
  }

  /** Looks at what another one does, and points to what stands beside the element it points at. */
  follow(other: ViewerState, beside: Element | null): void {
    this.#following = true
    const wanted = this.#wanted && choicesFor(this.#wanted.source, other.#wanted?.choices ?? noChoices)
    if (wanted && JSON.stringify(wanted) !== JSON.stringify(this.#wanted?.choices)) this.#choose(wanted)
    if (this.view !== other.view) this.#look(other.view)
    this.byKeys = other.byKeys
    this.#pointAt(beside)
    this.#following = false
  }

  /** Moves the view as little as needed for an element to be seen whole. */
  reveal(row: number, column: number): void {
    const { plan } = this
    if (plan) this.#look(reveal(this.view, row, column, plan.grid.tile, plan.picture, this.ratio))
  }

  /** Moves the cursor to the same place of another channel on this page. */
  moveChannel(by: number): void {
    const plan = this.plan
    if (!plan || plan.tiles.length < 2) return
    if (!this.hover) this.moveCursor(0, 0)
    const at = plan.tiles.indexOf(this.hover!.tile)
    const tile = plan.tiles[Math.max(0, Math.min(plan.tiles.length - 1, at + by))]!
    this.#pointAt({ ...this.hover!, tile })
  }

  #choose(part: Partial<Choices>): void {
    if (!this.#wanted) return
    const choices = { ...this.#wanted.choices, page: 0, ...part }
    this.#drop()
    this.#wanted = { source: this.#wanted.source, choices }
    this.waiting = true
    this.#plan()
    this.#moved()
  }

  /** Takes a view, kept inside the picture, and asks for what it lacks. */
  #look(view: View): void {
    const { plan } = this
    this.view = plan ? clampView(view, plan.grid.tile, plan.picture, this.ratio) : view
    this.#plan()
    this.#moved()
  }

  /** Many changes in one frame make one request. */
  #plan(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    this.#schedule(() => {
      this.#scheduled = false
      void this.#fetch()
    })
  }

  async #fetch(): Promise<void> {
    const question = this.#question()
    // One request at a time: the answer looks whether more is wanted by then.
    if (!question || this.#flight) return
    const { wanted, arrangement, view, request } = question
    if (this.#holds(wanted, arrangement, view, request)) {
      if (this.screen!.choices !== wanted.choices) this.#present(wanted, this.screen!.window)
      this.waiting = false
      return
    }
    const flight = { id: ++this.#ids, source: wanted.source, abort: new AbortController() }
    this.#flight = flight
    try {
      const window = await wanted.source.read(request, flight.abort.signal)
      if (this.#flight !== flight) return
      this.#flight = null
      this.error = null
      this.#answered = JSON.stringify(request)
      this.#present(wanted, window)
      this.#plan()
    } catch (error) {
      if (this.#flight !== flight) return
      this.#flight = null
      this.waiting = false
      this.error = fromWire(toWire(error))
    }
  }

  /** Shows what is wanted without waiting for the next frame, where nothing has to be read for it. */
  #presentInHand(): boolean {
    const question = this.#question()
    const window = question?.wanted.source.inHand(question.request)
    if (!question || !window) return false
    this.#answered = JSON.stringify(question.request)
    this.#present(question.wanted, window)
    return true
  }

  /** What would have to be read now for what is wanted. */
  #question() {
    const wanted = this.#wanted
    if (!wanted || this.box.width === 0) return null
    const arrangement = arrange(wanted.source, wanted.choices, this.box, this.ratio)
    const view = clampView(this.view, arrangement.grid.tile, arrangement.picture, this.ratio)
    return { wanted, arrangement, view, request: requestFor(wanted.source, arrangement, view, this.ratio) }
  }

  /** Whether the numbers on screen are enough for what is wanted. */
  #holds(
    wanted: { readonly source: Source },
    { picture, grid, channels }: Arrangement,
    view: View,
    request: ReturnType<typeof requestFor>,
  ): boolean {
    if (this.screen?.source !== wanted.source) return false
    // An answer coarser than foreseen is still the answer: the same question would bring it again.
    if (this.#answered === JSON.stringify(request)) return true
    const { window } = this.screen
    if (channels[0] < window.channels[0] || channels[1] > window.channels[1]) return false
    if (window.step > stepOf(request)) return false
    if (wanted.source.form !== 'picture') return true
    const seen = visibleRect(view, grid.tile, picture, this.ratio)
    const { rect } = window
    return (
      seen.left >= rect.left &&
      seen.top >= rect.top &&
      seen.left + seen.width <= rect.left + rect.width &&
      seen.top + seen.height <= rect.top + rect.height
    )
  }

  #present(wanted: { readonly source: Source; readonly choices: Choices }, window: TensorWindow): void {
    const before = this.screen
    this.screen = { ...wanted, window }
    void this.#count(wanted.source)
    this.waiting = false
    const { plan } = this
    if (!plan) return
    this.view = clampView(this.view, plan.grid.tile, plan.picture, this.ratio)
    const { hover } = this
    // Vectors are all one element high and wide: their length says whether an element of one is one of the other.
    const kept =
      hover &&
      before &&
      before.source.form === wanted.source.form &&
      before.source.width === wanted.source.width &&
      before.source.height === wanted.source.height &&
      (wanted.source.form === 'picture' || before.source.channels === wanted.source.channels)
    if (!kept || (wanted.source.form === 'picture' && !plan.tiles.includes(hover.tile))) this.hover = null
  }

  #moved(): void {
    if (!this.#following) this.onMove()
  }

  #drop(): void {
    this.#flight?.abort.abort()
    this.#flight = null
  }

  async #count(source: Source): Promise<void> {
    try {
      await this.#histograms.count(source)
    } catch (error) {
      if (this.source === source) this.error = fromWire(toWire(error))
    }
  }

  #pointAt(element: Element | null): void {
    const { hover } = this
    if (element?.row === hover?.row && element?.column === hover?.column && element?.tile === hover?.tile) return
    this.hover = element
    if (!element) this.#reader.stop()
    else if (this.screen?.window.step !== 1 || this.readout?.values === null) void this.#readElement(element)
    this.#moved()
  }

  async #readElement(element: Element): Promise<void> {
    const { source, plan } = this
    if (!source || !plan) return
    try {
      const seen = visibleRect(this.view, plan.grid.tile, plan.picture, this.ratio)
      await this.#reader.read({ source, plan }, element, seen)
    } catch (error) {
      // Where the pointer has gone on, nobody waits for it any more.
      if (this.hover === element && this.source === source && !isCancelled(error)) this.error = fromWire(toWire(error))
    }
  }

  #read(): Readout | null {
    const { hover, screen, plan } = this
    return hover && screen && plan ? this.#reader.readoutOf({ ...screen, plan }, hover) : null
  }

  #cursorPoint(): Point | null {
    const { hover, plan } = this
    if (!hover || !plan || this.source?.form === 'bars') return null
    const { tile } = plan.grid
    return {
      x: tile.width / 2 + (hover.column + 0.5 - this.view.x * plan.picture.width) * this.scale,
      y: tile.height / 2 + (hover.row + 0.5 - this.view.y * plan.picture.height) * this.scale,
    }
  }
}
