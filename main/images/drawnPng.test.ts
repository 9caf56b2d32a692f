import { inflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { LegacyRandom } from '../../shared/random.ts'
import { createCanvas, fillRect, type Canvas } from './canvas.ts'
import { encodeDrawing } from './drawnPng.ts'
import { sharp } from './sharp.ts'

/** Whether libvips, which checks every sum of a file, reads the drawing from it to the last byte. */
async function isDecoded(png: Uint8Array, { width, height, channels, pixels }: Canvas): Promise<boolean> {
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
      expect(await isDecoded(encodeDrawing(canvas), canvas)).toBe(true)
    }
  })

  it('has every length of what is alike', async () => {
    // In each row one pixel differs from the row above, and the next after one pixel more.
    const canvas = createCanvas(700, 600)
    for (let row = 0; row < 600; row++) fillRect(canvas, row, row, 1, 1, [row % 256, 0, 0])
    expect(await isDecoded(encodeDrawing(canvas), canvas)).toBe(true)
  })

  it('has all of its last row where that ends with a byte or two as above', async () => {
    const above = [10, 20, 30, 40, 50, 60]
    for (let at = 0; at < 6; at++) {
      const pixels = Uint8Array.from([...above, ...above.with(at, 99)])
      const canvas: Canvas = { width: 2, height: 2, channels: 3, pixels }
      expect(await isDecoded(encodeDrawing(canvas), canvas)).toBe(true)
    }
  })

  it.each([3, 4] as const)(
    'has all of its rows, whatever few bytes they begin with, of %i channels',
    async (channels) => {
      const random = new LegacyRandom(5)
      // Of two values, most bytes are as some byte near them.
      for (let seed = 0; seed < 200; seed++) {
        const [width, height] = [1 + (seed % 7), 1 + (seed % 5)]
        const pixels = Uint8Array.from({ length: width * height * channels }, () => (random.rand() < 0.8 ? 200 : 100))
        const canvas: Canvas = { width, height, channels, pixels }
        expect(await isDecoded(encodeDrawing(canvas), canvas)).toBe(true)
      }
    },
  )

  it.each([
    ['of one pixel', 1, 1],
    ['with rows too long to be looked back over', 12_000, 5],
    ['one pixel wide', 1, 700],
  ])('%s is whole', async (_, width, height) => {
    const canvas = drawing(7, width, height, true)
    expect(await isDecoded(encodeDrawing(canvas), canvas)).toBe(true)
  })

  it('of noise is hardly larger than its pixels', async () => {
    const random = new LegacyRandom(3)
    const canvas = createCanvas(200, 200)
    for (let i = 0; i < canvas.pixels.length; i++) canvas.pixels[i] = Math.floor(random.rand() * 256)
    const png = encodeDrawing(canvas)
    expect(await isDecoded(png, canvas)).toBe(true)
    expect(png.length).toBeLessThan((canvas.pixels.length * 9) / 8 + 300)
  })

  it('is one stream of rows without a filter, whose own sum is right', () => {
    const canvas = drawing(1, 50, 40, true)
    const png = Buffer.from(encodeDrawing(canvas))
    const rows = inflateSync(png.subarray(41, 41 + png.readUInt32BE(33)))
    expect(rows.length).toBe(40 * 151)
    for (let row = 0; row < 40; row++) {
      expect([...rows.subarray(row * 151, (row + 1) * 151)]).toEqual([
        0,
        ...canvas.pixels.subarray(row * 150, (row + 1) * 150),
      ])
    }
  })
})
