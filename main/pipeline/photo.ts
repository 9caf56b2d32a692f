/** What the array lab does to pictures, with the layers' own functions: Pillow's resize and its `convert`. */

import type { Size, Tensor } from '../../shared/tensor.ts'
import type { Steps } from '../../shared/steps.ts'
import { luma } from '../layers/input.ts'
import { resample, type ResampleFilter } from '../layers/resample.ts'

type Photo = Tensor<Uint8Array>

/** `Image.resize(size, filter)` of a photo (height, width, 1 or 3). */
export function resizePhoto(photo: Photo, size: Size, filter: ResampleFilter): Steps<Photo> {
  return resample(photo, size, filter)
}

/** `Image.convert('L')` or `convert('RGB')` of a photo (height, width, 1 or 3). */
export function convertPhoto(photo: Photo, mode: 'L' | 'RGB'): Photo {
  const [height, width, channels] = photo.shape as [number, number, number]
  if (mode === 'L') return { shape: [height, width, 1], data: luma(photo.data, channels, 0, height * width) }
  if (channels === 3) return photo
  const data = new Uint8Array(height * width * 3)
  for (let pixel = 0, at = 0; pixel < height * width; pixel++, at += 3) data.fill(photo.data[pixel]!, at, at + 3)
  return { shape: [height, width, 3], data }
}
