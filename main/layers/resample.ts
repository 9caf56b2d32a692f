/**
 * Pillow's `Image.resize` for 8-bit images, to the last bit (libImaging/Resample.c and Geometry.c, Pillow 9.4).
 * Two passes, horizontal then vertical, with weights in fixed point and each pass rounded to 8 bits.
 */

import type { SpecOf } from '../../shared/layers/index.ts'
import type { Size, Tensor } from '../../shared/tensor.ts'
import type { Steps } from './steps.ts'
import { filterWeights, HALF, PRECISION_BITS, type Weights } from './resampleWeights.ts'

export type ResampleFilter = SpecOf<'input'>['filter']

/** Multiplications between two yields: a few hundred microseconds. */
const WORK_PER_STEP = 400_000

/**
 * Resizes a photo (height, width, 1 or 3) to `size`, as `Image.resize(size, filter)` does; the filter's support grows
 * with the reduction, so every pixel counts. The same size is a copy.
 */
export function* resample(photo: Tensor<Uint8Array>, size: Size, filter: ResampleFilter): Steps<Tensor<Uint8Array>> {
  const [height, width, channels] = photo.shape as [number, number, number]
  const shape = [size.height, size.width, channels]
  if (size.height === height && size.width === width) return { shape, data: photo.data.slice() }
  if (filter === 'nearest') return { shape, data: nearest(photo.data, height, width, channels, size) }

  const down = filterWeights(height, size.height, filter)
  const across = filterWeights(width, size.width, filter)
  const needsAcross = size.width !== width
  const needsDown = size.height !== height
  // Only the rows that the vertical pass reads.
  const firstRow = needsDown ? down.first[0]! : 0
  const endRow = needsDown ? down.first[size.height - 1]! + down.count[size.height - 1]! : height
  const acrossWork = needsAcross ? (endRow - firstRow) * size.width * across.stride : 0
  const downWork = needsDown ? size.height * size.width * down.stride : 0
  const share = acrossWork / (acrossWork + downWork)

  let between = photo.data
  if (needsAcross) {
    between = new Uint8Array((endRow - firstRow) * size.width * channels)
    const rowsPerStep = Math.max(1, Math.floor(WORK_PER_STEP / (size.width * across.stride * channels)))
    for (let row = firstRow; row < endRow; row += rowsPerStep) {
      const end = Math.min(endRow, row + rowsPerStep)
      passAcross(photo.data, between, channels, width, across, row, end, firstRow)
      yield (share * (end - firstRow)) / (endRow - firstRow)
    }
  }
  if (!needsDown) return { shape, data: between }

  const data = new Uint8Array(size.height * size.width * channels)
  const rowLength = size.width * channels
  const sums = new Int32Array(rowLength)
  const rowsPerStep = Math.max(1, Math.floor(WORK_PER_STEP / (rowLength * down.stride)))
  const skipped = needsAcross ? firstRow : 0
  for (let row = 0; row < size.height; row += rowsPerStep) {
    const end = Math.min(size.height, row + rowsPerStep)
    passDown(between, data, rowLength, down, row, end, skipped, sums)
    yield share + ((1 - share) * end) / size.height
  }
  return { shape, data }
}

function passAcross(
  from: Uint8Array,
  to: Uint8Array,
  channels: number,
  width: number,
  weights: Weights,
  row: number,
  end: number,
  firstRow: number,
): void {
  for (; row < end; row++) {
    if (channels === 3) rowAcross3(from, row * width * 3, to, (row - firstRow) * weights.outputs * 3, weights)
    else rowAcross1(from, row * width, to, (row - firstRow) * weights.outputs, weights)
  }
}

function rowAcross3(from: Uint8Array, source: number, to: Uint8Array, target: number, weights: Weights): void {
  const { first, count, fixed, stride, outputs } = weights
  for (let x = 0; x < outputs; x++) {
    let red = HALF
    let green = HALF
    let blue = HALF
    let at = source + first[x]! * 3
    let tap = x * stride
    const end = tap + count[x]!
    for (; tap < end; tap++, at += 3) {
      const weight = fixed[tap]!
      red = (red + Math.imul(weight, from[at]!)) | 0
      green = (green + Math.imul(weight, from[at + 1]!)) | 0
      blue = (blue + Math.imul(weight, from[at + 2]!)) | 0
    }
    to[target] = clip8(red)
    to[target + 1] = clip8(green)
    to[target + 2] = clip8(blue)
    target += 3
  }
}

function rowAcross1(from: Uint8Array, source: number, to: Uint8Array, target: number, weights: Weights): void {
  const { first, count, fixed, stride, outputs } = weights
  for (let x = 0; x < outputs; x++) {
    let sum = HALF
    let at = source + first[x]!
    let tap = x * stride
    const end = tap + count[x]!
    for (; tap < end; tap++, at++) sum = (sum + Math.imul(fixed[tap]!, from[at]!)) | 0
    to[target++] = clip8(sum)
  }
}

/** Row by row of the source, so that memory is read in order; `sums` is one output row of scratch. */
function passDown(
  from: Uint8Array,
  to: Uint8Array,
  rowLength: number,
  weights: Weights,
  row: number,
  end: number,
  skippedRows: number,
  sums: Int32Array,
): void {
  const { first, count, fixed, stride } = weights
  for (; row < end; row++) {
    sums.fill(HALF)
    let at = (first[row]! - skippedRows) * rowLength
    for (let tap = row * stride; tap < row * stride + count[row]!; tap++) {
      const weight = fixed[tap]!
      for (let i = 0; i < rowLength; i++) sums[i] = sums[i]! + Math.imul(weight, from[at++]!)
    }
    const target = row * rowLength
    for (let i = 0; i < rowLength; i++) to[target + i] = clip8(sums[i]!)
  }
}

/** Fixed point to a byte: what Pillow's table of clipped values holds. */
function clip8(sum: number): number {
  const value = sum >> PRECISION_BITS
  return value < 0 ? 0 : value > 255 ? 255 : value
}

function nearest(from: Uint8Array, height: number, width: number, channels: number, size: Size): Uint8Array {
  const rows = nearestPositions(height, size.height)
  const columns = nearestPositions(width, size.width)
  const to = new Uint8Array(size.height * size.width * channels)
  let target = 0
  for (let y = 0; y < size.height; y++) {
    const start = rows[y]! * width
    for (let x = 0; x < size.width; x++) {
      const at = (start + columns[x]!) * channels
      for (let channel = 0; channel < channels; channel++) to[target++] = from[at + channel]!
    }
  }
  return to
}

/** The source position under each output centre; adds up the scale step by step, as ImagingScaleAffine does. */
function nearestPositions(inputs: number, outputs: number): Int32Array {
  const positions = new Int32Array(outputs)
  const scale = inputs / outputs
  let position = scale * 0.5
  for (let i = 0; i < outputs; i++) {
    positions[i] = Math.min(inputs - 1, Math.floor(position))
    position += scale
  }
  return positions
}
