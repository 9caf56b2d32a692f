import { expect, test } from 'vitest'
import { readingElement, type Point } from './reading.ts'

/** What asks three elements of a layer that reads round `centre(element)`. */
function seek(centre: (at: Point) => Point, wanted: Point, size = { rows: 20, columns: 20 }) {
  const at = { row: size.rows >> 1, column: size.columns >> 1 }
  const by = (n: number) => (n > 1 ? -1 : 0)
  return readingElement(
    wanted,
    at,
    centre(at),
    { by: by(size.rows), from: centre({ ...at, row: at.row + by(size.rows) }) },
    { by: by(size.columns), from: centre({ ...at, column: at.column + by(size.columns) }) },
  )
}

test('a convolution reads round the place itself', () => {
  expect(seek((at) => at, { row: 3, column: 17 })).toEqual({ row: 3, column: 17 })
})

test('a pooling by two reads twice as far', () => {
  const pool = ({ row, column }: Point) => ({ row: row * 2 + 0.5, column: column * 2 + 0.5 })
  expect(seek(pool, { row: 10, column: 11 })).toEqual({ row: 5, column: 5 })
})

test('a mirrored and a turned picture are read where they stood', () => {
  expect(seek(({ row, column }) => ({ row, column: 19 - column }), { row: 4, column: 0 })).toEqual({
    row: 4,
    column: 19,
  })
  expect(seek(({ row, column }) => ({ row: column, column: 19 - row }), { row: 4, column: 0 })).toEqual({
    row: 19,
    column: 4,
  })
})

test('one row of elements has only its columns to choose from', () => {
  expect(
    seek(({ row, column }) => ({ row, column: column * 3 }), { row: 8, column: 21 }, { rows: 1, columns: 20 }),
  ).toEqual({ row: 0, column: 7 })
})

test('where all elements read the same, none is found', () => {
  expect(seek(() => ({ row: 5, column: 5 }), { row: 1, column: 1 })).toBeNull()
  expect(seek((at) => at, { row: 1, column: 1 }, { rows: 1, columns: 1 })).toBeNull()
})
