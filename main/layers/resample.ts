/**
 * Pillow's `Image.resize` for 8-bit images, to the last bit (libImaging/Resample.c and Geometry.c, Pillow 9.4).
 * Two passes, horizontal then vertical, with weights in fixed point and each pass rounded to 8 bits.
 */

import type { SpecOf } from '../../shared/layers/index.ts'
import type { Size, Tensor } from '../../shared/tensor.ts'
import type { Steps } from './steps.ts'
import { blockWeights, rowBySums } from './resampleSums.ts'
import { clip8, filterWeights, HALF, type Weights } from './resampleWeights.ts'

export type ResampleFilter = SpecOf<'input'>['filter']

/** Source bytes times taps between two yields: a few hundred microseconds. */
const WORK_PER_STEP = 500_000

/**
 * Resizes a photo (height, width, 1 or 3) to `size`, as `Image.resize(size, filter)` does; the filter's support grows
 * with the reduction, so every pixel counts. The same size is a copy.
 */
export function* resample(photo: Tensor<Uint8Array>, size: Size, filter: ResampleFilter): Steps<Tensor<Uint8Array>> {
  const [height, width, channels] = photo.shape as [number, number, number]
  const shape = [size.height, size.width, channels]
  if (size.height === height && size.width === width) return { shape, data: photo.data.slice() }
  if (filter === 'nearest') return { shape, data: nearest(photo.data, height, width, channels, size) }

  const downWeights = filterWeights(height, size.height, filter)
  const last = size.height - 1
  // The horizontal pass makes only the rows that the vertical pass reads.
  const firstRow = downWeights.first[0]!
  const endRow = downWeights.first[last]! + downWeights.count[last]!
  if (size.width === width) return { shape, data: yield* down(photo.data, width * channels, downWeights, 0, 0) }
  const acrossWeights = filterWeights(width, size.width, filter)
  if (size.height === height) return { shape, data: yield* across(photo.data, channels, acrossWeights, 0, height, 1) }
  const share = width / (width + size.width)
  const narrow = yield* across(photo.data, channels, acrossWeights, firstRow, endRow, share)
  return { shape, data: yield* down(narrow, size.width * channels, downWeights, firstRow, share) }
}

/** The horizontal pass over some rows, which is the first `share` of all work. */
function* across(
  from: Uint8Array,
  channels: number,
  weights: Weights,
  firstRow: number,
  endRow: number,
  share: number,
): Steps<Uint8Array> {
  const { inputs, outputs } = weights
  const to = new Uint8Array((endRow - firstRow) * outputs * channels)
  const blocks = blockWeights(weights)
  const sums = new Float64Array(blocks === undefined ? 0 : blocks.count * 4 * channels)
  const work = blocks === undefined ? outputs * weights.stride * channels : inputs * channels * 4
  const rowsPerStep = Math.max(1, Math.floor(WORK_PER_STEP / work))
  for (let start = firstRow; start < endRow; start += rowsPerStep) {
    const end = Math.min(endRow, start + rowsPerStep)
    for (let row = start; row < end; row++) {
      const source = row * inputs * channels
      const target = (row - firstRow) * outputs * channels
      if (blocks !== undefined) rowBySums(from, source, to, target, channels, weights, blocks, sums)
      else if (channels === 3) rowAcross3(from, source, to, target, weights)
      else rowAcross1(from, source, to, target, weights)
    }
    yield (share * (end - firstRow)) / (endRow - firstRow)
  }
  return to
}

/** The vertical pass, over rows of `rowLength` bytes of which the first `skipped` were not made. */
function* down(
  from: Uint8Array,
  rowLength: number,
  weights: Weights,
  skipped: number,
  before: number,
): Steps<Uint8Array> {
  const { outputs, stride } = weights
  const to = new Uint8Array(outputs * rowLength)
  // A part of a row at a time where a row is much work.
  const part = Math.min(rowLength, Math.max(256, Math.floor(WORK_PER_STEP / stride)))
  const sums = new Int32Array(part)
  let work = 0
  for (let row = 0; row < outputs; row++) {
    for (let left = 0; left < rowLength; left += part) {
      const right = Math.min(rowLength, left + part)
      partDown(from, to, rowLength, left, right, weights, row, skipped, sums)
      work += (right - left) * stride
      if (work < WORK_PER_STEP) continue
      work = 0
      yield before + ((1 - before) * (row + right / rowLength)) / outputs
    }
  }
  yield 1
  return to
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

/** A part of an output row, from its source rows one after the other, so that memory is read in order. */
function partDown(
  from: Uint8Array,
  to: Uint8Array,
  rowLength: number,
  left: number,
  right: number,
  weights: Weights,
  row: number,
  skipped: number,
  sums: Int32Array,
): void {
  const { first, count, fixed, stride } = weights
  const length = right - left
  sums.fill(HALF)
  let source = (first[row]! - skipped) * rowLength + left
  for (let tap = row * stride; tap < row * stride + count[row]!; tap++, source += rowLength) {
    const weight = fixed[tap]!
    for (let i = 0; i < length; i++) sums[i] = sums[i]! + Math.imul(weight, from[source + i]!)
  }
  const target = row * rowLength + left
  for (let i = 0; i < length; i++) to[target + i] = clip8(sums[i]!)
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
export function nearestPositions(inputs: number, outputs: number): Int32Array {
  const positions = new Int32Array(outputs)
  const scale = inputs / outputs
  let position = scale * 0.5
  for (let i = 0; i < outputs; i++) {
    positions[i] = Math.min(inputs - 1, Math.floor(position))
    position += scale
  }
  return positions
}
