/** Photo-like pictures for the benchmarks: smooth light, edges and grain, the same at every run. */

import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import { LegacyRandom } from '../shared/random.ts'

/** Writes a JPEG of that size into a folder and returns its path; `variant` makes the bytes differ. */
export async function makePhoto(folder: string, width: number, height: number, variant = 0): Promise<string> {
  const random = new LegacyRandom(variant)
  const grain = Float64Array.from({ length: 4096 }, () => random.randn() * 8)
  const pixels = new Uint8Array(width * height * 3)
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const u = x / width
      const v = y / height
      const disc = (u - 0.5) ** 2 + (v - 0.5) ** 2 < 0.09 ? 70 : 0
      const noise = grain[(x * 31 + y * 57 + variant) & 4095]!
      for (let c = 0; c < 3; c++) {
        const value = 90 + 60 * Math.sin(7 * u + c + variant) * Math.cos(5 * v - c) + disc + noise
        pixels[at++] = Math.max(0, Math.min(255, value))
      }
    }
  }
  const file = path.join(folder, `photo-${width}x${height}-${variant}.jpg`)
  await writeFile(
    file,
    await sharp(pixels, { raw: { width, height, channels: 3 } })
      .jpeg({ quality: 92 })
      .toBuffer(),
  )
  return file
}
