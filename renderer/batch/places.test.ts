import { expect, test } from 'vitest'
import { placeAfter } from './places.ts'

const sheet = { count: 10, columns: 4, page: 8 }
const rows = { count: 10, columns: 1, page: 5 }

test.each([
  ['ArrowRight', 3, sheet, 4],
  ['ArrowDown', 3, sheet, 7],
  ['ArrowDown', 7, sheet, 7],
  ['ArrowUp', 2, sheet, 2],
  ['PageDown', 1, sheet, 9],
  ['End', 0, sheet, 9],
  ['Home', 9, sheet, 0],
  ['ArrowDown', 3, rows, 4],
  ['ArrowUp', 0, rows, 0],
  ['PageUp', 7, rows, 2],
  ['ArrowRight', 3, rows, null],
  ['Enter', 3, rows, null],
])('%s at %i of %o leads to %o', (key, at, places, to) => {
  expect(placeAfter(key, at, places)).toBe(to)
})

test('nowhere is a place to go where there is none', () => {
  expect(placeAfter('End', 0, { ...rows, count: 0 })).toBeNull()
})
