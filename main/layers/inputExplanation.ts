/** The input layer explained: a value back to the 8-bit samples of the decoded photo, through scaling, grey and resize. */

import {
  defaultTerms,
  type PhotoFormula,
  type Place,
  type ResizedSample,
  type ResizePass,
  type Tap,
  type TermsRequest,
} from '../../shared/explain.ts'
import type { SpecOf } from '../../shared/layers/index.ts'
import { input as definition } from '../../shared/layers/input.ts'
import { rounder, type FloatDType, type Shape, type Tensor } from '../../shared/tensor.ts'
import { marked, StepNotes, type LayerExplanation } from './explain.ts'
import { luma, mean, valueTable } from './input.ts'
import { pageOf } from './pages.ts'
import { nearestPositions } from './resample.ts'
import { clip8, filterWeights, HALF, PRECISION_BITS, type Weights } from './resampleWeights.ts'
import { finish } from './steps.ts'

/** Taps of horizontal passes told with one vertical pass; more can be had row by row. */
const tapsTold = 2048

type InputSpec = SpecOf<'input'>

/** How one axis is resized: not at all, to the nearest, or by weights. */
type Axis = 'same' | Int32Array | Weights

function axisOf(inputs: number, outputs: number, filter: InputSpec['filter']): Axis {
  if (filter !== 'nearest') return inputs === outputs ? 'same' : finish(filterWeights(inputs, outputs, filter))
  return nearestPositions(inputs, outputs)
}

function axesOf(photo: Shape, spec: InputSpec): { readonly vertical: Axis; readonly horizontal: Axis } {
  const [height, width] = definition.outputShape(photo, spec) as [number, number]
  // The same size is a copy, whatever the filter.
  if (height === photo[0] && width === photo[1]) return { vertical: 'same', horizontal: 'same' }
  return { vertical: axisOf(photo[0]!, height, spec.filter), horizontal: axisOf(photo[1]!, width, spec.filter) }
}

/** The positions of the photo that one of the input stage reads. */
function positionsOf(axis: Axis, at: number): number[] {
  if (axis === 'same') return [at]
  if (axis instanceof Int32Array) return [axis[at]!]
  return Array.from({ length: axis.count[at]! }, (_, tap) => axis.first[at]! + tap)
}

/** One output position's taps over samples: the sum of libImaging's passes, and what it becomes. */
function sumTaps(weights: Weights, at: number, sampleAt: (position: number) => number) {
  let sum = HALF
  const first = weights.first[at]!
  for (let tap = 0; tap < weights.count[at]!; tap++) {
    sum = (sum + Math.imul(weights.fixed[at * weights.stride + tap]!, sampleAt(first + tap))) | 0
  }
  return { sum, byte: clip8(sum) }
}

class Resized {
  readonly #photo: Tensor
  readonly #width: number
  readonly #channels: number
  readonly #spec: InputSpec
  readonly #vertical: Axis
  readonly #horizontal: Axis

  constructor(photo: Tensor, spec: InputSpec) {
    this.#photo = photo
    this.#width = photo.shape[1]!
    this.#channels = photo.shape[2]!
    this.#spec = spec
    const { vertical, horizontal } = axesOf(photo.shape, spec)
    this.#vertical = vertical
    this.#horizontal = horizontal
  }

