import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Tensor } from '../../shared/tensor.ts'
import { readWindow } from './window.ts'

/** Element (y, x, c) is 100 y + 10 x + c. */
const tensor: Tensor = {
  shape: [4, 5, 3],
  data: Float64Array.from({ length: 60 }, (_, i) => 100 * Math.floor(i / 15) + 10 * Math.floor((i % 15) / 3) + (i % 3)),
}

describe('reading a window', () => {
  test('of everything gives the tensor itself, in memory of its own', () => {
    const window = readWindow(tensor, {})
    expect(window).toEqual({
      rect: { left: 0, top: 0, width: 5, height: 4 },
      channels: [0, 3],
      step: 1,
      shape: [4, 5, 3],
      data: tensor.data,
    })
    expect(window.data.buffer).not.toBe(tensor.data.buffer)
  })

  test('gives the elements of a rectangle and of some channels', () => {
    const { shape, data } = readWindow(tensor, { rect: { left: 3, top: 1, width: 2, height: 2 }, channels: [1, 3] })
    expect(shape).toEqual([2, 2, 2])
    expect([...data]).toEqual([131, 132, 141, 142, 231, 232, 241, 242])
  })

  test('larger than wanted gives means over blocks, of fewer elements at the edges', () => {
    const window = readWindow(tensor, { channels: [0, 1], maxSize: 2 })
    expect([window.step, window.shape]).toEqual([3, [2, 2, 1]])
    // Rows 0–2 and 3, columns 0–2 and 3–4.
    expect([...window.data]).toEqual([110, 135, 310, 335])
  })

  test('begins its blocks at the corner of the rectangle', () => {
    const window = readWindow(tensor, { rect: { left: 1, top: 2, width: 3, height: 2 }, channels: [2, 3], maxSize: 2 })
    expect([window.step, window.shape]).toEqual([2, [1, 2, 1]])
    expect([...window.data]).toEqual([267, 282])
  })

  test('keeps the dtype, and rounds means of bytes', () => {
    const bytes = { shape: [1, 4, 1], data: Uint8Array.of(1, 2, 4, 4) }
    expect(readWindow(bytes, { maxSize: 2 }).data).toEqual(Uint8Array.of(2, 4))
    const floats = { shape: [1, 2, 1], data: Float32Array.of(1, 2) }
    expect(readWindow(floats, { maxSize: 1 }).data).toEqual(Float32Array.of(1.5))
  })

  test('takes a vector for one pixel of many channels', () => {
    const vector = { shape: [5], data: Float64Array.of(0, 1, 2, 3, 4) }
    const window = readWindow(vector, { channels: [2, 4], maxSize: 1 })
    expect([window.shape, [...window.data]]).toEqual([
      [1, 1, 2],
      [2, 3],
    ])
  })

  test.each([
    ['an empty rectangle', { rect: { left: 0, top: 0, width: 0, height: 1 } }],
    ['a rectangle over the right edge', { rect: { left: 4, top: 0, width: 2, height: 1 } }],
    ['a rectangle over the bottom edge', { rect: { left: 0, top: 3, width: 1, height: 2 } }],
    ['a negative corner', { rect: { left: -1, top: 0, width: 1, height: 1 } }],
    ['half an element', { rect: { left: 0, top: 0, width: 1.5, height: 1 } }],
    ['a corner past every whole number', { rect: { left: 2 ** 60, top: 0, width: 1, height: 1 } }],
    ['no channel', { channels: [1, 1] as const }],
    ['channels that are not there', { channels: [0, 4] as const }],
  ])('refuses %s', (_, request) => {
    expect(() => readWindow(tensor, request)).toThrow(expect.objectContaining({ code: 'bad-request' }))
  })

  test('of any rectangle and step equals the mean computed element by element', () => {
    const request = fc
      .record({ left: fc.nat(4), top: fc.nat(3), c: fc.nat(2), maxSize: fc.integer({ min: 1, max: 6 }) })
      .chain((at) =>
        fc.record({
          at: fc.constant(at),
          width: fc.integer({ min: 1, max: 5 - at.left }),
          height: fc.integer({ min: 1, max: 4 - at.top }),
        }),
      )
    fc.assert(
      fc.property(request, ({ at, width, height }) => {
        const rect = { left: at.left, top: at.top, width, height }
        const { step, shape, data } = readWindow(tensor, { rect, channels: [at.c, at.c + 1], maxSize: at.maxSize })
        expect(Math.max(shape[0], shape[1])).toBeLessThanOrEqual(at.maxSize)
        for (const [i, value] of data.entries()) {
          const terms: number[] = []
          for (let y = 0; y < step; y++) {
            for (let x = 0; x < step; x++) {
              const row = Math.floor(i / shape[1]) * step + y
              const column = (i % shape[1]) * step + x
              if (row < height && column < width) terms.push(100 * (at.top + row) + 10 * (at.left + column) + at.c)
            }
          }
          expect(value).toBeCloseTo(terms.reduce((a, b) => a + b) / terms.length, 9)
        }
      }),
    )
  })
})
