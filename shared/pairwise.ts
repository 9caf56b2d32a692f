/**
 * Sums in NumPy's order (`add.reduce` over a contiguous array, loops_utils.h), so that they equal NumPy's to the last bit:
 * fewer than 8 terms one after the other; up to 128 in eight running sums over strides of 8, added as
 * ((r0+r1)+(r2+r3))+((r4+r5)+(r6+r7)), then the rest one by one; more in two halves, the first a multiple of 8.
 * A sum begins at +0, so it is never −0.
 *
 * All take Float64Array, also where the numbers are float32 and every operation is rounded to float32 (the functions
 * ending in 32): an array type of its own at every call keeps them fast.
 */

const { fround } = Math
/** Up to so many terms are added in eight running sums. */
export const block = 128

/** Terms in the first of the two parts that more than 128 terms are split into. */
export function firstHalf(count: number): number {
  const half = count >>> 1
  return half - (half % 8)
}

/** values[from] + … + values[from + count − 1]. */
export function pairwiseSum(values: Float64Array, from: number, count: number): number {
  if (count > block) {
    const half = firstHalf(count)
    return pairwiseSum(values, from, half) + pairwiseSum(values, from + half, count - half)
  }
  const end = from + count
  let sum = 0
  let i = from
  if (count >= 8) {
    let r0 = values[i]!
    let r1 = values[i + 1]!
    let r2 = values[i + 2]!
    let r3 = values[i + 3]!
    let r4 = values[i + 4]!
    let r5 = values[i + 5]!
    let r6 = values[i + 6]!
    let r7 = values[i + 7]!
    for (i += 8; i + 8 <= end; i += 8) {
      r0 += values[i]!
      r1 += values[i + 1]!
      r2 += values[i + 2]!
      r3 += values[i + 3]!
      r4 += values[i + 4]!
      r5 += values[i + 5]!
      r6 += values[i + 6]!
      r7 += values[i + 7]!
    }
    sum += r0 + r1 + (r2 + r3) + (r4 + r5 + (r6 + r7))
  }
  for (; i < end; i++) sum = sum + values[i]!
  return sum
}

/** The same, every addition rounded to float32. */
export function pairwiseSum32(values: Float64Array, from: number, count: number): number {
  if (count > block) {
    const half = firstHalf(count)
    return fround(pairwiseSum32(values, from, half) + pairwiseSum32(values, from + half, count - half))
  }
  const end = from + count
  let sum = fround(0)
  let i = from
  if (count >= 8) {
    let r0 = values[i]!
    let r1 = values[i + 1]!
    let r2 = values[i + 2]!
    let r3 = values[i + 3]!
    let r4 = values[i + 4]!
    let r5 = values[i + 5]!
    let r6 = values[i + 6]!
    let r7 = values[i + 7]!
    for (i += 8; i + 8 <= end; i += 8) {
      r0 = fround(r0 + values[i]!)
      r1 = fround(r1 + values[i + 1]!)
      r2 = fround(r2 + values[i + 2]!)
      r3 = fround(r3 + values[i + 3]!)
      r4 = fround(r4 + values[i + 4]!)
      r5 = fround(r5 + values[i + 5]!)
      r6 = fround(r6 + values[i + 6]!)
      r7 = fround(r7 + values[i + 7]!)
    }
    sum = fround(sum + fround(fround(fround(r0 + r1) + fround(r2 + r3)) + fround(fround(r4 + r5) + fround(r6 + r7))))
  }
  for (; i < end; i++) sum = fround(sum + values[i]!)
  return sum
}
