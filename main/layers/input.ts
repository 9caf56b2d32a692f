import { input as definition, scaledByte, type InputSpec } from '../../shared/layers/input.ts'
import { zeros, type FloatDType, type Tensor } from '../../shared/tensor.ts'
import type { LayerFunction } from './layer.ts'
import { resample } from './resample.ts'
import { part } from './steps.ts'

/** Pixels between two yields. */
const PIXELS_PER_STEP = 100_000

/**
 * The photo as the network sees it, in the words of NumPy and Pillow, each operation rounded to `dtype`:
 *
 *     photo = photo.resize(size, filter)                  # all channels, in bytes
 *     grey  = photo.mean(axis=2).astype(np.uint8)         # colour 'mean'
 *           | photo.convert('L')                          # 'luma': (19595 R + 38470 G + 7471 B + 32768) >> 16
 *     x     = grey.astype(dtype) / 255                    # range 'unit'
 *           | grey.astype(dtype) / 127.5 - 1              # 'signed'
 *           | (grey.astype(dtype) / 255 - mean) / std     # 'standard', mean and std for all or for each channel
 *
 * A grey photo keeps its values for 'mean' and 'luma' and is repeated three times for 'rgb'.
 */
export const input: LayerFunction<'input'> = function* (photo, spec, dtype) {
  const shape = definition.outputShape(photo.shape, spec)
  const [height, width, channels] = shape as [number, number, number]
  const output = zeros(shape, dtype)
  const pixels = width * height
  // The resize is most of the work; what follows looks values up.
  const resized = yield* part(resample(photo as Tensor<Uint8Array>, { width, height }, spec.filter), 0, 0.9)
  const tables = Array.from({ length: channels }, (_, channel) => valueTable(spec.range, channel, dtype))
  const toBytes = channels === 3 ? threeChannels : spec.colour === 'luma' ? luma : mean
  for (let pixel = 0; pixel < pixels; pixel += PIXELS_PER_STEP) {
    const end = Math.min(pixels, pixel + PIXELS_PER_STEP)
    const bytes = toBytes(resized.data, resized.shape[2]!, pixel, end)
    for (let channel = 0; channel < channels; channel++) {
      lookUp(bytes, tables[channel]!, output.data, pixel * channels, channel, channels)
    }
    yield 0.9 + (0.1 * end) / pixels
  }
  return output
}

/** The bytes of pixels `from` to `to` as three channels. */
function threeChannels(data: Uint8Array, channels: number, from: number, to: number): Uint8Array {
  if (channels === 3) return data.subarray(from * 3, to * 3)
  const bytes = new Uint8Array((to - from) * 3)
  for (let i = from, at = 0; i < to; i++, at += 3) bytes.fill(data[i]!, at, at + 3)
  return bytes
}

/** The mean of the channels, truncated; exact, since a third of a whole number never rounds up to the next. */
export function mean(data: Uint8Array, channels: number, from: number, to: number): Uint8Array {
  if (channels === 1) return data.subarray(from, to)
  const bytes = new Uint8Array(to - from)
  for (let i = 0, at = from * 3; i < bytes.length; i++, at += 3) {
    bytes[i] = (data[at]! + data[at + 1]! + data[at + 2]!) / 3
  }
  return bytes
}

/** BT.601 luma in 16-bit fixed point, Pillow's `convert('L')`. */
export function luma(data: Uint8Array, channels: number, from: number, to: number): Uint8Array {
  if (channels === 1) return data.subarray(from, to)
  const bytes = new Uint8Array(to - from)
  for (let i = 0, at = from * 3; i < bytes.length; i++, at += 3) {
    bytes[i] = (data[at]! * 19595 + data[at + 1]! * 38470 + data[at + 2]! * 7471 + 0x8000) >> 16
  }
  return bytes
}

/** What each of the 256 byte values becomes in a channel. */
export function valueTable(range: InputSpec['range'], channel: number, dtype: FloatDType): Float64Array {
  return Float64Array.from({ length: 256 }, (_, byte) => scaledByte(range, byte, channel, dtype))
}

function lookUp(
  bytes: Uint8Array,
  table: Float64Array,
  output: Float32Array | Float64Array,
  start: number,
  channel: number,
  channels: number,
): void {
  for (let i = channel; i < bytes.length; i += channels) output[start + i] = table[bytes[i]!]!
}
