import { dense as definition } from '../../shared/layers/classify.ts'
import type { SpecOf } from '../../shared/layers/index.ts'
import { elementCount, rounder, zeros, type FloatData, type FloatDType, type Tensor } from '../../shared/tensor.ts'
import { randomNormals } from '../../shared/random.ts'
import { allElements, indicesOf, type LayerExplanation } from './explain.ts'
import { finish, part, type Steps } from './steps.ts'
import { sumSteps } from './sum.ts'

const { fround } = Math

/**
 * z[j] = Σ over i of x[i] · W[i, j] + b[j]
 *
 * A vector of n inputs to a vector of units: `x @ W + b`, each sum pairwise in the order of the inputs, then the bias.
 * (NumPy hands this product to a BLAS, whose order is its own, so results agree to about 1e-12, not to the bit.)
 */
export function* dense(input: Tensor, spec: SpecOf<'dense'>, dtype: FloatDType): Steps<Tensor<FloatData>> {
  const output = zeros(definition.outputShape(input.shape, spec), dtype)
  const inputs = elementCount(input.shape)
  const { units } = spec
  const weights = yield* part(denseWeights(spec, inputs), 0, 0.5)
  const terms = new Float64Array(inputs)
  for (let unit = 0; unit < units; unit++) {
    for (let first = 0; first < inputs; first += piece) {
      multiply(input.data, weights, unit, units, dtype, terms, first, Math.min(first + piece, inputs))
      yield 0.5 + (0.5 * unit) / units
    }
    const sum = yield* part(sumSteps(terms, dtype), 0.5 + (0.5 * unit) / units, 0.5 + (0.5 * (unit + 1)) / units)
    const bias = spec.bias[unit] ?? 0
    output.data[unit] = dtype === 'float64' ? sum + bias : fround(sum + fround(bias))
  }
  return output
}

const piece = 1 << 16

/** The weights in (input, unit) order: given, or scale · numpy.random.randn(inputs, units) after numpy.random.seed(seed). */
export function* denseWeights(spec: SpecOf<'dense'>, inputs: number): Steps<Float64Array> {
  const { weights } = spec
  if (weights.type === 'random') return yield* randomNormals(weights.seed, inputs * spec.units, weights.scale)
  return Float64Array.from(weights.values.flat())
}

/** terms[i] = x[i] · W[i, unit] for i from `from` to before `to`. */
function multiply(
  x: Tensor['data'],
  weights: Float64Array,
  unit: number,
  units: number,
  dtype: FloatDType,
  terms: Float64Array,
  from: number,
  to: number,
): void {
  if (dtype === 'float64') for (let i = from; i < to; i++) terms[i] = x[i]! * weights[i * units + unit]!
  else for (let i = from; i < to; i++) terms[i] = fround(x[i]! * fround(weights[i * units + unit]!))
}

export const denseExplanation: LayerExplanation<'dense'> = {
  *explain(input, spec, dtype) {
    const inputs = elementCount(input.shape)
    const all = yield* denseWeights(spec, inputs)
    const round = rounder(dtype)
    const from = indicesOf(inputs, (i) => i)
    return ({ channel: unit }) => {
      const products = new Float64Array(inputs)
      multiply(input.data, all, unit, spec.units, dtype, products, 0, inputs)
      const weights = new Float64Array(inputs)
      for (let i = 0; i < inputs; i++) weights[i] = round(all[i * spec.units + unit]!)
      const bias = round(spec.bias[unit] ?? 0)
      return {
        kind: 'sum',
        readings: { from, input: new Float64Array(input.data), window: null },
        weights,
        products,
        bias: spec.bias.length > 0 ? bias : null,
        divisor: null,
        counted: null,
        value: round(finish(sumSteps(products, dtype)) + bias),
      }
    }
  },
  reach: (input) => allElements(input),
}
