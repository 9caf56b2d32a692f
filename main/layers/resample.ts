/**
 * Pillow's `Image.resize` for 8-bit images, to the last bit (libImaging/Resample.c and Geometry.c, Pillow 9.4).
 * Two passes, horizontal then vertical, with weights in fixed point and each pass rounded to 8 bits.
 */

import type { SpecOf } from '../../shared/layers/index.ts'
import type { Size, Tensor } from '../../shared/tensor.ts'
import { giveBack, highPart, lowPart, takeWorkspace, type Workspace } from '../simd/index.ts'
import { part, type Steps } from './steps.ts'
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
  const rowLength = inputs * channels
  const outLength = outputs * channels
  const to = new Uint8Array((endRow - firstRow) * outLength)
  const workspace = takeWorkspace()
  const { acrossColour, acrossGrey } = workspace.kernels
  const table = yield* part(putGroups(workspace, weights, channels), 0, 0)
  // A colour kernel makes two rows at once.
  const atOnce = channels === 3 ? 2 : 1
  const source = workspace.reserve(atOnce * rowLength)
  const target = workspace.reserve(outLength)
  const otherTarget = workspace.reserve(outLength)
  const { bytes } = workspace
  // Outputs at once: all of a row, but of a very long one.
  const someOutputs = Math.max(1, Math.floor(WORK_PER_STEP / (weights.stride * channels * atOnce)))
  let work = 0
  for (let row = firstRow; row < endRow; row += atOnce) {
    const rows = Math.min(atOnce, endRow - row)
    bytes.set(from.subarray(row * rowLength, (row + rows) * rowLength), source)
    for (let x = 0; x < outputs; x += someOutputs) {
      const count = Math.min(outputs - x, someOutputs)
      const spans = table.spans + x * spanBytes
      const first = table.weights + x * table.stride
      const place = x * channels
      if (channels === 3) {
        // Of an odd last row the one that is there is made twice.
        const other = source + (rows - 1) * rowLength
        acrossColour(source, other, target + place, otherTarget + place, count, spans, first, table.stride)
      } else {
        acrossGrey(source, target + place, count, spans, first, table.stride)
      }
      work += count * weights.stride * channels * rows
      if (work < WORK_PER_STEP) continue
      work = 0
      yield (share * (row - firstRow + (rows * (x + count)) / outputs)) / (endRow - firstRow)
    }
    const place = (row - firstRow) * outLength
    to.set(bytes.subarray(target, target + outLength), place)
    if (rows === 2) to.set(bytes.subarray(otherTarget, otherTarget + outLength), place + outLength)
  }
  giveBack(workspace)
  yield share
  return to
}

const groupBytes = 16
const spanBytes = 8
/** Taps packed between two pauses. */
const pause = 1 << 14

/** The taps of each output in groups of four, as the kernels read them, in a workspace. */
function* putGroups(
  workspace: Workspace,
  { outputs, first, count, stride, fixed }: Weights,
  channels: number,
): Steps<{ spans: number; weights: number; stride: number }> {
  const groups = Math.ceil(stride / 4)
  const places = {
    spans: workspace.reserve(outputs * spanBytes),
    weights: workspace.reserve(outputs * groups * groupBytes),
  }
  const spans = workspace.integers(places.spans, outputs * 2)
  const parts = workspace.shorts(places.weights, outputs * groups * 8)
  // Taps that only fill the last group weigh nothing.
  parts.fill(0)
  let work = 0
  for (let i = 0; i < outputs; i++) {
    const taps = count[i]!
    spans[2 * i] = first[i]! * channels
    spans[2 * i + 1] = Math.ceil(taps / 4)
    for (let tap = 0; tap < taps; tap++) {
      const place = (i * groups + (tap >> 2)) * 8 + (tap & 3)
      const weight = fixed[i * stride + tap]!
      parts[place] = highPart(weight)
      parts[place + 4] = lowPart(weight)
      if (++work < pause) continue
      work = 0
      yield i / outputs
    }
  }
  return { ...places, stride: groups * groupBytes }
}

/** Bytes of a row and rows that the vertical pass has in a workspace at once. */
const mostAcross = 4096
const mostRows = 256

/** The vertical pass, over rows of `rowLength` bytes of which the first `skipped` were not made. */
function* down(
  from: Uint8Array,
  rowLength: number,
  weights: Weights,
  skipped: number,
  before: number,
): Steps<Uint8Array> {
  const { outputs, stride, first, count, fixed } = weights
  const to = new Uint8Array(outputs * rowLength)
  const workspace = takeWorkspace()
  const { adder } = workspace
  adder.begin(Math.min(rowLength, mostAcross), Math.min(stride, mostRows))
  let work = 0
  for (let row = 0; row < outputs; row++) {
    const taps = count[row]!
    for (let left = 0; left < rowLength; left += mostAcross) {
      const length = Math.min(rowLength - left, mostAcross)
      adder.sums.fill(HALF)
      for (let tap = 0; tap < taps; tap += mostRows) {
        const end = Math.min(taps, tap + mostRows)
        const source = (first[row]! - skipped + tap) * rowLength + left
        adder.add(from, source, rowLength, length, fixed.subarray(row * stride + tap, row * stride + end))
        work += length * (end - tap)
        if (work < WORK_PER_STEP) continue
        work = 0
        yield before + ((1 - before) * (row + (left + (length * end) / taps) / rowLength)) / outputs
      }
      const target = row * rowLength + left
      for (let i = 0; i < length; i++) to[target + i] = clip8(adder.sums[i]!)
    }
  }
  giveBack(workspace)
  yield 1
  return to
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
