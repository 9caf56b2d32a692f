import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  chooseScale,
  colourOf,
  colourTable,
  inkOn,
  negativeInfinityColour,
  notANumberColour,
  paintChannel,
  paintColour,
  position,
  positiveInfinityColour,
  scaleNames,
} from './colour.ts'

describe('how a scale is chosen', () => {
  test('signed values get a diverging scale centred on zero', () => {
    expect(chooseScale({ min: -1, max: 4, picture: 'map' })).toEqual({ name: 'red-blue', from: -4, to: 4 })
    expect(chooseScale({ min: -3, max: -1, picture: 'map' })).toEqual({ name: 'red-blue', from: -3, to: 3 })
  })

  test('others get a sequential one over what is there', () => {
    expect(chooseScale({ min: 0.5, max: 4, picture: 'map' })).toEqual({ name: 'viridis', from: 0.5, to: 4 })
  })

  test('a photo stays grey over its nominal range, so that a dim photo looks dim', () => {
    expect(chooseScale({ min: 0.1, max: 0.3, picture: 'light' })).toEqual({ name: 'grey', from: 0, to: 1 })
    expect(chooseScale({ min: -0.1, max: 0.3, picture: 'light' })).toEqual({ name: 'grey', from: -1, to: 1 })
    expect(chooseScale({ min: 0, max: 255, picture: 'light' })).toEqual({ name: 'grey', from: 0, to: 255 })
  })
})

describe('colours', () => {
  test('the ends and the middle are those of the published scales', () => {
    // matplotlib's viridis begins #440154, passes #21918c and ends #fde725; ColorBrewer's RdBu runs #67001f to #053061.
    const viridis = { name: 'viridis', from: 0, to: 1 } as const
    expect(colourOf(0, viridis)).toEqual([0x44, 0x01, 0x54])
    expect(colourOf(1, viridis)).toEqual([0xfd, 0xe7, 0x25])
    colourOf(0.5, viridis).forEach((c, i) => expect(Math.abs(c - [0x21, 0x91, 0x8c][i]!)).toBeLessThanOrEqual(1))
    const signed = { name: 'red-blue', from: -2, to: 2 } as const
    expect(colourOf(-2, signed)).toEqual([0x05, 0x30, 0x61])
    expect(colourOf(2, signed)).toEqual([0x67, 0x00, 0x1f])
  })

  test('zero on a diverging scale is nearly white, and a grey scale is grey', () => {
    for (const c of colourOf(0, { name: 'red-blue', from: -1, to: 1 })) expect(c).toBeGreaterThan(230)
    expect(colourOf(0.5, { name: 'grey', from: 0, to: 1 })).toEqual([128, 128, 128])
  })

  test('values outside are clamped, a scale of no width is one colour', () => {
    const scale = { name: 'viridis', from: 0, to: 1 } as const
    expect(colourOf(-9, scale)).toEqual(colourOf(0, scale))
    expect(colourOf(9, scale)).toEqual(colourOf(1, scale))
    expect(position(5, { name: 'grey', from: 5, to: 5 })).toBe(0.5)
    expect(position(0, { name: 'grey', from: -Number.MAX_VALUE, to: Number.MAX_VALUE })).toBe(0.5)
  })

  test('not-a-number and the infinities have colours no scale has', () => {
    const scale = { name: 'viridis', from: 0, to: 1 } as const
    expect(colourOf(NaN, scale)).toEqual(notANumberColour)
    expect(colourOf(Infinity, scale)).toEqual(positiveInfinityColour)
    expect(colourOf(-Infinity, scale)).toEqual(negativeInfinityColour)
    for (const name of scaleNames) {
      const table = colourTable(name)
      for (const special of [notANumberColour, positiveInfinityColour, negativeInfinityColour]) {
        for (let i = 0; i < table.length; i += 3) expect([...table.slice(i, i + 3)]).not.toEqual(special)
      }
    }
  })

  test('sequential scales grow lighter all the way', () => {
    const light = (r: number, g: number, b: number) => 0.2126 * r + 0.7152 * g + 0.0722 * b
    for (const name of ['grey', 'viridis', 'cividis', 'inferno'] as const) {
      const table = colourTable(name)
      const at = (i: number) => light(table[i * 3]!, table[i * 3 + 1]!, table[i * 3 + 2]!)
      for (let i = 32; i < 1024; i += 32) expect(at(i)).toBeGreaterThan(at(i - 32))
    }
  })
})

describe('painting', () => {
  const special = fc.constantFrom(NaN, Infinity, -Infinity)
  test('one channel is painted as colourOf says, element by element', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.double({ min: -2, max: 2, noNaN: true }), special), { minLength: 4, maxLength: 24 }),
        (values) => {
          const width = Math.floor(values.length / 2)
          const source = { shape: [1, width, 2] as const, data: Float64Array.from(values.slice(0, width * 2)) }
          const scale = { name: 'red-blue', from: -1, to: 1 } as const
          const rgba = new Uint8ClampedArray(width * 4)
          paintChannel(source, 1, scale, rgba)
          for (let x = 0; x < width; x++) {
            const expected = colourOf(source.data[2 * x + 1]!, scale)
            // Where a value falls between two of 1,024 colours, either is right.
            for (let c = 0; c < 3; c++) expect(Math.abs(rgba[x * 4 + c]! - expected[c]!)).toBeLessThanOrEqual(2)
            expect(rgba[x * 4 + 3]).toBe(255)
          }
        },
      ),
    )
  })

  test('three channels are painted as red, green and blue', () => {
    const rgba = new Uint8ClampedArray(8)
    paintColour(
      { shape: [1, 2, 3], data: Float64Array.of(0, 0.5, 1, -1, 2, 0.2) },
      { name: 'grey', from: 0, to: 1 },
      rgba,
    )
    expect([...rgba]).toEqual([0, 128, 255, 255, 0, 255, 51, 255])
  })

  test('the narrowest scale there is has its first and its last colour all the same', () => {
    const source = { shape: [1, 2, 1] as const, data: Float64Array.of(0, Number.MIN_VALUE) }
    const scale = { name: 'viridis', from: 0, to: Number.MIN_VALUE } as const
    const rgba = new Uint8ClampedArray(8)
    paintChannel(source, 0, scale, rgba)
    expect([...rgba]).toEqual([0x44, 0x01, 0x54, 255, 0xfd, 0xe7, 0x25, 255])
  })

  test('ink is black on light colours and white on dark ones', () => {
    expect(inkOn([253, 231, 37])).toBe('#000000')
    expect(inkOn([68, 1, 84])).toBe('#ffffff')
  })
})
