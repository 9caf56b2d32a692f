/** Convolution and pooling in Python. */

import { presetKernel } from '../kernels.ts'
import type { Sides } from '../layers/definition.ts'
import type { KernelPreset } from '../layers/window.ts'
import { randomNormals } from '../random.ts'
import { extent, paddingSides, windowOutput } from '../shapes.ts'
import {
  arrayText,
  listParameter,
  numbersParameter,
  pythonCall,
  pythonNumber,
  pythonOptions,
  pythonTuple,
  type LayerPython,
  type LayerStage,
  type Parameter,
  type PythonFunction,
} from './code.ts'

const windowsOf: PythonFunction = {
  name: 'windows_of',
  imports: ['from numpy.lib.stride_tricks import sliding_window_view'],
  text: `def windows_of(x, size, stride, dilation=(1, 1)):
    """Every window of a picture, as (window row, window column, row, column, channel); nothing is copied."""
    span = [step * (n - 1) + 1 for n, step in zip(size, dilation)]
    windows = sliding_window_view(x, span, axis=(0, 1))
    windows = windows[:: stride[0], :: stride[1], :, :: dilation[0], :: dilation[1]]
    return windows.transpose(0, 1, 3, 4, 2)`,
}

const convFunction: PythonFunction = {
  name: 'conv2d',
  uses: [windowsOf],
  text: `def conv2d(x, kernels, bias, stride=(1, 1), padding=(0, 0, 0, 0), dilation=(1, 1), groups=1):
    """Slides each kernel over the picture: out[y, x, f] = sum(window at y, x * kernels[f]) + bias[f].

    x is (height, width, channels); kernels are (filters, rows, columns, channels // groups); padding is zeros at the
    top, right, bottom and left. The products are added row by row of the window, channel by channel of each pixel.
    """
    kernels, bias = np.asarray(kernels, x.dtype), np.asarray(bias, x.dtype)
    filters, rows, columns, depth = kernels.shape
    top, right, bottom, left = padding
    padded = np.pad(x, ((top, bottom), (left, right), (0, 0)))
    windows = windows_of(padded, (rows, columns), stride, dilation)
    out = np.empty(windows.shape[:2] + (filters,), x.dtype)
    for f in range(filters):
        first = f // (filters // groups) * depth  # the first channel this filter sees
        for y in range(len(windows)):  # a row of windows at once
            products = windows[y, ..., first : first + depth] * kernels[f]
            out[y, :, f] = np.sum(products.reshape(len(products), -1), axis=1, initial=0.0) + bias[f]
    return out`,
}

const spreadFunction: PythonFunction = {
  name: 'spread',
  text: `def spread(kernels, channels):
    """Kernels of (rows, columns) for a picture of several channels: the same for each, divided by their number."""
    return np.stack([np.stack([kernel / channels] * channels, axis=-1) for kernel in kernels])`,
}

/** `sobel-x` as a variable. */
const variable = (name: KernelPreset) => name.replace('-', '_')

function namedKernel(name: KernelPreset, rows: number, columns: number): Parameter {
  const [above, before] = [(rows - 1) >> 1, (columns - 1) >> 1]
  if (name === 'box') return { name, text: `np.full((${rows}, ${columns}), 1 / ${rows * columns})` }
  if (name === 'identity') {
    const sides = `((${above}, ${rows - 1 - above}), (${before}, ${columns - 1 - before}))`
    return { name, text: `np.pad([[1.0]], ${sides})` }
  }
  const numbers = presetKernel(name, rows, columns)
  return numbersParameter(variable(name), [rows, columns], numbers, () => arrayText(numbers, columns, [rows, columns]))
}

function convParameters({ spec, input }: LayerStage<'conv2d'>): readonly Parameter[] {
  const { filters, size, kernels, groups } = spec
  const [rows, columns] = size
  const depth = input[2]! / groups
  const shape = [filters, rows, columns, depth]
  // A sum begins at +0, and so does a bias: -0 would show where all products are -0.
  const bias: Parameter =
    spec.bias.length === 0
      ? { name: 'bias', text: `np.zeros(${filters})` }
      : listParameter(
          'bias',
          spec.bias.map((value) => value + 0),
        )
  if (kernels.type === 'values') {
    const values = kernels.values.flat(3)
    return [numbersParameter('kernels', shape, values, () => arrayText(values, columns * depth, shape)), bias]
  }
  if (kernels.type === 'random') {
    const { seed, scale } = kernels
    const count = filters * rows * columns * depth
    const text = `${pythonNumber(scale)} * np.random.RandomState(${seed}).randn${pythonTuple(shape)}`
    return [{ name: 'kernels', text, array: { shape, values: () => randomNormals(seed, count, scale) } }, bias]
  }
  const names = kernels.names.slice(0, filters)
  const list = names.map(variable).join(', ')
  const all =
    names.length === filters
      ? `[${list}]`
      : names.length === 1
        ? `[${list}] * ${filters}`
        : `[(${list})[f % ${names.length}] for f in range(${filters})]`
  const named = [...new Set(names)].map((name) => namedKernel(name, rows, columns))
  return [...named, { name: 'kernels', text: `spread(${all}, channels=${depth})` }, bias]
}

