import type { SpecOf } from '../../shared/layers/index.ts'
import type { FloatData, FloatDType, Tensor } from '../../shared/tensor.ts'
import { elementwise } from './elementwise.ts'
import { eachMoved } from './explain.ts'
import type { Steps } from './steps.ts'

/** out[…] = in[…]: at inference nothing is dropped and nothing scaled. Definition: ONNX Dropout, training_mode 0. */
export function* dropout(input: Tensor, _spec: SpecOf<'dropout'>, dtype: FloatDType): Steps<Tensor<FloatData>> {
  return yield* elementwise(input, input.shape, dtype, () => {})
}

export const dropoutExplanation = eachMoved<'dropout'>(
  (_input, _spec, place) => ({ place, rule: 'The same element: at inference nothing is dropped.' }),
  (_input, _spec, output) => output,
)
