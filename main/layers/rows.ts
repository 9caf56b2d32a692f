/** Moving pixels about: the layers that only copy work on whole rows. */

import { pictureShape, zeros, type FloatData, type FloatDType, type Shape, type Tensor } from '../../shared/tensor.ts'
import type { Steps } from './steps.ts'

/** A picture of `shape` whose row y `place` fills: it gets the row (in float64) and y. */
export function* byRows(
  shape: Shape,
  dtype: FloatDType,
  place: (row: Float64Array, y: number) => void,
): Steps<Tensor<FloatData>> {
  const output = zeros(shape, dtype)
  const [height, width, channels] = pictureShape(shape)
  const row = new Float64Array(width * channels)
  for (let y = 0; y < height; y++) {
    place(row, y)
    output.data.set(row, y * row.length)
    yield y / height
  }
  return output
}

/** Row y of a picture, as a view. */
export function rowOf(input: Tensor, y: number): Tensor['data'] {
  const [, width, channels] = pictureShape(input.shape)
  return input.data.subarray(y * width * channels, (y + 1) * width * channels)
}
