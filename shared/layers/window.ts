/** Layers that slide a window over a picture: convolution and pooling; and global pooling, whose window is all of it. */

import * as v from 'valibot'
import { presetKernel, resolveKernels } from '../kernels.ts'
import { windowOutput } from '../shapes.ts'
import { finish } from '../steps.ts'
import {
  finite,
  fitList,
  impossible,
  option,
  padding,
  pair,
  part,
  positiveInteger,
  requirePicture,
  seed,
  type Kernels,
  type KernelShape,
  type LayerDefinition,
} from './definition.ts'

export const kernelPresets = [
  'box',
  'gaussian',
  'sharpen',
  'sobel-x',
  'sobel-y',
  'prewitt-x',
  'prewitt-y',
  'laplacian',
  'emboss',
  'identity',
  'ridge',
] as const
export type KernelPreset = (typeof kernelPresets)[number]

const kernelNames: Record<KernelPreset, string> = {
  box: 'Box',
  gaussian: 'Gaussian',
  sharpen: 'Sharpen',
  'sobel-x': 'Sobel x',
  'sobel-y': 'Sobel y',
  'prewitt-x': 'Prewitt x',
  'prewitt-y': 'Prewitt y',
  laplacian: 'Laplacian',
  emboss: 'Emboss',
  identity: 'Identity',
  ridge: 'Ridge',
}

/** These scale to any size; the others are 3×3. */
export const scalablePresets: readonly KernelPreset[] = ['box', 'gaussian', 'identity']

const kernels = v.variant('type', [
  v.strictObject({
    type: v.literal('preset'),
    names: part(
      v.pipe(v.array(part(v.picklist(kernelPresets), 'Kernel', '', { labels: kernelNames })), v.minLength(1)),
      'One a filter',
      'One a filter; repeated over the filters where there are fewer.',
      { start: ['box'] },
    ),
  }),
  v.strictObject({
    type: v.literal('values'),
    values: v.pipe(v.array(v.array(v.array(v.array(finite)))), v.minLength(1)),
  }),
  v.strictObject({
    type: v.literal('random'),
    seed,
    scale: part(v.optional(finite, 1), 'Scale', 'Standard deviation of the weights.', {
      slider: { from: 0, to: 2, step: 0.01 },
    }),
  }),
])

export const conv2dSchema = v.strictObject({
  kind: v.literal('conv2d'),
  filters: option(positiveInteger, 1, 'Filters', 'Output channels; each has a kernel of its own.'),
  size: option(pair, [3, 3], 'Kernel size', 'Height and width of the kernel.'),
  kernels: option(
    kernels,
    { type: 'preset', names: ['box'] },
    'Kernels',
    'Named kernels (repeated over the filters), numbers as [filter][row][column][input channel], or random with a seed.',
    { labels: { preset: 'Named', values: 'Numbers', random: 'Random' } },
  ),
  bias: option(v.array(finite), [], 'Bias', 'One number a filter, added last; empty for none.'),
  stride: option(pair, [1, 1], 'Stride', 'Rows and columns the window moves at a time.'),
  padding: option(padding, 'same', 'Padding', 'Zeros around the input: same, valid (none) or four sides.'),
  dilation: option(pair, [1, 1], 'Dilation', 'Distance between neighbouring taps of the kernel.'),
  groups: option(positiveInteger, 1, 'Groups', 'The channels are split into this many groups, convolved apart.'),
})
export type Conv2dSpec = v.InferOutput<typeof conv2dSchema>

