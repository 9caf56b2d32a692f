/** Reading a rectangle of some channels out of a stage, as it is or as means over blocks. */

import type { TensorWindow, WindowRequest } from '../../shared/api.ts'
import { LoupeError } from '../../shared/errors.ts'
import {
  bytesPerElement,
  dtypeOf,
  elementCount,
  pictureShape,
  type DType,
  type Rect,
  type Tensor,
  type TensorData,
} from '../../shared/tensor.ts'
import { finish, type Steps } from '../layers/steps.ts'
import { requireSameShape, subtract } from './difference.ts'

/** The largest answer, in bytes: it is copied between processes and held there. */
const largestWindow = 256 * 1024 ** 2

/** Elements read between two pauses. */
const pause = 1 << 18

/**
 * The elements of `request.rect` and `request.channels` of a stage (a vector is 1 × 1 × n), in the stage's own dtype.
 * Where the rectangle is larger than `maxSize`, each element is the mean of step × step elements, added in row-major order
 * (fewer at the right and bottom edge; rounded for uint8); `step` is the smallest that fits.
 * With `minus`, all that of `tensor` minus `minus`, in float64.
 * Throws `bad-request` for an empty rectangle or range, one that leaves the stage, or an answer over 256 MB;
 * `shapes-differ` for a `minus` of another shape.
 */
export function* windowSteps(tensor: Tensor, request: WindowRequest, minus?: Tensor): Steps<TensorWindow> {
  if (minus) requireSameShape(tensor.shape, minus.shape)
  const [height, width, depth] = pictureShape(tensor.shape)
  const rect = request.rect ?? { left: 0, top: 0, width, height }
  const [first, end] = request.channels ?? [0, depth]
  checkWindow(rect, first, end, [height, width, depth])
  const step = Math.max(1, Math.ceil(Math.max(rect.width, rect.height) / (request.maxSize ?? Infinity)))
  const rows = Math.ceil(rect.height / step)
  const columns = Math.ceil(rect.width / step)
  const channels = end - first
  const count = rows * columns * channels
  const dtype = minus ? 'float64' : dtypeOf(tensor.data)
  if (count * bytesPerElement[dtype] > largestWindow) {
    throw new LoupeError('bad-request', 'That is too much to read at once; ask for fewer channels or a smaller size.')
  }
  const data = dataOf(dtype, count)
  const window: TensorWindow = { rect, channels: [first, end], step, shape: [rows, columns, channels], data }
  const rowsAtOnce = Math.max(1, Math.floor(pause / (rect.width * step * channels)))
  for (let row = 0; row < rows; row += rowsAtOnce) {
    yield row / rows
    const last = Math.min(rows, row + rowsAtOnce)
    if (minus) subtractRows(tensor, minus, window, row, last)
    else readRows(tensor, window, row, last)
  }
  return window
}

/** `windowSteps` without a pause. */
export function readWindow(tensor: Tensor, request: WindowRequest, minus?: Tensor): TensorWindow {
  return finish(windowSteps(tensor, request, minus))
}

function checkWindow(rect: Rect, first: number, end: number, shape: readonly [number, number, number]): void {
  const [height, width, depth] = shape
  const numbers = [rect.left, rect.top, rect.width, rect.height, first, end]
  const whole = numbers.every((n) => Number.isSafeInteger(n) && n >= 0)
  if (
    !whole ||
    rect.width === 0 ||
    rect.height === 0 ||
    rect.left + rect.width > width ||
    rect.top + rect.height > height
  ) {
    throw new LoupeError(
      'bad-request',
      `The rectangle at row ${rect.top}, column ${rect.left} of ${rect.height}×${rect.width} does not lie inside ${height}×${width}.`,
    )
  }
  if (first >= end || end > depth) {
    throw new LoupeError('bad-request', `Channels ${first} to ${end} (exclusive) are not among the ${depth} there are.`)
  }
}

function dataOf(dtype: DType, count: number): TensorData {
  if (dtype === 'uint8') return new Uint8Array(count)
  return dtype === 'float32' ? new Float32Array(count) : new Float64Array(count)
}

/** Rows of a window, as they are or averaged. */
function readRows(tensor: Tensor, window: TensorWindow, from: number, to: number): void {
  if (window.step === 1) copyRows(tensor, window, from, to)
  else averageRows(tensor, window, from, to)
}

/** Rows of a window of `tensor` minus `minus`: every element subtracted first, and the differences averaged. */
function subtractRows(tensor: Tensor, minus: Tensor, window: TensorWindow, from: number, to: number): void {
  const { rect, channels, step, shape, data } = window
  const top = from * step
  const height = Math.min(to * step, rect.height) - top
  const under = { ...rect, top: rect.top + top, height }
  const differences = elements(tensor, under, channels)
  subtract(differences.data, elements(minus, under, channels).data)
  const row = shape[1] * shape[2]
  const part: TensorWindow = {
    rect: { left: 0, top: 0, width: rect.width, height },
    channels: [0, shape[2]],
    step,
    shape: [to - from, shape[1], shape[2]],
    data: data.subarray(from * row, to * row),
  }
  readRows(differences, part, 0, to - from)
}

/** A rectangle of some channels as a tensor of its own. */
function elements(tensor: Tensor, rect: Rect, channels: readonly [number, number]): Tensor<Float64Array> {
  const shape = [rect.height, rect.width, channels[1] - channels[0]] as const
  const data = new Float64Array(elementCount(shape))
  copyRows(tensor, { rect, channels, step: 1, shape, data }, 0, rect.height)
  return { shape, data }
}

function copyRows(tensor: Tensor, window: TensorWindow, from: number, to: number): void {
  const [, width, depth] = pictureShape(tensor.shape)
  const [, columns, channels] = window.shape
  const { rect, data } = window
  const [first] = window.channels
  for (let row = from; row < to; row++) {
    let source = ((rect.top + row) * width + rect.left) * depth + first
    let target = row * columns * channels
    if (channels === depth) {
      data.set(tensor.data.subarray(source, source + columns * depth), target)
      continue
    }
    for (let column = 0; column < columns; column++, source += depth, target += channels) {
      for (let channel = 0; channel < channels; channel++) data[target + channel] = tensor.data[source + channel]!
    }
  }
}

function averageRows(tensor: Tensor, window: TensorWindow, from: number, to: number): void {
  const [, width, depth] = pictureShape(tensor.shape)
  const [, columns, channels] = window.shape
  const { rect, step, data } = window
  const [first] = window.channels
  const source = tensor.data
  const sums = new Float64Array(channels)
  const round = data instanceof Uint8Array
  for (let row = from; row < to; row++) {
    const top = rect.top + row * step
    const bottom = Math.min(top + step, rect.top + rect.height)
    for (let column = 0; column < columns; column++) {
      const left = rect.left + column * step
      const right = Math.min(left + step, rect.left + rect.width)
      sums.fill(0)
      for (let y = top; y < bottom; y++) {
        for (let x = left, at = (y * width + left) * depth + first; x < right; x++, at += depth) {
          for (let channel = 0; channel < channels; channel++) sums[channel]! += source[at + channel]!
        }
      }
      const area = (bottom - top) * (right - left)
      const target = (row * columns + column) * channels
      for (let channel = 0; channel < channels; channel++) {
        const mean = sums[channel]! / area
        data[target + channel] = round ? Math.round(mean) : mean
      }
    }
  }
}
