import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fma } from './fma.ts'

/** A sign and 53 bits, most of them 0 or all 1, as where sums come near the middle between two doubles. */
const mantissa = fc
  .tuple(
    fc.boolean(),
    fc.oneof(
      fc.bigInt({ min: 2n ** 52n, max: 2n ** 53n - 1n }),
      fc.bigInt({ min: 2n ** 52n, max: 2n ** 52n + 4n }),
      fc.bigInt({ min: 2n ** 53n - 4n, max: 2n ** 53n - 1n }),
      fc.integer({ min: 0, max: 51 }).map((bit) => 2n ** 52n + 2n ** BigInt(bit)),
    ),
  )
  .map(([negative, bits]) => (negative ? -bits : bits))

test('a product and a sum are rounded once, as exact whole numbers say', () => {
  fc.assert(
    fc.property(mantissa, mantissa, mantissa, fc.integer({ min: 0, max: 220 }), (a, b, c, shift) => {
      // a · b + c · 2^(shift − 60), times 2⁶⁰; a whole number becomes the nearest double, an even one in the middle.
      const exact = Number(((a * b) << 60n) + (c << BigInt(shift)))
      expect(fma(Number(a), Number(b), Number(c) * 2 ** (shift - 60)) * 2 ** 60).toBe(exact)
    }),
    { numRuns: 20_000, seed: 1 },
  )
})

test('what a product leaves of the number it is subtracted from is exact', () => {
  expect(fma(1 + 2 ** -52, 1 - 2 ** -52, -1)).toBe(-(2 ** -104))
  expect(fma(0.1, 10, -1)).toBe(2 ** -54)
  expect(fma(3, 5, -15)).toBe(0)
})