export const conv2d: LayerDefinition<Conv2dSpec> = {
  kind: 'conv2d',
  schema: conv2dSchema,
  picture: 'map',
  group: 'features',
  title: (spec) => `Conv ${spec.size[0]}×${spec.size[1]}`,
  outputShape(input, spec) {
    const [height, width, channels] = requirePicture(input, 'conv2d')
    if (channels % spec.groups !== 0 || spec.filters % spec.groups !== 0) {
      throw impossible(
        `${channels} input channels and ${spec.filters} filters cannot both be split into ${spec.groups} groups`,
      )
    }
    if (spec.bias.length !== 0 && spec.bias.length !== spec.filters) {
      throw impossible(`${spec.bias.length} biases are given for ${spec.filters} filters`)
    }
    checkKernels(spec, channels / spec.groups)
    const output = windowOutput(height, width, spec)
    return [output.height, output.width, spec.filters]
  },
  parameterCount: (input, spec) =>
    spec.filters * spec.size[0] * spec.size[1] * (input[2]! / spec.groups) + spec.bias.length,
  channelNames(_output, { kernels, filters, groups }, input = []) {
    if (kernels.type !== 'preset') return []
    const names = Array.from({ length: filters }, (_, f) => kernelNames[kernels.names[f % kernels.names.length]!])
    if (groups === 1 || groups !== input.length) return names
    // Each filter sees one channel of the input, which tells equal kernels apart.
    return names.map(
      (name, f) => `${name} · ${input[Math.floor((f * groups) / filters)]!.split(' · ').at(-1)!.toLowerCase()}`,
    )
  },
  kernels: {
    key: 'kernels',
    shape(input, spec) {
      const [, , channels] = requirePicture(input, 'conv2d')
      return [spec.filters, ...spec.size, Math.max(1, Math.floor(channels / spec.groups))]
    },
    numbers: kernelNumbers,
    named: (rows, columns) =>
      kernelPresets
        .filter((name) => (rows === 3 && columns === 3) || scalablePresets.includes(name))
        .map((name) => ({ name: kernelNames[name], numbers: presetKernel(name, rows, columns) })),
  },
  fit(spec, input) {
    const bias = fitList(spec.bias, spec.filters, () => 0)
    if (spec.kernels.type !== 'values' || input.length !== 3) return { ...spec, bias }
    const values = fitKernels(spec.kernels.values, [spec.filters, ...spec.size, Math.max(1, input[2]! / spec.groups)])
    return { ...spec, bias, kernels: { type: 'values', values } }
  },
}

/** The very numbers that the layer computes with. */
function kernelNumbers(spec: Conv2dSpec, [filters, rows, columns, channels]: KernelShape): Kernels {
  if (spec.kernels.type === 'values') return spec.kernels.values
  const all = finish(resolveKernels(spec, channels))
  const list = <T>(count: number, item: (i: number) => T) => Array.from({ length: count }, (_, i) => item(i))
  return list(filters, (f) =>
    list(rows, (row) =>
      list(columns, (column) => {
        const first = ((f * rows + row) * columns + column) * channels
        return [...all.subarray(first, first + channels)]
      }),
    ),
  )
}

/**
 * Another size keeps the middle and puts zeros around it, so that a `same` convolution stays what it was; more filters
 * repeat those there are, and more channels those of each tap.
 */
function fitKernels(given: Kernels, [filters, rows, columns, channels]: KernelShape): number[][][][] {
  return Array.from({ length: filters }, (_, filter) => {
    const kernel = given[filter % given.length]!
    const down = middle(kernel.length, rows)
    const across = middle(kernel[0]?.length ?? 0, columns)
    return Array.from({ length: rows }, (_, row) =>
      Array.from({ length: columns }, (_, column) => {
        const tap = kernel[row - down]?.[column - across] ?? []
        return Array.from({ length: channels }, (_, channel) => tap[channel % tap.length] ?? 0)
      }),
    )
  })
}

/** Where the first of `from` taps comes among `to`, the middles of both falling together. */
function middle(from: number, to: number): number {
  return ((to - 1) >> 1) - ((from - 1) >> 1)
}