  #sample(row: number, column: number, channel: number): number {
    return this.#photo.data[(row * this.#width + column) * this.#channels + channel]!
  }

  /** A sample of the row after the horizontal pass, where there is one. */
  #across(row: number, column: number, channel: number): number {
    const axis = this.#horizontal
    if (axis === 'same' || axis instanceof Int32Array) return this.#sample(row, positionsOf(axis, column)[0]!, channel)
    return sumTaps(axis, column, (x) => this.#sample(row, x, channel)).byte
  }

  byte({ row, column }: Place, channel: number): number {
    const axis = this.#vertical
    if (axis === 'same' || axis instanceof Int32Array) return this.#across(positionsOf(axis, row)[0]!, column, channel)
    return sumTaps(axis, row, (y) => this.#across(y, column, channel)).byte
  }

  tell({ row, column }: Place, channel: number, request: TermsRequest, photoRow?: number): ResizedSample {
    const vertical = this.#vertical
    const horizontal = this.#horizontal
    const { limit = defaultTerms } = request
    const byte = this.byte({ row, column, channel }, channel)
    if (
      vertical instanceof Int32Array ||
      horizontal instanceof Int32Array ||
      (vertical === 'same' && horizontal === 'same')
    ) {
      const place = { row: positionsOf(vertical, row)[0]!, column: positionsOf(horizontal, column)[0]!, channel }
      const rule =
        vertical === 'same' && horizontal === 'same'
          ? 'The photo has this size: its own sample.'
          : 'The sample under the middle of this pixel; no others are mixed in.'
      return { channel, byte, resize: { kind: 'copy', place, rule } }
    }
    const across = (y: number, terms: TermsRequest) =>
      horizontal === 'same'
        ? null
        : pass(
            'horizontal',
            horizontal,
            column,
            terms,
            (x) => this.#sample(y, x, channel),
            (x) => ({ row: y, column: x, channel }),
            () => null,
          )
    const last =
      vertical === 'same'
        ? across(row, request)!
        : ((photoRow === undefined ? null : across(photoRow, request)) ??
          pass(
            'vertical',
            vertical,
            row,
            request,
            (y) => this.#across(y, column, channel),
            (y) => ({ row: y, column, channel }),
            (y) => across(y, { limit: Math.max(1, Math.floor(tapsTold / Math.min(limit, vertical.count[row]!))) }),
          ))
    return { channel, byte, resize: { kind: 'taps', filter: this.#spec.filter, pass: last } }
  }
}

function pass(
  axis: ResizePass['axis'],
  weights: Weights,
  at: number,
  request: TermsRequest,
  sampleAt: (position: number) => number,
  placeAt: (position: number) => Place,
  passAt: (position: number) => ResizePass | null,
): ResizePass {
  const { sum, byte } = sumTaps(weights, at, sampleAt)
  const weightOf = (tap: number) => weights.fixed[at * weights.stride + tap]!
  const tell = (index: number): Tap => {
    const position = weights.first[at]! + index
    const sample = sampleAt(position)
    const weight = weightOf(index)
    return { index, place: placeAt(position), sample, weight, product: sample * weight, pass: passAt(position) }
  }
  const size = (tap: number) => weightOf(tap) * sampleAt(weights.first[at]! + tap)
  const taps = pageOf(weights.count[at]!, request, size, tell)
  return { axis, taps, half: HALF, bits: PRECISION_BITS, sum, rounded: sum >> PRECISION_BITS, byte }
}

/** From a byte to the value: `valueTable` in steps. */
function scalingOf(range: InputSpec['range'], channel: number, dtype: FloatDType, byte: number): StepNotes['steps'] {
  const round = rounder(dtype)
  const { note, steps } = new StepNotes()
  if (range.type === 'signed') {
    const scaled = note('To [0, 2]', round(byte / 127.5), byte, ' / ', 127.5)
    note('Less 1: to [−1, 1]', round(scaled - 1), scaled, ' − ', 1)
    return steps
  }
  const unit = note('To [0, 1]', round(byte / 255), byte, ' / ', 255)
  if (range.type === 'unit') return steps
  const average = round(range.mean[channel % range.mean.length]!)
  const deviation = round(range.std[channel % range.std.length]!)
  const centred = note('Less the mean', round(unit - average), unit, ' − ', average)
  note('Divided by the standard deviation', round(centred / deviation), centred, ' / ', deviation)
  return steps
}

/** From red, green and blue to one byte, in the layer's own steps. */
function greyOf(
  colour: InputSpec['colour'],
  bytes: Uint8Array,
): { readonly byte: number; readonly steps: StepNotes['steps'] } {
  const { note, steps } = new StepNotes()
  const [red, green, blue] = bytes as unknown as [number, number, number]
  if (colour === 'luma') {
    const half = 0x8000
    const sum = red * 19595 + green * 38470 + blue * 7471 + half
    note(
      'Luma in 16-bit fixed point, and one half',
      sum,
      red,
      ' × ',
      19595,
      ' + ',
      green,
      ' × ',
      38470,
      ' + ',
      blue,
      ' × ',
      7471,
      ' + ',
      half,
    )
    const byte = note('Divided by 2^16, rounded down', luma(bytes, 3, 0, 1)[0]!, sum, ' >> ', 16)
    return { byte, steps }
  }
  const average = note(
    'The mean of the channels',
    (red + green + blue) / 3,
    '(',
    red,
    ' + ',
    green,
    ' + ',
    blue,
    ') / ',
    3,
  )
  const byte = note('Cut to a whole number', mean(bytes, 3, 0, 1)[0]!, '⌊', average, '⌋')
  return { byte, steps }
}

export const inputExplanation: LayerExplanation<'input'> = {
  // eslint-disable-next-line require-yield -- the weights of both passes are few
  *explain(photo, spec, dtype) {
    const resized = new Resized(photo, spec)
    const colours = photo.shape[2]!
    return (place) => {
      const isGrey = spec.colour !== 'rgb' && colours === 3
      const channels = isGrey ? [0, 1, 2] : [colours === 1 ? 0 : place.channel]
      const bytes = Uint8Array.from(channels, (channel) => resized.byte(place, channel))
      const grey = isGrey ? greyOf(spec.colour, bytes) : { byte: bytes[0]!, steps: [] }
      const value = valueTable(spec.range, place.channel, dtype)[grey.byte]!
      const tell = (request: TermsRequest, photoRow?: number): PhotoFormula => ({
        kind: 'photo',
        scaling: scalingOf(spec.range, place.channel, dtype, grey.byte),
        grey: grey.steps,
        byte: grey.byte,
        samples: channels.map((channel) => resized.tell(place, channel, request, photoRow)),
      })
      return { kind: 'photo', tell, value }
    }
  },
  reach(photo, spec, { rows, columns, channels }) {
    const { vertical, horizontal } = axesOf(photo, spec)
    return {
      rows: marked(photo[0]!, (mark) => {
        for (const row of rows) positionsOf(vertical, row).forEach(mark)
      }),
      columns: marked(photo[1]!, (mark) => {
        for (const column of columns) positionsOf(horizontal, column).forEach(mark)
      }),
      channels: photo[2] === 1 ? [0] : spec.colour === 'rgb' ? channels : [0, 1, 2],
    }
  },
}
