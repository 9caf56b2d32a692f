import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Tensor } from '../../shared/tensor.ts'
import { finish } from '../layers/steps.ts'
import { summariseDifference } from './difference.ts'
import { readWindow } from './window.ts'

/** Two rows, three columns, two channels. */
const one: Tensor = { shape: [2, 3, 2], data: Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12) }
const two: Tensor = { shape: [2, 3, 2], data: Float64Array.of(0, 4, 3, 1, 7, 6, 1, 8, 5, 13, 11, 14) }
/** Subtracted by hand. */
const byHand = [1, -2, 0, 3, -2, 0, 6, 0, 4, -3, 0, -2]

const refusal = expect.objectContaining({
  code: 'shapes-differ',
  message: expect.stringMatching(/2×3×2 and 3×2×2/) as string,
  detail: { shape: '2×3×2', other: '3×2×2' },
}) as Error

describe('one stage minus another', () => {
  test('is subtracted element by element, in a window too', () => {
    expect([...readWindow(one, {}, two).data]).toEqual(byHand)
    const rect = { left: 1, top: 0, width: 2, height: 2 }
    expect([...readWindow(one, { rect, channels: [1, 2] }, two).data]).toEqual([3, 0, -3, -2])
  })

  test('larger than wanted comes as means of the differences, of fewer at the edges', () => {
    const window = readWindow(one, { maxSize: 2 }, two)
    expect([window.step, window.shape]).toEqual([2, [1, 2, 2]])
    // Columns 0 and 1: (1 + 0 + 6 + 4) / 4 and (−2 + 3 + 0 − 3) / 4; column 2: (−2 + 0) / 2 and (0 − 2) / 2.
    expect([...window.data]).toEqual([2.75, -0.5, -1, -1])
  })

  test('has the numbers of what was subtracted by hand', () => {
    const summary = finish(summariseDifference(one, two))
    expect(summary).toMatchObject({ shape: [2, 3, 2], min: -3, max: 6, mean: 5 / 12, nan: 0, infinite: 0 })
    // The mean of the squares is 83 / 12.
    expect(summary.std).toBeCloseTo(Math.sqrt(83 / 12 - (5 / 12) ** 2), 14)
    expect(summary.channelRanges).toEqual([
      [-2, 6],
      [-3, 3],
    ])
    expect([summary.histogram.from, summary.histogram.to]).toEqual([-3, 6])
    expect(summary.histogram.counts.reduce((sum, count) => sum + count)).toBe(12)
  })

  test('tells what lies round the elements that are not 0', () => {
    const [height, width, channels] = [4, 5, 2]
    const a: Tensor = { shape: [height, width, channels], data: new Float64Array(40) }
    const b: Tensor = { shape: a.shape, data: a.data.slice() }
    expect(finish(summariseDifference(a, b)).changed).toBeNull()
    for (const [row, column] of [
      [1, 3],
      [3, 2],
      [2, 2],
    ] as const) {
      b.data[(row * width + column) * channels + 1] = 0.5
    }
    expect(finish(summariseDifference(a, b)).changed).toEqual({
      rect: { left: 2, top: 1, width: 2, height: 3 },
      channels: [1, 2],
      count: 3,
    })
    const vector = (...values: number[]): Tensor => ({ shape: [4], data: Float64Array.from(values) })
    const { changed } = finish(summariseDifference(vector(1, NaN, 3, -0), vector(1, 2, 3, 0)))
    expect(changed).toEqual({ rect: { left: 0, top: 0, width: 1, height: 1 }, channels: [1, 2], count: 1 })
  })

  test('is of float64, whatever it is made of, and takes no element for another’s', () => {
    const bytes: Tensor = { shape: [1, 2, 1], data: Uint8Array.of(3, 200) }
    const floats: Tensor = { shape: [1, 2, 1], data: Float32Array.of(5, 0.1) }
    expect(readWindow(bytes, {}, floats).data).toEqual(Float64Array.of(-2, 200 - Math.fround(0.1)))
    expect([...floats.data, ...bytes.data]).toEqual([5, Math.fround(0.1), 3, 200])
  })

  test('of infinities is not a number where they are the same', () => {
    const a: Tensor = { shape: [3], data: Float64Array.of(Infinity, Infinity, NaN) }
    const b: Tensor = { shape: [3], data: Float64Array.of(Infinity, 1, 1) }
    expect([...readWindow(a, {}, b).data]).toEqual([NaN, Infinity, NaN])
    expect(finish(summariseDifference(a, b))).toMatchObject({ nan: 2, infinite: 1, min: 0, max: 0 })
  })

  test('of two shapes is refused, naming both, even where they have as many elements', () => {
    const other: Tensor = { shape: [3, 2, 2], data: two.data }
    expect(() => readWindow(one, {}, other)).toThrow(refusal)
    expect(() => finish(summariseDifference(one, other))).toThrow(refusal)
  })

  test('averaged over any blocks is the difference of the averages', () => {
    const numbers = fc.float64Array({ minLength: 60, maxLength: 60, min: -1e3, max: 1e3, noNaN: true })
    const request = fc
      .record({ left: fc.nat(4), top: fc.nat(3), channel: fc.nat(2), maxSize: fc.integer({ min: 1, max: 5 }) })
      .map(({ left, top, channel, maxSize }) => ({
        rect: { left, top, width: 5 - left, height: 4 - top },
        channels: [channel, 3] as const,
        maxSize,
      }))
    fc.assert(
      fc.property(numbers, numbers, request, (a, b, wanted) => {
        const [x, y]: Tensor[] = [a, b].map((data) => ({ shape: [4, 5, 3], data }))
        const difference = readWindow(x!, wanted, y)
        const [first, second] = [readWindow(x!, wanted), readWindow(y!, wanted)]
        expect(difference.shape).toEqual(first.shape)
        for (const [i, value] of difference.data.entries()) {
          expect(value).toBeCloseTo(first.data[i]! - second.data[i]!, 9)
        }
      }),
    )
  })
})
