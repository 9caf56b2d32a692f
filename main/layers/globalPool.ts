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
import { largestOf, largestSteps } from './largest.ts'
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
  let work = 0
  for (let c = 0; c < channels; c++) {
    for (let first = 0; first < values.length; first += piece) {
      const count = Math.min(piece, values.length - first)
      takeChannel(input.data, c, channels, values, first, count)
      work += count
      if (work < piece) continue
      work = 0
      yield (c + (0.5 * (first + count)) / values.length) / channels
    }
    const max = spec.operation === 'max'
    const steps = max ? largestSteps(values) : sumSteps(values, dtype)
    const found = yield* part(steps, (c + 0.5) / channels, (c + 1) / channels)
    output.data[c] = max ? found : found / values.length
  }
  return output
}

/** Values copied between two pauses. */
const piece = 1 << 16

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

export const globalPoolExplanation: LayerExplanation<'globalPool'> = {
  // eslint-disable-next-line require-yield -- nothing to prepare
  *explain(input, spec, dtype) {
    const [height, width, channels] = pictureShape(input.shape)
    const window = [height, width, 1] as const
    return ({ channel }) => {
      const values = new Float64Array(height * width)
      takeChannel(input.data, channel, channels, values, 0, values.length)
      const readings = { from: indicesOf(values.length, (i) => i * channels + channel), input: values, window }
      return spec.operation === 'max'
        ? maximum(readings, largestOf(values, 0, values.length))
        : meanOf(readings, dtype, values.length)
    }
  },
  reach: (input, _spec, { channels }) => ({ ...allElements(input), channels }),
}
