/** Layers for tests, parsed as a pipeline document's are. */

import { runLayer } from '../../main/layers/index.ts'
import { finish } from '../../main/layers/steps.ts'
import type { LayerKind, LayerSpec, SpecOf } from '../../shared/layers/index.ts'
import { parsePipeline } from '../../shared/pipeline.ts'
import type { FloatData, FloatDType, Tensor } from '../../shared/tensor.ts'

/** A layer of a kind with some options given and the others at their defaults. */
export function layer<K extends LayerKind>(kind: K, options: Readonly<Record<string, unknown>> = {}): SpecOf<K> {
  const first = kind === 'input' ? [] : [{ kind: 'input' }]
  return parsePipeline({ version: 1, name: 'Test', layers: [...first, { kind, ...options }] }).layers.at(
    -1,
  ) as SpecOf<K>
}

export function tensor(shape: readonly number[], values: ArrayLike<number>): Tensor<Float64Array> {
  return { shape, data: Float64Array.from(values) }
}

/** 0, 1, 2, … in a shape. */
export function counting(...shape: readonly number[]): Tensor<Float64Array> {
  const count = shape.reduce((product, axis) => product * axis, 1)
  return tensor(
    shape,
    Array.from({ length: count }, (_, i) => i),
  )
}

export function run(spec: LayerSpec, input: Tensor, dtype: FloatDType = 'float64'): Tensor<FloatData> {
  return finish(runLayer(spec, input, dtype))
}

/** Elements that are not the same to the last bit (so that −0 is not 0, and NaN is NaN). */
export function countUnequal(ours: ArrayLike<number>, theirs: ArrayLike<number>): number {
  if (ours.length !== theirs.length) return Infinity
  let unequal = 0
  for (let i = 0; i < theirs.length; i++) if (!Object.is(ours[i], theirs[i])) unequal++
  return unequal
}
