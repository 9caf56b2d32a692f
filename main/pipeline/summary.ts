/** The statistics of a stage, over its finite values. */

import type { TensorStatistics } from '../../shared/api.ts'
import { elementCount, pictureShape, type FloatData, type Tensor, type TensorData } from '../../shared/tensor.ts'
import type { Steps } from '../layers/steps.ts'
import { pairwiseSum } from '../layers/sum.ts'
import { listedChannels } from './plan.ts'

const histogramBins = 64

/** Elements between two pauses: a few hundred microseconds. */
const block = 1 << 16

/**
 * Two passes. Mean and standard deviation (of the population) are accumulated in float64 in NumPy's pairwise order,
 * so for float64 they equal `numpy.mean` and `numpy.std` of `x[numpy.isfinite(x)]`.
 * The histogram has 64 equal bins over [min, max], the last one closed; where all values are equal, all are in the first.
 * A stage without a finite value has zeros for min, max, mean and std, an empty histogram, and no ranges to speak of
 * ([0, 0] each): `nan` and `infinite` tell. A vector is one channel.
 */
export function* summarise(tensor: Tensor): Steps<TensorStatistics> {
  const { data } = tensor
  const count = elementCount(tensor.shape)
  const channels = tensor.shape.length === 3 ? pictureShape(tensor.shape)[2] : 1
  const low = new Float64Array(channels).fill(Infinity)
  const high = new Float64Array(channels).fill(-Infinity)
  let nan = 0
  let infinite = 0
  const pixels = Math.max(1, Math.floor(block / channels)) * channels
  for (let from = 0; from < count; from += pixels) {
    const odd = scanBlock(data, from, Math.min(count, from + pixels), low, high)
    nan += odd.nan
    infinite += odd.infinite
    yield (0.4 * from) / count
  }
  const listed = channels > listedChannels ? new Float64Array() : low
  const channelRanges = Array.from(listed, (min, channel): [number, number] =>
    min <= high[channel]! ? [min, high[channel]!] : [0, 0],
  )
  const finite = count - nan - infinite
  if (finite === 0) {
    const histogram = { from: 0, to: 0, counts: new Array<number>(histogramBins).fill(0) }
    return { min: 0, max: 0, mean: 0, std: 0, nan, infinite, histogram, channelRanges }
  }
  const min = least(low)
  const max = -least(high.map((value) => -value))
  const values = finite === count ? data : yield* onlyFinite(data, finite)
  const scale = scaleFor(Math.max(-min, max))
  const mean = (yield* blockwise(values, scale, 0.4, sumBlock)) / finite
  const counts = new Float64Array(histogramBins)
  const squares = yield* blockwise(values, scale, 0.7, (scratch, n) => {
    countBlock(scratch, n, min * scale, max * scale, counts)
    squareBlock(scratch, n, mean)
    return pairwiseSum(scratch, 0, n)
  })
  return {
    min,
    max,
    mean: scale === 1 ? mean : Math.min(max, Math.max(min, mean / scale)),
    std: Math.min(Math.sqrt(squares / finite) / scale, Number.MAX_VALUE),
    nan,
    infinite,
    histogram: { from: min, to: max, counts: Array.from(counts) },
    channelRanges,
  }
}

/** A power of two that brings values whose squares would overflow or vanish into the middle of the range; 1 for all others. */
function scaleFor(largest: number): number {
  if (largest > 2 ** 500) return 2 ** -600
  if (largest > 0 && largest < 2 ** -500) return 2 ** 600
  return 1
}

function least(values: Float64Array): number {
  let result = Infinity
  for (const value of values) if (value < result) result = value
  return result
}

/** Widens the ranges of the channels by data[from, to), which begins at channel 0; counts what is not finite. */
function scanBlock(
  data: TensorData,
  from: number,
  to: number,
  low: Float64Array,
  high: Float64Array,
): { nan: number; infinite: number } {
  const channels = low.length
  let nan = 0
  let infinite = 0
  let channel = 0
  for (let i = from; i < to; i++) {
    const value = data[i]!
    if (value - value !== 0) {
      if (value !== value) nan++
      else infinite++
    } else {
      if (value < low[channel]!) low[channel] = value
      if (value > high[channel]!) high[channel] = value
    }
    if (++channel === channels) channel = 0
  }
  return { nan, infinite }
}

function* onlyFinite(data: TensorData, count: number): Steps<FloatData> {
  const values = new Float64Array(count)
  let next = 0
  for (let from = 0; from < data.length; from += block) {
    next = takeFinite(data, from, Math.min(data.length, from + block), values, next)
    yield 0.4
  }
  return values
}

/** Copies what is finite of data[from, to) to values[next] and on; returns the place after it. */
function takeFinite(data: TensorData, from: number, to: number, values: Float64Array, next: number): number {
  for (let i = from; i < to; i++) {
    const value = data[i]!
    if (value - value === 0) values[next++] = value
  }
  return next
}

/** NumPy's pairwise halves down to blocks, each handed over as a float64 copy; their results added in that order. */
function* blockwise(
  values: TensorData,
  scale: number,
  fraction: number,
  take: (scratch: Float64Array, count: number) => number,
): Steps<number> {
  const total = values.length
  const scratch = new Float64Array(Math.min(total, block))
  function* part(from: number, count: number): Steps<number> {
    if (count > block) {
      const half = count >>> 1
      const first = half - (half % 8)
      return (yield* part(from, first)) + (yield* part(from + first, count - first))
    }
    yield fraction + (0.3 * from) / total
    for (let i = 0; i < count; i++) scratch[i] = values[from + i]! * scale
    return take(scratch, count)
  }
  return yield* part(0, total)
}

function sumBlock(scratch: Float64Array, count: number): number {
  return pairwiseSum(scratch, 0, count)
}

function countBlock(values: Float64Array, count: number, min: number, max: number, counts: Float64Array): void {
  const range = max - min
  if (range === 0) {
    counts[0]! += count
    return
  }
  for (let i = 0; i < count; i++) {
    const bin = Math.floor(((values[i]! - min) / range) * histogramBins)
    counts[bin < histogramBins ? bin : histogramBins - 1]! += 1
  }
}

function squareBlock(values: Float64Array, count: number, mean: number): void {
  for (let i = 0; i < count; i++) {
    const deviation = values[i]! - mean
    values[i] = deviation * deviation
  }
}
