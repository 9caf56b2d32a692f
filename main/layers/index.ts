/** The register of layer functions: a new layer is listed here, and a kind without one does not compile. */

import type { Place } from '../../shared/explain.ts'
import type { LayerKind, LayerSpec } from '../../shared/layers/index.ts'
import type { FloatData, FloatDType, Shape, Tensor } from '../../shared/tensor.ts'
import { activation, activationExplanation } from './activation.ts'
import { batchNorm, batchNormExplanation } from './batchNorm.ts'
import { brighten, brightenExplanation } from './brighten.ts'
import { conv2d, conv2dExplanation } from './conv2d.ts'
import { crop, cropExplanation } from './crop.ts'
import { dense, denseExplanation } from './dense.ts'
import { dropout, dropoutExplanation } from './dropout.ts'
import { flatten, flattenExplanation } from './flatten.ts'
import { flip, flipExplanation } from './flip.ts'
import { globalPool, globalPoolExplanation } from './globalPool.ts'
import { input } from './input.ts'
import { inputExplanation } from './inputExplanation.ts'
import type { Elements, LayerExplanation, LayerFormula } from './explain.ts'
import type { LayerFunction } from './layer.ts'
import { pad, padExplanation } from './pad.ts'
import { paint, paintExplanation } from './paint.ts'
import { pool2d, pool2dExplanation } from './pool2d.ts'
import { rotate90, rotate90Explanation } from './rotate90.ts'
import { softmax, softmaxExplanation } from './softmax.ts'
import type { Steps } from './steps.ts'

export const layerFunctions: { readonly [K in LayerKind]: LayerFunction<K> } = {
  input,
  crop,
  pad,
  flip,
  rotate90,
  brighten,
  paint,
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

const layerExplanations: { readonly [K in LayerKind]: LayerExplanation<K> } = {
  input: inputExplanation,
  crop: cropExplanation,
  pad: padExplanation,
  flip: flipExplanation,
  rotate90: rotate90Explanation,
  brighten: brightenExplanation,
  paint: paintExplanation,
  conv2d: conv2dExplanation,
  activation: activationExplanation,
  batchNorm: batchNormExplanation,
  pool2d: pool2dExplanation,
  globalPool: globalPoolExplanation,
  flatten: flattenExplanation,
  dense: denseExplanation,
  softmax: softmaxExplanation,
  dropout: dropoutExplanation,
}

/**
 * What a layer makes of a tensor, computed in `dtype`; a float64 tensor is rounded first where that is float32.
 * Throws `layer-impossible` where the layer's shape check refuses the input.
 */
export function runLayer(spec: LayerSpec, tensor: Tensor, dtype: FloatDType): Steps<Tensor<FloatData>> {
  const run = layerFunctions[spec.kind] as LayerFunction<LayerKind>
  return run(inType(tensor, dtype), spec, dtype)
}

function inType(tensor: Tensor, dtype: FloatDType): Tensor {
  return dtype === 'float32' && tensor.data instanceof Float64Array
    ? { shape: tensor.shape, data: Float32Array.from(tensor.data) }
    : tensor
}

/** What gives the formula of any element of what `runLayer` makes of the same. */
export function explainLayer(
  spec: LayerSpec,
  tensor: Tensor,
  dtype: FloatDType,
): Steps<(place: Place) => LayerFormula> {
  const { explain } = layerExplanations[spec.kind] as LayerExplanation<LayerKind>
  return explain(inType(tensor, dtype), spec, dtype)
}

/** The elements of a layer's input that elements of its output read. */
export function reachOf(spec: LayerSpec, input: Shape, output: Elements): Elements {
  const { rows, columns, channels, wholeVector } = output
  // What reads nothing (padding) reads nothing of a layer that reads all, either.
  if (rows.length === 0 || columns.length === 0 || (channels.length === 0 && !wholeVector)) {
    return { rows: [], columns: [], channels: [] }
  }
  const { reach } = layerExplanations[spec.kind] as LayerExplanation<LayerKind>
  return reach(input, spec, output)
}
