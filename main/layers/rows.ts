/** Moving pixels about: the layers that only copy work on rows, or on pieces of long ones. */

import { pictureShape, zeros, type FloatData, type FloatDType, type Shape, type Tensor } from '../../shared/tensor.ts'
import type { Steps } from './steps.ts'

/** Elements placed between two pauses. */
const pause = 1 << 16

/** A picture of `shape` that `place` fills: it gets pixels of row y from column `left` on (in float64), y, and `left`. */
export function* byRows(
  shape: Shape,
  dtype: FloatDType,
  place: (pixels: Float64Array, y: number, left: number) => void,
): Steps<Tensor<FloatData>> {
  const output = zeros(shape, dtype)
  const [height, width, channels] = pictureShape(shape)
  const piece = Math.min(width, Math.max(1, Math.floor(pause / channels)))
  const buffer = new Float64Array(piece * channels)
  let work = 0
  for (let y = 0; y < height; y++) {
    for (let left = 0; left < width; left += piece) {
      const pixels = width - left < piece ? buffer.subarray(0, (width - left) * channels) : buffer
      place(pixels, y, left)
      output.data.set(pixels, (y * width + left) * channels)
      work += pixels.length
      if (work < pause) continue
      work = 0
      yield (y + left / width) / height
    }
  }
  return output
}

/** Pixels of row y of a picture from column `left` on, `length` elements in all, as a view. */
export function partOfRow(input: Tensor, y: number, left: number, length: number): Tensor['data'] {
  const [, width, channels] = pictureShape(input.shape)
  const from = (y * width + left) * channels
  return input.data.subarray(from, from + length)
}
