import { expect, test } from 'vitest'
import { erfc } from './erfc.ts'

/** scipy.special.erfc; at 5.9 and 6.1, where SciPy is 9 units off, the C library's (Python's math.erfc). */
const table: readonly (readonly [x: number, erfc: number])[] = [
  [-40, 2],
  [-6.5, 2],
  [-3, 1.9999779095030015],
  [-1.5, 1.9661051464753108],
  [-1, 1.8427007929497148],
  [-0.5, 1.5204998778130465],
  [-1e-9, 1.0000000011283792],
  [0, 1],
  [0.1, 0.8875370839817152],
  [0.25, 0.7236736098317631],
  [0.5, 0.4795001221869535],
  [0.84, 0.23485728854500554],
  [0.9, 0.20309178757716784],
  [1, 0.15729920705028516],
  [1.2, 0.08968602177036462],
  [1.3, 0.06599205505934758],
  [2, 0.004677734981047266],
  [2.8, 7.50131946654591e-5],
  [2.9, 4.109787809945884e-5],
  [4, 1.541725790028002e-8],
  [5.9, 7.190409783550478e-17],
  [6.1, 6.314602150193718e-18],
  [10, 2.0884875837625446e-45],
  [26, 5.663192408856145e-296],
]

test.each(table)('erfc(%d) is right to within a unit in the last place or two', (x, expected) => {
  expect(Math.abs(erfc(x) - expected) / expected).toBeLessThan(4 * Number.EPSILON)
})

test('the ends and not-a-number', () => {
  expect(erfc(Infinity)).toBe(0)
  expect(erfc(30)).toBe(0)
  expect(erfc(-Infinity)).toBe(2)
  expect(erfc(NaN)).toBeNaN()
})
