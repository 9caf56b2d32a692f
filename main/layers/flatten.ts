import { flatten as definition } from '../../shared/layers/classify.ts'
import type { SpecOf } from '../../shared/layers/index.ts'
import { pictureShape, type FloatData, type FloatDType, type Tensor } from '../../shared/tensor.ts'
import { elementwise } from './elementwise.ts'
import { allElements, distinct, eachMoved, placeAt } from './explain.ts'
import type { Steps } from './steps.ts'

/**
 * out[(y · W + x) · C + c] = in[y, x, c]
 *
 * The values in row-major order as one vector, as `numpy.ndarray.flatten`.
 */
export function* flatten(input: Tensor, spec: SpecOf<'flatten'>, dtype: FloatDType): Steps<Tensor<FloatData>> {
  return yield* elementwise(input, definition.outputShape(input.shape, spec), dtype, () => {})
}

export const flattenExplanation = eachMoved<'flatten'>(
  (input, _spec, { channel }) => {
    const place = placeAt(input, channel)
    const [, width, channels] = pictureShape(input)
    return {
      place,
      rule: `Row by row, the channels of each place together: (${place.row} · ${width} + ${place.column}) · ${channels} + ${place.channel} = ${channel}.`,
    }
  },
  (input, _spec, output) => {
    if (output.wholeVector) return allElements(input)
    const places = output.channels.map((channel) => placeAt(input, channel))
    return {
      rows: distinct(places.map(({ row }) => row)),
      columns: distinct(places.map(({ column }) => column)),
      channels: distinct(places.map(({ channel }) => channel)),
    }
  },
)
