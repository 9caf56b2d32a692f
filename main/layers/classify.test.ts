import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { counting, layer, run, tensor } from '../../tests/support/layer.ts'
import { denseWeights } from './dense.ts'
import { finish } from './steps.ts'

describe('dense', () => {
  test('weights given as [input][unit] and a bias, by hand', () => {
    const weights = {
      type: 'values',
      values: [
        [1, 10],
        [2, 20],
        [3, 30],
      ],
    }
    const spec = layer('dense', { units: 2, weights, bias: [0.5, 0] })
    // 4·1 + 5·2 + 6·3 + 0.5 and 4·10 + 5·20 + 6·30
    expect([...run(spec, tensor([3], [4, 5, 6])).data]).toEqual([32.5, 320])
  })

  test('seeded weights agree with NumPy’s x @ W + b within 1e-12', () => {
    // np.random.seed(0); W = 0.01 * np.random.randn(5, 3); np.arange(1, 6) / 3 @ W + [1, 2, 3]
    const spec = layer('dense', { units: 3, bias: [1, 2, 3] })
    const output = run(
      spec,
      tensor(
        [5],
        counting(5).data.map((x) => (x + 1) / 3),
      ),
    ).data
    const expected = [1.048478955434786, 2.016219169769606, 3.022503119535171]
    expected.forEach((value, i) => expect(Math.abs(output[i]! - value)).toBeLessThan(1e-12))
  })

  test('weights are scale · randn(inputs, units), row by row', () => {
    const weights = finish(denseWeights(layer('dense', { units: 2, weights: { type: 'random', seed: 0 } }), 3))
    expect(weights.length).toBe(6)
    expect([...weights.slice(0, 2)]).toEqual([0.01 * 1.764052345967664, 0.01 * 0.4001572083672233])
  })

  test('float32 rounds weights, products and sums', () => {
    const weights = { type: 'values', values: [[0.1], [0.2], [0.3]] }
    const output = run(layer('dense', { units: 1, weights }), tensor([3], [0.7, 0.6, 0.5]), 'float32').data
    const f = Math.fround
    const terms = [f(f(0.7) * f(0.1)), f(f(0.6) * f(0.2)), f(f(0.5) * f(0.3))]
    expect(output[0]).toBe(f(f(terms[0]! + terms[1]!) + terms[2]!))
  })
})

describe('softmax', () => {
  test('agrees with NumPy’s exp(z - max) / sum', () => {
    const output = run(layer('softmax'), tensor([3], [1, 2, 3])).data
    const expected = [0.09003057317038046, 0.24472847105479764, 0.6652409557748218]
    expected.forEach((value, i) => expect(output[i]).toBeCloseTo(value, 15))
  })

  test('logits in the thousands do not overflow', () => {
    const output = run(layer('softmax'), tensor([3], [1000, 1001, -1000])).data
    expect(output[0]).toBeCloseTo(0.2689414213699951, 15)
    expect(output[1]).toBeCloseTo(0.7310585786300049, 15)
    expect(output[2]).toBe(0)
  })

  test('shares add up to 1 and do not change when all logits move by the same amount', () => {
    const logits = fc.array(fc.double({ min: -50, max: 50, noNaN: true }), { minLength: 1, maxLength: 200 })
    fc.assert(
      fc.property(logits, fc.integer({ min: -30, max: 30 }), (z, shift) => {
        const shares = run(layer('softmax'), tensor([z.length], z)).data
        expect([...shares].reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12)
        const moved = run(
          layer('softmax'),
          tensor(
            [z.length],
            z.map((x) => x + shift),
          ),
        ).data
        shares.forEach((share, i) => expect(moved[i]).toBeCloseTo(share, 10))
      }),
    )
  })
})
