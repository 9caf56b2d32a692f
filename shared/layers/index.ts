/** The register of layer specs: a new layer is listed here and in `schema`, and nowhere else in `shared`. */

import * as v from 'valibot'
import { dense, denseSchema, flatten, flattenSchema, softmax, softmaxSchema } from './classify.ts'
import type { LayerDefinition } from './definition.ts'
import {
  brighten,
  brightenSchema,
  crop,
  cropSchema,
  flip,
  flipSchema,
  pad,
  padSchema,
  rotate90,
  rotate90Schema,
} from './geometry.ts'
import { input, inputSchema } from './input.ts'
import { paint, paintSchema } from './paint.ts'
import { activation, activationSchema, batchNorm, batchNormSchema, dropout, dropoutSchema } from './pointwise.ts'
import { conv2d, conv2dSchema, globalPool, globalPoolSchema, pool2d, pool2dSchema } from './window.ts'

export const layerSchema = v.variant('kind', [
  inputSchema,
  cropSchema,
  padSchema,
  flipSchema,
  rotate90Schema,
  brightenSchema,
  paintSchema,
  conv2dSchema,
  activationSchema,
  batchNormSchema,
  pool2dSchema,
  globalPoolSchema,
  flattenSchema,
  denseSchema,
  softmaxSchema,
  dropoutSchema,
])

export type LayerSpec = v.InferOutput<typeof layerSchema>
export type LayerKind = LayerSpec['kind']
export type SpecOf<K extends LayerKind> = Extract<LayerSpec, { kind: K }>

export const layerDefinitions: { readonly [K in LayerKind]: LayerDefinition<SpecOf<K>> } = {
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

/** The definition of a spec's own kind, typed to accept that spec. */
export function definitionOf<S extends LayerSpec>(spec: S): LayerDefinition<S> {
  return layerDefinitions[spec.kind] as unknown as LayerDefinition<S>
}
