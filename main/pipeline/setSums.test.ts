import { describe, expect, test } from 'vitest'
import type { ChannelExtremes, SetSums } from '../../shared/batchState.ts'
import { finish } from '../layers/steps.ts'
import { LegacyRandom } from '../../shared/random.ts'
import type { Tensor } from '../../shared/tensor.ts'
import { channelMeans, rank } from './channels.ts'
import { addTensor, emptySums, mergeSums, setSteps } from './setSums.ts'

const shape = [4, 5, 2]
const random = new LegacyRandom(3)
const tensors: Tensor[] = Array.from({ length: 200 }, (_, i) => ({
  shape,
  data: Float64Array.from({ length: 40 }, () => random.randn() * 10 ** (i % 7) + 1e5),
}))

function sumsOf(some: readonly Tensor[]) {
  const sums = emptySums(shape)
  for (const tensor of some) addTensor(sums, tensor)
  return sums
}

const meanOf = (sums: SetSums) => finish(setSteps(sums)).mean
const deviationOf = (sums: SetSums) => finish(setSteps(sums)).std

/** Exact: every float64 is a whole multiple of 2⁻¹⁰⁷⁴, and these are of 2⁻⁶⁰. */
const scale = 2n ** 60n
const exactly = (value: number) => {
  let shift = 0
  while (!Number.isInteger(value)) {
    value *= 2
    shift++
  }
  return (BigInt(value) * scale) / 2n ** BigInt(shift)
}

describe('sums over many tensors', () => {
  test('give the exact mean and deviation, rounded', () => {
    const sums = sumsOf(tensors)
    const mean = meanOf(sums)
    const std = deviationOf(sums)
    expect(mean.shape).toEqual(shape)
    for (let i = 0; i < 40; i++) {
      const values = tensors.map(({ data }) => exactly(data[i]!))
      const total = values.reduce((sum, x) => sum + x)
      expect(mean.data[i]).toBe(Number(total) / Number(scale) / 200)
      const squares = values.reduce((sum, x) => sum + (200n * x - total) ** 2n, 0n)
      const expected = Math.sqrt(Number(squares / (scale * scale)) / 200) / 200
      expect(Math.abs(std.data[i]! - expected) / expected).toBeLessThan(4e-16)
    }
  })

  test('do not show in which order and in how many parts they were added', () => {
    const whole = sumsOf(tensors)
    const parts = sumsOf(tensors.filter((_, i) => i % 3 === 2).toReversed())
    mergeSums(parts, sumsOf(tensors.filter((_, i) => i % 3 === 0)))
    mergeSums(parts, sumsOf(tensors.filter((_, i) => i % 3 === 1).toReversed()))
    expect(parts.count).toBe(200)
    expect(meanOf(parts)).toEqual(meanOf(whole))
    expect(deviationOf(parts)).toEqual(deviationOf(whole))
  })

  test('have no deviation where all tensors are equal, and no number where one has none', () => {
    const same = { shape: [2], data: Float64Array.of(0.1, 1e200) }
    const sums = emptySums([2])
    for (let i = 0; i < 7; i++) addTensor(sums, { shape: [2], data: Float64Array.of(0.1, 3) })
    expect(deviationOf(sums).data).toEqual(Float64Array.of(0, 0))
    expect(meanOf(sums).data).toEqual(Float64Array.of(0.1, 3))
    addTensor(sums, { ...same, data: Float64Array.of(NaN, 3) })
    expect(meanOf(sums).data).toEqual(Float64Array.of(NaN, 3))
  })
})

test('a channel is told by the mean of its finite elements', () => {
  const data = Float64Array.of(1, 10, 2, Infinity, 6, 20, NaN, 30)
  expect(channelMeans({ shape: [2, 2, 2], data })).toEqual(Float64Array.of(3, 20))
})

test('the nine images at either end of a channel are kept, in whatever order they come, each once', () => {
  const values = [5, 1, 9, 9, 3, 7, 2, 8, 4, 6, 0, NaN, 10]
  const images = values.map((value, i) => ({ name: String.fromCharCode(97 + i), value }))
  const ranked = [images, images.toReversed()].map((order) => {
    const extremes: ChannelExtremes = { most: [], least: [] }
    for (const image of [...order, ...order]) rank(extremes, image)
    return extremes
  })
  expect(ranked[0]).toEqual(ranked[1])
  expect(ranked[0]!.most.map(({ name }) => name).join('')).toBe('mcdhfjaie')
  expect(ranked[0]!.least.map(({ name }) => name).join('')).toBe('kbgeiajfh')
})

test('the mean and deviation of a large stage come in steps', () => {
  const sums = emptySums([100_000])
  for (const factor of [1, 3]) {
    addTensor(sums, { shape: [100_000], data: Float64Array.from({ length: 100_000 }, (_, i) => factor * i) })
  }
  const steps = setSteps(sums)
  let pauses = 0
  let step = steps.next()
  for (; !step.done; step = steps.next()) pauses++
  expect(pauses).toBeGreaterThan(2)
  // Of i and 3i.
  const shape = [100_000]
  const upTo = (factor: number) => Float64Array.from({ length: 100_000 }, (_, i) => factor * i)
  expect(step.value).toEqual({ mean: { shape, data: upTo(2) }, std: { shape, data: upTo(1) } })
})
