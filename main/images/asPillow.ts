/** A picture as Pillow's `Image.open` has it: its own mode, transparency kept, not turned by its EXIF orientation. */

import type { Metadata } from 'sharp'
import { LoupeError } from '../../shared/errors.ts'
import type { OpenedPicture, PictureMode } from '../../shared/lab.ts'
import { imageFailure } from './failure.ts'
import { quotedName, type ImageFile, type ImageFormat } from './format.ts'
import type { ImageLimits } from './limits.ts'
import { decoder, openImage } from './open.ts'
import { keepBytes } from './sharp.ts'

/**
 * The first frame, samples as stored (of 16-bit colour the high byte), with the channels of its mode; a palette's colours
 * for `P`. Throws as `decodeImage`, and `image-unsupported` for a mode the lab has not.
 */
export async function openAsPillow(file: ImageFile, limits: ImageLimits): Promise<OpenedPicture> {
  const { format, header } = await openImage(file, limits)
  const mode = modeOf(file, format, header)
  if (typeof mode !== 'string') {
    throw new LoupeError(
      'image-unsupported',
      `Pillow opens ${quotedName(file)} in a mode the lab has not (${mode.lacking}); the lab has it as image, in 8 bits.`,
    )
  }
  const isGrey = (mode === 'L' || mode === '1') && !header.hasAlpha
  const image = decoder(file, format, limits, { ignoreIcc: true, autoOrient: false })
    .toColourspace(isGrey ? 'b-w' : 'srgb')
    .raw({ depth: 'uchar' })
  try {
    const { data, info } = await image.toBuffer({ resolveWithObject: true })
    const channels = mode === 'P' ? info.channels : channelsOf[mode].length
    const bytes = keepBytes(data)
    const own = mode === 'P' ? bytes : pick(bytes, info.channels, channelsOf[mode])
    return { mode, format: format.toUpperCase(), photo: { shape: [info.height, info.width, channels], data: own } }
  } catch (error) {
    throw imageFailure(file, error, limits)
  }
}

type Lacking = { readonly lacking: string }

/** Where each channel of a mode lies in what was decoded; −1: the last, if that is an opacity, else opaque. */
const channelsOf: Readonly<Record<Exclude<PictureMode, 'P'>, readonly number[]>> = {
  '1': [0],
  L: [0],
  LA: [0, -1],
  RGB: [0, 1, 2],
  RGBA: [0, 1, 2, -1],
}

function pick(bytes: Uint8Array, channels: number, wanted: readonly number[]): Uint8Array {
  if (channels === wanted.length) return bytes
  const pixels = bytes.length / channels
  const hasOpacity = channels === 2 || channels === 4
  const picked = new Uint8Array(pixels * wanted.length).fill(255)
  wanted.forEach((from, to) => {
    if (from < 0 && !hasOpacity) return
    const at = from < 0 ? channels - 1 : Math.min(from, channels - 1)
    for (let pixel = 0; pixel < pixels; pixel++) picked[pixel * wanted.length + to] = bytes[pixel * channels + at]!
  })
  return picked
}

/** As Pillow's own readers of each format decide it. */
function modeOf({ bytes }: ImageFile, format: ImageFormat, header: Metadata): PictureMode | Lacking {
  if (header.space === 'cmyk') return { lacking: 'CMYK' }
  if (format === 'png') return pngMode(bytes[24]!, bytes[25]!)
  if (format === 'gif' || header.isPalette) return 'P'
  if (header.space === 'grey16') return { lacking: '16 bits of grey' }
  if (header.space === 'b-w') {
    if (header.bitsPerSample === 1) return '1'
    return header.hasAlpha ? 'LA' : 'L'
  }
  return header.hasAlpha ? 'RGBA' : 'RGB'
}

/** By PNG's bit depth and colour type (PNG 11.2.2). A transparent colour alone (tRNS) gives Pillow no channel. */
function pngMode(depth: number, type: number): PictureMode | Lacking {
  switch (type) {
    case 0:
      if (depth === 16) return { lacking: '16 bits of grey' }
      return depth === 1 ? '1' : 'L'
    case 2:
      return 'RGB'
    case 3:
      return 'P'
    case 4:
      return depth === 16 ? 'RGBA' : 'LA'
    default:
      return 'RGBA'
  }
}
