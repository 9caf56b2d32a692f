import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { errorCodes, LoupeError } from '../../shared/errors.ts'
import { decodeImage, probeImage } from './decode.ts'
import { thumbnail } from './encode.ts'
import type { ImageFile } from './format.ts'
import { sharp } from './sharp.ts'

/** Small limits, so that a changed header cannot make a test slow. */
const limits = { pixels: 1_000_000, bytes: 1_000_000, seconds: 5 }

const formats = ['jpeg', 'png', 'gif', 'webp', 'tiff', 'avif'] as const
const runs = 200

async function answer(file: ImageFile): Promise<string> {
  try {
    const probe = await probeImage(file, limits)
    const { shape, data } = await decodeImage(file, { profile: 'srgb', background: '#336699' }, limits)
    expect(shape).toEqual([probe.height, probe.width, probe.channels])
    expect(data.length).toBe(probe.height * probe.width * probe.channels)
    const small = await thumbnail(file, 16, limits)
    expect(small.bytes.length).toBeGreaterThan(50)
    return 'ok'
  } catch (error) {
    if (!(error instanceof LoupeError)) throw error
    expect(errorCodes).toContain(error.code)
    expect(['internal', 'image-timeout']).not.toContain(error.code)
    expect(error.message).toContain('“fuzzed”')
    return error.code
  }
}

describe('with some bytes changed', () => {
  const originals = new Map<string, Uint8Array>()
  beforeAll(async () => {
    const pixels = Uint8Array.from({ length: 24 * 20 * 4 }, (_, i) => (i * i * 7 + (i >> 4) * 29) % 256)
    for (const format of formats) {
      const image = sharp(pixels, { raw: { width: 24, height: 20, channels: 4 } }).withIccProfile('p3')
      const encoded = format === 'tiff' ? image.tiff({ compression: 'lzw' }) : image.toFormat(format)
      originals.set(format, new Uint8Array(await encoded.toBuffer()))
    }
  })

  const change = fc.record({
    // Headers are at the front: half of the changes go there.
    at: fc.oneof(fc.nat(200), fc.nat(100_000)),
    to: fc.nat(255),
  })

  it.each(formats)(`a %s is a picture or a coded refusal, ${runs} times`, async (format) => {
    const original = originals.get(format)!
    const seen = new Set<string>()
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { minLength: 1, maxLength: 4 }),
        fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { freq: 8 }),
        async (changes, cut) => {
          const bytes = original.slice(0, cut === null ? original.length : Math.round(original.length * cut))
          for (const { at, to } of changes) if (bytes.length > 0) bytes[at % bytes.length] = to
          seen.add(await answer({ name: 'fuzzed', bytes }))
        },
      ),
      { numRuns: runs, seed: 20_240 },
    )
    expect(seen.has('image-damaged')).toBe(true)
    expect(seen.size).toBeGreaterThan(1)
  })

  it('noise after a signature is refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...formats), fc.uint8Array({ maxLength: 400 }), async (format, noise) => {
        const bytes = new Uint8Array([...originals.get(format)!.subarray(0, 16), ...noise])
        expect(await answer({ name: 'fuzzed', bytes })).not.toBe('ok')
      }),
      { numRuns: runs, seed: 20_241 },
    )
  })
})
