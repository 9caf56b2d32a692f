import { describe, expect, it } from 'vitest'
import { LegacyRandom } from '../../shared/random.ts'
import { createCanvas, fillRect, type Canvas } from './canvas.ts'
import { encodeDrawing } from './drawnPng.ts'
import { sharp } from './sharp.ts'

/** Whether libvips, which checks every sum of a file, reads the drawing from its file to the last byte. */
async function isKept(canvas: Canvas): Promise<boolean> {
  const { width, height, channels, pixels } = canvas
  const png = encodeDrawing(canvas)
  const { data, info } = await sharp(png, { limitInputPixels: false }).raw().toBuffer({ resolveWithObject: true })
  return info.width === width && info.height === height && info.channels === channels && data.equals(pixels)
}

/** Rectangles one upon the other, and some of them noise. */
function drawing(seed: number, width: number, height: number, opaque: boolean, count = 30): Canvas {
  const random = new LegacyRandom(seed)
  const upTo = (end: number) => Math.floor(random.rand() * end)
  const canvas = createCanvas(width, height, opaque ? [250, 251, 252] : null)
  for (let n = 0; n < count; n++) {
    const [left, top] = [upTo(width), upTo(height)]
    const [across, down] = [1 + upTo(width - left), 1 + upTo(height - top)]
    fillRect(canvas, left, top, across, down, [upTo(256), upTo(3), 255 - upTo(3)])
    if (n % 3 > 0) continue
    const { pixels, channels } = canvas
    for (let i = 0; i < across; i++) pixels[(top * width + left + i) * channels + upTo(channels)] = upTo(256)
  }
  return canvas
}

describe('the PNG file of a drawing', () => {
  it('has its pixels, whatever repeats in it', async () => {
    for (let seed = 0; seed < 60; seed++) {
      const canvas = drawing(seed, 1 + ((seed * 37) % 301), 1 + ((seed * 11) % 90), seed % 2 === 0)
      expect(await isKept(canvas)).toBe(true)
    }
  })

  it.each([
    ['of one pixel', 1, 1],
    ['one pixel wide', 1, 700],
    ['one pixel high', 12_000, 1],
    ['larger than those before', 1300, 1100],
  ])('%s is whole', async (_, width, height) => {
    expect(await isKept(drawing(7, width, height, true))).toBe(true)
    expect(await isKept(drawing(8, width, height, false))).toBe(true)
  })

  it('says rows that are as the one above in a few bytes', () => {
    const random = new LegacyRandom(3)
    const row = Uint8Array.from({ length: 900 }, () => Math.floor(random.rand() * 256))
    const pixels = new Uint8Array(900 * 400)
    for (let y = 0; y < 400; y++) pixels.set(row, y * 900)
    const png = encodeDrawing({ width: 300, height: 400, channels: 3, pixels })
    expect(png.length).toBeLessThan(900 + 3000)
  })
})
