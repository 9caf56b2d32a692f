/** Made-up photos and stages for the fake engine: the right shapes, plausible numbers, the same every time. */

import type { DifferenceSummary, Histogram, TensorStatistics, TensorWindow, WindowRequest } from '../../shared/api.ts'
import { LoupeError } from '../../shared/errors.ts'
import { definitionOf, type LayerSpec } from '../../shared/layers/index.ts'
import { elementCount, formatShape, pictureShape, type Shape, type Tensor } from '../../shared/tensor.ts'

/** A landscape with a sun, hills and a fence: flat parts, slopes and hard edges. `u`, `v` in [0, 1]; returns 0 to 255. */
function scene(u: number, v: number, channel: number, seed: number): number {
  const sunU = 0.25 + 0.5 * (((seed * 37) % 100) / 100)
  const hill = 0.62 + 0.08 * Math.sin(u * 9 + seed) + 0.04 * Math.sin(u * 23 + seed * 2)
  const sun = Math.hypot((u - sunU) * 1.4, v - 0.3) < 0.13
  if (v > hill + 0.16 && v < hill + 0.24 && (u * 24 + seed) % 1 < 0.45) return [236, 226, 205][channel]!
  if (v > hill) return ([70, 118, 58][channel]! * (1.3 - v * 0.7)) | 0
  if (sun) return [255, 214, 120][channel]!
  return ([70, 130, 205][channel]! * (0.75 + v * 0.55)) | 0
}

/** A photo of (height, width, channels), uint8. */
export function syntheticPhoto(seed: number, height: number, width: number, channels: 1 | 3): Tensor<Uint8Array> {
  const data = new Uint8Array(height * width * channels)
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < channels; c++) data[at++] = scene(x / width, y / height, channels === 1 ? 1 : c, seed)
    }
  }
  return { shape: [height, width, channels], data }
}

/** What a layer might have made of its input: the true shape, values of the right character. */
export function syntheticStage(spec: LayerSpec, input: Tensor, index: number): Tensor<Float64Array> {
  const definition = definitionOf(spec)
  const shape = definition.outputShape(input.shape, spec)
  const count = elementCount(shape)
  const values = Float64Array.from(input.data)
  if (shape.length === 1 && input.shape.length === 1 && count === values.length) return { shape, data: shares(values) }
  if (shape.length === 1 && count === values.length) return { shape, data: values }
  if (shape.length === 1) return { shape, data: values.slice(0, count).map((x, i) => x - 0.5 + 0.1 * i) }
  const data = new Float64Array(count)
  const [height, width, channels] = pictureShape(shape)
  const [h, w, c] = pictureShape(input.shape)
  const mixes = (definition.parameterCount?.(input.shape, spec) ?? 0) > 0
  const inPlace = definition.picture === 'map' && height === h && width === w && channels === c
  const brightness = index === 0 ? 1 / 255 : 1
  for (let y = 0, at = 0; y < height; y++) {
    const row = Math.min(h - 1, Math.floor((y * h) / height))
    for (let x = 0; x < width; x++) {
      const column = Math.min(w - 1, Math.floor((x * w) / width))
      for (let k = 0; k < channels; k++) {
        const here = values[(row * w + column) * c + (k % c)]! * brightness
        if (mixes) {
          const angle = k * 1.1
          const dy = Math.min(h - 1, Math.max(0, row + Math.round(Math.sin(angle))))
          const dx = Math.min(w - 1, Math.max(0, column + Math.round(Math.cos(angle))))
          const there = values[(dy * w + dx) * c + ((k + 1) % c)]!
          data[at++] = channels === 1 ? (here + there) / 2 : (here - there) * (1 + k / 4) + (k % 4 === 3 ? here : 0)
        } else data[at++] = inPlace && index > 0 ? Math.max(0, here) : here
      }
    }
  }
  return { shape, data }
}

function shares(values: Float64Array): Float64Array {
  const powers = values.map((x) => Math.exp(x))
  const sum = powers.reduce((total, x) => total + x, 0)
  return powers.map((x) => x / sum)
}

