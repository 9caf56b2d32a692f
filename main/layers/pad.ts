import { pad as definition } from '../../shared/layers/geometry.ts'
import type { SpecOf } from '../../shared/layers/index.ts'
import { pictureShape, type FloatData, type FloatDType, type Tensor } from '../../shared/tensor.ts'
import { distinct, eachMoved } from './explain.ts'
import { byRows, rowOf } from './rows.ts'
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
  const [, outputWidth] = pictureShape(shape)
  return yield* byRows(shape, dtype, (row, y) => {
    const from = y - spec.top
    if (spec.mode === 'constant') {
      row.fill(spec.value)
      if (from >= 0 && from < height) row.set(rowOf(input, from), spec.left * channels)
      return
    }
    const source = spec.mode === 'edge' ? nearest : mirrored
    row.set(rowOf(input, source(from, height)), spec.left * channels)
    for (let x = 0; x < outputWidth; x++) {
      if (x === spec.left) x += width
      if (x >= outputWidth) break
      const inside = (spec.left + source(x - spec.left, width)) * channels
      row.copyWithin(x * channels, inside, inside + channels)
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
