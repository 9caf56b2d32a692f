import { describe, expect, test } from 'vitest'
import { counting, layer, run, tensor } from '../../tests/support/layer.ts'
import { LegacyRandom } from '../../shared/random.ts'

describe('globalPool', () => {
  test('one number a channel: its mean, or its largest', () => {
    const mean = run(layer('globalPool'), counting(2, 3, 2))
    expect(mean.shape).toEqual([1, 1, 2])
    expect([...mean.data]).toEqual([5, 6])
    expect([...run(layer('globalPool', { operation: 'max' }), counting(2, 3, 2)).data]).toEqual([10, 11])
  })

  test('the mean is numpy.mean to the last bit, in float64 and float32', () => {
    // np.mean(np.arange(1, 13) / 10)
    const input = tensor([3, 4, 1], [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.2])
    expect([...run(layer('globalPool'), input).data]).toEqual([0.65])
    expect([...run(layer('globalPool'), input, 'float32').data]).toEqual([0.6500000357627869])
    // np.random.seed(1); a = np.random.rand(5000) * 2 - 0.5; a.sum() / 5000, in the second of two channels
    const random = new LegacyRandom(1)
    const wide = tensor(
      [50, 100, 2],
      Array.from({ length: 10_000 }, (_, i) => (i % 2 === 0 ? 1 : random.rand() * 2 - 0.5)),
    )
    expect([...run(layer('globalPool'), wide).data]).toEqual([1, 2503.036987083844 / 5000])
  })

  test('negative values have a negative maximum, and not-a-number stays', () => {
    expect([...run(layer('globalPool', { operation: 'max' }), tensor([1, 2, 1], [-5, -3])).data]).toEqual([-3])
    expect(run(layer('globalPool', { operation: 'max' }), tensor([1, 2, 1], [NaN, 3])).data[0]).toBeNaN()
  })
})
