/** The kernels of a convolution: named ones, given numbers, or random with a seed. */

import type { Conv2dSpec, KernelPreset } from './layers/window.ts'
import { randomNormals } from './random.ts'
import type { Steps } from './steps.ts'

const fixed: Readonly<Record<Exclude<KernelPreset, 'box' | 'gaussian' | 'identity'>, readonly number[]>> = {
  // The middle five times less its four neighbours: the identity less the Laplacian.
  sharpen: [0, -1, 0, -1, 5, -1, 0, -1, 0],
  // Right less left, and below less above: positive where brightness grows to the right, or downwards.
  'sobel-x': [-1, 0, 1, -2, 0, 2, -1, 0, 1],
  'sobel-y': [-1, -2, -1, 0, 0, 0, 1, 2, 1],
  'prewitt-x': [-1, 0, 1, -1, 0, 1, -1, 0, 1],
  'prewitt-y': [-1, -1, -1, 0, 0, 0, 1, 1, 1],
  // The four-neighbour second derivative, as scipy.ndimage.laplace.
  laplacian: [0, 1, 0, 1, -4, 1, 0, 1, 0],
  // Light from the top left.
  emboss: [-2, -1, 0, -1, 1, 1, 0, 1, 2],
  // Eight times the middle less all eight neighbours.
  ridge: [-1, -1, -1, -1, 8, -1, -1, -1, -1],
}

/**
 * A Gaussian of `size` taps that add up to 1, centred on (size − 1) / 2.
 * Its σ follows OpenCV's rule for a size without a σ: 0.3 · ((size − 1) · 0.5 − 1) + 0.8, which is 0.8 for 3 and 1.1 for 5.
 */
function gaussian(size: number): number[] {
  const sigma = 0.3 * ((size - 1) * 0.5 - 1) + 0.8
  const taps = Array.from({ length: size }, (_, i) => Math.exp(-((i - (size - 1) / 2) ** 2) / (2 * sigma * sigma)))
  const total = taps.reduce((sum, tap) => sum + tap, 0)
  return taps.map((tap) => tap / total)
}

/** The numbers of a named kernel in (row, column) order. */
export function presetKernel(name: KernelPreset, rows: number, columns: number): readonly number[] {
  const tap = presetTap(name, rows, columns)
  return Array.from({ length: rows * columns }, (_, at) => tap(Math.floor(at / columns), at % columns))
}

/** A named kernel as a function of its row and column. */
function presetTap(name: KernelPreset, rows: number, columns: number): (row: number, column: number) => number {
  if (name === 'box') return () => 1 / (rows * columns)
  if (name === 'gaussian') {
    const down = gaussian(rows)
    const across = gaussian(columns)
    return (row, column) => down[row]! * across[column]!
  }
  if (name === 'identity') return (row, column) => (row === (rows - 1) >> 1 && column === (columns - 1) >> 1 ? 1 : 0)
  const taps = fixed[name]
  // What a 3×3 kernel lacks in another size is not a number; the shape check refuses that layer.
  return (row, column) => taps[row * columns + column]!
}

/** Numbers between two yields. */
const pause = 1 << 14

/**
 * All kernels in (filter, row, column, input channel of the group) order.
 * A named kernel has the same numbers for each of its n input channels, divided by n, so that a box stays a mean.
 * Random ones are scale · numpy.random.randn(filters, rows, columns, channels) after numpy.random.seed(seed).
 */
export function* resolveKernels(spec: Conv2dSpec, inputChannelsPerGroup: number): Steps<Float64Array> {
  const { kernels, filters } = spec
  const [rows, columns] = spec.size
  const count = filters * rows * columns * inputChannelsPerGroup
  if (kernels.type === 'random') return yield* randomNormals(kernels.seed, count, kernels.scale)
  const all = new Float64Array(count)
  let at = 0
  let since = 0
  for (let filter = 0; filter < filters; filter++) {
    const given = kernels.type === 'values' ? kernels.values[filter]! : null
    const tap =
      kernels.type === 'values' ? null : presetTap(kernels.names[filter % kernels.names.length]!, rows, columns)
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        if (tap) all.fill(tap(row, column) / inputChannelsPerGroup, at, at + inputChannelsPerGroup)
        else all.set(given![row]![column]!, at)
        at += inputChannelsPerGroup
        // A place costs more than a number more there.
        since += 8 + inputChannelsPerGroup
        if (since < pause) continue
        since = 0
        yield at / count
      }
    }
  }
  return all
}
