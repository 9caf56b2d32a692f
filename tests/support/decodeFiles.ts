/**
 * Decodes the files named on the command line, in a process of its own; prints a line of JSON for each and one for the
 * process. Bundled and run by tests that compare builds of sharp or measure memory.
 */

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { decodeImage, defaultLimits, probeImage, thumbnail } from '../../main/images/index.ts'
import { sharpBuild } from '../../main/images/sharp.ts'
import { toWire } from '../../shared/errors.ts'

interface DecodedFile {
  readonly file: string
  /** `ok`, or the code of the refusal. */
  readonly code: string
  readonly message?: string
  readonly shape?: readonly number[]
  /** SHA-256 of the pixels, profile ignored and converted, and of the thumbnail. */
  readonly pixels?: readonly string[]
  readonly milliseconds: number
}

export interface DecodeProcess {
  readonly build: string
  readonly peakMegabytes: number
  readonly files: readonly DecodedFile[]
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

async function decodeOne(file: string): Promise<DecodedFile> {
  const image = { name: file, bytes: new Uint8Array(readFileSync(file)) }
  const started = performance.now()
  const name = path.basename(file)
  try {
    await probeImage(image, defaultLimits)
    const stored = await decodeImage(image, { profile: 'ignore', background: '#8040c0' }, defaultLimits)
    const converted = await decodeImage(image, { profile: 'srgb', background: '#8040c0' }, defaultLimits)
    const small = await thumbnail(image, 160, defaultLimits)
    const milliseconds = performance.now() - started
    const pixels = [stored.data, converted.data, small.bytes].map(sha256)
    return { file: name, code: 'ok', shape: stored.shape, pixels, milliseconds }
  } catch (error) {
    const { code, message } = toWire(error)
    return { file: name, code, message, milliseconds: performance.now() - started }
  }
}

const files: DecodedFile[] = []
for (const file of process.argv.slice(2)) files.push(await decodeOne(file))
const peakMegabytes = process.resourceUsage().maxRSS / 1024
process.stdout.write(JSON.stringify({ build: sharpBuild, peakMegabytes, files } satisfies DecodeProcess))
