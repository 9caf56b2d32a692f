import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Mark } from '../../shared/layers/definition.ts'
import { lineTo, stampAt, withMark } from './marks.ts'

const mark = (row: number, column: number, height: number, width: number, value: Mark['value'], channel = null) => ({
  row,
  column,
  height,
  width,
  channel,
  value,
})

test('a stamp is a square round its element, cut at the edges of the picture', () => {
  const picture = { width: 10, height: 6 }
  expect(stampAt({ row: 3, column: 4 }, 1, picture)).toEqual({ row: 3, column: 4, height: 1, width: 1 })
  expect(stampAt({ row: 3, column: 4 }, 3, picture)).toEqual({ row: 2, column: 3, height: 3, width: 3 })
  expect(stampAt({ row: 3, column: 4 }, 2, picture)).toEqual({ row: 3, column: 4, height: 2, width: 2 })
  expect(stampAt({ row: 0, column: 9 }, 3, picture)).toEqual({ row: 0, column: 8, height: 2, width: 2 })
  expect(stampAt({ row: -1, column: 10 }, 3, picture)).toEqual({ row: 0, column: 9, height: 1, width: 1 })
  expect(stampAt({ row: -2, column: 4 }, 3, picture)).toBeNull()
})

test('a fast stroke leaves no gap: each element of its line touches the one before', () => {
  expect(lineTo({ row: 1, column: 1 }, { row: 1, column: 4 }).map(({ column }) => column)).toEqual([2, 3, 4])
  const line = [{ row: 0, column: 0 }, ...lineTo({ row: 0, column: 0 }, { row: -7, column: 20 })]
  expect(line.at(-1)).toEqual({ row: -7, column: 20 })
  for (const [i, { row, column }] of line.slice(1).entries()) {
    expect(Math.max(Math.abs(row - line[i]!.row), Math.abs(column - line[i]!.column))).toBe(1)
  }
})

test('a straight stroke is one mark, a covered mark goes, and erasing what is not painted leaves nothing', () => {
  let marks: Mark[] = []
  for (const column of [2, 3, 4]) marks = withMark(marks, mark(5, column, 1, 1, [1]))
  expect(marks).toEqual([mark(5, 2, 1, 3, [1])])
  marks = withMark(marks, mark(6, 2, 1, 3, [0.5]))
  expect(marks).toHaveLength(2)
  expect(withMark(marks, mark(4, 1, 4, 5, [0]))).toEqual([mark(4, 1, 4, 5, [0])])
  expect(withMark(marks, mark(5, 2, 2, 3, null))).toEqual([])
  expect(withMark(marks, mark(0, 0, 2, 2, null))).toEqual(marks)
  expect(withMark(marks, mark(5, 4, 1, 1, null))).toEqual([...marks, mark(5, 4, 1, 1, null)])
})

const small = fc.integer({ min: 1, max: 3 })
const at = fc.integer({ min: 0, max: 4 })
const anyMark = fc
  .tuple(at, at, small, small, fc.constantFrom<Mark['value']>([1], [2], null), fc.constantFrom(null, 0, 1))
  .map(([row, column, height, width, value, channel]): Mark => ({ row, column, height, width, value, channel }))

/** What stands on a picture of 7 × 7 × 2 after marks; null: what was there. */
function painted(marks: readonly Mark[]): (number | null)[] {
  return Array.from({ length: 98 }, (_, index) => {
    const [row, column, channel] = [Math.floor(index / 14), (index >> 1) % 7, index % 2]
    const last = marks.findLast(
      (m) =>
        row >= m.row &&
        row < m.row + m.height &&
        column >= m.column &&
        column < m.column + m.width &&
        (m.channel === null || m.channel === channel),
    )
    return last?.value?.[0] ?? null
  })
}

test('a list kept short paints the same as all marks one after the other', () => {
  fc.assert(
    fc.property(fc.array(anyMark, { maxLength: 12 }), (all) => {
      const short = all.reduce<Mark[]>((marks, next) => withMark(marks, next), [])
      expect(short.length).toBeLessThanOrEqual(all.length)
      expect(painted(short)).toEqual(painted(all))
    }),
    { numRuns: 500 },
  )
})
