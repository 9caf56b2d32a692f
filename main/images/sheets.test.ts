import sharp from 'sharp'
import { expect, test } from 'vitest'
import { drawSheet } from './sheets.ts'
import type { Surface } from './surface.ts'

test('a small picture from a file that is not as we make them stays in its cell', async () => {
  const create = { width: 9000, height: 1, channels: 3 as const, background: 'red' }
  const thumbnail = new Uint8Array(await sharp({ create }).png().toBuffer())
  const figure = await drawSheet('x', 'y', [{ thumbnail, lines: [] }])
  const sides: number[] = []
  const surface = new Proxy({} as Surface, {
    get: (_, name) =>
      name === 'picture' ? (_: unknown, width: number, height: number) => sides.push(width, height) : () => undefined,
  })
  figure.draw(surface)
  expect(sides).toEqual([96, 1])
})
