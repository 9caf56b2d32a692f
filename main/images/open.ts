/** Opens an untrusted picture with sharp, the same careful way for everything that is done with it. */

import type { Metadata, Sharp, SharpOptions } from 'sharp'
import { LoupeError } from '../../shared/errors.ts'
import { checkComplete } from './complete.ts'
import { imageFailure, tooManyChannels } from './failure.ts'
import { quotedName, sniffFormat, type ImageFile, type ImageFormat } from './format.ts'
import { checkByteLength, checkPixels, type ImageLimits } from './limits.ts'
import { sharp } from './sharp.ts'

export interface OpenedImage {
  readonly format: ImageFormat
  /** From the header alone: nothing has been decoded. */
  readonly header: Metadata
}

/** Checks bytes, format and size from the header; nothing is decoded, so a picture too large is refused at once. */
export async function openImage(file: ImageFile, limits: ImageLimits): Promise<OpenedImage> {
  checkByteLength(file, limits)
  const format = sniffFormat(file)
  let header: Metadata
  try {
    // Our own check of the size says more than sharp's.
    header = await sharp(file.bytes, { failOn: 'none', limitInputPixels: false }).metadata()
  } catch (error) {
    checkComplete(file, format)
    throw imageFailure(file, error, limits)
  }
  checkPixels(file, header.width, header.height, limits)
  checkSamples(file, header)
  return { format, header }
}

/** A decoder of the first frame; errors of the file become coded by `imageFailure`. */
export function decoder(file: ImageFile, format: ImageFormat, limits: ImageLimits, options: SharpOptions = {}): Sharp {
  return sharp(file.bytes, {
    // JPEG tells of broken data only by warnings. Other formats warn of harmless things (unknown tags, later frames).
    failOn: format === 'jpeg' ? 'warning' : 'error',
    limitInputPixels: limits.pixels,
    sequentialRead: true,
    autoOrient: true,
    pages: 1,
    ...options,
  }).timeout({ seconds: Math.max(1, Math.ceil(limits.seconds)) })
}

/** Whole numbers of up to 16 bits, in grey, colour or CMYK, each with or without transparency. */
function checkSamples(file: ImageFile, header: Metadata): void {
  const { depth, channels } = header
  if (depth !== 'uchar' && depth !== 'ushort') {
    throw new LoupeError(
      'image-unsupported',
      `${quotedName(file)} has samples of a kind LayerLoupe does not read (${depth}). Save it with 8 or 16 bits a sample.`,
      { depth },
    )
  }
  if (channels > (header.space === 'cmyk' ? 5 : 4)) throw tooManyChannels(file)
}
