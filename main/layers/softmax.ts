import { softmax as definition } from '../../shared/layers/classify.ts'
import type { SpecOf } from '../../shared/layers/index.ts'
import { zeros, type FloatData, type FloatDType, type Tensor } from '../../shared/tensor.ts'
import { elementwise } from './elementwise.ts'
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
  const output = zeros(definition.outputShape(input.shape, spec), dtype)
  const values = Float64Array.from(input.data)
  let largest = -Infinity
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, values[i]!)
  const exponentials = yield* part(
    elementwise({ shape: input.shape, data: values }, input.shape, dtype, (some) => {
      for (let i = 0; i < some.length; i++)
        some[i] = Math.exp(dtype === 'float64' ? some[i]! - largest : fround(some[i]! - largest))
    }),
    0,
    0.5,
  )
  const terms = Float64Array.from(exponentials.data)
  const total = yield* part(sumSteps(terms, dtype), 0.5, 1)
  for (let i = 0; i < terms.length; i++) output.data[i] = terms[i]! / total
  return output
}