/** (top, right, bottom, left), as our Python functions take them. */
function sidesText({ top, right, bottom, left }: Sides): string {
  return pythonTuple([top, right, bottom, left])
}

export const conv2d: LayerPython<'conv2d'> = {
  exact: () => true,
  numpy: (stage) => ({
    functions: stage.spec.kernels.type === 'preset' ? [spreadFunction, convFunction] : [convFunction],
    parameters: convParameters(stage),
    lines: [
      `x = ${pythonCall('conv2d', [
        'x',
        'kernels',
        'bias',
        ...pythonOptions({
          stride: [pythonTuple(stage.spec.stride), '(1, 1)'],
          padding: [sidesText(paddingSides(stage.spec)), '(0, 0, 0, 0)'],
          dilation: [pythonTuple(stage.spec.dilation), '(1, 1)'],
          groups: [String(stage.spec.groups), '1'],
        }),
      ])}`,
    ],
  }),
  torch: (stage) => {
    const { spec } = stage
    const sides = paddingSides(spec)
    const native = isSymmetric(sides)
    return {
      functions: spec.kernels.type === 'preset' ? [spreadFunction] : [],
      parameters: convParameters(stage),
      lines: [
        ...(native ? [] : [padLine(sides, 0)]),
        `x = ${pythonCall('F.conv2d', [
          'x',
          'tensor(kernels).permute(0, 3, 1, 2)',
          'tensor(bias)',
          ...pythonOptions({
            stride: [pythonTuple(spec.stride), '(1, 1)'],
            padding: [pythonTuple(native ? [sides.top, sides.left] : [0, 0]), '(0, 0)'],
            dilation: [pythonTuple(spec.dilation), '(1, 1)'],
            groups: [String(spec.groups), '1'],
          }),
        ])}`,
      ],
    }
  },
}

function isSymmetric({ top, right, bottom, left }: Sides): boolean {
  return top === bottom && left === right
}

/** PyTorch's own padding of one value, in its order of sides. */
function padLine({ top, right, bottom, left }: Sides, value: number): string {
  const fill = value === 0 ? '' : `, value=${value === -Infinity ? '-float("inf")' : pythonNumber(value)}`
  return `x = F.pad(x, ${pythonTuple([left, right, top, bottom])}${fill})  # left, right, top, bottom`
}

const maxPoolFunction: PythonFunction = {
  name: 'max_pool',
  uses: [windowsOf],
  text: `def max_pool(x, size, stride, padding=(0, 0, 0, 0), dilation=(1, 1)):
    """The largest value of each window, channel by channel; padding is minus infinity, which never wins."""
    top, right, bottom, left = padding
    padded = np.pad(x, ((top, bottom), (left, right), (0, 0)), constant_values=-np.inf)
    return windows_of(padded, size, stride, dilation).max(axis=(2, 3))`,
}

const averagePoolFunction: PythonFunction = {
  name: 'average_pool',
  text: `def average_pool(x, size, stride, padding=(0, 0, 0, 0)):
    """The mean of each window, channel by channel; what a window has outside the picture is left out."""
    height, width, channels = x.shape
    top, right, bottom, left = padding
    rows = (top + height + bottom - size[0]) // stride[0] + 1
    columns = (left + width + right - size[1]) // stride[1] + 1
    out = np.empty((rows, columns, channels), x.dtype)
    for row in range(rows):
        for column in range(columns):
            y, x_ = row * stride[0] - top, column * stride[1] - left
            window = x[max(y, 0) : y + size[0], max(x_, 0) : x_ + size[1]]
            values = np.ascontiguousarray(window.reshape(-1, channels).T)  # a row for each channel
            out[row, column] = np.sum(values, axis=1, initial=0.0) / values.shape[1]
    return out`,
}

/** Padding, and at the bottom and the right what the last windows of ceil mode need beyond it. */
function reachedSides({ spec, input, output }: LayerStage<'pool2d'>): Sides {
  const [height, width] = input as readonly [number, number, number]
  const { sides } = windowOutput(height, width, spec)
  const beyond = (n: number, before: number, after: number, positions: number, axis: 0 | 1) =>
    Math.max(after, (positions - 1) * spec.stride[axis] + extent(spec.size[axis], spec.dilation[axis]) - before - n)
  return {
    ...sides,
    bottom: beyond(height, sides.top, sides.bottom, output[0]!, 0),
    right: beyond(width, sides.left, sides.right, output[1]!, 1),
  }
}

