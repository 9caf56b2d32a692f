import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'opentype.js'
import { expect, it } from 'vitest'
import { unpackWoff } from './woff.ts'

const folder = path.join(import.meta.dirname, 'assets')
const files = readdirSync(folder).filter((file) => file.endsWith('.woff'))

it('a font is the same unpacked here and by the font parser itself', () => {
  expect(files.length).toBeGreaterThan(0)
  for (const file of files) {
    const bytes = readFileSync(path.join(folder, file))
    const ours = parse(unpackWoff(bytes))
    const theirs = parse(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))
    expect(ours.numGlyphs, file).toBe(theirs.numGlyphs)
    for (let i = 0; i < ours.numGlyphs; i++) {
      const [a, b] = [ours.glyphs.get(i), theirs.glyphs.get(i)]
      expect([a.unicode, a.advanceWidth, a.getPath(0, 0, 100).commands]).toEqual([
        b.unicode,
        b.advanceWidth,
        b.getPath(0, 0, 100).commands,
      ])
    }
  }
})

it('a font unpacked has the checksums its tables say', () => {
  for (const file of files) {
    const font = new DataView(unpackWoff(readFileSync(path.join(folder, file))))
    for (let i = 0; i < font.getUint16(4); i++) {
      const entry = 12 + 16 * i
      const [checksum, offset, length] = [4, 8, 12].map((place) => font.getUint32(entry + place)) as [
        number,
        number,
        number,
      ]
      // The head table holds a checksum of the whole font, which does not count in its own.
      const head = font.getUint32(entry) === 0x68656164
      let sum = 0
      for (let at = 0; at < length; at += 4) if (!head || at !== 8) sum = (sum + font.getUint32(offset + at)) >>> 0
      expect(sum).toBe(checksum)
    }
  }
})
