/**
 * Pillow's `Image.resize` for 8-bit images, to the last bit (libImaging/Resample.c and Geometry.c, Pillow 9.4).
 * Two passes, horizontal then vertical, with weights in fixed point and each pass rounded to 8 bits.
 */

import type { SpecOf } from '../../shared/layers/index.ts'
import type { Size, Tensor } from '../../shared/tensor.ts'
import { part, type Steps } from './steps.ts'
import { addUp, blockWeights, LONGEST_BLOCK, outputsBySums } from './resampleSums.ts'
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
  if (size.height === height && size.width === width) return { shape, data: yield* copy(photo.data) }
  if (filter === 'nearest') return { shape, data: yield* nearest(photo.data, height, width, channels, size) }

  const downWeights = yield* part(filterWeights(height, size.height, filter), 0, 0)
  const last = size.height - 1
  // The horizontal pass makes only the rows that the vertical pass reads.
  const firstRow = downWeights.first[0]!
  const endRow = downWeights.first[last]! + downWeights.count[last]!
  if (size.width === width) return { shape, data: yield* down(photo.data, width * channels, downWeights, 0, 0) }
  const acrossWeights = yield* part(filterWeights(width, size.width, filter), 0, 0)
  if (size.height === height) return { shape, data: yield* across(photo.data, channels, acrossWeights, 0, height, 1) }
  const share = width / (width + size.width)
  const narrow = yield* across(photo.data, channels, acrossWeights, firstRow, endRow, share)
  return { shape, data: yield* down(narrow, size.width * channels, downWeights, firstRow, share) }
}

function* copy(from: Uint8Array): Steps<Uint8Array> {
  const to = new Uint8Array(from.length)
  for (let at = 0; at < from.length; at += WORK_PER_STEP) {
    to.set(from.subarray(at, at + WORK_PER_STEP), at)
    yield at / from.length
  }
  return to
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
  const blocks = yield* part(blockWeights(weights), 0, 0)
  const sums = new Float64Array(blocks === undefined ? 0 : blocks.count * 4 * channels)
  const perOutput = (blocks?.stride ?? weights.stride) * channels
  // Outputs and blocks at once: all of a row, but of a very long one.
  const someOutputs = Math.max(1, Math.floor(WORK_PER_STEP / perOutput))
  const someBlocks = Math.max(1, Math.floor(WORK_PER_STEP / (LONGEST_BLOCK * 4 * channels)))
  // The share of a row's work that lies in the sums.
  const adding = blocks === undefined ? 0 : inputs / (inputs + (outputs * blocks.stride) / 4)
  const rows = endRow - firstRow
  let work = 0
  for (let row = firstRow; row < endRow; row++) {
    const source = row * inputs * channels
    const target = (row - firstRow) * outputs * channels
    if (blocks !== undefined) {
      for (let b = 0; b < blocks.count; b += someBlocks) {
        const end = Math.min(blocks.count, b + someBlocks)
        addUp(from, source, channels, blocks.edges, sums, b, end)
        work += (blocks.edges[end]! - blocks.edges[b]!) * 4 * channels
        if (work < WORK_PER_STEP) continue
        work = 0
        yield (share * (row - firstRow + (adding * end) / blocks.count)) / rows
      }
    }
    for (let x = 0; x < outputs; x += someOutputs) {
      const end = Math.min(outputs, x + someOutputs)
      if (blocks !== undefined) outputsBySums(from, source, to, target, channels, weights, blocks, sums, x, end)
      else if (channels === 3) rowAcross3(from, source, to, target, weights, x, end)
      else rowAcross1(from, source, to, target, weights, x, end)
      work += (end - x) * perOutput
      if (work < WORK_PER_STEP) continue
      work = 0
      yield (share * (row - firstRow + adding + ((1 - adding) * end) / outputs)) / rows
    }
  }
  yield share
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
  const { outputs, stride, first, count } = weights
  const to = new Uint8Array(outputs * rowLength)
  // A part of a row at a time where a row is much work, and some of its taps where even that is.
  const piece = Math.min(rowLength, Math.max(256, Math.floor(WORK_PER_STEP / stride)))
  const someTaps = Math.max(1, Math.floor(WORK_PER_STEP / piece))
  const sums = new Int32Array(piece)
  let work = 0
  for (let row = 0; row < outputs; row++) {
    const taps = count[row]!
    for (let left = 0; left < rowLength; left += piece) {
      const length = Math.min(rowLength - left, piece)
      sums.fill(HALF)
      for (let tap = 0; tap < taps; tap += someTaps) {
        const end = Math.min(taps, tap + someTaps)
        const source = (first[row]! - skipped + tap) * rowLength + left
        addDown(from, source, rowLength, length, weights.fixed, row * stride + tap, row * stride + end, sums)
        work += length * (end - tap)
        if (work < WORK_PER_STEP) continue
        work = 0
        yield before + ((1 - before) * (row + (left + (length * end) / taps) / rowLength)) / outputs
      }
      const target = row * rowLength + left
      for (let i = 0; i < length; i++) to[target + i] = clip8(sums[i]!)
    }
  }
  yield 1
  return to
}

