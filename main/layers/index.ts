/** The register of layer functions: a new layer is listed here, and a kind without one does not compile. */

import type { LayerKind, LayerSpec } from '../../shared/layers/index.ts'
import type { FloatData, FloatDType, Tensor } from '../../shared/tensor.ts'
import { activation } from './activation.ts'
import { batchNorm } from './batchNorm.ts'
import { brighten } from './brighten.ts'
import { conv2d } from './conv2d.ts'
import { crop } from './crop.ts'
import { dense } from './dense.ts'
import { dropout } from './dropout.ts'
import { flatten } from './flatten.ts'
import { flip } from './flip.ts'
import { globalPool } from './globalPool.ts'
import { input } from './input.ts'
import type { LayerFunction } from './layer.ts'
import { pad } from './pad.ts'
import { pool2d } from './pool2d.ts'
import { rotate90 } from './rotate90.ts'
import { softmax } from './softmax.ts'
import type { Steps } from './steps.ts'

export const layerFunctions: { readonly [K in LayerKind]: LayerFunction<K> } = {
  input,
  crop,
  pad,
  flip,
  rotate90,
  brighten,
  conv2d,
  activation,
  batchNorm,
  pool2d,
  globalPool,
  flatten,
  dense,
  softmax,
  dropout,
}

/**
 * What a layer makes of a tensor, computed in `dtype`; a float64 tensor is rounded first where that is float32.
 * Throws `layer-impossible` where the layer's shape check refuses the input.
 */
export function runLayer(spec: LayerSpec, tensor: Tensor, dtype: FloatDType): Steps<Tensor<FloatData>> {
  const run = layerFunctions[spec.kind] as LayerFunction<LayerKind>
  const given =
    dtype === 'float32' && tensor.data instanceof Float64Array
      ? { shape: tensor.shape, data: Float32Array.from(tensor.data) }
      : tensor
  return run(given, spec, dtype)
}
