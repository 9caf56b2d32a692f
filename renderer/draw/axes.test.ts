import { expect, test } from 'vitest'
import { barAxis } from './bars.ts'
import { cardGrid } from './card.ts'
import { axisTicks, spread } from './ticks.ts'

test('a signed axis has its ends, zero, and round numbers clear of them', () => {
  expect(axisTicks(-1.92, 1.92)).toEqual([-1.92, -1, 0, 1, 1.92])
  expect(axisTicks(0, 1)).toEqual([0, 0.2, 0.4, 0.6000000000000001, 0.8, 1])
})

test('an axis of no width has its one value, an infinite one its ends', () => {
  expect(axisTicks(3, 3)).toEqual([3])
  expect(axisTicks(-Number.MAX_VALUE, Number.MAX_VALUE)).toEqual([-Number.MAX_VALUE, Number.MAX_VALUE])
})

test('labels keep clear of the ends and of each other, and stand where they belong where they can', () => {
  expect(spread([50], 16, 184, 16)).toEqual([50])
  expect(spread([0], 16, 184, 16)).toEqual([16])
  expect(spread([200], 16, 184, 16)).toEqual([184])
  expect(spread([199, 198, 60], 16, 184, 16)).toEqual([184, 168, 60])
  expect(spread([3, 1, 2], 16, 184, 16)).toEqual([48, 16, 32])
  expect(spread([], 16, 184, 16)).toEqual([])
})

test('probabilities are shares of a whole: their axis ends at 1', () => {
  const axis = barAxis([0.531, 0.469])
  expect(axis.bar(0.531)).toEqual({ start: 0, length: 0.531 })
  expect(axis.largest).toBe(0)
})

test('signed bars stand on zero', () => {
  const axis = barAxis([-1, 3])
  expect(axis.zero).toBe(0.25)
  expect(axis.bar(-1)).toEqual({ start: 0, length: 0.25 })
  expect(axis.bar(3)).toEqual({ start: 0.25, length: 0.75 })
})

test('where several share the largest value none stands out', () => {
  expect(barAxis([0.5, 0.5]).largest).toBe(-1)
  expect(barAxis([1, 3, 3]).largest).toBe(-1)
  expect(barAxis([NaN]).largest).toBe(-1)
  expect(barAxis([1, 3, 2]).largest).toBe(1)
})

test('what is not finite has no bar or a whole one, and is never the largest', () => {
  const axis = barAxis([NaN, Infinity, 2])
  expect(axis.largest).toBe(2)
  expect(axis.bar(NaN).length).toBe(0)
  expect(axis.bar(Infinity).length).toBe(1)
})

test.each([
  [1, { side: 1, drawn: 1, more: 0 }],
  [4, { side: 2, drawn: 4, more: 0 }],
  [9, { side: 3, drawn: 9, more: 0 }],
  [10, { side: 3, drawn: 8, more: 2 }],
])('a card of %i channels', (channels, grid) => {
  expect(cardGrid(channels)).toEqual(grid)
})
