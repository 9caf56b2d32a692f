/** The kernels of a convolution: named ones, given numbers, or random with a seed. */

import { presetKernel } from '../../shared/kernels.ts'
import type { SpecOf } from '../../shared/layers/index.ts'
import { randomNormals } from './random.ts'
import type { Steps } from './steps.ts'

/**
 * All kernels in (filter, row, column, input channel of the group) order.
 * A named kernel has the same numbers for each of its n input channels, divided by n, so that a box stays a mean.
 * Random ones are scale · numpy.random.randn(filters, rows, columns, channels) after numpy.random.seed(seed).
 */
export function* resolveKernels(spec: SpecOf<'conv2d'>, inputChannelsPerGroup: number): Steps<Float64Array> {
  const { kernels, filters } = spec
  const [rows, columns] = spec.size
  const count = filters * rows * columns * inputChannelsPerGroup
  if (kernels.type === 'random') return yield* randomNormals(kernels.seed, count, kernels.scale)
  if (kernels.type === 'values') return Float64Array.from(kernels.values.flat(3))
  const all = new Float64Array(count)
  let at = 0
  for (let filter = 0; filter < filters; filter++) {
    const name = kernels.names[filter % kernels.names.length]!
    for (const tap of presetKernel(name, rows, columns)) {
      all.fill(tap / inputChannelsPerGroup, at, at + inputChannelsPerGroup)
      at += inputChannelsPerGroup
    }
    yield filter / filters
  }
  return all
}
