import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { fixturesDir, sharedDir } from '../../tests/support/shared.ts'
import { checkComplete } from './complete.ts'
import { decodeImage, probeImage } from './decode.ts'
import { sniffFormat } from './format.ts'
import { defaultLimits } from './limits.ts'
import { sharp } from './sharp.ts'

const kinds = ['jpeg', 'progressive', 'png', 'palette', 'gif', 'animation', 'webp', 'lossless', 'avif', 'tiff'] as const
const encoded = new Map<string, Uint8Array>()

beforeAll(async () => {
  const pixels = Uint8Array.from({ length: 40 * 30 * 3 }, (_, i) => (i * i * 7 + (i >> 4) * 29) % 256)
  const image = () => sharp(pixels, { raw: { width: 40, height: 30, channels: 3 } })
  const frames = () => sharp(pixels, { raw: { width: 40, height: 30, channels: 3, pageHeight: 10 } })
  const made: Record<(typeof kinds)[number], Promise<Buffer>> = {
    jpeg: image().jpeg().toBuffer(),
    progressive: image().jpeg({ progressive: true }).toBuffer(),
    png: image().png().toBuffer(),
    palette: image().png({ palette: true }).toBuffer(),
    gif: image().gif().toBuffer(),
    animation: frames().gif().toBuffer(),
    webp: image().webp().toBuffer(),
    lossless: image().webp({ lossless: true }).toBuffer(),
    avif: image().avif().toBuffer(),
    tiff: image().tiff().toBuffer(),
  }
  for (const kind of kinds) encoded.set(kind, new Uint8Array(await made[kind]))
})

const probe = async (bytes: Uint8Array) => await probeImage({ name: 'photo', bytes }, defaultLimits)
const tooEarly = {
  code: 'image-damaged',
  message: expect.stringContaining('“photo” is damaged: it ends too early.') as string,
}

async function decodes(bytes: Uint8Array): Promise<boolean> {
  return await decodeImage({ name: 'photo', bytes }, { profile: 'ignore', background: '#ffffff' }, defaultLimits).then(
    () => true,
    () => false,
  )
}

function isComplete(bytes: Uint8Array): boolean {
  const file = { name: 'photo', bytes }
  try {
    checkComplete(file, sniffFormat(file))
    return true
  } catch {
    return false
  }
}

describe('a file', () => {
  it.each(['jpeg', 'progressive', 'png', 'palette', 'gif', 'webp', 'lossless'] as const)(
    'that is a %s cut in half is refused before anything decodes it',
    async (kind) => {
      const bytes = encoded.get(kind)!
      await expect(probe(bytes.subarray(0, bytes.length / 2))).rejects.toMatchObject(tooEarly)
    },
  )

  it.each(kinds)(
    'that is a %s is never refused here where the decoder would take it, wherever it is cut',
    async (kind) => {
      const bytes = encoded.get(kind)!
      const step = Math.max(1, Math.floor(bytes.length / 60))
      for (let length = 20; length <= bytes.length; length += bytes.length - length < 24 ? 1 : step) {
        const cut = bytes.slice(0, length)
        if (!isComplete(cut)) expect(await decodes(cut), `${length} of ${bytes.length} bytes`).toBe(false)
      }
    },
  )

  it.each(kinds)('that is a %s may have anything after its end', async (kind) => {
    const bytes = encoded.get(kind)!
    for (const junk of [[0], [0xff], [0xff, 0xe1, 0xff, 0xff], [0x21, 0xf9, 4], new Array<number>(5000).fill(7)]) {
      const longer = new Uint8Array([...bytes, ...junk])
      expect(await probe(longer)).toEqual(await probe(bytes))
    }
  })

  it('that is a JPEG does not end with the thumbnail in its EXIF', () => {
    const bytes = encoded.get('jpeg')!
    const length = bytes.length + 2
    const segment = [0xff, 0xe1, length >> 8, length & 255, ...bytes]
    const withThumbnail = new Uint8Array([0xff, 0xd8, ...segment, ...bytes.subarray(2)])
    expect(isComplete(withThumbnail)).toBe(true)
    expect(isComplete(withThumbnail.subarray(0, -2))).toBe(false)
    expect(isComplete(withThumbnail.subarray(0, segment.length + 40))).toBe(false)
  })

  it('that is an animation needs only its first frame, which is the one shown', async () => {
    const bytes = encoded.get('animation')!
    expect((await probe(bytes)).pages).toBe(3)
    expect(isComplete(bytes.subarray(0, bytes.length * 0.6))).toBe(true)
    expect(isComplete(bytes.subarray(0, bytes.length * 0.2))).toBe(false)
  })
})

const folders = [path.join(fixturesDir, 'synthetic'), ...(sharedDir ? [path.join(sharedDir, 'images')] : [])]
const pictures = folders.flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(jpe?g|png|gif|webp|avif|tiff?)$/i.test(name) && !name.includes('truncated'))
    .map((name) => path.join(folder, name)),
)

describe('every picture at hand', () => {
  it.each(pictures.map((file) => [path.basename(file), file]))('%s goes on to its end', (_, file) => {
    expect(isComplete(new Uint8Array(readFileSync(file)))).toBe(true)
  })

  it.skipIf(sharedDir === undefined)('truncated.jpg does not', () => {
    expect(isComplete(new Uint8Array(readFileSync(path.join(sharedDir!, 'images/odd/truncated.jpg'))))).toBe(false)
  })
})
