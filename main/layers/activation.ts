import type { SpecOf } from '../../shared/layers/index.ts'
import type { ActivationName } from '../../shared/layers/pointwise.ts'
import { rounder, type FloatData, type FloatDType, type Tensor } from '../../shared/tensor.ts'
import { curveSteps } from './activationSteps.ts'
import { elementwise } from './elementwise.ts'
import { erfc } from './erfc.ts'
import { eachElement, StepNotes } from './explain.ts'
import type { Steps } from './steps.ts'

type Curve = (values: Float64Array, alpha: number, beta: number, gamma: number) => void
interface Activation {
  /** The usual values of what the spec leaves null. */
  readonly alpha: number
  readonly beta: number
  readonly gamma: number
  /** Changes all values where they are; each loop is its own, so that none calls a function a value. */
  readonly curve: Curve
}

function define(curve: Curve, alpha = 0, beta = 0, gamma = 0): Activation {
  return { alpha, beta, gamma, curve }
}

/** 1 / √2 */
const root = Math.SQRT1_2

const activations: Readonly<Record<ActivationName, Activation>> = {
  // max(0, x)
  relu: define((values) => {
    for (let i = 0; i < values.length; i++) values[i] = Math.max(values[i]!, 0)
  }),
  // x from 0 on, α·x below
  leakyRelu: define((values, alpha) => {
    for (let i = 0; i < values.length; i++) {
      const x = values[i]!
      values[i] = x < 0 ? alpha * x : x
    }
  }, 0.01),
  // x from 0 on, α·(eˣ − 1) below
  elu: define((values, alpha) => {
    for (let i = 0; i < values.length; i++) {
      const x = values[i]!
      values[i] = x < 0 ? alpha * Math.expm1(x) : x
    }
  }, 1),
  // γ·x from 0 on, γ·α·(eˣ − 1) below; Klambauer and others, 2017
  selu: define(
    (values, alpha, _beta, gamma) => {
      for (let i = 0; i < values.length; i++) {
        const x = values[i]!
        values[i] = gamma * (x < 0 ? alpha * Math.expm1(x) : x)
      }
    },
    1.6732632423543772,
    0,
    1.0507009873554805,
  ),
  // x · Φ(x) = x · erfc(−x/√2) / 2, the exact one; this form keeps its digits where Φ is near 0
  gelu: define((values) => {
    for (let i = 0; i < values.length; i++) {
      const x = values[i]!
      values[i] = x === -Infinity ? 0 : x * (0.5 * erfc(-x * root))
    }
  }),
  // 1 / (1 + e⁻ˣ)
  sigmoid: define((values) => {
    for (let i = 0; i < values.length; i++) values[i] = 1 / (1 + Math.exp(-values[i]!))
  }),
  // max(0, min(1, α·x + β))
  hardSigmoid: define(
    (values, alpha, beta) => {
      for (let i = 0; i < values.length; i++) values[i] = Math.max(0, Math.min(1, alpha * values[i]! + beta))
    },
    0.2,
    0.5,
  ),
  // x · max(0, min(1, x/6 + 0.5))
  hardSwish: define((values) => {
    for (let i = 0; i < values.length; i++) {
      const x = values[i]!
      values[i] = x === -Infinity ? 0 : x * Math.max(0, Math.min(1, x / 6 + 0.5))
    }
  }),
  // (eˣ − e⁻ˣ) / (eˣ + e⁻ˣ)
  tanh: define((values) => {
    for (let i = 0; i < values.length; i++) values[i] = Math.tanh(values[i]!)
  }),
}

/**
 * out[…] = f(in[…]) for every value on its own; any shape.
 * In float32 the parameters are float32 numbers; the curve is computed in float64 and rounded once.
 * Definitions: ONNX operators of the same names; GELU as in Hendrycks and Gimpel, 2016.
 */
export function* activation(input: Tensor, spec: SpecOf<'activation'>, dtype: FloatDType): Steps<Tensor<FloatData>> {
  const { curve } = activations[spec.function]
  const { alpha, beta, gamma } = parametersOf(spec, dtype)
  return yield* elementwise(input, input.shape, dtype, (values) => curve(values, alpha, beta, gamma))
}

function parametersOf(spec: SpecOf<'activation'>, dtype: FloatDType) {
  const usual = activations[spec.function]
  const round = rounder(dtype)
  return {
    alpha: round(spec.alpha ?? usual.alpha),
    beta: round(spec.beta ?? usual.beta),
    gamma: round(spec.gamma ?? usual.gamma),
  }
}

export const activationExplanation = eachElement<'activation'>((spec, dtype) => {
  const parameters = parametersOf(spec, dtype)
  return (x) => {
    const notes = new StepNotes()
    const { value, slope } = curveSteps[spec.function](x, parameters, notes.note)
    notes.store(value, dtype)
    return { steps: notes.steps, slope }
  }
})
