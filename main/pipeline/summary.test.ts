import { describe, expect, test } from 'vitest'
import type { Tensor, TensorData } from '../../shared/tensor.ts'
import { finish } from '../layers/steps.ts'
import { summarise } from './summary.ts'

const vector = (data: TensorData): Tensor => ({ shape: [data.length], data })
const summary = (data: TensorData) => finish(summarise(vector(data)))

/** The numbers NumPy 2.4 was given: ((i · 2654435761 mod 2³²) / 2³² − 0.25)³ · 1000. */
function series(count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => {
    const x = Number((BigInt(i) * 2654435761n) % 4294967296n) / 2 ** 32 - 0.25
    return x * x * x * 1000
  })
}

// prettier-ignore
const numpyHistogram = [
  4364, 8137, 29465, 5750, 3759, 2918, 2432, 2106, 1873, 1699, 1554, 1441, 1344, 1264, 1193, 1131, 1079, 1030, 987, 950,
  914, 882, 853, 824, 802, 777, 756, 736, 717, 699, 682, 668, 652, 637, 626, 613, 600, 589, 578, 567, 558, 548, 538, 530,
  522, 514, 507, 498, 491, 486, 476, 471, 465, 459, 453, 446, 442, 437, 431, 426, 421, 417, 412, 407,
]

describe('the summary of a stage', () => {
  test('equals numpy.min, max, mean, std and histogram of a hundred thousand numbers', () => {
    expect(summary(series(100_003))).toEqual({
      min: -15.625,
      max: 421.8704631802042,
      mean: 78.12413833459816,
      std: 113.90447265651717,
      nan: 0,
      infinite: 0,
      histogram: { from: -15.625, to: 421.8704631802042, counts: numpyHistogram },
      channelRanges: [[-15.625, 421.8704631802042]],
    })
  })

  test('counts what is not finite and leaves it out, as x[numpy.isfinite(x)] does', () => {
    const data = series(100_003)
    for (let i = 0; i < data.length; i += 7) data[i] = NaN
    for (let i = 3; i < data.length; i += 11) data[i] = i % 2 ? Infinity : -Infinity
    const result = summary(data)
    expect([result.nan, result.infinite]).toEqual([12_988, 9091])
    expect([result.min, result.max]).toEqual([-15.621400161766877, 421.8704631802042])
    expect([result.mean, result.std]).toEqual([78.11244925871351, 113.88908857400536])
    expect(result.histogram.counts.reduce((a, b) => a + b)).toBe(77_924)
  })

  test('gives the range of each channel', () => {
    const data = series(99_999)
    expect(finish(summarise({ shape: [33_333, 1, 3], data })).channelRanges).toEqual([
      [-15.625, 421.838063209467],
      [-15.621904182654747, 421.8056648976671],
      [-15.621400161766877, 421.8704631802042],
    ])
  })

  test('takes a vector for one channel and lists no ranges of thousands of channels', () => {
    expect(finish(summarise({ shape: [3], data: Float64Array.of(3, 1, 2) })).channelRanges).toEqual([[1, 3]])
    expect(finish(summarise({ shape: [1, 1, 5000], data: new Float64Array(5000) })).channelRanges).toEqual([])
  })

  test('of nothing finite is zeros and counts, and JSON keeps it', () => {
    const result = summary(Float64Array.of(NaN, Infinity, NaN))
    expect(result).toMatchObject({ min: 0, max: 0, mean: 0, std: 0, nan: 2, infinite: 1, channelRanges: [[0, 0]] })
    expect(result.histogram).toEqual({ from: 0, to: 0, counts: new Array(64).fill(0) })
    expect(JSON.parse(JSON.stringify(result))).toEqual(result)
  })

  test('of equal values has them all in the first bin and no deviation', () => {
    const result = summary(new Float32Array(10).fill(0.5))
    expect(result).toMatchObject({ min: 0.5, max: 0.5, mean: 0.5, std: 0 })
    expect(result.histogram.counts[0]).toBe(10)
  })

  test.each([1e308, Number.MAX_VALUE, 5e-324])('stays finite for values as large and small as ±%d', (size) => {
    const result = summary(Float64Array.of(-size, size, -size, size))
    expect(result).toMatchObject({ min: -size, max: size, mean: 0, std: size })
    expect([result.histogram.counts[0], result.histogram.counts[63]]).toEqual([2, 2])
  })

  test('of bytes and of float32 is accumulated in float64', () => {
    expect(summary(Uint8Array.of(0, 255, 1))).toMatchObject({ mean: 256 / 3, max: 255 })
    // In float32 the sum of these would stay at 2²⁴.
    const data = new Float32Array(3).fill(1)
    data[0] = 2 ** 24
    expect(summary(data).mean).toBe((2 ** 24 + 2) / 3)
  })

  test('pauses often and tells a fraction that never falls', () => {
    const fractions: number[] = []
    for (const fraction of summarise(vector(new Float64Array(1 << 20)))) fractions.push(fraction)
    expect(fractions.length).toBeGreaterThan(40)
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b))
    expect(Math.max(...fractions)).toBeLessThanOrEqual(1)
  })
})
