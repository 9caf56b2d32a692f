/** The largest of many values, with pauses. */

import type { TensorData } from '../../shared/tensor.ts'
import type { Steps } from './steps.ts'

/** Values looked at between two pauses. */
const pause = 1 << 17

/** The largest of the first `count` values; not-a-number where one is, as `numpy.max`; −∞ where there are none. */
export function* largestSteps(values: TensorData, count = values.length): Steps<number> {
  let found = -Infinity
  for (let from = 0; from < count; from += pause) {
    if (from > 0) yield from / count
    found = Math.max(found, largestOf(values, from, Math.min(from + pause, count)))
  }
  return found
}

/** The largest of values[from] … values[to − 1]. */
export function largestOf(values: TensorData, from: number, to: number): number {
  let found = -Infinity
  for (let i = from; i < to; i++) found = Math.max(found, values[i]!)
  return found
}
