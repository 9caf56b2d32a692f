import type { SpecOf } from '../../shared/layers/index.ts'
import { batchNorm as definition } from '../../shared/layers/pointwise.ts'
import { rounder, type FloatData, type FloatDType, type Tensor } from '../../shared/tensor.ts'
import { elementwise } from './elementwise.ts'
import { eachElement, StepNotes } from './explain.ts'
import type { Steps } from './steps.ts'

const { fround } = Math

/**
 * out[…, c] = γ[c] · (in[…, c] − μ[c]) / √(σ²[c] + ε) + β[c], from left to right
 *
 * The last axis is the channels; a list of one number stands for all channels. In float32 every operation is rounded.
 * Definition: ONNX BatchNormalization with training_mode 0.
 */
export function* batchNorm(input: Tensor, spec: SpecOf<'batchNorm'>, dtype: FloatDType): Steps<Tensor<FloatData>> {
  const shape = definition.outputShape(input.shape, spec)
  const lists = [spec.mean, spec.variance, spec.scale, spec.offset]
  const channels = lists.every((list) => list.length === 1) ? 1 : shape.at(-1)!
  const { mean, deviation, scale, offset } = parametersOf(spec, dtype, channels)
  const normalise = dtype === 'float64' ? normalise64 : normalise32
  return yield* elementwise(input, shape, dtype, (values, first) =>
    normalise(values, first % channels, mean, deviation, scale, offset),
  )
}

/** Each channel's numbers as the layer uses them: rounded to `dtype`, the variance as its root. */
function parametersOf(spec: SpecOf<'batchNorm'>, dtype: FloatDType, channels: number) {
  const round = rounder(dtype)
  const each = (values: readonly number[]) => {
    const all = new Float64Array(channels)
    for (let c = 0; c < channels; c++) all[c] = round(values[values.length === 1 ? 0 : c]!)
    return all
  }
  const variance = each(spec.variance)
  const epsilon = round(spec.epsilon)
  const deviation = variance.map((value) => round(Math.sqrt(round(value + epsilon))))
  return { mean: each(spec.mean), scale: each(spec.scale), offset: each(spec.offset), variance, epsilon, deviation }
}

function normalise64(
  values: Float64Array,
  channel: number,
  mean: Float64Array,
  deviation: Float64Array,
  scale: Float64Array,
  offset: Float64Array,
): void {
  const channels = mean.length
  for (let i = 0, c = channel; i < values.length; i++, c = c + 1 === channels ? 0 : c + 1) {
    values[i] = (scale[c]! * (values[i]! - mean[c]!)) / deviation[c]! + offset[c]!
  }
}

function normalise32(
  values: Float64Array,
  channel: number,
  mean: Float64Array,
  deviation: Float64Array,
  scale: Float64Array,
  offset: Float64Array,
): void {
  const channels = mean.length
  for (let i = 0, c = channel; i < values.length; i++, c = c + 1 === channels ? 0 : c + 1) {
    const scaled = fround(scale[c]! * fround(values[i]! - mean[c]!))
    values[i] = fround(fround(scaled / deviation[c]!) + offset[c]!)
  }
}

export const batchNormExplanation = eachElement<'batchNorm'>((spec, dtype, channels) => {
  const round = rounder(dtype)
  const { mean, deviation, scale, offset, variance, epsilon } = parametersOf(spec, dtype, channels)
  return (x, c) => {
    const { steps, note } = new StepNotes()
    note('The deviation: root of variance and epsilon', deviation[c]!, '√(', variance[c]!, ' + ', epsilon, ')')
    const centred = note('Less the mean', round(x - mean[c]!), x, ' − ', mean[c]!)
    const scaled = note('Times the scale γ', round(scale[c]! * centred), scale[c]!, ' × ', centred)
    const divided = note('Divided by the deviation', round(scaled / deviation[c]!), scaled, ' / ', deviation[c]!)
    note('Plus the offset β', round(divided + offset[c]!), divided, ' + ', offset[c]!)
    return { steps, slope: scale[c]! / deviation[c]! }
  }
})
