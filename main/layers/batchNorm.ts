import type { SpecOf } from '../../shared/layers/index.ts'
import { batchNorm as definition } from '../../shared/layers/pointwise.ts'
import type { FloatData, FloatDType, Tensor } from '../../shared/tensor.ts'
import { elementwise } from './elementwise.ts'
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
  const channels = shape.at(-1)!
  const round = dtype === 'float32' ? fround : (x: number) => x
  const each = (values: readonly number[]) =>
    Float64Array.from({ length: channels }, (_, c) => round(values[values.length === 1 ? 0 : c]!))
  const mean = each(spec.mean)
  const scale = each(spec.scale)
  const offset = each(spec.offset)
  const deviation = each(spec.variance).map((variance) => round(Math.sqrt(round(variance + round(spec.epsilon)))))
  const normalise = dtype === 'float64' ? normalise64 : normalise32
  return yield* elementwise(input, shape, dtype, (values, first) =>
    normalise(values, first % channels, mean, deviation, scale, offset),
  )
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
