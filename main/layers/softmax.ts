import { softmax as definition } from '../../shared/layers/classify.ts'
import type { SpecOf } from '../../shared/layers/index.ts'
import { rounder, type FloatData, type FloatDType, type Tensor } from '../../shared/tensor.ts'
import { elementwise } from './elementwise.ts'
import { allElements, indicesOf, type LayerExplanation } from './explain.ts'
import { largestOf, largestSteps } from './largest.ts'
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
  const largest = yield* part(largestSteps(input.data), 0, 0.2)
  const exponentials = yield* part(
    elementwise(input, shape, dtype, (some) => {
      exponentiate(some, largest, dtype)
    }),
    0.2,
    0.6,
  )
  const wide = yield* part(asFloat64(exponentials), 0.6, 0.6)
  const total = yield* part(sumSteps(wide, dtype), 0.6, 0.8)
  const shares = elementwise(exponentials, shape, dtype, (some) => {
    for (let i = 0; i < some.length; i++) some[i] = some[i]! / total
  })
  return yield* part(shares, 0.8, 1)
}

/** The values of a tensor as float64: its own where they are. */
function* asFloat64({ shape, data }: Tensor<FloatData>): Steps<Float64Array> {
  if (data instanceof Float64Array) return data
  return (yield* elementwise({ shape, data }, shape, 'float64', () => {})).data as Float64Array
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
