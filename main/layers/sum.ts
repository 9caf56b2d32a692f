/** Sums of products, and sums told in their parts, in NumPy's order (shared/pairwise.ts). */

import type { PartialSum } from '../../shared/explain.ts'
import { block, firstHalf, pairwiseSum, pairwiseSum32 } from '../../shared/pairwise.ts'
import type { FloatDType } from '../../shared/tensor.ts'
import type { Steps } from './steps.ts'

export { pairwiseSum, pairwiseSum32 } from '../../shared/pairwise.ts'

const { fround } = Math
const pause = 1 << 16
const shortSum = 1 << 12

/** The pairwise sum of the `count` products values[from + i] · weights[weightsFrom + i]: `np.sum(values * weights)`. */
export function pairwiseDot(
  values: Float64Array,
  from: number,
  weights: Float64Array,
  weightsFrom: number,
  count: number,
): number {
  if (count > block) {
    const half = firstHalf(count)
    return (
      pairwiseDot(values, from, weights, weightsFrom, half) +
      pairwiseDot(values, from + half, weights, weightsFrom + half, count - half)
    )
  }
  const end = from + count
  let sum = 0
  let i = from
  let j = weightsFrom
  if (count >= 8) {
    let r0 = values[i]! * weights[j]!
    let r1 = values[i + 1]! * weights[j + 1]!
    let r2 = values[i + 2]! * weights[j + 2]!
    let r3 = values[i + 3]! * weights[j + 3]!
    let r4 = values[i + 4]! * weights[j + 4]!
    let r5 = values[i + 5]! * weights[j + 5]!
    let r6 = values[i + 6]! * weights[j + 6]!
    let r7 = values[i + 7]! * weights[j + 7]!
    for (i += 8, j += 8; i + 8 <= end; i += 8, j += 8) {
      r0 += values[i]! * weights[j]!
      r1 += values[i + 1]! * weights[j + 1]!
      r2 += values[i + 2]! * weights[j + 2]!
      r3 += values[i + 3]! * weights[j + 3]!
      r4 += values[i + 4]! * weights[j + 4]!
      r5 += values[i + 5]! * weights[j + 5]!
      r6 += values[i + 6]! * weights[j + 6]!
      r7 += values[i + 7]! * weights[j + 7]!
    }
    sum += r0 + r1 + (r2 + r3) + (r4 + r5 + (r6 + r7))
  }
  for (; i < end; i++, j++) sum = sum + values[i]! * weights[j]!
  return sum
}

/** The same, every product and every addition rounded to float32. */
export function pairwiseDot32(
  values: Float64Array,
  from: number,
  weights: Float64Array,
  weightsFrom: number,
  count: number,
): number {
  if (count > block) {
    const half = firstHalf(count)
    return fround(
      pairwiseDot32(values, from, weights, weightsFrom, half) +
        pairwiseDot32(values, from + half, weights, weightsFrom + half, count - half),
    )
  }
  const end = from + count
  let sum = fround(0)
  let i = from
  let j = weightsFrom
  if (count >= 8) {
    let r0 = fround(values[i]! * weights[j]!)
    let r1 = fround(values[i + 1]! * weights[j + 1]!)
    let r2 = fround(values[i + 2]! * weights[j + 2]!)
    let r3 = fround(values[i + 3]! * weights[j + 3]!)
    let r4 = fround(values[i + 4]! * weights[j + 4]!)
    let r5 = fround(values[i + 5]! * weights[j + 5]!)
    let r6 = fround(values[i + 6]! * weights[j + 6]!)
    let r7 = fround(values[i + 7]! * weights[j + 7]!)
    for (i += 8, j += 8; i + 8 <= end; i += 8, j += 8) {
      r0 = fround(r0 + fround(values[i]! * weights[j]!))
      r1 = fround(r1 + fround(values[i + 1]! * weights[j + 1]!))
      r2 = fround(r2 + fround(values[i + 2]! * weights[j + 2]!))
      r3 = fround(r3 + fround(values[i + 3]! * weights[j + 3]!))
      r4 = fround(r4 + fround(values[i + 4]! * weights[j + 4]!))
      r5 = fround(r5 + fround(values[i + 5]! * weights[j + 5]!))
      r6 = fround(r6 + fround(values[i + 6]! * weights[j + 6]!))
      r7 = fround(r7 + fround(values[i + 7]! * weights[j + 7]!))
    }
    sum = fround(sum + fround(fround(fround(r0 + r1) + fround(r2 + r3)) + fround(fround(r4 + r5) + fround(r6 + r7))))
  }
  for (; i < end; i++, j++) sum = fround(sum + fround(values[i]! * weights[j]!))
  return sum
}

/** The pairwise sum of all `values`, with a pause every few ten thousand terms; additions are rounded to `dtype`. */
export function* sumSteps(values: Float64Array, dtype: FloatDType, from = 0, count = values.length): Steps<number> {
  if (count > pause) {
    const half = firstHalf(count)
    const first = yield* sumSteps(values, dtype, from, half)
    const second = yield* sumSteps(values, dtype, from + half, count - half)
    return dtype === 'float64' ? first + second : fround(first + second)
  }
  // Not where it is one of thousands of short sums, whose pauses would cost more than they.
  if (count > shortSum) yield from / values.length
  return dtype === 'float64' ? pairwiseSum(values, from, count) : pairwiseSum32(values, from, count)
}

/** `pairwiseDot` of all `values` with the weights from `weightsFrom` on, with the same pauses. */
export function* dotSteps(
  values: Float64Array,
  weights: Float64Array,
  weightsFrom: number,
  dtype: FloatDType,
  from = 0,
  count = values.length,
): Steps<number> {
  if (count > pause) {
    const half = firstHalf(count)
    const first = yield* dotSteps(values, weights, weightsFrom, dtype, from, half)
    const second = yield* dotSteps(values, weights, weightsFrom, dtype, from + half, count - half)
    return dtype === 'float64' ? first + second : fround(first + second)
  }
  yield from / values.length
  const dot = dtype === 'float64' ? pairwiseDot : pairwiseDot32
  return dot(values, from, weights, weightsFrom + from, count)
}

/**
 * How the pairwise sum of `values` came about, its additions rounded to `dtype`; halves are told down to `depth`.
 * The sums are those of the functions above.
 */
export function partialSums(
  values: Float64Array,
  dtype: FloatDType,
  depth = 6,
  first = 0,
  count = values.length,
): PartialSum {
  const sum = dtype === 'float64' ? pairwiseSum(values, first, count) : pairwiseSum32(values, first, count)
  if (count > block) {
    const half = firstHalf(count)
    const part = (from: number, length: number) => partialSums(values, dtype, depth - 1, from, length)
    const halves = depth === 0 ? [] : [part(first, half), part(first + half, count - half)]
    return { first, count, sum, lanes: [], halves }
  }
  const lanes =
    count < 8 ? [] : Array.from({ length: 8 }, (_, lane) => laneSum(values, dtype, first + lane, count >> 3))
  return { first, count, sum, lanes, halves: [] }
}

/** Every eighth of `turns` · 8 values, one after the other. */
function laneSum(values: Float64Array, dtype: FloatDType, first: number, turns: number): number {
  let sum = values[first]!
  for (let turn = 1; turn < turns; turn++) {
    sum += values[first + turn * 8]!
    if (dtype === 'float32') sum = fround(sum)
  }
  return sum
}
