import { softmax as definition } from '../../shared/layers/classify.ts'
import type { SpecOf } from '../../shared/layers/index.ts'
import { rounder, type FloatData, type FloatDType, type Tensor } from '../../shared/tensor.ts'
import { elementwise } from './elementwise.ts'
import { allElements, indicesOf, type LayerExplanation } from './explain.ts'
import { part, type Steps } from './steps.ts'
import { sumSteps } from './sum.ts'

const { fround } = Math

/**
 * p[j] = exp(z[j] − m) / Σ over k of exp(z[k] − m), with m = max(z)
 *
 * A vector to a vector; the largest is subtracted first, so that no exponential overflows. In float32 every step is
 * rounded. Definition: ONNX Softmax over the only axis.
 */
export function* softmax(input: Tensor, spec: SpecOf<'softmax'>, dtype: FloatDType): Steps<Tensor<FloatData>> {
  const shape = definition.outputShape(input.shape, spec)
  const values = new Float64Array(input.data)
  let largest = -Infinity
  for (let first = 0; first < values.length; first += piece) {
    largest = Math.max(largest, largestOf(values, first, Math.min(first + piece, values.length)))
    yield (0.2 * first) / values.length
  }
  const exponentials = yield* part(
    elementwise({ shape, data: values }, shape, dtype, (some) => exponentiate(some, largest, dtype)),
    0.2,
    0.6,
  )
  const total = yield* part(sumSteps(new Float64Array(exponentials.data), dtype), 0.6, 0.8)
  const shares = elementwise(exponentials, shape, dtype, (some) => {
    for (let i = 0; i < some.length; i++) some[i] = some[i]! / total
  })
  return yield* part(shares, 0.8, 1)
}

const piece = 1 << 16

function largestOf(values: Float64Array, from: number, to: number): number {
  let found = -Infinity
  for (let i = from; i < to; i++) found = Math.max(found, values[i]!)
  return found
}

function exponentiate(values: Float64Array, largest: number, dtype: FloatDType): void {
  if (dtype === 'float64') for (let i = 0; i < values.length; i++) values[i] = Math.exp(values[i]! - largest)
  else for (let i = 0; i < values.length; i++) values[i] = Math.exp(fround(values[i]! - largest))
}

export const softmaxExplanation: LayerExplanation<'softmax'> = {
  *explain(input, _spec, dtype) {
    const round = rounder(dtype)
    const values = new Float64Array(input.data)
    const largest = largestOf(values, 0, values.length)
    const exponentials = values.slice()
    exponentiate(exponentials, largest, dtype)
    if (dtype === 'float32') exponentials.set(Float32Array.from(exponentials))
    const total = yield* sumSteps(exponentials, dtype)
    const shifted = values.map((value) => round(value - largest))
    const readings = { from: indicesOf(values.length, (i) => i), input: values, window: null }
    const at = values.findIndex((value) => Object.is(value, largest))
    return ({ channel: own }) => ({
      kind: 'softmax',
      readings,
      shifted,
      exponentials,
      own,
      largest: at,
      total,
      value: round(exponentials[own]! / total),
    })
  },
  reach: (input) => allElements(input),
}
