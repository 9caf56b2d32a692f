import { pad as definition } from '../../shared/layers/geometry.ts'
import type { SpecOf } from '../../shared/layers/index.ts'
import { pictureShape, type FloatData, type FloatDType, type Tensor } from '../../shared/tensor.ts'
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
