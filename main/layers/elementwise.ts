/** The loop of every layer that makes each value of its own: in pieces, through a buffer of one type. */

import type { FloatData, FloatDType, Shape, Tensor } from '../../shared/tensor.ts'
import { zeros } from '../../shared/tensor.ts'
import type { Steps } from './steps.ts'

const piece = 1 << 13

/**
 * A tensor of `shape` and `dtype` made of the input's values in their order. `change` gets some of them, and the place
 * of the first among all; it changes them where they are, in float64, and they are rounded to `dtype` after it.
 */
export function* elementwise(
  input: Tensor,
  shape: Shape,
  dtype: FloatDType,
  change: (values: Float64Array, first: number) => void,
): Steps<Tensor<FloatData>> {
  const output = zeros(shape, dtype)
  const { length } = output.data
  const buffer = new Float64Array(Math.min(piece, length))
  for (let first = 0; first < length; first += piece) {
    const values = length - first < piece ? buffer.subarray(0, length - first) : buffer
    values.set(input.data.subarray(first, first + values.length))
    change(values, first)
    output.data.set(values, first)
    yield first / length
  }
  return output
}