export const pool2d: LayerPython<'pool2d'> = {
  exact: () => true,
  numpy: (stage) => {
    const { spec } = stage
    const sides = paddingSides(spec)
    const reached = reachedSides(stage)
    // Padding that counts is part of the picture; what ceil mode adds beyond it never counts.
    const counts = spec.operation === 'average' && spec.countIncludePad && sidesText(sides) !== '(0, 0, 0, 0)'
    const left: Sides = counts
      ? { top: 0, left: 0, bottom: reached.bottom - sides.bottom, right: reached.right - sides.right }
      : reached
    return {
      functions: [spec.operation === 'max' ? maxPoolFunction : averagePoolFunction],
      lines: [
        ...(counts
          ? [
              `x = np.pad(x, ((${sides.top}, ${sides.bottom}), (${sides.left}, ${sides.right}), (0, 0)))  # zeros that count`,
            ]
          : []),
        ...(sidesText(reached) === sidesText(sides)
          ? []
          : ['# In ceil mode the last windows reach further than the padding.']),
        `x = ${pythonCall(spec.operation === 'max' ? 'max_pool' : 'average_pool', [
          'x',
          `size=${pythonTuple(spec.size)}`,
          `stride=${pythonTuple(spec.stride)}`,
          ...pythonOptions({
            padding: [sidesText(left), '(0, 0, 0, 0)'],
            dilation: [pythonTuple(spec.dilation), '(1, 1)'],
          }),
        ])}`,
      ],
    }
  },
  torch: (stage) => {
    const { spec } = stage
    const sides = paddingSides(spec)
    const window = [pythonTuple(spec.size), `stride=${pythonTuple(spec.stride)}`]
    // PyTorch pads both sides alike, by half a window at most.
    const native = isSymmetric(sides) && sides.top * 2 <= spec.size[0] && sides.left * 2 <= spec.size[1]
    const options = pythonOptions({
      padding: [pythonTuple([sides.top, sides.left]), '(0, 0)'],
      dilation: [pythonTuple(spec.dilation), '(1, 1)'],
      ceil_mode: [spec.ceil ? 'True' : 'False', 'False'],
    })
    if (spec.operation === 'max') {
      return native
        ? { functions: [], lines: [`x = ${pythonCall('F.max_pool2d', ['x', ...window, ...options])}`] }
        : {
            functions: [],
            lines: [
              padLine(reachedSides(stage), -Infinity),
              `x = ${pythonCall('F.max_pool2d', ['x', ...window, `dilation=${pythonTuple(spec.dilation)}`])}`,
            ],
          }
    }
    if (native) {
      const counts = `count_include_pad=${spec.countIncludePad ? 'True' : 'False'}`
      return { functions: [], lines: [`x = ${pythonCall('F.avg_pool2d', ['x', ...window, ...options, counts])}`] }
    }
    const counted = spec.countIncludePad ? sides : { top: 0, right: 0, bottom: 0, left: 0 }
    const reached = reachedSides(stage)
    const beyond: Sides = {
      top: reached.top - counted.top,
      right: reached.right - counted.right,
      bottom: reached.bottom - counted.bottom,
      left: reached.left - counted.left,
    }
    return {
      functions: [averagePoolTorch],
      lines: [
        ...(spec.countIncludePad ? [padLine(sides, 0)] : []),
        `x = ${pythonCall('average_pool', [
          'x',
          ...window,
          `padding=${pythonTuple([beyond.left, beyond.right, beyond.top, beyond.bottom])}`,
        ])}`,
      ],
    }
  },
}

const averagePoolTorch: PythonFunction = {
  name: 'average_pool',
  text: `def average_pool(x, size, stride, padding):
    """Means of windows that leave padding out; it is (left, right, top, bottom), which F.avg_pool2d cannot be told."""
    share = F.avg_pool2d(F.pad(torch.ones_like(x), padding), size, stride)  # of the window that is counted
    return F.avg_pool2d(F.pad(x, padding), size, stride) / share`,
}

const globalFunctions = {
  average: {
    name: 'global_average_pool',
    text: `def global_average_pool(x):
    """Each channel becomes a single number, its mean."""
    channels = np.ascontiguousarray(x.reshape(-1, x.shape[2]).T)  # a row for each channel
    return (np.sum(channels, axis=1, initial=0.0) / channels.shape[1]).reshape(1, 1, -1)`,
  },
  max: {
    name: 'global_max_pool',
    text: `def global_max_pool(x):
    """Each channel becomes a single number, its largest."""
    return x.max(axis=(0, 1), keepdims=True)`,
  },
} as const satisfies Record<string, PythonFunction>

export const globalPool: LayerPython<'globalPool'> = {
  exact: () => true,
  numpy: ({ spec }) => ({
    functions: [globalFunctions[spec.operation]],
    lines: [`x = ${globalFunctions[spec.operation].name}(x)`],
  }),
  torch: ({ spec }) => ({
    functions: [],
    lines: [
      spec.operation === 'max' ? 'x = torch.amax(x, dim=(2, 3), keepdim=True)' : 'x = x.mean(dim=(2, 3), keepdim=True)',
    ],
  }),
}
