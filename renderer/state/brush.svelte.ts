/**
 * A brush for the layer whose marks are painted by hand: on the input stage, or on what such a layer made. The first
 * stroke adds the layer below the input; each stroke is one step to undo, and the engine makes what it changes.
 */

import { LoupeError } from '../../shared/errors.ts'
import { definitionOf, layerDefinitions, type LayerKind, type LayerSpec } from '../../shared/layers/index.ts'
import { withOption } from '../../shared/layers/options.ts'
import type { Mark } from '../../shared/layers/definition.ts'
import { defaultLayer } from '../../shared/pipeline.ts'
import { zeroRange } from '../../shared/scales.ts'
import type { Tile } from './arrangement.ts'
import { added, changed, layerOfStage, type EditedLayer } from './edited.ts'
import type { EditorState } from './editor.svelte.ts'
import { lineTo, stampAt, withMark, type Spot } from './marks.ts'
import type { RunState } from './run.svelte.ts'
import type { ViewerState } from './viewer.svelte.ts'

export type BrushTool = 'paint' | 'erase' | 'pick'

/** What is painted on: a layer that is there, or null for one that the first stroke adds. */
interface Target {
  readonly layer: EditedLayer | null
  readonly kind: LayerKind
  readonly key: string
  readonly marks: readonly Mark[]
}

interface Stroke {
  readonly id: string
  readonly channel: number | null
  /** What it paints with, from its beginning to its end; null erases. */
  readonly value: readonly number[] | null
  at: Spot
}

export const largestBrush = 64

export class BrushState {
  /** Whether the person has taken the brush; it paints where there is something to paint on. */
  taken = $state(false)
  size = $state(1)
  tool = $state<BrushTool>('paint')
  /** What was done, to be read out. */
  said = $state('')
  /** Why it could not be done: a sentence. */
  problem = $state<string | null>(null)
  #wanted = $state.raw<readonly number[] | null>(null)

  readonly #editor: EditorState
  readonly #run: RunState
  readonly #view: ViewerState
  readonly #standing: () => readonly number[] | null
  #stroke: Stroke | null = null
  #painting = $state(false)
  #strokes = 0

