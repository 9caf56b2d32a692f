/** The app's icons, read back by the rules of their formats. */

import { readFileSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { drawIcons } from '../../build/packages/icons.mjs'
import { repoRoot } from '../support/shared.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'layerloupe-'))
  await drawIcons(path.join(repoRoot, 'renderer/app/logo.svg'), folder)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('Linux gets a picture for each size, with an alpha channel', async () => {
  const files = await readdir(path.join(folder, 'linux'))
  expect(files.length).toBe(9)
  for (const file of files) {
    const { width, height, hasAlpha } = await sharp(path.join(folder, 'linux', file)).metadata()
    expect([`${width}x${height}.png`, hasAlpha]).toEqual([file, true])
  }
})

test('Windows gets bitmaps of the same picture up to 128 pixels and a PNG of 256', async () => {
  const icon = readFileSync(path.join(folder, 'icon.ico'))
  expect([icon.readUInt16LE(0), icon.readUInt16LE(2), icon.readUInt16LE(4)]).toEqual([0, 1, 7])
  let end = 6 + 7 * 16
  for (const [index, size] of [16, 24, 32, 48, 64, 128, 256].entries()) {
    const at = 6 + index * 16
    const [length, offset] = [icon.readUInt32LE(at + 8), icon.readUInt32LE(at + 12)]
    expect([icon[at], icon[at + 1], icon.readUInt16LE(at + 6), offset]).toEqual([size % 256, size % 256, 32, end])
    end = offset + length
    const picture = icon.subarray(offset, end)
    if (size === 256) {
      expect((await sharp(picture).metadata()).width).toBe(256)
      continue
    }
    expect([picture.readUInt32LE(0), picture.readInt32LE(4), picture.readInt32LE(8)]).toEqual([40, size, 2 * size])
    expect(length).toBe(40 + 4 * size * size + Math.ceil(size / 32) * 4 * size)
    // Bottom row first, blue first: the same as the PNG of that size.
    const expected = await sharp(path.join(folder, `linux/${size}x${size}.png`))
      .ensureAlpha()
      .raw()
      .toBuffer()
    const [x, y] = [Math.floor(size * 0.3), Math.floor(size * 0.3)]
    const [red, green, blue, alpha] = expected.subarray(4 * (y * size + x))
    expect([...picture.subarray(40 + 4 * ((size - 1 - y) * size + x)).subarray(0, 4)]).toEqual([
      blue,
      green,
      red,
      alpha,
    ])
  }
  expect(end).toBe(icon.length)
})

test('macOS gets a PNG of the right size for each of its kinds', async () => {
  const icon = readFileSync(path.join(folder, 'icon.icns'))
  expect([icon.toString('latin1', 0, 4), icon.readUInt32BE(4)]).toEqual(['icns', icon.length])
  const found: Record<string, number | undefined> = {}
  for (let at = 8; at < icon.length; at += icon.readUInt32BE(at + 4)) {
    const picture = icon.subarray(at + 8, at + icon.readUInt32BE(at + 4))
    found[icon.toString('latin1', at, at + 4)] = (await sharp(picture).metadata()).width
  }
  expect(found).toEqual({ ic11: 32, ic12: 64, ic07: 128, ic13: 256, ic08: 256, ic14: 512, ic09: 512, ic10: 1024 })
})
