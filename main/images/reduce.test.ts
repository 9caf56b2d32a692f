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

  it.each([1, 3, 4])(
    'of bytes in %i channels are the nearest number to the mean, over however many rows',
    (channels) => {
      const [height, width] = [600, 901]
      const data = Uint8Array.from({ length: height * width * channels }, (_, i) =>
        i % 5 === 0 ? 255 : (i * 197) % 256,
      )
      for (const [down, across] of [
        [2, 3],
        [77, 11],
      ] as const) {
        const shape = [height, width, channels] as const
        const means = areaMeans({ shape, data }, [0, channels], equalParts(height, down), equalParts(width, across))
        expect(means.shape).toEqual([down, across, channels])
        // In parts so small that every boundary is whole, the sum is whole too.
        const share = (index: number, parts: number, part: number, of: number) =>
          Math.max(0, Math.min((index + 1) * parts, (part + 1) * of) - Math.max(index * parts, part * of))
        means.data.forEach((mean, i) => {
          const [y, x, c] = [Math.floor(i / channels / across), Math.floor(i / channels) % across, i % channels]
          let sum = 0
          for (let row = Math.floor((y * height) / down); row * down < (y + 1) * height; row++) {
            for (let column = Math.floor((x * width) / across); column * across < (x + 1) * width; column++) {
              const weight = share(row, down, y, height) * share(column, across, x, width)
              sum += weight * data[(row * width + column) * channels + c]!
            }
          }
          if (channels === 3) expect(mean).toBe(sum / (height * width))
          else expect(mean).toBeCloseTo(sum / (height * width), 10)
        })
      }
    },
  )

  it('are not a number, or infinite, where an element is', () => {
    const source = { shape: [1, 4, 1] as const, data: Float64Array.of(NaN, 1, Infinity, 1) }
    const means = areaMeans(source, [0, 1], blocks(1, 1), blocks(4, 2))
    expect([...means.data]).toEqual([NaN, Infinity])
  })
})
