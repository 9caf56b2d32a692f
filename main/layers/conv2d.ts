import type { Sides } from '../../shared/layers/definition.ts'
import type { SpecOf } from '../../shared/layers/index.ts'
import { conv2d as definition } from '../../shared/layers/window.ts'
import { extent, windowOutput } from '../../shared/shapes.ts'
import { pictureShape, rounder, zeros, type FloatData, type FloatDType, type Tensor } from '../../shared/tensor.ts'
import { Band } from './band.ts'
import { anyTaps, edgeNine, gatheredTaps, nineTaps, pause, slideNine, wideWindow, type Pass } from './convolve.ts'
import { anyTaps32, gatheredTaps32, nineTaps32 } from './convolve32.ts'
import { distinct, valuesAt, windowAxes, windowsReach, windowTaps, type LayerExplanation } from './explain.ts'
import { resolveKernels } from '../../shared/kernels.ts'
import { part, type Steps } from './steps.ts'
import { pairwiseDot, pairwiseDot32 } from './sum.ts'

/** What the window at an edge costs, in products: its taps are looked for one by one. */
const edgeCost = 90

/**
 * out[y, x, f] = Σ over u, v, c of in[s·y + d·u − p, s·x + d·v − p, c] · k[f, u, v, c] + b[f]
 *
 * with stride s, dilation d and padding p; the input is 0 outside; c runs over the channels of the filter's group.
 * Kernels are not mirrored (cross-correlation, as in all deep learning libraries). The sum is
 * `np.sum(window * kernel)` of the zero-padded input: terms in (u, v, c) order, added pairwise, then the bias.
 * Input (height, width, channels), output (height, width, filters). Definition: ONNX Conv, NumPy add.reduce.
 */
export function* conv2d(input: Tensor, spec: SpecOf<'conv2d'>, dtype: FloatDType): Steps<Tensor<FloatData>> {
  const output = zeros(definition.outputShape(input.shape, spec), dtype)
  const [height, width, channels] = pictureShape(input.shape)
  const [rows, columns] = pictureShape(output.shape)
  const { sides } = windowOutput(height, width, spec)
  const group = channels / spec.groups
  const { kernels, bias } = yield* part(weightsOf(spec, group, dtype), 0, 0)

  if (input.data instanceof Float64Array && output.data instanceof Float64Array && isPlainNine(spec, channels)) {
    yield* convolvePlain(input.data, height, width, sides, kernels, bias, output.data, rows, columns)
    return output
  }
  yield* convolveBands(input, spec, sides, kernels, bias, output)
  return output
}

/** Kernels in (filter, row, column, channel) order and a bias for each filter, rounded to `dtype`. */
function* weightsOf(spec: SpecOf<'conv2d'>, group: number, dtype: FloatDType) {
  const kernels = yield* resolveKernels(spec, group)
  // The bias is added last, and +0 turns a sum of −0 into the +0 that a sum begins with.
  const bias = Float64Array.from({ length: spec.filters }, (_, filter) => (spec.bias[filter] ?? 0) + 0)
  if (dtype === 'float32') {
    for (let from = 0; from < kernels.length; from += pause) {
      toSingle(kernels.subarray(from, from + pause))
      yield 1
    }
    toSingle(bias)
  }
  return { kernels, bias }
}

/** Rounds values where they are to float32. */
function toSingle(values: Float64Array): void {
  for (let i = 0; i < values.length; i++) values[i] = Math.fround(values[i]!)
}

/** The commonest case, worth a form of its own: 3×3, stride and dilation 1, one channel. */
function isPlainNine(spec: SpecOf<'conv2d'>, channels: number): boolean {
  return channels === 1 && [...spec.size, ...spec.stride, ...spec.dilation].join() === '3,3,1,1,1,1'
}

function* convolvePlain(
  data: Float64Array,
  height: number,
  width: number,
  sides: Sides,
  kernels: Float64Array,
  bias: Float64Array,
  output: Float64Array,
  rows: number,
  columns: number,
): Steps<void> {
  const filters = bias.length
  const patch = new Float64Array(9)
  // Columns first … last − 1 of the output see no padding.
  const first = Math.min(sides.left, columns)
  const last = Math.max(first, Math.min(columns, sides.left + width - 2))
  let work = 0
  for (let y = 0; y < rows; y++) {
    const top = y - sides.top
    const inside = top >= 0 && top + 3 <= height && last > first
    for (let filter = 0; filter < filters; filter++) {
      const k = filter * 9
      const b = bias[filter]!
      for (let x = 0; x < columns;) {
        const slides = inside && x >= first && x < last
        const cost = slides ? 9 : edgeCost
        const edge = slides ? last : inside && x < first ? first : columns
        const end = Math.min(edge, x + Math.floor(pause / cost))
        work += (end - x) * cost
        if (slides) {
          const at = top * width + x - sides.left
          const to = (y * columns + x) * filters + filter
          slideNine(data, at, at + width, at + 2 * width, kernels, k, b, output, to, filters, end - x)
          x = end
        }
        for (; x < end; x++) {
          const value = edgeNine(data, height, width, top, x - sides.left, kernels, k, b, patch)
          output[(y * columns + x) * filters + filter] = value
        }
        if (work < pause) continue
        work = 0
        yield (y + (filter + x / columns) / filters) / rows
      }
    }
  }
}