function checkKernels(spec: Conv2dSpec, channels: number): void {
  const [rows, columns] = spec.size
  if (spec.kernels.type === 'preset' && (rows !== 3 || columns !== 3)) {
    const fixed = spec.kernels.names.find((name) => !scalablePresets.includes(name))
    if (fixed !== undefined)
      throw impossible(`the ${kernelNames[fixed]} kernel is 3×3, but the kernel size is ${rows}×${columns}`)
  }
  if (spec.kernels.type !== 'values') return
  const given = spec.kernels.values
  if (given.length !== spec.filters) throw impossible(`${given.length} kernels are given for ${spec.filters} filters`)
  const fits = given.every(
    (kernel) =>
      kernel.length === rows &&
      kernel.every((row) => row.length === columns && row.every((tap) => tap.length === channels)),
  )
  if (!fits) throw impossible(`every kernel must be ${rows} rows of ${columns} columns of ${channels} input channels`)
}

export const pool2dSchema = v.strictObject({
  kind: v.literal('pool2d'),
  operation: option(
    v.picklist(['max', 'average']),
    'max',
    'Operation',
    'Keep the largest value of the window, or its mean.',
  ),
  size: option(pair, [2, 2], 'Window', 'Height and width of the window.'),
  stride: option(pair, [2, 2], 'Stride', 'Rows and columns the window moves at a time.'),
  padding: option(padding, 'valid', 'Padding', 'Room around the input; padded places never win a maximum.'),
  dilation: option(pair, [1, 1], 'Dilation', 'Distance between neighbouring elements of the window (max only).'),
  ceil: option(v.boolean(), false, 'Ceil mode', 'Let the last window stick out instead of dropping the rest.'),
  countIncludePad: option(v.boolean(), false, 'Count padding', 'Whether an average divides by the padded places too.'),
})
export type Pool2dSpec = v.InferOutput<typeof pool2dSchema>

export const pool2d: LayerDefinition<Pool2dSpec> = {
  kind: 'pool2d',
  schema: pool2dSchema,
  picture: 'map',
  group: 'features',
  title: (spec) => `${spec.operation === 'max' ? 'Max' : 'Average'} pool ${spec.size[0]}×${spec.size[1]}`,
  outputShape(input, spec) {
    const [height, width, channels] = requirePicture(input, 'pool2d')
    if (spec.operation === 'average' && (spec.dilation[0] > 1 || spec.dilation[1] > 1)) {
      throw impossible('average pooling has no dilation; use 1 or max pooling')
    }
    const output = windowOutput(height, width, spec)
    // A window with no element of the input in it would have no maximum and no mean.
    const rows = everyWindowHasAnElement(
      height,
      output.sides.top,
      output.height,
      spec.size[0],
      spec.stride[0],
      spec.dilation[0],
    )
    const columns = everyWindowHasAnElement(
      width,
      output.sides.left,
      output.width,
      spec.size[1],
      spec.stride[1],
      spec.dilation[1],
    )
    if (!rows || !columns)
      throw impossible(`its padding is so wide that a ${spec.size[0]}×${spec.size[1]} window would lie wholly in it`)
    return [output.height, output.width, channels]
  },
}

/** Looks at the first tap that is not before the input: it decides, since the taps after it lie further on. */
function everyWindowHasAnElement(
  n: number,
  before: number,
  positions: number,
  size: number,
  stride: number,
  dilation: number,
): boolean {
  for (let position = 0; position < positions; position++) {
    const start = position * stride - before
    const tap = Math.max(0, Math.ceil(-start / dilation))
    if (tap >= size || start + tap * dilation >= n) return false
  }
  return true
}

export const globalPoolSchema = v.strictObject({
  kind: v.literal('globalPool'),
  operation: option(
    v.picklist(['average', 'max']),
    'average',
    'Operation',
    'The mean or the largest value of each channel.',
  ),
})
export type GlobalPoolSpec = v.InferOutput<typeof globalPoolSchema>

export const globalPool: LayerDefinition<GlobalPoolSpec> = {
  kind: 'globalPool',
  schema: globalPoolSchema,
  picture: 'map',
  group: 'features',
  title: (spec) => `Global ${spec.operation} pool`,
  outputShape(input) {
    const [, , channels] = requirePicture(input, 'globalPool')
    return [1, 1, channels]
  },
}
