import { flatten as definition } from '../../shared/layers/classify.ts'
import type { SpecOf } from '../../shared/layers/index.ts'
import type { FloatData, FloatDType, Tensor } from '../../shared/tensor.ts'
import { elementwise } from './elementwise.ts'
import type { Steps } from './steps.ts'

/**
 * out[(y · W + x) · C + c] = in[y, x, c]
 *
 * The values in row-major order as one vector, as `numpy.ndarray.flatten`.
 */
export function* flatten(input: Tensor, spec: SpecOf<'flatten'>, dtype: FloatDType): Steps<Tensor<FloatData>> {
  return yield* elementwise(input, definition.outputShape(input.shape, spec), dtype, () => {})
}
