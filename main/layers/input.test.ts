import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import * as v from 'valibot'
import { inputSchema } from '../../shared/layers/input.ts'
import type { FloatDType, Tensor } from '../../shared/tensor.ts'
import { input } from './input.ts'
import { resample } from './resample.ts'
import { finish } from './steps.ts'

const fixture = JSON.parse(
  readFileSync(new URL('../../tests/fixtures/resample/input.json', import.meta.url), 'utf8'),
) as {
  height: number
  width: number
  photo: string
  greyPhoto: string
  cases: { colour: string; channels: 1 | 3; dtype: FloatDType; range: { type: string }; values: string }[]
}

function spec(options: object) {
  return v.parse(inputSchema, { kind: 'input', ...options })
}

function photo(channels: 1 | 3): Tensor<Uint8Array> {
  const data = new Uint8Array(Buffer.from(channels === 3 ? fixture.photo : fixture.greyPhoto, 'hex'))
  return { shape: [fixture.height, fixture.width, channels], data }
}

describe('input', () => {
  it('has cases of every colour, range and dtype to compare with', () => {
    expect(fixture.cases.length).toBe(48)
  })

  for (const { colour, channels, dtype, range, values } of fixture.cases) {
    const of = channels === 3 ? 'a colour photo' : 'a grey photo'
    it(`gives NumPy's ${dtype} to the last bit for ${colour} of ${of}, ${JSON.stringify(range)}`, () => {
      const result = finish(input(photo(channels), spec({ size: 'original', colour, range }), dtype))
      expect(result.shape).toEqual([fixture.height, fixture.width, colour === 'rgb' ? 3 : 1])
      const { buffer, byteOffset, byteLength } = result.data
      expect(Buffer.from(buffer, byteOffset, byteLength).toString('hex')).toBe(values)
    })
  }

  it('resizes all channels before it makes grey', () => {
    const resized = finish(resample(photo(3), { width: 3, height: 2 }, 'lanczos'))
    const result = finish(input(photo(3), spec({ size: { width: 3, height: 2 }, filter: 'lanczos' }), 'float64'))
    const [red, green, blue] = resized.data
    expect(result.data[0]).toBe(Math.floor((red! + green! + blue!) / 3) / 255)
  })

  it('leaves the photo as it was', () => {
    const given = photo(1)
    const before = given.data.slice()
    const result = finish(input(given, spec({ size: 'original' }), 'float64'))
    result.data.fill(7)
    expect(given.data).toEqual(before)
  })

  it('reports fractions that never fall, up to 1', () => {
    const large = { shape: [700, 800, 3], data: new Uint8Array(700 * 800 * 3) }
    const fractions = [...input(large, spec({ size: { width: 500, height: 500 } }), 'float32')]
    expect(fractions.length).toBeGreaterThan(3)
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b))
    expect(fractions.at(-1)).toBe(1)
  })

  it('refuses a mean for each of three channels when there is one', () => {
    const range = { type: 'standard', mean: [0.1, 0.2, 0.3], std: [1] }
    expect(() => finish(input(photo(3), spec({ colour: 'mean', range }), 'float64'))).toThrow(
      '3 values of mean are given for 1 channel',
    )
  })
})
