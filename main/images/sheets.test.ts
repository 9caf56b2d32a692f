import sharp from 'sharp'
import { expect, test } from 'vitest'
import { usualFigure } from '../../shared/figures.ts'
import { drawExtremes, drawSheet } from './sheets.ts'
import type { Figure, Surface } from './surface.ts'

/** The texts of a sheet, and where its pictures lie. */
function drawn(figure: Figure) {
  const texts: string[] = []
  const places: (readonly [number, number])[] = []
  figure.draw({
    rect: () => undefined,
    polygon: () => undefined,
    picture: (_rgba, _width, _height, left, top) => places.push([left, top]),
    text: (text) => texts.push(text),
    canWrite: () => true,
  })
  return { texts, places }
}

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

test('a sheet without labels has no text, and no room for it', async () => {
  const create = { width: 96, height: 96, channels: 3 as const, background: 'red' }
  const thumbnail = new Uint8Array(await sharp({ create }).png().toBuffer())
  const entries = Array.from({ length: 12 }, (_, i) => ({ thumbnail, lines: [`photo ${i}`, 'cat 90 %'], value: i }))
  const rows = [{ name: '0', most: entries.slice(0, 2), least: entries.slice(2, 4) }]
  const bare = { ...usualFigure, labels: false }
  const named = [await drawSheet('Edges', '12 images', entries), await drawExtremes('Conv', 'Images', rows, 2)]
  const silent = [
    await drawSheet('Edges', '12 images', entries, bare),
    await drawExtremes('Conv', 'Images', rows, 2, bare),
  ]
  expect(named.map((figure) => drawn(figure).texts.slice(0, 3))).toEqual([
    ['Edges', '12 images', 'photo 0'],
    ['Conv', 'Images', '0: largest mean'],
  ])
  expect(silent.flatMap((figure) => drawn(figure).texts)).toEqual([])
  expect(silent.map(({ height }) => height)).toEqual([2 * 28 + 2 * 96 + 16, 2 * 28 + 96])
  for (const [i, figure] of silent.entries()) {
    const across = (of: Figure) => drawn(of).places.map(([left]) => left)
    expect(across(figure)).toEqual(across(named[i]!))
  }
})
