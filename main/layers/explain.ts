/**
 * What each layer tells about one value it made, in columns of numbers: compact enough for a sum of a million terms.
 * `main/pipeline/explain` makes of it what crosses to a view.
 */

import type { PhotoFormula, Place, Step, SumFormula, TermsRequest, TermWindow } from '../../shared/explain.ts'
import type { LayerKind, SpecOf } from '../../shared/layers/index.ts'
import { windowOutput } from '../../shared/shapes.ts'
import { pictureShape, rounder, type FloatDType, type Shape, type Tensor } from '../../shared/tensor.ts'
import type { Steps } from './steps.ts'

/** The elements a formula reads, in the layer's order. */
export interface Readings {
  /** Flat index of each in the input; −1: padding. */
  readonly from: Int32Array
  readonly input: Float64Array
  readonly window: TermWindow
}

interface LayerSum {
  readonly kind: 'sum'
  readonly readings: Readings
  /** Null: not weighted. */
  readonly weights: Float64Array | null
  /** input · weight, rounded to the pipeline's type. */
  readonly products: Float64Array
  readonly bias: number | null
  readonly divisor: number | null
  readonly counted: SumFormula['counted']
}

interface LayerMaximum {
  readonly kind: 'maximum'
  readonly readings: Readings
  /** Which reading is the first of the largest, and how many are as large. */
  readonly winner: number
  readonly ties: number
}

interface LayerCurve {
  readonly kind: 'function'
  readonly from: number
  readonly input: number
  readonly steps: readonly Step[]
  readonly slope: number
  /** The value was put here, and nothing of the input is in it. */
  readonly replaced?: true
}

interface LayerMove {
  readonly kind: 'move'
  /** −1: padding. */
  readonly from: number
  readonly input: number
  readonly rule: string
}

interface LayerSoftmax {
  readonly kind: 'softmax'
  readonly readings: Readings
  readonly shifted: Float64Array
  readonly exponentials: Float64Array
  /** The element's own place, and that of the largest input. */
  readonly own: number
  readonly largest: number
  readonly total: number
}

interface LayerPhoto {
  readonly kind: 'photo'
  readonly tell: (request: TermsRequest, photoRow?: number) => PhotoFormula
}

export type LayerFormula = { readonly value: number } & (
  LayerSum | LayerMaximum | LayerCurve | LayerMove | LayerSoftmax | LayerPhoto
)

/** Elements of a stage: all combinations of these rows, columns and channels, each list rising without repeats. */
export interface Elements {
  readonly rows: readonly number[]
  readonly columns: readonly number[]
  readonly channels: readonly number[]
  /** All elements of a vector, whose channels are then not listed: there may be millions. */
  readonly wholeVector?: true
}

export interface LayerExplanation<K extends LayerKind> {
  /** What gives the formula of any element of the layer's output for this input; its value is the layer's own to the last bit. */
  readonly explain: (input: Tensor, spec: SpecOf<K>, dtype: FloatDType) => Steps<(place: Place) => LayerFormula>
  /** The elements of an input of this shape that the given ones of the output read, whatever the weights. */
  readonly reach: (input: Shape, spec: SpecOf<K>, output: Elements) => Elements
}

export function flatIndex(shape: Shape, { row, column, channel }: Place): number {
  const [, width, channels] = pictureShape(shape)
  return (row * width + column) * channels + channel
}

export function placeAt(shape: Shape, index: number): Place {
  const [, width, channels] = pictureShape(shape)
  const pixel = Math.floor(index / channels)
  return { row: Math.floor(pixel / width), column: pixel % width, channel: index % channels }
}

export function allElements(shape: Shape): Elements {
  if (shape.length === 1) return { rows: [0], columns: [0], channels: [], wholeVector: true }
  const [rows, columns, channels] = pictureShape(shape).map(indices) as [number[], number[], number[]]
  return { rows, columns, channels }
}

function indices(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i)
}

/** Indices made one by one: over millions, the `from` of typed arrays takes seconds. */
export function indicesOf(count: number, of: (i: number) => number): Int32Array {
  const made = new Int32Array(count)
  for (let i = 0; i < count; i++) made[i] = of(i)
  return made
}

/** What stands at flat indices; `padding` at −1. */
export function valuesAt(data: Tensor['data'], from: Int32Array, padding: number): Float64Array {
  const values = new Float64Array(from.length)
  for (let i = 0; i < from.length; i++) values[i] = from[i]! < 0 ? padding : data[from[i]!]!
  return values
}

/** Rising, without repeats. */
export function distinct(places: Iterable<number>): number[] {
  return [...new Set(places)].sort((a, b) => a - b)
}

/**
 * The marked places of an axis of n, rising. All windows over a photo read tens of thousands of times, under a cursor
 * that moves: a set takes ten times as long.
 */