  readonly target = $derived.by((): Target | null => this.#find())
  readonly active = $derived(this.taken && this.target !== null)
  /**
   * The marks to draw over what is on screen, so that they are seen at once: where what is painted on is shown. They are
   * what the engine will make of it.
   */
  readonly drawn = $derived.by((): readonly Mark[] => {
    if (this.#view.source?.difference) return []
    if (!this.active || !this.target?.layer || this.target.layer.off) return []
    return this.#painting || this.shown ? this.target.marks : []
  })
  /** Whether the stage looked at is what is painted, and not the input above it. */
  readonly shown = $derived.by(() => {
    const { edited } = this.#editor
    return this.active && edited !== null && layerOfStage(edited, this.#run.selected) === this.target?.layer
  })
  readonly #source = $derived.by(() => this.#run.slot?.source ?? null)
  /** How many values it has: three on a colour picture. */
  readonly #depth = $derived(this.#source?.colour ? 3 : 1)
  /** Black and white of each value, or the least and the greatest of a stage that is no picture any more. */
  readonly range = $derived.by((): readonly (readonly [number, number])[] =>
    Array.from({ length: this.#depth }, (_, channel) => this.#rangeOf(channel)),
  )
  /** What is painted with: one value, or those of red, green and blue. */
  readonly values = $derived.by((): readonly number[] =>
    this.range.map(([, white], channel) => this.#wanted?.[channel] ?? this.#wanted?.[0] ?? white),
  )
  /** The same as a colour: `#ffcc00`. */
  readonly hex = $derived(
    `#${this.values.map((value, channel) => this.#byteOf(value, channel).toString(16).padStart(2, '0')).join('')}`,
  )

  /** @param standing What stands in the stage where it is pointed at. */
  constructor(
    editor: EditorState,
    run: RunState,
    view: ViewerState,
    standing: () => readonly number[] | null = () => view.readout?.values ?? null,
  ) {
    this.#editor = editor
    this.#run = run
    this.#view = view
    this.#standing = standing
  }

  toggle(): void {
    if (!this.target) return
    this.taken = !this.taken
    this.tool = 'paint'
    this.problem = null
    this.said = this.taken ? 'Brush taken' : 'Brush put down'
    // On the input the painting is not seen: what was painted on it stands right below.
    const { layer } = this.target
    if (this.taken && layer && !layer.off) this.#editor.choose(layer.id)
  }

  use(tool: BrushTool): void {
    this.tool = this.tool === tool ? 'paint' : tool
  }

  resize(size: number): void {
    if (Number.isFinite(size)) this.size = Math.max(1, Math.min(largestBrush, Math.round(size)))
  }

  /** Paints with this value, of one of the channels if there are several. */
  setValue(value: number, channel = 0): void {
    if (Number.isFinite(value)) this.#wanted = this.values.with(channel, value)
  }

  setBlack(): void {
    this.#wanted = this.range.map(([black]) => black)
  }

  setWhite(): void {
    this.#wanted = this.range.map(([, white]) => white)
  }

  setHex(hex: string): void {
    const bytes = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16))
    this.#wanted = this.values.map((_, channel) => this.#ofByte(bytes[channel]!, channel))
  }

  /** Paints with what stands at the element pointed at. */
  pick(): void {
    const values = this.#standing()
    const channel = this.#view.readout?.channel
    this.problem = values ? null : 'What stands there is still being read: pick it again.'
    if (!values) return
    if (this.#depth === 3 && typeof channel === 'number') this.setValue(values[0]!, channel)
    else this.#wanted = values
    this.tool = 'paint'
    this.said = `Painting with ${this.values.join(', ')}`
  }

  /** Puts the brush down on an element of a tile; elements beside the picture may be named. */
  begin(tile: Tile, at: Spot, erase = this.tool === 'erase'): void {
    const channel = this.#source?.channels === 1 || tile === 'colour' ? null : tile
    const value = erase ? null : channel === null ? this.values : [this.values[channel] ?? this.values[0]!]
    this.#stroke = { id: `stroke ${++this.#strokes}`, channel, value, at }
    this.#painting = true
    this.#paint(this.#stroke, [at])
  }

  move(to: Spot): void {
    const stroke = this.#stroke
    if (!stroke || (stroke.at.row === to.row && stroke.at.column === to.column)) return
    const spots = lineTo(stroke.at, to)
    stroke.at = to
    this.#paint(stroke, spots)
  }

  end(): void {
    if (!this.#stroke) return
    this.#stroke = null
    this.#painting = false
    this.#editor.settle()
  }

  /** One stamp where the cursor is, of its own step to undo. */
  stamp(erase = this.tool === 'erase'): void {
    if (!this.#view.hover) this.#view.moveCursor(0, 0)
    const { hover } = this.#view
    if (!hover) return
    this.begin(hover.tile, hover, erase)
    this.end()
  }

  clear(): void {
    const { target } = this
    if (!target?.layer || target.marks.length === 0) return
    this.#editor.settle()
    this.#put(target, [], 'clearing the marks', null)
    this.said = 'All marks cleared'
  }

  #find(): Target | null {
    const { edited } = this.#editor
    const shown = edited && this.#run.selected >= 0 ? layerOfStage(edited, this.#run.selected) : null
    if (!edited || !shown || this.#source?.form !== 'picture' || this.#source.summary === null) return null
    const own = targetOf(shown)
    if (own || shown !== edited.layers[0]) return own
    const below = edited.layers[1] && targetOf(edited.layers[1])
    if (below) return below
    const kind = (Object.keys(layerDefinitions) as LayerKind[]).find((other) => layerDefinitions[other].marks)
    return kind && !this.#editor.full ? { layer: null, kind, key: layerDefinitions[kind].marks!, marks: [] } : null
  }

  #paint({ id, channel, value }: Stroke, spots: readonly Spot[]): void {
    const source = this.#source
    const { target } = this
    if (!source || !target) return
    let { marks } = target
    for (const spot of spots) {
      const stamp = stampAt(spot, this.size, source)
      if (stamp) marks = withMark(marks, { ...stamp, channel, value: value && [...value] })
    }
    const { row, column } = spots.at(-1)!
    const what = value ? `Painted ${value.join(', ')}` : 'Erased'
    if (this.#put(target, marks, value ? 'painting' : 'erasing', id)) {
      this.said = `${what} at row ${row}, column ${column}`
    }
  }

  #put(target: Target, marks: readonly Mark[], label: string, stream: string | null): boolean {
    const { edited } = this.#editor
    if (!edited || JSON.stringify(marks) === JSON.stringify(target.marks)) return false
    const before = target.layer ? { edited, layer: target.layer } : added(edited, defaultLayer(target.kind), 1)
    let spec: LayerSpec
    try {
      spec = withOption(before.layer.spec, target.key, marks)
    } catch (error) {
      if (!(error instanceof LoupeError)) throw error
      this.problem = `Marks ${error.message}.`
      return false
    }
    this.problem = null
    this.#editor.change(changed(before.edited, before.layer.id, { spec, off: false }), label, stream, before.layer.id)
    return true
  }

  #rangeOf(channel: number): readonly [number, number] {
    const summary = this.#source?.summary
    if (summary?.picture === 'map') {
      // Where all elements are the same there is still something to choose from.
      const { from, to } =
        summary.min < summary.max ? { from: summary.min, to: summary.max } : zeroRange(summary.min, summary.max)
      return [from, to]
    }
    return [this.#ofByte(0, channel), this.#ofByte(255, channel)]
  }

  /** A byte in the units of the input stage. */
  #ofByte(byte: number, channel: number): number {
    const first = this.#editor.edited?.layers[0]?.spec
    return (first && definitionOf(first).ofByte?.(first, byte, channel)) ?? byte / 255
  }

  #byteOf(value: number, channel: number): number {
    const [black, white] = this.range[channel]!
    return Math.max(0, Math.min(255, Math.round(((value - black) / (white - black)) * 255)))
  }
}

function targetOf(layer: EditedLayer): Target | null {
  const key = definitionOf(layer.spec).marks
  if (!key) return null
  const marks = (layer.spec as unknown as Readonly<Record<string, readonly Mark[]>>)[key]!
  return { layer, kind: layer.spec.kind, key, marks }
}
