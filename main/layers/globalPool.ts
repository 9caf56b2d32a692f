import type { SpecOf } from '../../shared/layers/index.ts'
import { globalPool as definition } from '../../shared/layers/window.ts'
import {
  pictureShape,
  zeros,
  type FloatData,
  type FloatDType,
  type Tensor,
  type TensorData,
} from '../../shared/tensor.ts'
import { allElements, indicesOf, maximum, type LayerExplanation } from './explain.ts'
import { meanOf } from './pool2d.ts'
import { part, type Steps } from './steps.ts'
import { sumSteps } from './sum.ts'

/**
 * average: out[c] = 1 / (H · W) · Σ over y, x of in[y, x, c];  max: out[c] = the largest in[y, x, c]
 *
 * (height, width, channels) to (1, 1, channels). The mean is `numpy.mean` of the channel as an array of its own: terms
 * in row-major order, added pairwise, then divided by their number. Definition: ONNX GlobalAveragePool, GlobalMaxPool.
 */
export function* globalPool(input: Tensor, spec: SpecOf<'globalPool'>, dtype: FloatDType): Steps<Tensor<FloatData>> {
  const output = zeros(definition.outputShape(input.shape, spec), dtype)
  const [height, width, channels] = pictureShape(input.shape)
  const values = new Float64Array(height * width)
  for (let c = 0; c < channels; c++) {
    for (let y = 0; y < height; y++) {
      takeChannel(input.data, c, channels, values, y * width, width)
      yield (c + (0.5 * y) / height) / channels
    }
    if (spec.operation === 'max') output.data[c] = largest(values)
    else {
      const sum = yield* part(sumSteps(values, dtype), (c + 0.5) / channels, (c + 1) / channels)
      output.data[c] = sum / values.length
    }
  }
  return output
}

/** Copies `count` pixels' values of channel c, from pixel `first` on. */
function takeChannel(
  data: TensorData,
  c: number,
  channels: number,
  to: Float64Array,
  first: number,
  count: number,
): void {
  for (let i = first, from = first * channels + c; i < first + count; i++, from += channels) to[i] = data[from]!
}

function largest(values: Float64Array): number {
  let found = -Infinity
  for (let i = 0; i < values.length; i++) found = Math.max(found, values[i]!)
  return found
}

export const globalPoolExplanation: LayerExplanation<'globalPool'> = {
  // eslint-disable-next-line require-yield -- nothing to prepare
  *explain(input, spec, dtype) {
    const [height, width, channels] = pictureShape(input.shape)
    const window = [height, width, 1] as const
    return ({ channel }) => {
      const values = new Float64Array(height * width)
      takeChannel(input.data, channel, channels, values, 0, values.length)
      const readings = { from: indicesOf(values.length, (i) => i * channels + channel), input: values, window }
      return spec.operation === 'max' ? maximum(readings, largest(values)) : meanOf(readings, dtype, values.length)
    }
  },
  reach: (input, _spec, { channels }) => ({ ...allElements(input), channels }),
}