export function marked(n: number, marking: (mark: (at: number) => void) => void): number[] {
  const marks = new Uint8Array(n)
  marking((at) => {
    marks[at] = 1
  })
  const places: number[] = []
  for (let at = 0; at < n; at++) if (marks[at] === 1) places.push(at)
  return places
}

/** How a window moves along an axis: `before` is the padding ahead of the first element. */
interface WindowAxis {
  readonly stride: number
  readonly dilation: number
  readonly size: number
  readonly before: number
}

/** How a layer's window moves along rows and columns of a picture. */
export function windowAxes(
  window: Parameters<typeof windowOutput>[2],
  height: number,
  width: number,
): { readonly vertical: WindowAxis; readonly horizontal: WindowAxis } {
  const { sides } = windowOutput(height, width, window)
  const axis = (i: 0 | 1, before: number) => ({
    stride: window.stride[i],
    dilation: window.dilation[i],
    size: window.size[i],
    before,
  })
  return { vertical: axis(0, sides.top), horizontal: axis(1, sides.left) }
}

/** Where each tap of a window at an output position reads along an axis of n elements; −1 outside it. */
export function windowTaps(position: number, axis: WindowAxis, n: number): number[] {
  return Array.from({ length: axis.size }, (_, tap) => tapOf(position, axis, n, tap))
}

function tapOf(position: number, axis: WindowAxis, n: number, tap: number): number {
  const at = position * axis.stride - axis.before + tap * axis.dilation
  return at >= 0 && at < n ? at : -1
}

/** What windows at several positions read. */
export function windowsReach(positions: readonly number[], axis: WindowAxis, n: number) {
  return marked(n, (mark) => {
    for (const position of positions) {
      for (let tap = 0; tap < axis.size; tap++) {
        const at = tapOf(position, axis, n, tap)
        if (at >= 0) mark(at)
      }
    }
  })
}

/** The maximum of readings by their own rule: not-a-number wins, +0 is above −0, padding never wins. */
export function maximum(readings: Readings, value: number): LayerMaximum & { readonly value: number } {
  const { from, input } = readings
  const winner = input.findIndex((candidate, i) => from[i]! >= 0 && Object.is(candidate, value))
  const ties = input.reduce(
    (count, x, i) => count + (from[i]! >= 0 && (x === value || (x !== x && value !== value)) ? 1 : 0),
    0,
  )
  return { kind: 'maximum', readings, winner, ties, value }
}

/** Collects the steps of a calculation; each note returns its value. */
export class StepNotes {
  readonly steps: Step[] = []

  readonly note = (name: string, value: number, ...expression: Step['expression']): number => {
    this.steps.push({ name, expression, value })
    return value
  }

  /** The last step of a layer that computes in float64 and rounds once. */
  store(value: number, dtype: FloatDType): number {
    if (dtype === 'float64') return value
    return this.note('Rounded to float32', Math.fround(value), 'float32(', value, ')')
  }
}

/** The explanation of a layer that changes each value on its own. */
export function eachElement<K extends LayerKind>(
  curve: (
    spec: SpecOf<K>,
    dtype: FloatDType,
    channels: number,
  ) => (
    x: number,
    channel: number,
  ) => {
    readonly steps: readonly Step[]
    readonly slope: number
  },
): LayerExplanation<K> {
  return {
    // eslint-disable-next-line require-yield -- nothing to prepare
    *explain(input, spec, dtype) {
      const channels = input.shape.at(-1)!
      const at = curve(spec, dtype, channels)
      return (place) => {
        const from = flatIndex(input.shape, place)
        const x = input.data[from]!
        const { steps, slope } = at(x, from % channels)
        return { kind: 'function', from, input: x, steps, slope, value: steps.at(-1)!.value }
      }
    },
    reach: (_input, _spec, output) => output,
  }
}

/** The explanation of a layer that moves elements: each of the output is that of the input at `source`, or padding. */
export function eachMoved<K extends LayerKind>(
  source: (input: Shape, spec: SpecOf<K>, place: Place) => { readonly place: Place | null; readonly rule: string },
  reach: LayerExplanation<K>['reach'],
  padding: (spec: SpecOf<K>) => number = () => 0,
): LayerExplanation<K> {
  return {
    // eslint-disable-next-line require-yield -- nothing to prepare
    *explain(input, spec, dtype) {
      return (at) => {
        const { place, rule } = source(input.shape, spec, at)
        if (place === null) {
          const value = rounder(dtype)(padding(spec))
          return { kind: 'move', from: -1, input: value, rule, value }
        }
        const from = flatIndex(input.shape, place)
        const value = input.data[from]!
        return { kind: 'move', from, input: value, rule, value }
      }
    },
    reach,
  }
}
