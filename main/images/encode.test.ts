import { describe, expect, it } from 'vitest'
import { buildPng, withOrientation } from '../../tests/support/awkward.ts'
import { encodePng, thumbnail } from './encode.ts'
import { defaultLimits } from './limits.ts'
import { sharp } from './sharp.ts'

async function rawPixels(bytes: Uint8Array) {
  const { space } = await sharp(bytes).metadata()
  const image = sharp(bytes).toColourspace(space)
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, channels: info.channels, pixels: [...data] }
}

describe('encodePng', () => {
  it.each([
    [1, 0],
    [3, 2],
    [4, 6],
  ] as const)('writes %i channels with PNG colour type %i, losslessly', async (channels, colourType) => {
    const pixels = Uint8Array.from({ length: 5 * 4 * channels }, (_, i) => (i * 37 + 5) % 256)
    const png = await encodePng(pixels, { width: 5, height: 4, channels })
    expect([...png.subarray(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
    // IHDR: width, height, bits, colour type.
    expect([...png.subarray(16, 26)]).toEqual([0, 0, 0, 5, 0, 0, 0, 4, 8, colourType])
    expect(await rawPixels(png)).toEqual({ width: 5, height: 4, channels, pixels: [...pixels] })
  })
})

describe('thumbnail', () => {
  async function thumbnailOf(bytes: Uint8Array, size: number) {
    const { type, bytes: small } = await thumbnail({ name: 'a', bytes }, size, defaultLimits)
    return { type, ...(await rawPixels(small)) }
  }

  function flat(width: number, height: number, background: { r: number; g: number; b: number; alpha?: number }) {
    return sharp({ create: { width, height, channels: background.alpha === undefined ? 3 : 4, background } })
  }

  it.each([
    [640, 400, 160, 100],
    [400, 640, 100, 160],
    [5000, 3, 160, 1],
  ])('fits %i × %i into 160 × 160 as %i × %i, in its colour', async (width, height, wide, high) => {
    const jpeg = await flat(width, height, { r: 200, g: 60, b: 20 }).jpeg({ quality: 95 }).toBuffer()
    const small = await thumbnailOf(jpeg, 160)
    expect([small.type, small.width, small.height]).toEqual(['image/jpeg', wide, high])
    for (const [channel, value] of [200, 60, 20].entries()) {
      expect(Math.abs(small.pixels[channel]! - value)).toBeLessThan(6)
    }
  })

  it('is upright', async () => {
    const jpeg = await flat(400, 200, { r: 1, g: 2, b: 3 }).jpeg().toBuffer()
    const small = await thumbnailOf(withOrientation(jpeg, 6), 100)
    expect([small.width, small.height]).toEqual([50, 100])
  })

  it('never enlarges, and keeps every pixel of a small picture', async () => {
    const pixels = [255, 0, 0, 0, 255, 0, 0, 0, 255, 1, 2, 3]
    const png = await sharp(Uint8Array.from(pixels), { raw: { width: 2, height: 2, channels: 3 } })
      .png()
      .toBuffer()
    expect(await thumbnailOf(png, 160)).toEqual({ type: 'image/png', width: 2, height: 2, channels: 3, pixels })
  })

  it('stays transparent where the picture is', async () => {
    const png = await flat(300, 300, { r: 10, g: 200, b: 30, alpha: 0.5 }).png().toBuffer()
    const small = await thumbnailOf(png, 64)
    expect([small.type, small.width, small.channels]).toEqual(['image/png', 64, 4])
    for (const [channel, value] of [10, 200, 30, 128].entries()) {
      expect(Math.abs(small.pixels[channel]! - value)).toBeLessThan(2)
    }
  })

  it('of a grey picture is grey', async () => {
    const rows = new Uint8Array(301 * 300).map((_, i) => (i % 301 === 0 ? 0 : 77))
    const small = await thumbnailOf(buildPng(300, 300, rows), 64)
    expect([small.width, small.height]).toEqual([64, 64])
    expect(Math.max(...small.pixels)).toBeLessThanOrEqual(79)
    expect(Math.min(...small.pixels)).toBeGreaterThanOrEqual(75)
  })

  it('shows the colours of an embedded profile', async () => {
    const wide = await flat(400, 400, { r: 255, g: 0, b: 0 }).withIccProfile('p3').png().toBuffer()
    const { pixels } = await thumbnailOf(wide, 64)
    expect(pixels[0]).toBeGreaterThan(250)
    expect(pixels[1]).toBeLessThan(8)
  })

  it('of a damaged or huge picture is refused like the picture', async () => {
    const jpeg = await flat(800, 800, { r: 1, g: 2, b: 3 }).jpeg().toBuffer()
    const cut = new Uint8Array(jpeg.subarray(0, jpeg.length / 2))
    await expect(thumbnail({ name: 'cut.jpg', bytes: cut }, 64, defaultLimits)).rejects.toMatchObject({
      code: 'image-damaged',
    })
    await expect(thumbnail({ name: 'a', bytes: buildPng(9000, 9000) }, 64, defaultLimits)).rejects.toMatchObject({
      code: 'image-too-large',
    })
  })
})
