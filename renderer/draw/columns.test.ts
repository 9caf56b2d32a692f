import fc from 'fast-check'
import { expect, test } from 'vitest'
import { alignPoints, columnFormat, exact } from './columns.ts'

test('every double is written so that it reads back equal', () => {
  fc.assert(
    fc.property(fc.double(), (value) => {
      expect(Object.is(Number(exact(value)), value)).toBe(true)
    }),
  )
  expect([-0, 0, 1 / 9, -1e-300].map(exact)).toEqual(['-0', '0', '0.1111111111111111', '-1e-300'])
})

test('a column has as many decimals as its largest number needs', () => {
  const write = (values: readonly number[], digits = 4) => values.map(columnFormat(values, digits))
  expect(write([0.111111, -0.5, 0])).toEqual(['0.111', '−0.500', '0.000'])
  expect(write([123.456, 7])).toEqual(['123.5', '7.0'])
})

test('whole numbers stay whole, very small and very large ones get an exponent', () => {
  const write = (values: readonly number[]) => values.map(columnFormat(values, 4))
  expect(write([1, 0, -1])).toEqual(['1', '0', '−1'])
  expect(write([1.23456e-9, 0])).toEqual(['1.2e−9', '0'])
  expect(write([NaN, Infinity, 0.5])).toEqual(['NaN', '∞', '0.500'])
})

test('what rounds to nothing has no sign', () => {
  expect(columnFormat([1.5], 4)(-1e-9)).toBe('0.000')
})

test('points stand under each other', () => {
  expect(alignPoints(['0.5', '-12.25', '3', '1e-7'])).toEqual(['0.5 ', '-12.25', '3   ', '1e-7'])
})
