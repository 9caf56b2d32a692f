/** From pixels to encoded pictures: PNG of computed pixels, and thumbnails of added photos. */

import type { Picture } from '../../shared/api.ts'
import { imageFailure } from './failure.ts'
import type { ImageFile } from './format.ts'
import type { ImageLimits } from './limits.ts'
import { decoder, openImage } from './open.ts'
import { keepBytes, sharp } from './sharp.ts'
import type { Tensor } from '../../shared/tensor.ts'

export interface PixelLayout {
  readonly width: number
  readonly height: number
  readonly channels: 1 | 3 | 4
}

/** Encodes row-major bytes losslessly; one channel gives a one-channel PNG. */
export async function encodePng(pixels: Uint8Array, layout: PixelLayout): Promise<Uint8Array> {
  const image = sharp(pixels, { raw: layout, limitInputPixels: false })
    // Without it sharp would write one channel as three.
    .toColourspace(layout.channels === 1 ? 'b-w' : 'srgb')
    // Figures are flat areas and repeated rows: a higher level takes three times as long for a tenth or two of the bytes.
    .png({ compressionLevel: 2 })
  return keepBytes(await image.toBuffer())
}

/** The same as a small PNG, at most `height` pixels high, never enlarged. */
export async function encodeIcon(pixels: Uint8Array, layout: PixelLayout, height: number): Promise<Uint8Array> {
  const image = sharp(pixels, { raw: layout, limitInputPixels: false })
    .resize({ height, withoutEnlargement: true })
    .png()
  return keepBytes(await image.toBuffer())
}

/**
 * A picture of the photo no larger than `size` on either side, never enlarged, its colours converted to sRGB.
 * JPEG and WebP are decoded at a fraction of their size where that is possible.
 * Small or transparent pictures come as PNG, so that pixel art stays crisp; the others as JPEG.
 */
export async function thumbnail(file: ImageFile, size: number, limits: ImageLimits): Promise<Picture> {
  const { format, header } = await openImage(file, limits)
  const small = Math.max(header.width, header.height) <= size
  const image = decoder(file, format, limits).resize({
    width: size,
    height: size,
    fit: 'inside',
    withoutEnlargement: true,
  })
  const lossless = small || header.hasAlpha
  try {
    const bytes = lossless
      ? await image.png({ compressionLevel: 3 }).toBuffer()
      : await image.jpeg({ quality: 85, chromaSubsampling: '4:4:4' }).toBuffer()
    return { type: lossless ? 'image/png' : 'image/jpeg', bytes: keepBytes(bytes) }
  } catch (error) {
    throw imageFailure(file, error, limits)
  }
}

/** A photo of bytes, or of their means, as a JPEG no larger than `side` on either side, never enlarged. */
export async function photoThumbnail({ shape, data }: Tensor, side: number): Promise<Uint8Array> {
  const [height, width, channels] = shape as [number, number, 1 | 3]
  const bytes = data instanceof Uint8Array ? data : new Uint8ClampedArray(data)
  const image = sharp(bytes, { raw: { width, height, channels }, limitInputPixels: false })
    .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true, kernel: 'linear' })
    .jpeg({ quality: 75 })
  return keepBytes(await image.toBuffer())
}
