import { describe, expect, test } from 'vitest'
import { parseNumber, parseTable, stepBy, writeNumber, writeTable } from './numbers.ts'

test.each([
  ['0.5', 0.5],
  [' -1e-3 ', -0.001],
  ['−2', -2],
  ['.5', 0.5],
  ['5.', 5],
  ['+3', 3],
  ['1/9', 1 / 9],
  ['−1 / 4', -0.25],
  ['', null],
  ['1/0', null],
  ['1/2/3', null],
  ['0x10', null],
  ['1,5', null],
  ['Infinity', null],
  ['1e999', null],
  ['two', null],
])('%j is read as %j', (text, value) => {
  expect(parseNumber(text)).toBe(value)
})

test('what is written is read as the same number', () => {
  for (const value of [0, -0.1, 1 / 3, 1e-20, -123456.789]) expect(parseNumber(writeNumber(value))).toBe(value)
})

test('steps leave no dust of binary fractions', () => {
  expect(stepBy(0.1, 0.2)).toBe(0.3)
})

describe('a table', () => {
  test.each([
    [
      '1\t2\n3\t4\n',
      [
        [1, 2],
        [3, 4],
      ],
    ],
    [
      '1;−2\r\n1/2;4',
      [
        [1, -2],
        [0.5, 4],
      ],
    ],
    ['1, 2, 3', [[1, 2, 3]]],
    [
      ' 1  2 \n\n 3 4',
      [
        [1, 2],
        [3, 4],
      ],
    ],
    ['5', [[5]]],
  ])('%j is rows of numbers', (text, rows) => {
    expect(parseTable(text)).toEqual(rows)
  })

  test.each([
    ['0,125\t1,5\t−2', [[0.125, 1.5, -2]]],
    [
      '1,5;2\n0;,25',
      [
        [1.5, 2],
        [0, 0.25],
      ],
    ],
    ['1,5\t1,250', [[1.5, 1.25]]],
  ])('%j has decimal commas', (text, rows) => {
    expect(parseTable(text)).toEqual(rows)
  })

  test.each([
    ['1,250\t2', 'Row 1, column 1 is no number: “1,250”.'],
    ['1,250.5\t0,5', 'Row 1, column 1 is no number: “1,250.5”.'],
    ['1,250,125\t0,5', 'Row 1, column 1 is no number: “1,250,125”.'],
  ])('%j may have its commas between thousands, and is refused', (text, reason) => {
    expect(parseTable(text)).toBe(reason)
  })

  test.each([
    ['', /nothing to paste/],
    ['1\t2\n3', 'Row 2 has 1 numbers, but the first has 2.'],
    ['1\tx', 'Row 1, column 2 is no number: “x”.'],
    ['1\t\t3', 'Row 1, column 2 is no number: “”.'],
  ])('%j is refused with the place', (text, reason) => {
    expect(parseTable(text)).toMatch(reason)
  })

  test('is written as spreadsheets take it', () => {
    expect(
      writeTable([
        [1, -0.5],
        [1e-7, 2],
      ]),
    ).toBe('1\t-0.5\n1e-7\t2')
  })
})