/** Any convolution, a row of the output at a time from a band of padded rows. */
function* convolveBands(
  input: Tensor,
  spec: SpecOf<'conv2d'>,
  sides: Sides,
  kernels: Float64Array,
  bias: Float64Array,
  output: Tensor<FloatData>,
): Steps<void> {
  const [, , channels] = pictureShape(input.shape)
  const [rows, columns, filters] = pictureShape(output.shape)
  const group = channels / spec.groups
  const [kernelRows, kernelColumns] = spec.size
  const taps = kernelRows * kernelColumns * group
  const band = new Band(input, sides, extent(kernelRows, spec.dilation[0]), 0)
  const wide = taps * filters > pause
  const chunk = Math.min(columns, Math.max(1, Math.floor(pause / (taps * filters))))
  const results = new Float64Array(chunk * filters)
  const pass: Pass = {
    data: band.data,
    rowOffsets: new Int32Array(kernelRows),
    offsets: new Int32Array(taps),
    tapStep: spec.dilation[1] * channels,
    windowStep: spec.stride[1] * channels,
    group,
    filtersPerGroup: filters / spec.groups,
    filters,
    kernels,
    bias,
    patch: new Float64Array(taps),
    results,
  }
  const nine = kernelRows === 3 && kernelColumns === 3 && group === 1
  const few = taps <= 128 && filters / spec.groups <= 2
  const dtype = output.data instanceof Float64Array ? 'float64' : 'float32'
  const functions = nine ? [nineTaps, nineTaps32] : few ? [anyTaps, anyTaps32] : [gatheredTaps, gatheredTaps32]
  const run = functions[dtype === 'float64' ? 0 : 1]!

  for (let y = 0; y < rows; y++) {
    const top = y * spec.stride[0]
    yield* band.moveTo(top, y / rows)
    for (let u = 0; u < kernelRows; u++) pass.rowOffsets[u] = band.offset(top + u * spec.dilation[0])
    if (!nine || wide) yield* placeTaps(pass, kernelColumns, y / rows)
    for (let x = 0; x < columns; x += chunk) {
      const count = Math.min(chunk, columns - x)
      const fraction = (y + x / columns) / rows
      if (wide) yield* part(wideWindow(pass, x, dtype), fraction, fraction + 1 / columns / rows)
      else run(pass, x, count)
      const done = count === chunk ? results : results.subarray(0, count * filters)
      output.data.set(done, (y * columns + x) * filters)
      yield (y + (x + count) / columns) / rows
    }
  }
}

function* placeTaps(pass: Pass, kernelColumns: number, fraction: number): Steps<void> {
  const { rowOffsets, offsets, tapStep, group } = pass
  let to = 0
  let placed = 0
  for (let u = 0; u < rowOffsets.length; u++) {
    for (let v = 0; v < kernelColumns; v++) {
      for (let c = 0; c < group; c++) offsets[to++] = rowOffsets[u]! + v * tapStep + c
      if (to - placed < pause) continue
      placed = to
      yield fraction
    }
  }
}

export const conv2dExplanation: LayerExplanation<'conv2d'> = {
  *explain(input, spec, dtype) {
    const [height, width, channels] = pictureShape(input.shape)
    const group = channels / spec.groups
    const { kernels, bias } = yield* weightsOf(spec, group, dtype)
    const { vertical, horizontal } = windowAxes(spec, height, width)
    const count = spec.size[0] * spec.size[1] * group
    const round = rounder(dtype)
    return ({ row, column, channel: filter }) => {
      const firstChannel = Math.floor(filter / (spec.filters / spec.groups)) * group
      const columns = windowTaps(column, horizontal, width)
      const from = new Int32Array(count).fill(-1)
      let at = 0
      for (const y of windowTaps(row, vertical, height)) {
        for (const x of columns) {
          for (let c = firstChannel; c < firstChannel + group; c++, at++) {
            if (y >= 0 && x >= 0) from[at] = (y * width + x) * channels + c
          }
        }
      }
      const values = valuesAt(input.data, from, 0)
      const weights = kernels.subarray(filter * count, (filter + 1) * count)
      const products = new Float64Array(count)
      for (let i = 0; i < count; i++) products[i] = round(values[i]! * weights[i]!)
      const dot = dtype === 'float64' ? pairwiseDot : pairwiseDot32
      const value = round(dot(values, 0, weights, 0, count) + bias[filter]!)
      return {
        kind: 'sum',
        readings: { from, input: values, window: [spec.size[0], spec.size[1], group] },
        weights,
        products,
        bias: spec.bias.length > 0 ? bias[filter]! : null,
        divisor: null,
        counted: null,
        value,
      }
    }
  },
  reach(input, spec, { rows, columns, channels }) {
    const [height, width, inputs] = pictureShape(input)
    const group = inputs / spec.groups
    const { vertical, horizontal } = windowAxes(spec, height, width)
    const groups = distinct(channels.map((filter) => Math.floor(filter / (spec.filters / spec.groups))))
    return {
      rows: windowsReach(rows, vertical, height),
      columns: windowsReach(columns, horizontal, width),
      channels: groups.flatMap((g) => Array.from({ length: group }, (_, c) => g * group + c)),
    }
  },
}
