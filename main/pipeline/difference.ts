/** One stage minus another of the same shape, element by element in float64. */

import type { DifferenceSummary } from '../../shared/api.ts'
import { LoupeError } from '../../shared/errors.ts'
import { formatShape, type Shape, type Tensor, type TensorData } from '../../shared/tensor.ts'
import { part, type Steps } from '../layers/steps.ts'
import { summarise } from './summary.ts'

/** Elements subtracted between two pauses. */
const pause = 1 << 18

/** Throws `shapes-differ`, naming both, where two tensors have no difference. */
export function requireSameShape(shape: Shape, other: Shape): void {
  if (shape.join() === other.join()) return
  const [one, two] = [formatShape(shape), formatShape(other)]
  throw new LoupeError('shapes-differ', `There is no difference of ${one} and ${two}: the shapes do not agree.`, {
    shape: one,
    other: two,
  })
}

/** values[i] −= minus[i] for i in [from, to). Infinity minus infinity is not a number. */
export function subtract(values: Float64Array, minus: TensorData, from = 0, to = values.length): void {
  for (let i = from; i < to; i++) values[i]! -= minus[i]!
}

/** The statistics of `tensor` minus `minus`, by the same function as those of a stage. Throws `shapes-differ`. */
export function* summariseDifference(tensor: Tensor, minus: Tensor): Steps<DifferenceSummary> {
  const { shape } = tensor
  requireSameShape(shape, minus.shape)
  const data = Float64Array.from(tensor.data)
  for (let from = 0; from < data.length; from += pause) {
    subtract(data, minus.data, from, Math.min(data.length, from + pause))
    yield (0.4 * from) / data.length
  }
  return { shape, ...(yield* part(summarise({ shape, data }), 0.4, 1)) }
}
