/** ONNX node tests as layers: NCHW to (height, width, channels), automatic padding to four sides, attributes to options. */

import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { LayerSpec } from '../../shared/layers/index.ts'
import type { Tensor } from '../../shared/tensor.ts'
import { layer, tensor } from '../support/layer.ts'
import { readNpy } from '../support/npy.ts'

interface Attributes {
  readonly alpha?: number
  readonly beta?: number
  readonly gamma?: number
  readonly axis?: number
  readonly mode?: 'constant' | 'edge' | 'reflect'
  readonly epsilon?: number
  readonly transA?: number
  readonly transB?: number
  readonly auto_pad?: 'SAME_UPPER' | 'SAME_LOWER'
  readonly kernel_shape?: readonly number[]
  readonly strides?: readonly number[]
  readonly dilations?: readonly number[]
  readonly pads?: readonly number[]
  readonly ceil_mode?: number
  readonly count_include_pad?: number
  readonly group?: number
  readonly storage_order?: number
  readonly seed?: number
}

interface Value {
  readonly shape: readonly number[]
  readonly values: readonly number[]
}

interface Case {
  readonly attributes: Attributes
  readonly inputs: readonly (Value | undefined)[]
  readonly output: Value
}

/** A layer, what goes in and what must come out. */
export interface Comparison {
  readonly spec: LayerSpec
  readonly input: Tensor
  readonly expected: Tensor
}

/** Operators without a layer of ours. */
export const otherOperators: Readonly<Record<string, string>> = {
  Add: 'there is no layer of two inputs',
  Clip: 'there is no clipping layer',
  Concat: 'there is no layer of two inputs',
  ConvInteger: 'there is no quantised arithmetic',
  LRN: 'there is no local response normalisation',
  MatMulInteger: 'there is no quantised arithmetic',
  PRelu: 'there is no activation with a slope an element',
  Reshape: 'there is no reshaping but flatten',
  Transpose: 'there is no transposing layer',
}

/** Cases of operators we have that are not ours to pass. */
export const otherCases: Readonly<Record<string, string>> = {
  averagepool_3d_default: 'three spatial axes',
  maxpool_3d_default: 'three spatial axes',
  batchnorm_epsilon_training_mode: 'training',
  batchnorm_example_training_mode: 'training',
}

export function operatorOf(folder: string): string {
  return (JSON.parse(readFileSync(path.join(folder, 'case.json'), 'utf8')) as { op: string }).op
}

/** What a case compares, one layer a picture of the batch (or a vector). */
export function comparisonsOf(folder: string): readonly Comparison[] {
  const file = JSON.parse(readFileSync(path.join(folder, 'case.json'), 'utf8')) as {
    readonly op: string
    readonly attributes: Attributes
    readonly inputs: readonly (string | null)[]
    readonly outputs: readonly string[]
  }
  const read = (name: string): Value => {
    const { shape, data } = readNpy(path.join(folder, name))
    return { shape, values: Array.from(data, Number) }
  }
  const translate = operators[file.op]
  if (!translate) throw new Error(`no translation of ${file.op}`)
  // Second outputs (masks, places of maxima) are not part of our layers.
  return translate({
    attributes: file.attributes,
    inputs: file.inputs.map((name) => (name === null ? undefined : read(name))),
    output: read(file.outputs[0]!),
  })
}

