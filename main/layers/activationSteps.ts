/** The activations of activation.ts in steps with numbers, and their slopes; the last step is the curve's own value. */

import type { ActivationName } from '../../shared/layers/pointwise.ts'
import { erfc } from './erfc.ts'
import type { StepNotes } from './explain.ts'

interface Parameters {
  readonly alpha: number
  readonly beta: number
  readonly gamma: number
}

/** Notes its steps; returns the last one's value and the slope at x. */
type CurveSteps = (x: number, parameters: Parameters, note: StepNotes['note']) => { value: number; slope: number }

/** α · (eˣ − 1) below 0. */
function lessOne(x: number, alpha: number, note: StepNotes['note']): number {
  const grown = note('e to this power, less 1', Math.expm1(x), 'e^', x, ' − ', 1)
  return note('Times α', alpha * grown, alpha, ' × ', grown)
}

function unchanged(x: number, note: StepNotes['note']): number {
  return note('Not below 0: unchanged', x, x)
}

/** max(0, min(1, x)) */
function clipped(x: number, note: StepNotes['note']): number {
  const below = note('Not above 1', Math.min(1, x), 'min(', 1, ', ', x, ')')
  return note('Not below 0', Math.max(0, below), 'max(', 0, ', ', below, ')')
}

export const curveSteps: Readonly<Record<ActivationName, CurveSteps>> = {
  relu: (x, _parameters, note) => ({
    value: note('The larger of 0 and the input', Math.max(x, 0), 'max(', 0, ', ', x, ')'),
    slope: x > 0 ? 1 : 0,
  }),
  leakyRelu: (x, { alpha }, note) =>
    x < 0
      ? { value: note('Below 0: times α', alpha * x, alpha, ' × ', x), slope: alpha }
      : { value: unchanged(x, note), slope: 1 },
  elu: (x, { alpha }, note) =>
    x < 0 ? { value: lessOne(x, alpha, note), slope: alpha * Math.exp(x) } : { value: unchanged(x, note), slope: 1 },
  selu: (x, { alpha, gamma }, note) => {
    const bent = x < 0 ? lessOne(x, alpha, note) : unchanged(x, note)
    const value = note('Times γ', gamma * bent, gamma, ' × ', bent)
    return { value, slope: gamma * (x < 0 ? alpha * Math.exp(x) : 1) }
  },
  gelu: (x, _parameters, note) => {
    if (x === -Infinity) return { value: note('The limit far below 0', 0, 0), slope: 0 }
    const scaled = note('Divided by −√2', -x * Math.SQRT1_2, -x, ' × ', Math.SQRT1_2)
    const tail = note('The complementary error function', erfc(scaled), 'erfc(', scaled, ')')
    const share = note('Half of it: the share of a normal distribution below x', 0.5 * tail, 0.5, ' × ', tail)
    const density = Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI)
    return { value: note('Times the input', x * share, x, ' × ', share), slope: share + x * density }
  },
  sigmoid: (x, _parameters, note) => {
    const power = note('e to the power of minus the input', Math.exp(-x), 'e^', -x)
    const below = note('Plus 1', 1 + power, 1, ' + ', power)
    const value = note('1 divided by it', 1 / below, 1, ' / ', below)
    return { value, slope: value * (1 - value) }
  },
  hardSigmoid: (x, { alpha, beta }, note) => {
    const steep = note('Times α', alpha * x, alpha, ' × ', x)
    const line = note('Plus β', steep + beta, steep, ' + ', beta)
    return { value: clipped(line, note), slope: line > 0 && line < 1 ? alpha : 0 }
  },
  hardSwish: (x, _parameters, note) => {
    if (x === -Infinity) return { value: note('The limit far below 0', 0, 0), slope: 0 }
    const sixth = note('A sixth', x / 6, x, ' / ', 6)
    const line = note('Plus one half', sixth + 0.5, sixth, ' + ', 0.5)
    const gate = clipped(line, note)
    const slope = line <= 0 ? 0 : line >= 1 ? 1 : x / 3 + 0.5
    return { value: note('Times the input', x * gate, x, ' × ', gate), slope }
  },
  tanh: (x, _parameters, note) => {
    const value = note('The hyperbolic tangent', Math.tanh(x), 'tanh(', x, ')')
    return { value, slope: 1 - value * value }
  },
}
