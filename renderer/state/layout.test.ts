import fc from 'fast-check'
import { expect, test } from 'vitest'
import { gridLayout, wrapColumns } from './layout.ts'

const room = { box: { width: 700, height: 500 }, caption: 20, gap: 12, smallest: 92 }

test('four square pictures stand two by two in a squarish room and side by side in a wide one', () => {
  expect(gridLayout({ ...room, count: 4, aspect: 1 })).toMatchObject({ columns: 2, rows: 2, pages: 1 })
  const wide = { ...room, box: { width: 1400, height: 320 } }
  expect(gridLayout({ ...wide, count: 4, aspect: 1 })).toMatchObject({ columns: 4, rows: 1, pages: 1 })
})

test('512 channels are split into pages of pictures no smaller than asked', () => {
  const grid = gridLayout({ ...room, count: 512, aspect: 1 })
  expect(grid.tile.width).toBeGreaterThanOrEqual(92)
  expect(grid.perPage).toBe(24)
  expect(grid.pages).toBe(22)
})

test('the pictures of a page always fit the room', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 2048 }),
      fc.double({ min: 0.2, max: 5, noNaN: true }),
      fc.integer({ min: 200, max: 2000 }),
      fc.integer({ min: 200, max: 2000 }),
      (count, aspect, width, height) => {
        const grid = gridLayout({ ...room, box: { width, height }, count, aspect })
        expect(grid.columns * grid.tile.width + (grid.columns - 1) * 12).toBeLessThanOrEqual(width + 0.01)
        expect(grid.rows * (grid.tile.height + 20) + (grid.rows - 1) * 12).toBeLessThanOrEqual(height + 0.01)
        expect(grid.perPage * grid.pages).toBeGreaterThanOrEqual(count)
      },
    ),
  )
})

test('a vector is wrapped into a block about as high as wide', () => {
  expect([100, 1024, 4096].map(wrapColumns)).toEqual([16, 32, 64])
})