const operators: Readonly<Record<string, (given: Case) => readonly Comparison[]>> = {
  Conv: (given) => {
    const kernels = given.inputs[1]!
    const [filters, channels, rows, columns] = kernels.shape as [number, number, number, number]
    const values = range(filters).map((f) =>
      range(rows).map((u) =>
        range(columns).map((v) =>
          range(channels).map((c) => kernels.values[((f * channels + c) * rows + u) * columns + v]!),
        ),
      ),
    )
    const options = { filters, groups: given.attributes.group ?? 1, kernels: { type: 'values', values } }
    return pictures(
      given,
      layer('conv2d', { ...windowOptions(given), ...options, bias: given.inputs[2]?.values ?? [] }),
    )
  },
  AveragePool: (given) => pictures(given, layer('pool2d', { ...poolOptions(given), operation: 'average' })),
  MaxPool: (given) => pictures(given, layer('pool2d', { ...poolOptions(given), operation: 'max' })),
  GlobalAveragePool: (given) => pictures(given, layer('globalPool', { operation: 'average' })),
  GlobalMaxPool: (given) => pictures(given, layer('globalPool', { operation: 'max' })),
  BatchNormalization: (given) => {
    const [scale, offset, mean, variance] = given.inputs.slice(1).map((value) => value!.values)
    const epsilon = given.attributes.epsilon ?? 1e-5
    return pictures(given, layer('batchNorm', { scale, offset, mean, variance, epsilon }))
  },
  Pad: (given) => {
    const [batch0, channel0, top, left, batch1, channel1, bottom, right] = given.inputs[1]!.values
    if ([batch0, channel0, batch1, channel1].some((n) => n !== 0)) throw new Error('pads more than height and width')
    const value = given.inputs[2]?.values[0] ?? 0
    return pictures(given, layer('pad', { top, left, bottom, right, mode: given.attributes.mode, value }))
  },
  Relu: (given) => whole(given, layer('activation', { function: 'relu' })),
  LeakyRelu: (given) => whole(given, activation(given, 'leakyRelu')),
  Elu: (given) => whole(given, activation(given, 'elu')),
  Selu: (given) => whole(given, activation(given, 'selu')),
  Sigmoid: (given) => whole(given, activation(given, 'sigmoid')),
  HardSigmoid: (given) => whole(given, activation(given, 'hardSigmoid')),
  HardSwish: (given) => whole(given, activation(given, 'hardSwish')),
  Tanh: (given) => whole(given, activation(given, 'tanh')),
  Dropout: (given) => whole(given, layer('dropout')),
  Flatten: (given) => {
    const { shape, values } = given.inputs[0]!
    const axis = (given.attributes.axis ?? 1) + ((given.attributes.axis ?? 1) < 0 ? shape.length : 0)
    const length = product(shape.slice(axis))
    return range(product(shape.slice(0, axis))).map((n) => ({
      spec: layer('flatten'),
      // What is flattened may have any axes; flatten reads them all in row-major order.
      input: tensor(shape.slice(axis), values.slice(n * length, (n + 1) * length)),
      expected: tensor([length], given.output.values.slice(n * length, (n + 1) * length)),
    }))
  },
  Softmax: (given) => {
    const { shape } = given.inputs[0]!
    const axis = (given.attributes.axis ?? -1) + ((given.attributes.axis ?? -1) < 0 ? shape.length : 0)
    return range(product(shape) / shape[axis]!).map((n) => ({
      spec: layer('softmax'),
      input: tensor([shape[axis]!], along(given.inputs[0]!, axis, n)),
      expected: tensor([shape[axis]!], along(given.output, axis, n)),
    }))
  },
  Gemm: (given) => {
    const { alpha = 1, beta = 1, transA = 0, transB = 0 } = given.attributes
    const a = rowsOf(given.inputs[0]!, transA !== 0)
    const weights = rowsOf(given.inputs[1]!, transB !== 0)
    const units = weights[0]!.length
    const added = given.inputs[2]
    const [addedRows, addedColumns] = added ? [added.shape.at(-2) ?? 1, added.shape.at(-1) ?? 1] : [1, 1]
    return a.map((row, n) => {
      const bias = range(units).map(
        (j) => beta * (added?.values[(addedRows > 1 ? n : 0) * addedColumns + (addedColumns > 1 ? j : 0)] ?? 0),
      )
      return {
        spec: layer('dense', { units, weights: { type: 'values', values: weights }, bias }),
        input: tensor(
          [row.length],
          row.map((x) => alpha * x),
        ),
        expected: tensor([units], given.output.values.slice(n * units, (n + 1) * units)),
      }
    })
  },
  MatMul: (given) => {
    const [left, right] = given.inputs.map((value) => value!)
    const [rows, inner] = left!.shape.slice(-2) as [number, number]
    const units = right!.shape.at(-1)!
    return range(product(left!.shape) / inner).map((n) => {
      const matrix = Math.floor(n / rows) * inner * units
      const values = range(inner).map((i) => right!.values.slice(matrix + i * units, matrix + (i + 1) * units))
      return {
        spec: layer('dense', { units, weights: { type: 'values', values } }),
        input: tensor([inner], left!.values.slice(n * inner, (n + 1) * inner)),
        expected: tensor([units], given.output.values.slice(n * units, (n + 1) * units)),
      }
    })
  },
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i)
}

