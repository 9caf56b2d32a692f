import { expect, test } from 'vitest'
import { counted, formatBytes, formatCount, formatSigned, formatTime, formatValue, formatWithin } from './format.ts'

test.each([
  [-0.4666666666, '−0.466667'],
  [0, '0'],
  [-0, '0'],
  [0.1 + 0.2, '0.3'],
  [123456.7, '123457'],
  [1e6, '1e6'],
  [-1.92e-7, '−1.92e−7'],
  [NaN, 'NaN'],
  [Infinity, '∞'],
  [-Infinity, '−∞'],
])('%f is written %s', (value, text) => {
  expect(formatValue(value)).toBe(text)
})

test('a signed scale writes its plus', () => {
  expect([1.9234, 0, -1.9234].map((value) => formatSigned(value))).toEqual(['+1.92', '0', '−1.92'])
})

test('where there is little room digits are left out, and never the sign or the exponent', () => {
  expect([-0.5725, 12345, -3.099e-8, 0.0001234, -1.2345e-10].map((value) => formatWithin(value, 8, 4))).toEqual([
    '−0.5725',
    '12350',
    '−3.1e−8',
    '0.000123',
    '−1.2e−10',
  ])
  expect([1.16e-10, -1.16e-10].map((value) => formatSigned(value, 8))).toEqual(['+1.2e−10', '−1.2e−10'])
})

test('times keep two digits and change their unit at a second', () => {
  expect([0.004, 0.071, 6.04, 12.3, 999, 1300].map(formatTime)).toEqual([
    '<0.01 ms',
    '0.07 ms',
    '6 ms',
    '12 ms',
    '999 ms',
    '1.3 s',
  ])
})

test('sizes are decimal, counts have their thousands apart', () => {
  expect([999, 24_902, 3_140_000].map(formatBytes)).toEqual(['999 B', '24.9 kB', '3.14 MB'])
  expect(formatCount(12_288)).toBe('12,288')
  expect([1, 40].map((n) => counted(n, 'parameter'))).toEqual(['1 parameter', '40 parameters'])
})
