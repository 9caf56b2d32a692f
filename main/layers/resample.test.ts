import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Tensor } from '../../shared/tensor.ts'
import { resample, type ResampleFilter } from './resample.ts'
import { finish } from './steps.ts'

interface Case {
  readonly from: [height: number, width: number, channels: number]
  readonly to: [height: number, width: number]
  readonly filter: ResampleFilter
  readonly kind: 'noise' | 'edges'
  readonly seed: number
}

const fixture = JSON.parse(
  readFileSync(new URL('../../tests/fixtures/resample/cases.json', import.meta.url), 'utf8'),
) as { cases: (Case & { pixels: string })[]; large: (Case & { sha256: string })[] }

/** The same formula as in tests/fixtures/resample/make.py. */
function source({ from, kind, seed }: Omit<Case, 'to' | 'filter'>): Tensor<Uint8Array> {
  const data = new Uint8Array(from[0] * from[1] * from[2])
  for (let i = 0; i < data.length; i++) {
    const value = (i * i * 31 + i * 17 + (i >> 3) * 89 + seed * 101) % 256
    data[i] = kind === 'edges' ? (value % 2 === 1 ? 255 : 0) : value
  }
  return { shape: from, data }
}

describe('resample', () => {
  for (const filter of ['nearest', 'bilinear', 'bicubic', 'lanczos'] as const) {
    const cases = fixture.cases.filter((entry) => entry.filter === filter)
    it(`gives every pixel that Pillow gives with ${filter}, in ${cases.length} resizes`, () => {
      expect(cases.length).toBeGreaterThan(25)
      for (const entry of cases) {
        const result = finish(resample(source(entry), { height: entry.to[0], width: entry.to[1] }, filter))
        expect(result.shape).toEqual([...entry.to, entry.from[2]])
        expect(Buffer.from(result.data).toString('base64'), JSON.stringify({ ...entry, pixels: '' })).toBe(entry.pixels)
      }
    })
  }

  it('gives the pixels of Pillow where a row, its taps or its outputs are more than are made at once', () => {
    expect(fixture.large.length).toBe(48)
    for (const { sha256, ...entry } of fixture.large) {
      const result = finish(resample(source(entry), { height: entry.to[0], width: entry.to[1] }, entry.filter))
      expect(createHash('sha256').update(result.data).digest('hex'), JSON.stringify(entry)).toBe(sha256)
    }
  })

  it('gives them too when two resizes take turns, and after one that was left halfway', () => {
    const [first, second] = fixture.large.filter(({ filter }) => filter === 'lanczos')
    const begin = ({ from, to, filter, kind, seed }: Case) =>
      resample(source({ from, kind, seed }), { height: to[0], width: to[1] }, filter)
    const left = begin(first!)
    for (let i = 0; i < 5; i++) left.next()
    const runs = [first!, second!].map((entry) => ({ entry, steps: begin(entry), hash: '' }))
    while (runs.some(({ hash }) => hash === '')) {
      for (const run of runs.filter(({ hash }) => hash === '')) {
        const step = run.steps.next()
        if (step.done === true) run.hash = createHash('sha256').update(step.value.data).digest('hex')
      }
    }
    for (const { entry, hash } of runs) expect(hash).toBe(entry.sha256)
  })

  it('returns a copy, not the photo itself, when the size stays the same', () => {
    const photo = source({ from: [4, 5, 3], kind: 'noise', seed: 1 })
    const result = finish(resample(photo, { width: 5, height: 4 }, 'bicubic'))
    expect(result.data).toEqual(photo.data)
    expect(result.data).not.toBe(photo.data)
  })

  it('keeps a flat picture flat with every filter, growing and shrinking', () => {
    for (const filter of ['nearest', 'bilinear', 'bicubic', 'lanczos'] as const) {
      for (const size of [
        { width: 3, height: 200 },
        { width: 300, height: 2 },
      ]) {
        const photo = { shape: [50, 70, 3], data: new Uint8Array(50 * 70 * 3).fill(173) }
        expect(new Set(finish(resample(photo, size, filter)).data)).toEqual(new Set([173]))
      }
    }
  })

  it('reports a fraction that never falls and stays within 0 and 1', () => {
    const steps = resample(
      source({ from: [900, 1200, 3], kind: 'noise', seed: 2 }),
      { width: 64, height: 64 },
      'lanczos',
    )
    const fractions: number[] = []
    for (let step = steps.next(); !step.done; step = steps.next()) fractions.push(step.value)
    expect(fractions.length).toBeGreaterThan(10)
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b))
    expect(fractions[0]).toBeGreaterThanOrEqual(0)
    expect(fractions.at(-1)).toBeCloseTo(1, 12)
  })
})
