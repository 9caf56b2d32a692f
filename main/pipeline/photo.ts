/** What the array lab does to pictures, as Pillow does it: its resize, with the layers' own function, and its `convert`. */

import type { OpenedPicture, PictureMode } from '../../shared/lab.ts'
import type { Steps } from '../../shared/steps.ts'
import type { Size, Tensor } from '../../shared/tensor.ts'
import { luma } from '../layers/input.ts'
import { resample, type ResampleFilter } from '../layers/resample.ts'

type Photo = Tensor<Uint8Array>

/**
 * `Image.resize(size, filter)`. Palettes and bilevel pictures are resized by the nearest pixel; with transparency colours
 * count by their opacity, as Pillow does.
 */
export function* resizePicture({ mode, photo }: OpenedPicture, size: Size, filter: ResampleFilter): Steps<Photo> {
  if (mode === 'P' || mode === '1') return yield* resample(photo, size, 'nearest')
  const hasOpacity = mode === 'LA' || mode === 'RGBA'
  if (!hasOpacity || filter === 'nearest') return yield* resample(photo, size, filter)
  const [height, width, channels] = photo.shape as [number, number, number]
  const colours = premultiplied(photo)
  const shape = [size.height, size.width, channels]
  const data = new Uint8Array(size.height * size.width * channels)
  // The layers' resize is made for one channel and for three.
  for (let channel = 0; channel < channels; channel++) {
    const one = { shape: [height, width, 1], data: colours.filter((_, i) => i % channels === channel) }
    const steps = resample(one, size, filter)
    let turn = steps.next()
    for (; !turn.done; turn = steps.next()) yield (channel + turn.value) / channels
    turn.value.data.forEach((value, i) => (data[i * channels + channel] = value))
  }
  return { shape, data: divided({ shape, data }) }
}

/** Colours times opacity / 255, rounded (Pillow's MULDIV255). */
function premultiplied({ shape, data }: Photo): Uint8Array {
  const channels = shape[2]!
  const made = Uint8Array.from(data)
  for (let at = 0; at < made.length; at += channels) {
    const opacity = made[at + channels - 1]!
    for (let channel = 0; channel < channels - 1; channel++) {
      const product = made[at + channel]! * opacity + 128
      made[at + channel] = ((product >> 8) + product) >> 8
    }
  }
  return made
}

/** Back again: 255 · colour / opacity, truncated and no more than 255; where nothing or all is seen, as it is. */
function divided({ shape, data }: Photo): Uint8Array {
  const channels = shape[2]!
  const made = Uint8Array.from(data)
  for (let at = 0; at < made.length; at += channels) {
    const opacity = made[at + channels - 1]!
    if (opacity === 0 || opacity === 255) continue
    for (let channel = 0; channel < channels - 1; channel++) {
      made[at + channel] = Math.min(255, Math.floor((255 * made[at + channel]!) / opacity))
    }
  }
  return made
}

/** `Image.convert(mode)`: grey is BT.601 luma; transparency is dropped, kept, or opaque where there was none. */
export function convertPicture({ mode, photo }: OpenedPicture, to: Exclude<PictureMode, 'P' | '1'>): Photo {
  const [height, width, channels] = photo.shape as [number, number, number]
  if (mode === to) return photo
  const { data } = photo
  const pixels = height * width
  const isGrey = channels <= 2
  const wanted = { L: 1, LA: 2, RGB: 3, RGBA: 4 }[to]
  const made = new Uint8Array(pixels * wanted).fill(255)
  const greys = wanted <= 2 && !isGrey ? luma(colours(data, channels, pixels), 3, 0, pixels) : null
  for (let pixel = 0; pixel < pixels; pixel++) {
    const [source, target] = [pixel * channels, pixel * wanted]
    if (wanted <= 2) made[target] = greys ? greys[pixel]! : data[source]!
    else for (let channel = 0; channel < 3; channel++) made[target + channel] = data[source + (isGrey ? 0 : channel)]!
    if (wanted % 2 === 0 && channels % 2 === 0) made[target + wanted - 1] = data[source + channels - 1]!
  }
  return { shape: [height, width, wanted], data: made }
}

/** Red, green and blue alone. */
function colours(data: Uint8Array, channels: number, pixels: number): Uint8Array {
  if (channels === 3) return data
  const made = new Uint8Array(pixels * 3)
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let channel = 0; channel < 3; channel++) made[pixel * 3 + channel] = data[pixel * channels + channel]!
  }
  return made
}
