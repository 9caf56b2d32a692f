import { expect, test } from 'vitest'
import { fitted, numbersOpacity } from './numbers.ts'

test('a number takes as many digits as there is room for, and never a wrong one', () => {
  expect(fitted(0.466667, 8)).toBe('0.466667')
  expect(fitted(-0.0156863, 10)).toBe('−0.0156863')
  expect(fitted(0.466667, 7)).toBe('0.46667')
  expect(fitted(0.466667, 4)).toBe('.467')
  expect(fitted(-0.466667, 4)).toBe('−.47')
  expect(fitted(0.512, 5)).toBe('.512')
  expect(fitted(178, 3)).toBe('178')
  expect(fitted(12345, 4)).toBe('…')
  expect(fitted(0, 2)).toBe('0')
  expect(fitted(NaN, 4)).toBe('NaN')
})

test('numbers come with the zoom, and at once where nothing may move', () => {
  expect(numbersOpacity(33.9, false)).toBe(0)
  const faint = numbersOpacity(35, false)
  expect(faint).toBeGreaterThan(0)
  expect(faint).toBeLessThan(numbersOpacity(40, false))
  expect(numbersOpacity(60, false)).toBe(1)
  expect(numbersOpacity(34, true)).toBe(1)
  expect(numbersOpacity(33.9, true)).toBe(0)
})