/** Outputs x0 … x1 − 1 of a row, tap by tap. */
function rowAcross3(
  from: Uint8Array,
  source: number,
  to: Uint8Array,
  target: number,
  weights: Weights,
  x0: number,
  x1: number,
): void {
  const { first, count, fixed, stride } = weights
  target = (target + Math.imul(x0, 3)) | 0
  for (let x = x0; x < x1; x++) {
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

/** Outputs x0 … x1 − 1 of a row, tap by tap. */
function rowAcross1(
  from: Uint8Array,
  source: number,
  to: Uint8Array,
  target: number,
  weights: Weights,
  x0: number,
  x1: number,
): void {
  const { first, count, fixed, stride } = weights
  target = (target + x0) | 0
  for (let x = x0; x < x1; x++) {
    let sum = HALF
    let at = source + first[x]!
    let tap = x * stride
    const end = tap + count[x]!
    for (; tap < end; tap++, at++) sum = (sum + Math.imul(fixed[tap]!, from[at]!)) | 0
    to[target++] = clip8(sum)
  }
}

/** Adds some taps to a part of an output row, one source row after the other, so that memory is read in order. */
function addDown(
  from: Uint8Array,
  source: number,
  rowLength: number,
  length: number,
  fixed: Int32Array,
  firstTap: number,
  endTap: number,
  sums: Int32Array,
): void {
  let tap = firstTap
  for (; tap + 3 < endTap; tap += 4, source += 4 * rowLength) {
    addFour(from, source, rowLength, length, fixed[tap]!, fixed[tap + 1]!, fixed[tap + 2]!, fixed[tap + 3]!, sums)
  }
  for (; tap < endTap; tap++, source += rowLength) {
    const weight = fixed[tap]!
    for (let i = 0; i < length; i++) sums[i] = sums[i]! + Math.imul(weight, from[source + i]!)
  }
}

/** Four rows at once, so that a sum is read and written once for all of them. */
function addFour(
  from: Uint8Array,
  first: number,
  rowLength: number,
  length: number,
  weight0: number,
  weight1: number,
  weight2: number,
  weight3: number,
  sums: Int32Array,
): void {
  const second = first + rowLength
  const third = second + rowLength
  const fourth = third + rowLength
  for (let i = 0; i < length; i++) {
    const above = (Math.imul(weight0, from[first + i]!) + Math.imul(weight1, from[second + i]!)) | 0
    const under = (Math.imul(weight2, from[third + i]!) + Math.imul(weight3, from[fourth + i]!)) | 0
    sums[i] = (sums[i]! + ((above + under) | 0)) | 0
  }
}

function* nearest(from: Uint8Array, height: number, width: number, channels: number, size: Size): Steps<Uint8Array> {
  const rows = nearestPositions(height, size.height)
  const columns = nearestPositions(width, size.width)
  const to = new Uint8Array(size.height * size.width * channels)
  let work = 0
  for (let y = 0; y < size.height; y++) {
    nearestRow(from, rows[y]! * width, columns, channels, to, y * size.width * channels)
    work += size.width * channels
    if (work < WORK_PER_STEP) continue
    work = 0
    yield y / size.height
  }
  return to
}

function nearestRow(
  from: Uint8Array,
  start: number,
  columns: Int32Array,
  channels: number,
  to: Uint8Array,
  target: number,
): void {
  for (let x = 0; x < columns.length; x++) {
    const at = (start + columns[x]!) * channels
    for (let channel = 0; channel < channels; channel++) to[target++] = from[at + channel]!
  }
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
