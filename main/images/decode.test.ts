import { describe, expect, it } from 'vitest'
import { buildPng, buildTiff, withOrientation } from '../../tests/support/awkward.ts'
import { decodeImage, probeImage } from './decode.ts'
import { defaultLimits } from './limits.ts'
import { sharp } from './sharp.ts'

const plain = { profile: 'ignore', background: '#ffffff' } as const

function named(name: string, bytes: Uint8Array | string) {
  return { name, bytes: typeof bytes === 'string' ? new TextEncoder().encode(bytes) : new Uint8Array(bytes) }
}

async function pixelsOf(bytes: Uint8Array, options: Parameters<typeof decodeImage>[1] = plain) {
  const { shape, data } = await decodeImage(named('picture', bytes), options, defaultLimits)
  return { shape, pixels: [...data] }
}

function raw(data: Uint8Array | Uint16Array | number[], width: number, height: number, channels: 1 | 2 | 3 | 4) {
  return sharp(Array.isArray(data) ? Uint8Array.from(data) : data, { raw: { width, height, channels } })
}

/** A photo-like picture: smooth, so that JPEG and WebP come near to it. */
function gradient(width: number, height: number) {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)]
    return [(x * 255) / width, (y * 255) / height, 128][i % 3]!
  })
  return raw(data, width, height, 3)
}