function product(axes: readonly number[]): number {
  return axes.reduce((all, axis) => all * axis, 1)
}

function activation(given: Case, name: string): LayerSpec {
  const { alpha = null, beta = null, gamma = null } = given.attributes
  return layer('activation', { function: name, alpha, beta, gamma })
}

/** The tensor as it is: for layers that look at each value alone. */
function whole(given: Case, spec: LayerSpec): readonly Comparison[] {
  const { shape, values } = given.inputs[0]!
  return [{ spec, input: tensor(shape, values), expected: tensor(given.output.shape, given.output.values) }]
}

/** Each picture of a batch; one spatial axis is a picture of height 1. */
function pictures(given: Case, spec: LayerSpec): readonly Comparison[] {
  return range(given.inputs[0]!.shape[0]!).map((n) => ({
    spec,
    input: pictureOf(given.inputs[0]!, n),
    expected: pictureOf(given.output, n),
  }))
}

function pictureOf(value: Value, n: number): Tensor {
  const channels = value.shape[1]!
  const [height, width] = twoAxes(value.shape.slice(2), 1)
  const from = n * channels * height * width
  return tensor(
    [height, width, channels],
    range(height * width * channels).map(
      (i) => value.values[from + (i % channels) * height * width + Math.floor(i / channels)]!,
    ),
  )
}

function twoAxes(axes: readonly number[] | undefined, missing: number): [number, number] {
  if (!axes) return [missing, missing]
  return axes.length === 1 ? [missing, axes[0]!] : [axes[0]!, axes[1]!]
}

function windowOptions({ attributes, inputs }: Case) {
  const size = twoAxes(attributes.kernel_shape, 1)
  const stride = twoAxes(attributes.strides, 1)
  const dilation = twoAxes(attributes.dilations, 1)
  return { size, stride, dilation, padding: paddingOf(attributes, twoAxes(inputs[0]!.shape.slice(2), 1), size, stride) }
}

function poolOptions(given: Case) {
  return {
    ...windowOptions(given),
    ceil: given.attributes.ceil_mode === 1,
    countIncludePad: given.attributes.count_include_pad === 1,
  }
}

function paddingOf(
  attributes: Attributes,
  input: readonly number[],
  size: readonly number[],
  stride: readonly number[],
) {
  if (attributes.auto_pad === undefined) {
    const pads = attributes.pads ?? [0, 0, 0, 0]
    const [top, left, bottom, right] = pads.length === 2 ? [0, pads[0], 0, pads[1]] : pads
    return { top, left, bottom, right }
  }
  // Just enough for ⌈n / stride⌉ windows; an odd one goes after (upper) or before (lower).
  const [vertical, horizontal] = [0, 1].map((axis) => {
    const n = input[axis]!
    const all = Math.max(0, (Math.ceil(n / stride[axis]!) - 1) * stride[axis]! + size[axis]! - n)
    const less = Math.floor(all / 2)
    return attributes.auto_pad === 'SAME_UPPER' ? [less, all - less] : [all - less, less]
  })
  return { top: vertical![0], bottom: vertical![1], left: horizontal![0], right: horizontal![1] }
}

/** The nth vector along an axis. */
function along(value: Value, axis: number, n: number): number[] {
  const inner = product(value.shape.slice(axis + 1))
  const length = value.shape[axis]!
  const from = Math.floor(n / inner) * inner * length + (n % inner)
  return range(length).map((i) => value.values[from + i * inner]!)
}

function rowsOf(value: Value, transposed: boolean): number[][] {
  const [rows, columns] = value.shape as [number, number]
  const at = (row: number, column: number): number => value.values[row * columns + column]!
  return transposed
    ? range(columns).map((column) => range(rows).map((row) => at(row, column)))
    : range(rows).map((row) => range(columns).map((column) => at(row, column)))
}
