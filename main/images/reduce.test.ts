import { describe, expect, it } from 'vitest'
import { areaMeans, blocks, equalParts } from './reduce.ts'

const counting = (height: number, width: number, channels: number) => ({
  shape: [height, width, channels] as const,
  data: Float64Array.from({ length: height * width * channels }, (_, i) => i),
})

describe('area means', () => {
  it('are the means of whole blocks, those at the edge of what is there', () => {
    // 0 1 2 / 3 4 5 / 6 7 8
    const means = areaMeans(counting(3, 3, 1), [0, 1], blocks(3, 2), blocks(3, 2))
    expect(means).toEqual({ shape: [2, 2, 1], data: Float64Array.of(2, 3.5, 6.5, 8) })
  })

  it('count an element by the share of it that lies inside', () => {
    // Two parts of 1.5: (0 + 1/2)/1.5 and (1/2 + 2)/1.5 for the values 0 1 2.
    const means = areaMeans(counting(1, 3, 1), [0, 1], equalParts(1, 1), equalParts(3, 2))
    expect(means.data[0]).toBeCloseTo(1 / 3, 12)
    expect(means.data[1]).toBeCloseTo(5 / 3, 12)
  })

  it('keep the mean of the whole', () => {
    const source = counting(37, 53, 3)
    const means = areaMeans(source, [0, 3], equalParts(37, 7), equalParts(53, 11))
    const mean = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0) / values.length
    expect(mean(means.data)).toBeCloseTo(mean(source.data), 8)
  })

  it('take only the channels asked for', () => {
    const means = areaMeans(counting(2, 2, 4), [1, 3], blocks(2, 2), blocks(2, 2))
    expect(means).toEqual({ shape: [1, 1, 2], data: Float64Array.of(7, 8) })
  })

  it.each([
    ['whose rows begin at whole words', 8, 0],
    ['whose rows do not', 7, 0],
    ['that begin between words', 8, 1],
  ])('of bytes %s are those of the same numbers, over more rows than are added at once', (_, width, offset) => {
    const [height, channels] = [600, 3]
    const bytes = new Uint8Array(offset + height * width * channels).subarray(offset)
    bytes.forEach((_, i) => (bytes[i] = i % 5 === 0 ? 255 : (i * 197) % 256))
    const shape = [height, width, channels] as const
    for (const rows of [equalParts(height, 2), equalParts(height, 77)]) {
      const columns = equalParts(width, 3)
      const means = areaMeans({ shape, data: bytes }, [0, 3], rows, columns)
      const wanted = areaMeans({ shape, data: Float64Array.from(bytes) }, [0, 3], rows, columns)
      expect(means.shape).toEqual([rows.edges.length - 1, 3, 3])
      for (const [i, value] of wanted.data.entries()) expect(means.data[i]).toBeCloseTo(value, 10)
    }
  })

  it('are not a number, or infinite, where an element is', () => {
    const source = { shape: [1, 4, 1] as const, data: Float64Array.of(NaN, 1, Infinity, 1) }
    const means = areaMeans(source, [0, 1], blocks(1, 1), blocks(4, 2))
    expect([...means.data]).toEqual([NaN, Infinity])
  })
})
