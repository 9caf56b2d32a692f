import { pad as definition } from '../../shared/layers/geometry.ts'
import type { SpecOf } from '../../shared/layers/index.ts'
import { pictureShape, type FloatData, type FloatDType, type Tensor } from '../../shared/tensor.ts'
import { distinct, eachMoved } from './explain.ts'
import { byRows, partOfRow } from './rows.ts'
import type { Steps } from './steps.ts'

/**
 * out[y, x, c] = in[y − top, x − left, c] inside; outside, by mode: the value (constant), the nearest element (edge),
 * or the element as far inside the edge as the place is outside it (reflect)
 *
 * As `numpy.pad` with the modes of the same names. (height, width, channels) to
 * (top + height + bottom, left + width + right, channels).
 */
export function* pad(input: Tensor, spec: SpecOf<'pad'>, dtype: FloatDType): Steps<Tensor<FloatData>> {
  const shape = definition.outputShape(input.shape, spec)
  const [height, width, channels] = pictureShape(input.shape)
  return yield* byRows(shape, dtype, (pixels, y, left) => {
    const row = sourceOf(spec.mode, y - spec.top, height)
    // Columns from … to − 1 of these pixels are the input's own.
    const columns = pixels.length / channels
    const from = Math.min(columns, Math.max(0, spec.left - left))
    const to = Math.max(from, Math.min(columns, spec.left + width - left))
    if (spec.mode === 'constant') pixels.fill(spec.value)
    if (row < 0) return
    if (to > from) pixels.set(partOfRow(input, row, left + from - spec.left, (to - from) * channels), from * channels)
    if (spec.mode === 'constant') return
    for (let x = 0; x < columns; x++) {
      if (x === from) x = to
      if (x >= columns) break
      const source = (row * width + sourceOf(spec.mode, left + x - spec.left, width)) * channels
      for (let c = 0; c < channels; c++) pixels[x * channels + c] = input.data[source + c]!
    }
  })
}

/** Where an edge-padded place takes its value from, along an axis of n elements. */
function nearest(at: number, n: number): number {
  return Math.min(Math.max(at, 0), n - 1)
}

/** The same for a reflected place less than n away from the edge; the edge itself is not repeated. */
function mirrored(at: number, n: number): number {
  const folded = Math.abs(at)
  return folded < n ? folded : 2 * (n - 1) - folded
}

/** Where a place takes its value from along an axis of n elements; −1: from nowhere. */
function sourceOf(mode: SpecOf<'pad'>['mode'], at: number, n: number): number {
  if (mode === 'constant') return at >= 0 && at < n ? at : -1
  return mode === 'edge' ? nearest(at, n) : mirrored(at, n)
}

const outside = {
  constant: 'Outside the input: padding, of the value given.',
  edge: 'Outside the input: the nearest element of its edge again.',
  reflect: 'Outside the input: the element as far inside its edge as this place is outside.',
} as const

export const padExplanation = eachMoved<'pad'>(
  (input, { top, left, mode }, { row, column, channel }) => {
    const [height, width] = pictureShape(input)
    const source = { row: sourceOf(mode, row - top, height), column: sourceOf(mode, column - left, width), channel }
    const inside = source.row === row - top && source.column === column - left
    const isPadding = source.row < 0 || source.column < 0
    return {
      place: isPadding ? null : source,
      rule: inside && !isPadding ? `The input begins at row ${top}, column ${left}.` : outside[mode],
    }
  },
  (input, { top, left, mode }, { rows, columns, channels }) => {
    const [height, width] = pictureShape(input)
    const along = (places: readonly number[], before: number, n: number) =>
      distinct(places.map((at) => sourceOf(mode, at - before, n)).filter((at) => at >= 0))
    return { rows: along(rows, top, height), columns: along(columns, left, width), channels }
  },
  ({ value }) => value,
)
