/** How a sum grows term by term, in the order `PartialSum` tells: which running sum each term goes to, and what it is then. */

import type { PartialSum } from '../../shared/explain.ts'
import { rounder, type DType } from '../../shared/tensor.ts'

interface Running {
  /** The running sum the term is added to: `sum`, or one of eight, `r0` to `r7`. */
  readonly into: string
  /** That sum, this term added. */
  readonly sum: number
}

/** Terms of a part that is not halved any more. */
const block = 128

/** One for each of the values, which are all terms in the layer's own order. */
export function runningSums(values: readonly number[], dtype: DType): readonly Running[] {
  const count = values.length
  if (count > block) {
    const half = (count >>> 1) - ((count >>> 1) % 8)
    return [...runningSums(values.slice(0, half), dtype), ...runningSums(values.slice(half), dtype)]
  }
  const round = rounder(dtype)
  if (count < 8) return accumulate(values, 0, round)
  const whole = count - (count % 8)
  const lanes: number[] = []
  const running = values.slice(0, whole).map((value, i) => {
    const lane = i % 8
    const sum = i < 8 ? value : round(lanes[lane]! + value)
    lanes[lane] = sum
    return { into: `r${lane}`, sum }
  })
  return [...running, ...accumulate(values.slice(whole), ofLanes(lanes, round), round)]
}

/** ((r0+r1)+(r2+r3))+((r4+r5)+(r6+r7)) */
export function laneTotal(addition: PartialSum, dtype: DType): number {
  return ofLanes(addition.lanes, rounder(dtype))
}

function accumulate(values: readonly number[], start: number, round: (value: number) => number): readonly Running[] {
  let sum = start
  return values.map((value) => ({ into: 'sum', sum: (sum = round(sum + value)) }))
}

function ofLanes([r0, r1, r2, r3, r4, r5, r6, r7]: readonly number[], round: (value: number) => number): number {
  const pair = (a: number, b: number) => round(a + b)
  return pair(pair(pair(r0!, r1!), pair(r2!, r3!)), pair(pair(r4!, r5!), pair(r6!, r7!)))
}