describe('decodeImage', () => {
  it.each([
    [1, [2, 3], 'abcdef'],
    [2, [2, 3], 'cbafed'],
    [3, [2, 3], 'fedcba'],
    [4, [2, 3], 'defabc'],
    [5, [3, 2], 'adbecf'],
    [6, [3, 2], 'daebfc'],
    [7, [3, 2], 'fcebda'],
    [8, [3, 2], 'cfbead'],
  ] as const)('turns a picture with EXIF orientation %i upright', async (orientation, [height, width], letters) => {
    const values = [10, 60, 110, 160, 210, 250]
    const wanted = Array.from(letters, (letter) => values['abcdef'.indexOf(letter)]!)
    const grey = { width: 3, height: 2, bits: 8, samples: 1, photometric: 1, data: Uint8Array.from(values) }
    expect(await pixelsOf(buildTiff({ ...grey, orientation }))).toEqual({ shape: [height, width, 1], pixels: wanted })

    // One 8×8 block of JPEG for each pixel, flat, so that nothing is lost.
    const blocks = raw(values, 3, 2, 1).resize({ width: 24, height: 16, kernel: 'nearest' }).toColourspace('b-w')
    const jpeg = withOrientation(await blocks.jpeg({ quality: 100 }).toBuffer(), orientation)
    const { shape, pixels } = await pixelsOf(jpeg)
    expect(shape).toEqual([height * 8, width * 8, 1])
    const middles = wanted.map((_, i) => pixels[(Math.floor(i / width) * 8 + 4) * width * 8 + (i % width) * 8 + 4])
    expect(middles).toEqual(wanted)
    const probe = await probeImage(named('a.jpg', jpeg), defaultLimits)
    expect(probe).toMatchObject({ width: width * 8, height: height * 8, orientation, channels: 1, format: 'jpeg' })
  })

  it.each(['jpeg', 'png', 'webp', 'avif', 'gif', 'tiff'] as const)('reads %s', async (format) => {
    const bytes = await gradient(48, 32).toFormat(format).toBuffer()
    const { shape, pixels } = await pixelsOf(bytes)
    const wanted = await gradient(48, 32).raw().toBuffer()
    expect(shape).toEqual([32, 48, 3])
    expect(Math.max(...pixels.map((value, i) => Math.abs(value - wanted[i]!)))).toBeLessThan(40)
    expect(await probeImage(named('a', bytes), defaultLimits)).toMatchObject({ format, channels: 3, width: 48 })
  })

  it('keeps grey as one channel in PNG, JPEG and TIFF', async () => {
    for (const format of ['png', 'jpeg', 'tiff'] as const) {
      const bytes = await raw(new Uint8Array(64).fill(77), 8, 8, 1).toColourspace('b-w').toFormat(format).toBuffer()
      expect(await pixelsOf(bytes)).toEqual({ shape: [8, 8, 1], pixels: Array<number>(64).fill(77) })
    }
  })

  it('makes RGB of palettes', async () => {
    const values = [255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 9, 9]
    const png = await raw(values, 4, 1, 3).png({ palette: true }).toBuffer()
    expect(await pixelsOf(png)).toEqual({ shape: [1, 4, 3], pixels: values })
    const ramp = Array.from({ length: 256 }, (_, i) => i * 257)
    const layout = { width: 4, height: 1, bits: 8, samples: 1, photometric: 3 }
    const reds = ramp.map((value) => 65_535 - value)
    const data = Uint8Array.of(0, 7, 200, 255)
    expect(await pixelsOf(buildTiff({ ...layout, colourMap: [...reds, ...ramp, ...ramp], data }))).toEqual({
      shape: [1, 4, 3],
      pixels: [255, 0, 0, 248, 7, 7, 55, 200, 200, 0, 255, 255],
    })
  })

  it('makes 0 and 255 of one bit a pixel', async () => {
    const tiff = buildTiff({
      width: 10,
      height: 1,
      bits: 1,
      samples: 1,
      photometric: 1,
      data: Uint8Array.of(0xa5, 0x40),
    })
    expect((await pixelsOf(tiff)).pixels).toEqual([255, 0, 255, 0, 0, 255, 0, 255, 0, 255])
    expect((await probeImage(named('a', tiff), defaultLimits)).depth).toBe(1)
  })

  it('keeps the high byte of every 16-bit value, grey and colour, PNG and TIFF', async () => {
    const all = Uint16Array.from({ length: 65_536 }, (_, i) => i)
    const greyTiff = { width: 256, height: 256, bits: 16, samples: 1, photometric: 1, data: new Uint8Array(all.buffer) }
    const grey = [
      buildTiff(greyTiff),
      new Uint8Array(await raw(all, 256, 256, 1).toColourspace('grey16').png().toBuffer()),
    ]
    for (const bytes of grey) {
      const { shape, pixels } = await pixelsOf(bytes)
      expect(shape).toEqual([256, 256, 1])
      expect(pixels).toEqual([...all].map((value) => value >> 8))
    }
    const some = all.subarray(0, 65_535)
    const colour = [
      buildTiff({
        width: 4369,
        height: 5,
        bits: 16,
        samples: 3,
        photometric: 2,
        data: new Uint8Array(all.buffer, 0, 131_070),
      }),
      new Uint8Array(await raw(some, 4369, 5, 3).toColourspace('rgb16').png().toBuffer()),
    ]
    for (const bytes of colour) {
      expect(await pixelsOf(bytes)).toEqual({ shape: [5, 4369, 3], pixels: [...some].map((value) => value >> 8) })
      expect((await probeImage(named('a', bytes), defaultLimits)).depth).toBe(16)
    }
  })

  it('lays the background under transparency and rounds, in colour and in grey', async () => {
    const colour = [200, 100, 0, 255, 200, 100, 0, 128, 200, 100, 0, 0, 11, 12, 13, 1]
    const png = await raw(colour, 4, 1, 4).png().toBuffer()
    const over = (value: number, opacity: number, below: number) =>
      Math.round((value * opacity + below * (255 - opacity)) / 255)
    const wanted = [0, 1, 2, 3].flatMap((pixel) =>
      [16, 32, 240].map((below, c) => over(colour[pixel * 4 + c]!, colour[pixel * 4 + 3]!, below)),
    )
    expect(await pixelsOf(png, { ...plain, background: '#1020f0' })).toEqual({ shape: [1, 4, 3], pixels: wanted })

    const grey = await raw([200, 255, 200, 128, 200, 0], 3, 1, 2).toColourspace('b-w').png().toBuffer()
    // The luma of #1020f0: (16 · 19595 + 32 · 38470 + 240 · 7471 + 32768) >> 16.
    expect(await pixelsOf(grey, { ...plain, background: '#1020f0' })).toEqual({
      shape: [1, 3, 1],
      pixels: [200, over(200, 128, 51), 51],
    })
    expect((await probeImage(named('a', grey), defaultLimits)).hasAlpha).toBe(true)
  })

  it('takes samples as stored, or converts an embedded profile when asked', async () => {
    // sRGB red as Display P3 stores it.
    const png = await raw([255, 0, 0], 1, 1, 3).withIccProfile('p3').png().toBuffer()
    const stored = await pixelsOf(png)
    expect(stored.pixels[0]).toBeGreaterThan(228)
    expect(stored.pixels[0]).toBeLessThan(240)
    expect(stored.pixels[1]).toBeGreaterThan(40)
    const converted = await pixelsOf(png, { ...plain, profile: 'srgb' })
    expect(converted.pixels[0]).toBeGreaterThan(252)
    expect(converted.pixels[1]).toBeLessThan(6)
    expect((await probeImage(named('a', png), defaultLimits)).hasProfile).toBe(true)
  })

  it('makes sRGB of CMYK', async () => {
    const red = raw(
      new Uint8Array(16 * 16 * 3).map((_, i) => [200, 30, 40][i % 3]!),
      16,
      16,
      3,
    )
    const jpeg = await red.toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer()
    const { shape, pixels } = await pixelsOf(jpeg)
    expect(shape).toEqual([16, 16, 3])
    expect(Math.max(...[200, 30, 40].map((value, c) => Math.abs(pixels[c]! - value)))).toBeLessThan(45)
    expect((await probeImage(named('a', jpeg), defaultLimits)).channels).toBe(3)
  })

  it('shows the first frame of an animation and counts the others', async () => {
    const frames = [...Array<number[]>(4).fill([255, 0, 0]), ...Array<number[]>(4).fill([0, 0, 255])].flat()
    const gif = await sharp(Uint8Array.from(frames), { raw: { width: 2, height: 4, channels: 3, pageHeight: 2 } })
      .gif()
      .toBuffer()
    expect(await pixelsOf(gif)).toEqual({ shape: [2, 2, 3], pixels: Array<number[]>(4).fill([255, 0, 0]).flat() })
    expect(await probeImage(named('a.gif', gif), defaultLimits)).toMatchObject({ width: 2, height: 2, pages: 2 })
  })

  it('answers with memory of its own, that can be handed to another thread', async () => {
    const png = await raw([1, 2, 3, 4, 5, 6], 2, 1, 3).png().toBuffer()
    const { data } = await decodeImage(named('a', png), plain, defaultLimits)
    expect(data.byteOffset).toBe(0)
    expect(data.buffer.byteLength).toBe(6)
  })
})