/** The rectangle and channels asked for, as block means where larger than `maxSize`. */
export function syntheticWindow(tensor: Tensor, request: WindowRequest): TensorWindow {
  const [h, w, c] = pictureShape(tensor.shape)
  const rect = request.rect ?? { left: 0, top: 0, width: w, height: h }
  const channels = request.channels ?? [0, c]
  const step = Math.max(1, Math.ceil(Math.max(rect.width, rect.height) / (request.maxSize ?? Infinity)))
  const shape = [Math.ceil(rect.height / step), Math.ceil(rect.width / step), channels[1] - channels[0]] as const
  const size = elementCount(shape)
  const data =
    step === 1 && tensor.data instanceof Uint8Array
      ? new Uint8Array(size)
      : tensor.data instanceof Float32Array
        ? new Float32Array(size)
        : new Float64Array(size)
  for (let y = 0, at = 0; y < shape[0]; y++) {
    for (let x = 0; x < shape[1]; x++) {
      for (let k = channels[0]; k < channels[1]; k++) data[at++] = blockMean(tensor.data, [w, c], rect, step, y, x, k)
    }
  }
  return { rect, channels, step, shape, data }
}

function blockMean(
  data: Tensor['data'],
  [w, c]: readonly [number, number],
  rect: TensorWindow['rect'],
  step: number,
  y: number,
  x: number,
  k: number,
): number {
  let sum = 0
  let count = 0
  for (let row = y * step; row < Math.min(rect.height, (y + 1) * step); row++) {
    for (let column = x * step; column < Math.min(rect.width, (x + 1) * step); column++) {
      sum += data[((rect.top + row) * w + rect.left + column) * c + k]!
      count++
    }
  }
  return sum / count
}

/** One stage minus another; refused as the engine refuses it. */
export function syntheticDifference(tensor: Tensor, minus: Tensor): Tensor<Float64Array> {
  const [shape, other] = [formatShape(tensor.shape), formatShape(minus.shape)]
  if (shape !== other) {
    throw new LoupeError('shapes-differ', `There is no difference of ${shape} and ${other}.`, { shape, other })
  }
  return { shape: tensor.shape, data: Float64Array.from(tensor.data, (value, i) => value - minus.data[i]!) }
}

/** All of a difference, where any of it is not 0. */
export function syntheticChanges({ shape, data }: Tensor<Float64Array>): DifferenceSummary['changed'] {
  const count = data.reduce((sum, value) => sum + (value === 0 ? 0 : 1), 0)
  const [height, width, channels] = pictureShape(shape)
  return count === 0 ? null : { rect: { left: 0, top: 0, width, height }, channels: [0, channels], count }
}

/** Statistics over the finite values of a tensor. */
export function measure(tensor: Tensor): TensorStatistics & { readonly shape: Shape } {
  const [, , channels] = pictureShape(tensor.shape)
  const ranges = Array.from({ length: channels }, (): [number, number] => [Infinity, -Infinity])
  let [min, max, sum, squares, count, nan, infinite] = [Infinity, -Infinity, 0, 0, 0, 0, 0]
  tensor.data.forEach((value, i) => {
    if (Number.isNaN(value)) nan++
    else if (!Number.isFinite(value)) infinite++
    else {
      const range = ranges[i % channels]!
      range[0] = Math.min(range[0], value)
      range[1] = Math.max(range[1], value)
      min = Math.min(min, value)
      max = Math.max(max, value)
      sum += value
      squares += value * value
      count++
    }
  })
  if (count === 0) [min, max] = [0, 0]
  const mean = count ? sum / count : 0
  const std = Math.sqrt(Math.max(0, (count ? squares / count : 0) - mean * mean))
  const histogram = countValues(tensor, min, max)
  return { shape: tensor.shape, min, max, mean, std, nan, infinite, histogram, channelRanges: ranges }
}

function countValues(tensor: Tensor, from: number, to: number): Histogram {
  const counts = new Array<number>(64).fill(0)
  for (const value of tensor.data) {
    if (!Number.isFinite(value)) continue
    const bin = to > from ? Math.min(63, Math.floor(((value - from) / (to - from)) * 64)) : 0
    counts[bin]!++
  }
  return { from, to, counts }
}

/** A 24-bit BMP of a synthetic photo: the one picture format that needs no compressor. */
export function encodeBitmap(photo: Tensor<Uint8Array>): Uint8Array {
  const [height, width, channels] = pictureShape(photo.shape)
  const stride = Math.ceil((width * 3) / 4) * 4
  const bytes = new Uint8Array(54 + stride * height)
  const view = new DataView(bytes.buffer)
  bytes.set([0x42, 0x4d])
  view.setUint32(2, bytes.length, true)
  view.setUint32(10, 54, true)
  view.setUint32(14, 40, true)
  view.setInt32(18, width, true)
  view.setInt32(22, -height, true)
  view.setUint16(26, 1, true)
  view.setUint16(28, 24, true)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < 3; c++) {
        const channel = channels === 1 ? 0 : 2 - c
        bytes[54 + y * stride + x * 3 + c] = photo.data[(y * width + x) * channels + channel]!
      }
    }
  }
  return bytes
}
