/** How a sum grows term by term, in the order `PartialSum` tells: which running sum each term goes to, and what it is then. */

import type { PartialSum } from '../../shared/explain.ts'
import type { DType } from '../../shared/tensor.ts'

export interface Running {
  /** The running sum the term is added to: `sum`, or one of eight, `r0` to `r7`. */
  readonly into: string
  /** That sum, this term added. */
  readonly sum: number
}

/** One for each of the values, which are all terms in the layer's own order. */
export function runningSums(values: readonly number[], addition: PartialSum, dtype: DType): readonly Running[] {
  const round = rounding(dtype)
  const { first, count, lanes, halves } = addition
  if (halves.length > 0) return halves.flatMap((half) => runningSums(values, half, dtype))
  const own = values.slice(first, first + count)
  if (lanes.length === 0) return accumulate(own, 'sum', 0, round)
  const whole = count - (count % 8)
  const sums: number[] = []
  const running = own.slice(0, whole).map((value, i) => {
    const lane = i % 8
    const sum = i < 8 ? value : round(sums[lane]! + value)
    sums[lane] = sum
    return { into: `r${lane}`, sum }
  })
  return [...running, ...accumulate(own.slice(whole), 'sum', ofLanes(lanes, round), round)]
}

/** ((r0+r1)+(r2+r3))+((r4+r5)+(r6+r7)) */
export function laneTotal(addition: PartialSum, dtype: DType): number {
  return ofLanes(addition.lanes, rounding(dtype))
}

export function rounding(dtype: DType): (value: number) => number {
  return dtype === 'float32' ? Math.fround : (value) => value
}

function accumulate(
  values: readonly number[],
  into: string,
  start: number,
  round: (value: number) => number,
): readonly Running[] {
  let sum = start
  return values.map((value) => ({ into, sum: (sum = round(sum + value)) }))
}

function ofLanes([r0, r1, r2, r3, r4, r5, r6, r7]: readonly number[], round: (value: number) => number): number {
  const pair = (a: number, b: number) => round(a + b)
  return pair(pair(pair(r0!, r1!), pair(r2!, r3!)), pair(pair(r4!, r5!), pair(r6!, r7!)))
}
