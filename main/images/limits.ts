/** How large a picture may be and how long it may take, and the sentences that refuse one. */

import { LoupeError } from '../../shared/errors.ts'
import { quotedName, type ImageFile } from './format.ts'

export interface ImageLimits {
  /** Width times height of the picture. */
  readonly pixels: number
  /** Size of the file. */
  readonly bytes: number
  /** Time to decode one picture. */
  readonly seconds: number
}

export const defaultLimits: ImageLimits = { pixels: 50_000_000, bytes: 256_000_000, seconds: 20 }

export function checkByteLength(file: ImageFile, limits: ImageLimits): void {
  const { length } = file.bytes
  if (length <= limits.bytes) return
  throw new LoupeError(
    'image-too-large',
    `${quotedName(file)} is too large: the file has ${megabytes(length)} MB, and the limit is ${megabytes(limits.bytes)} MB. Save it smaller.`,
    { bytes: length, limit: limits.bytes },
  )
}

export function checkPixels(file: ImageFile, width: number, height: number, limits: ImageLimits): void {
  const pixels = width * height
  if (pixels <= limits.pixels) return
  throw new LoupeError(
    'image-too-large',
    `${quotedName(file)} is too large: ${width} × ${height} is ${millions(pixels)} million pixels, and the limit is ${millions(limits.pixels)} million. Save it smaller, or raise the pixel limit in the settings or with --max-pixels.`,
    { width, height, pixels, limit: limits.pixels },
  )
}

function megabytes(bytes: number): string {
  return String(Number((bytes / 1e6).toPrecision(3)))
}

function millions(pixels: number): string {
  return String(Number((pixels / 1e6).toPrecision(3)))
}