describe('a refusal', () => {
  async function refusal(name: string, bytes: Uint8Array | string, limits = defaultLimits) {
    const error: unknown = await decodeImage(named(name, bytes), plain, limits).catch((thrown: unknown) => thrown)
    const { code, message } = error as { code: string; message: string }
    return `${code}: ${message}`
  }

  const convert = 'LayerLoupe reads JPEG, PNG, WebP, AVIF, GIF and TIFF; convert it to PNG or JPEG first.'
  const again = 'Get a fresh copy of it, or save it again with another program.'
  const svg = '<?xml version="1.0"?>\n<!-- drawn --><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'

  it.each([
    ['/home/someone/drawing.svg', svg, `image-unsupported: “drawing.svg” is an SVG drawing. ${convert}`],
    ['C:\\mine\\photo.png', svg, `image-unsupported: “photo.png” is an SVG drawing. ${convert}`],
    ['photo.png', '\ufeff <!doctype html><svg/>', `image-unsupported: “photo.png” is a web page. ${convert}`],
    ['photo.png', '<!DOCTYPE html><p>404', `image-unsupported: “photo.png” is a web page. ${convert}`],
    ['a.bmp', 'BM\0\0\0\0', `image-unsupported: “a.bmp” is a BMP picture. ${convert}`],
    ['a.heic', '\0\0\0\u0018ftypheic\0\0\0\0mif1heic', `image-unsupported: “a.heic” is a HEIC picture. ${convert}`],
    ['a.mp4', '\0\0\0\u0018ftypisom\0\0\0\0isomavc1', `image-unsupported: “a.mp4” is a video. ${convert}`],
    ['a.jpg', '%PDF-1.7\n', `image-unsupported: “a.jpg” is a PDF document. ${convert}`],
    ['a.jpg', 'hello', `image-unsupported: “a.jpg” is not a picture LayerLoupe knows. ${convert}`],
    ['a.jpg', '', 'image-damaged: “a.jpg” is empty: it holds no bytes. Get a fresh copy of it.'],
  ])('of %s says what it is and what to do', async (name, bytes, expected) => {
    expect(await refusal(name, bytes)).toBe(expected)
  })

  it.each(['jpeg', 'png', 'webp', 'avif', 'gif', 'tiff'] as const)('meets a %s cut in half', async (format) => {
    const bytes = await gradient(300, 200).toFormat(format).toBuffer()
    const said = await refusal(`cut.${format}`, bytes.subarray(0, bytes.length / 2))
    expect(said).toMatch(/^image-damaged: “cut\.[a-z]+” is damaged: it.* Get a fresh copy/)
  })

  it('meets a JPEG that lacks only its end', async () => {
    const bytes = await gradient(300, 200).jpeg().toBuffer()
    expect(await refusal('cut.jpg', bytes.subarray(0, -2))).toBe(
      `image-damaged: “cut.jpg” is damaged: it ends too early. ${again}`,
    )
  })

  it('meets a huge PNG by its header alone, with both sizes and the limit', async () => {
    const bytes = buildPng(50_000, 40_000)
    expect(await refusal('bomb.png', bytes)).toBe(
      'image-too-large: “bomb.png” is too large: 50000 × 40000 is 2000 million pixels, and the limit is 50 million. Save it smaller, or raise the pixel limit in the settings or with --max-pixels.',
    )
    await expect(probeImage(named('bomb.png', bytes), defaultLimits)).rejects.toMatchObject({
      code: 'image-too-large',
      detail: { width: 50_000, height: 40_000, limit: 50_000_000 },
    })
  })

  it('meets a file of too many bytes before looking into it', async () => {
    expect(await refusal('big.png', new Uint8Array(3_000_000), { ...defaultLimits, bytes: 2_000_000 })).toBe(
      'image-too-large: “big.png” is too large: the file has 3 MB, and the limit is 2 MB. Save it smaller.',
    )
  })

  it('meets a picture of no width', async () => {
    expect(await refusal('none.png', buildPng(0, 5))).toBe(
      `image-damaged: “none.png” is damaged: its contents are not valid. ${again}`,
    )
  })

  it('meets a PNG whose data is shorter than its header says', async () => {
    expect(await refusal('short.png', buildPng(100, 100, new Uint8Array(101 * 50)))).toMatch(/^image-damaged: /)
  })

  it('meets floating-point and many-channel TIFFs', async () => {
    const float = {
      width: 2,
      height: 1,
      bits: 32,
      samples: 1,
      photometric: 1,
      sampleFormat: 3,
      data: new Uint8Array(8),
    }
    expect(await refusal('hdr.tif', buildTiff(float))).toBe(
      'image-unsupported: “hdr.tif” has samples of a kind LayerLoupe does not read (float). Save it with 8 or 16 bits a sample.',
    )
    for (const samples of [5, 6]) {
      const data = new Uint8Array(2 * samples)
      const many = buildTiff({ width: 2, height: 1, bits: 8, samples, photometric: 2, data })
      expect(await refusal('bands.tif', many)).toBe(
        'image-unsupported: “bands.tif” has more channels than a grey, colour or CMYK picture, which LayerLoupe reads. Save it as RGB.',
      )
    }
  })
})
