import { expect, test } from 'vitest'
import { barRange, formOf, mostBars } from './scales.ts'

test('bars stand on 0 to 1 for shares of one whole, else on the values widened to zero', () => {
  expect(barRange([0.2, 0.3, 0.5])).toEqual({ from: 0, to: 1 })
  expect(barRange([0.2, 0.3])).toEqual({ from: 0, to: 0.3 })
  expect(barRange([1.5, -0.5])).toEqual({ from: -0.5, to: 1.5 })
  expect(barRange([-2, -1])).toEqual({ from: -2, to: 0 })
  expect(barRange([1, 4])).toEqual({ from: 0, to: 4 })
  expect(barRange([0, 0])).toEqual({ from: 0, to: 1 })
  expect(barRange([NaN, Infinity, 2])).toEqual({ from: 0, to: 2 })
})

test('a short vector is bars, a long one a block, and whatever has rows and columns a picture', () => {
  expect(formOf(1, 1, mostBars)).toBe('bars')
  expect(formOf(1, 1, mostBars + 1)).toBe('block')
  expect(formOf(1, 2, 3)).toBe('picture')
  expect(formOf(1, 1, 1)).toBe('picture')
})
