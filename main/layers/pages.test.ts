import fc from 'fast-check'
import { expect, it } from 'vitest'
import { LoupeError } from '../../shared/errors.ts'
import { largest, pageOf } from './pages.ts'

it('the largest are those of a full sort, the earlier of equals first, not-a-number before all', () => {
  const value = fc.oneof(fc.nat(5), fc.double({ min: -1e300, max: 1e300 }), fc.constant(NaN))
  fc.assert(
    fc.property(fc.array(value, { maxLength: 3000 }), fc.nat(300), (sizes, wanted) => {
      const above = (a: number, b: number) => {
        if (Number.isNaN(sizes[a]!) || Number.isNaN(sizes[b]!)) {
          return Number(Number.isNaN(sizes[b]!)) - Number(Number.isNaN(sizes[a]!)) || a - b
        }
        return sizes[a] === sizes[b] ? a - b : sizes[b]! > sizes[a]! ? 1 : -1
      }
      const sorted = sizes.map((_, i) => i).sort(above)
      expect(largest(sizes.length, wanted, (i) => sizes[i]!)).toEqual(sorted.slice(0, wanted))
    }),
  )
})

it('the largest of many are found where each is larger than all before', () => {
  expect(largest(100_000, 3, (i) => i)).toEqual([99_999, 99_998, 99_997])
})

it('pages come in the layer’s order where all fit, else by size, or as asked for', () => {
  const sizes = [3, -9, 5, 1]
  const page = (request: Parameters<typeof pageOf>[1]) =>
    pageOf(
      4,
      request,
      (i) => sizes[i]!,
      (i) => i,
    )
  expect(page({})).toEqual({ total: 4, order: 'layer', first: 0, items: [0, 1, 2, 3] })
  expect(page({ limit: 2 })).toEqual({ total: 4, order: 'contribution', first: 0, items: [1, 2] })
  expect(page({ limit: 2, first: 2, order: 'contribution' }).items).toEqual([0, 3])
  expect(page({ limit: 2, first: 1, order: 'layer' }).items).toEqual([1, 2])
  expect(page({ limit: 2, first: 9 }).items).toEqual([])
  expect(() =>
    pageOf(
      1e6,
      { first: 70_000, order: 'contribution' },
      () => 0,
      () => 0,
    ),
  ).toThrow(LoupeError)
})
