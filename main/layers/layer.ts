import type { LayerKind, SpecOf } from '../../shared/layers/index.ts'
import type { FloatData, FloatDType, Tensor } from '../../shared/tensor.ts'
import type { Steps } from './steps.ts'

/**
 * A layer: a pure function from a tensor to a new tensor of `dtype`; never changes its input.
 * The shape has been checked by the definition's `outputShape`, which it calls for its own output.
 * The input layer alone takes uint8: the decoded photo (height, width, 1 or 3).
 */
export type LayerFunction<K extends LayerKind> = (
  input: Tensor,
  spec: SpecOf<K>,
  dtype: FloatDType,
) => Steps<Tensor<FloatData>>
