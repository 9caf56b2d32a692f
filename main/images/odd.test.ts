import { execFileSync } from 'node:child_process'
import { readFileSync, readdirSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { buildPng } from '../../tests/support/awkward.ts'
import { bundleForNode } from '../../tests/support/bundle.ts'
import type { DecodeProcess } from '../../tests/support/decodeFiles.ts'
import { repoRoot, sharedDir } from '../../tests/support/shared.ts'
import { probeImage } from './decode.ts'
import { defaultLimits } from './limits.ts'

/** Awkward files of libvips' own test suite, each in a process of its own: its answer, its time, its memory. */

/**
 * `pixels` begins the SHA-256 of the array Pillow 9.4 gives for the same file: `exif_transpose`, palettes and the first
 * frame as RGB, one bit as L, the high byte of 16 bits, transparency pasted on #8040c0.
 */
type Answer = readonly [code: string, shape?: readonly number[], pixels?: string]

const answers: Readonly<Record<string, Answer>> = {
  '1.webp': ['ok', [368, 550, 3], '56fab83c5f0cb835'],
  '17000x17000.avif': ['image-too-large'],
  '1bit.tif': ['ok', [4, 256, 1], '0cca66f3a1f2a617'],
  'cogs.gif': ['ok', [77, 85, 3], '0eb93a186b5a5fd1'],
  'gray-16bit.tif': ['ok', [200, 200, 1], 'e7e2dcff542de953'],
  'indexed.png': ['ok', [442, 290, 3], '6f094a5a5aca89af'],
  // Its first frame is whole.
  'invalid_multiframe.gif': ['ok', [9, 10, 3], '95ddf3bdc3752b75'],
  'logo.svg': ['image-unsupported'],
  'palette.png': ['ok', [10, 10, 3], '52b16741bcfda22c'],
  'rgba.png': ['ok', [128, 128, 3], '0c3a6674279665f2'],
  'rotation-1.jpg': ['ok', [410, 308, 3], 'ac45df758fbc71b1'],
  'rotation-3.jpg': ['ok', [410, 308, 3], 'afddc34a431c3ea2'],
  'rotation-6.jpg': ['ok', [308, 231, 3], '3a1f1082a25eca7a'],
  'rotation-8.jpg': ['ok', [308, 231, 3], '3880ab162bca5a5d'],
  'small.bmp': ['image-unsupported'],
  'truncated.jpg': ['image-damaged'],
}

const mostMilliseconds = 2000
const mostMegabytes = 500

let script: string
beforeAll(async () => {
  script = await bundleForNode('tests/support/decodeFiles.ts', 'decodeOdd')
}, 60_000)

function decodeAlone(file: string): DecodeProcess {
  return JSON.parse(execFileSync(process.execPath, [script, file], { encoding: 'utf8' })) as DecodeProcess
}

function expectAnswer(file: string, [code, shape, pixels]: Answer): void {
  const { files, peakMegabytes } = decodeAlone(file)
  expect(files).toMatchObject([{ file: path.basename(file), code, ...(shape === undefined ? {} : { shape }) }])
  if (pixels !== undefined) expect(files[0]!.pixels![0]!.slice(0, 16)).toBe(pixels)
  if (code !== 'ok') expect(files[0]!.message).toContain(`“${path.basename(file)}”`)
  expect(files[0]!.milliseconds).toBeLessThan(mostMilliseconds)
  expect(peakMegabytes).toBeLessThan(mostMegabytes)
}

describe.skipIf(sharedDir === undefined)('the awkward files', () => {
  const folder = path.join(sharedDir ?? '', 'images/odd')

  it('are all listed here', () => {
    expect(readdirSync(folder).sort()).toEqual(Object.keys(answers).sort())
  })

  it.each(Object.entries(answers))(
    '%s has its answer, and the pixels of Pillow, within 2 seconds and 500 MB',
    (file, answer) => {
      expectAnswer(path.join(folder, file), answer)
    },
  )

  it('tell 289 million pixels against the limit, and that it is a setting', async () => {
    const name = '17000x17000.avif'
    const bytes = new Uint8Array(readFileSync(path.join(folder, name)))
    await expect(probeImage({ name, bytes }, defaultLimits)).rejects.toThrow(
      '17000 × 17000 is 289 million pixels, and the limit is 50 million. Save it smaller, or raise the pixel limit in the settings or with --max-pixels.',
    )
  })
})

describe('a made bomb', () => {
  it('of 60,000 × 60,000 pixels is refused within 2 seconds and 500 MB', () => {
    const folder = path.join(repoRoot, '.cache/tests')
    mkdirSync(folder, { recursive: true })
    const file = path.join(folder, 'bomb.png')
    writeFileSync(file, buildPng(60_000, 60_000))
    expectAnswer(file, ['image-too-large'])
  })
})
