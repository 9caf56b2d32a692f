import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LegacyRandom } from '../../shared/random.ts'
import { finish } from './steps.ts'
import { pairwiseDot, pairwiseDot32, pairwiseSum, pairwiseSum32, sumSteps } from './sum.ts'

/** np.random.seed(1); a = np.random.rand(n) * 2 - 0.5; [a.sum(), a.astype(np.float32).sum()], NumPy 1.24. */
const numpySums: readonly (readonly [count: number, float64: number, float32: number])[] = [
  [7, 0.230296285114997, 0.2302962839603424],
  [8, 0.4214177392010925, 0.42141780257225037],
  [9, 0.7149526876624324, 0.7149527072906494],
  [17, 4.396873369001091, 4.3968729972839355],
  [100, 47.175585520029124, 47.17558288574219],
  [128, 62.47490249494659, 62.47489929199219],
  [129, 62.22324912518641, 62.22324752807617],
  [300, 155.08559378684225, 155.08560180664063],
  [1000, 501.2091989118103, 501.2091979980469],
  [5000, 2503.036987083844, 2503.037109375],
]

function draw(count: number): Float64Array {
  const random = new LegacyRandom(1)
  return Float64Array.from({ length: count }, () => random.rand() * 2 - 0.5)
}

describe('pairwise sums', () => {
  test.each(numpySums)(
    '%i terms add up to NumPy’s sum to the last bit in both precisions',
    (count, float64, float32) => {
      const values = draw(count)
      expect(pairwiseSum(values, 0, count)).toBe(float64)
      expect(pairwiseSum32(Float64Array.from(Float32Array.from(values)), 0, count)).toBe(float32)
    },
  )

  test('a sum of nothing, or of −0 alone, is +0', () => {
    for (const count of [0, 1, 7, 8, 9, 200]) {
      const values = new Float64Array(count).fill(-0)
      expect(pairwiseSum(values, 0, count)).toBe(0)
      expect(pairwiseSum32(values, 0, count)).toBe(0)
    }
  })

  test('a sum of products is the sum of the array of products', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 600 }), fc.integer({ min: 0, max: 9 }), (count, from) => {
        const values = draw(count + from)
        const weights = draw(2 * count).subarray(count)
        const products = values.subarray(from).map((value, i) => value * weights[i]!)
        expect(pairwiseDot(values, from, weights, 0, count)).toBe(pairwiseSum(products, 0, count))
        const singles = Float64Array.from(Float32Array.from(values))
        const singleWeights = Float64Array.from(Float32Array.from(weights))
        const singleProducts = singles.subarray(from).map((value, i) => Math.fround(value * singleWeights[i]!))
        expect(pairwiseDot32(singles, from, singleWeights, 0, count)).toBe(pairwiseSum32(singleProducts, 0, count))
      }),
    )
  })

  test('adding with pauses gives the same sum', () => {
    const values = draw(300_000)
    expect(finish(sumSteps(values, 'float64'))).toBe(pairwiseSum(values, 0, values.length))
    const singles = Float64Array.from(Float32Array.from(values))
    expect(finish(sumSteps(singles, 'float32'))).toBe(pairwiseSum32(singles, 0, singles.length))
    expect([...sumSteps(values, 'float64')].length).toBeGreaterThan(4)
  })
})
