/** From the bytes of a picture to the tensor of its pixels, and what its header says of it. */

import type { Metadata } from 'sharp'
import type { ImageInfo } from '../../shared/api.ts'
import type { Tensor } from '../../shared/tensor.ts'
import { checkComplete } from './complete.ts'
import { flatten } from './flatten.ts'
import { imageFailure } from './failure.ts'
import type { ImageFile } from './format.ts'
import type { ImageLimits } from './limits.ts'
import { decoder, openImage } from './open.ts'
import { keepBytes } from './sharp.ts'

/** What the header tells: everything of ImageInfo that is not about the file itself. */
export type ImageProbe = Omit<ImageInfo, 'id' | 'name' | 'byteLength'>

export interface DecodeOptions {
  /** `ignore`: samples as stored; `srgb`: convert an embedded colour profile to sRGB. */
  readonly profile: 'ignore' | 'srgb'
  /** `#rrggbb` laid under transparent pixels. */
  readonly background: string
}

/** Reads the header, and whether the file goes on to its end. Throws `image-unsupported`, `image-damaged` or `image-too-large`, naming the file. */
export async function probeImage(file: ImageFile, limits: ImageLimits): Promise<ImageProbe> {
  const { format, header } = await openImage(file, limits)
  checkComplete(file, format)
  return {
    format,
    width: header.autoOrient.width,
    height: header.autoOrient.height,
    channels: isGrey(header) ? 1 : 3,
    space: spaceOf(header),
    depth: header.bitsPerSample ?? (header.depth === 'ushort' ? 16 : 8),
    orientation: header.orientation ?? 1,
    hasAlpha: header.hasAlpha,
    hasProfile: header.hasProfile,
    pages: header.pages ?? 1,
  }
}

/**
 * Decodes the first frame to (height, width, 1 or 3) bytes, with its EXIF orientation applied. Grey stays one channel;
 * palettes become RGB, CMYK becomes sRGB, transparency is flattened onto the background (flatten.ts). Of 16-bit
 * samples the high byte is kept, as Pillow and libvips do for colour.
 *
 * Throws `image-unsupported`, `image-damaged`, `image-too-large` or `image-timeout`, naming the file.
 */
export async function decodeImage(
  file: ImageFile,
  options: DecodeOptions,
  limits: ImageLimits,
): Promise<Tensor<Uint8Array>> {
  const { format, header } = await openImage(file, limits)
  const channels = isGrey(header) ? 1 : 3
  // libvips makes 8 bits of 16-bit grey by way of linear light; the high byte has to be taken here.
  const deepGrey = header.space === 'grey16'
  // sharp drops the transparency of an 8-bit grey picture; as RGB, with three times the same value, it stays.
  const space = deepGrey ? 'grey16' : channels === 1 && !header.hasAlpha ? 'b-w' : 'srgb'
  const image = decoder(file, format, limits, { ignoreIcc: options.profile === 'ignore' })
    .toColourspace(space)
    .raw({ depth: deepGrey ? 'ushort' : 'uchar' })
  try {
    const { data, info } = await image.toBuffer({ resolveWithObject: true })
    const bytes = deepGrey ? highBytes(data) : keepBytes(data)
    const opaque = info.channels === channels ? bytes : flatten(bytes, info.channels, channels, options.background)
    return { shape: [info.height, info.width, channels], data: opaque }
  } catch (error) {
    throw imageFailure(file, error, limits)
  }
}

/** One channel, perhaps with transparency; a palette of greys is still a palette. */
function isGrey(header: Metadata): boolean {
  return (header.space === 'b-w' || header.space === 'grey16') && !header.isPalette
}

function spaceOf(header: Metadata): ImageInfo['space'] {
  const { space } = header
  if (isGrey(header)) return 'grey'
  if (space === 'cmyk') return 'cmyk'
  return header.isPalette || space === 'srgb' || space === 'rgb' || space === 'rgb16' ? 'rgb' : 'other'
}

function highBytes(data: Buffer): Uint8Array {
  const samples = new Uint16Array(data.buffer, data.byteOffset, data.length / 2)
  const bytes = new Uint8Array(samples.length)
  for (let i = 0; i < bytes.length; i++) bytes[i] = samples[i]! >> 8
  return bytes
}
