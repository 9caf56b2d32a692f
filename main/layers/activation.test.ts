import { describe, expect, test } from 'vitest'
import { layer, run, tensor } from '../../tests/support/layer.ts'

const inputs = [-3, -1, -0.1, 0, 0.1, 1, 3]

/** NumPy 1.24 and SciPy: np.expm1, scipy.special.expit, x * scipy.special.ndtr(x), np.tanh, np.where, np.clip. */
const expected: Readonly<Record<string, readonly number[]>> = {
  relu: [0, 0, 0, 0, 0.1, 1, 3],
  leakyRelu: [-0.03, -0.01, -0.001, 0, 0.1, 1, 3],
  elu: [-0.950212931632136, -0.6321205588285577, -0.09516258196404043, 0, 0.1, 1, 3],
  selu: [
    -1.6705687287671118, -1.1113307378125625, -0.16730527262431394, 0, 0.10507009873554805, 1.0507009873554805,
    3.1521029620664414,
  ],
  gelu: [
    -0.00404969409489028, -0.15865525393145707, -0.0460172162722971, 0, 0.053982783727702904, 0.8413447460685429,
    2.99595030590511,
  ],
  sigmoid: [
    0.04742587317756678, 0.2689414213699951, 0.47502081252106, 0.5, 0.52497918747894, 0.7310585786300049,
    0.9525741268224334,
  ],
  hardSigmoid: [0, 0.3, 0.48, 0.5, 0.52, 0.7, 1],
  hardSwish: [0, -0.33333333333333337, -0.04833333333333334, 0, 0.05166666666666667, 0.6666666666666666, 3],
  tanh: [
    -0.9950547536867305, -0.7615941559557649, -0.09966799462495582, 0, 0.09966799462495582, 0.7615941559557649,
    0.9950547536867305,
  ],
}

describe('activation', () => {
  test.each(Object.entries(expected))('%s agrees with NumPy and SciPy', (name, values) => {
    const spec = layer('activation', { function: name })
    const exact = run(spec, tensor([7], inputs)).data
    const single = run(spec, tensor([7], inputs), 'float32')
    expect(single.data).toBeInstanceOf(Float32Array)
    values.forEach((value, i) => {
      expect(Math.abs(exact[i]! - value)).toBeLessThanOrEqual(4e-16 * Math.max(1, Math.abs(value)))
      expect(Math.abs(single.data[i]! - value)).toBeLessThanOrEqual(1.5e-7 * Math.max(1, Math.abs(value)))
    })
  })

  test.each(Object.keys(expected))('%s keeps not-a-number and has a finite or infinite end', (name) => {
    const output = run(layer('activation', { function: name }), tensor([3], [NaN, -Infinity, Infinity])).data
    expect(output[0]).toBeNaN()
    expect(output[1]).not.toBeNaN()
    expect([1, Infinity]).toContain(output[2])
  })

  test('GELU keeps its digits far below zero', () => {
    const output = run(layer('activation', { function: 'gelu' }), tensor([2], [-10, -30])).data
    // x * scipy.special.ndtr(x)
    expect(output[0]! / -7.61985302416047e-23).toBeCloseTo(1, 12)
    expect(output[1]! / -1.4720141781443724e-196).toBeCloseTo(1, 12)
  })

  test('alpha, beta and gamma replace the usual values', () => {
    const at = (options: Record<string, unknown>) => [...run(layer('activation', options), tensor([2], [-1, 0.5])).data]
    expect(at({ function: 'leakyRelu', alpha: 0.25 })).toEqual([-0.25, 0.5])
    expect(at({ function: 'hardSigmoid', alpha: 0.5, beta: 0.75 })).toEqual([0.25, 1])
    expect(at({ function: 'elu', alpha: 2 })).toEqual([2 * Math.expm1(-1), 0.5])
    expect(at({ function: 'selu', alpha: 2, gamma: 3 })).toEqual([6 * Math.expm1(-1), 1.5])
  })
})
