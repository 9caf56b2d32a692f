import fc from 'fast-check'
import { expect, test } from 'vitest'
import { partialSums } from '../../main/layers/sum.ts'
import type { PartialSum } from '../../shared/explain.ts'
import { laneTotal, runningSums } from './addition.ts'

const values = fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { maxLength: 200 })

test('few terms are added one after the other', () => {
  const terms = [0.1, 0.2, 0.3]
  const running = runningSums(terms, 'float64')
  expect(running).toEqual([
    { into: 'sum', sum: 0.1 },
    { into: 'sum', sum: 0.1 + 0.2 },
    { into: 'sum', sum: 0.1 + 0.2 + 0.3 },
  ])
})

test.each(['float64', 'float32'] as const)(
  'up to 128 terms end in the layer’s own sum, to the last bit: %s',
  (dtype) => {
    fc.assert(
      fc.property(values, (list) => {
        const terms = (dtype === 'float32' ? list.map(Math.fround) : list).slice(0, 128)
        const addition = partialSums(Float64Array.from(terms), dtype)
        const running = runningSums(terms, dtype)
        expect(running).toHaveLength(terms.length)
        if (terms.length === 0) return
        const whole = terms.length - (terms.length % 8)
        if (terms.length >= 8) {
          expect(running.slice(whole - 8, whole).map(({ sum }) => sum)).toEqual(addition.lanes)
          expect(running.slice(0, whole).map(({ into }) => into)).toEqual(
            Array.from({ length: whole }, (_, i) => `r${i % 8}`),
          )
        }
        const last = terms.length % 8 === 0 ? laneTotal(addition, dtype) : running.at(-1)!.sum
        // A sum begins at +0, so that the −0 of a lane is gone in it.
        expect(last + 0).toBe(addition.sum + 0)
      }),
    )
  },
)

test('the parts of a long sum end as the layer tells them, however deep', () => {
  const terms = Float64Array.from({ length: 20_000 }, (_, i) => Math.sin(i) * 1000)
  const running = runningSums([...terms], 'float64')
  const parts = (sum: PartialSum): readonly PartialSum[] => (sum.lanes.length > 0 ? [sum] : sum.halves.flatMap(parts))
  const leaves = parts(partialSums(terms, 'float64', 10))
  expect(leaves.length).toBeGreaterThan(128)
  for (const { first, count, lanes } of leaves) {
    const whole = first + count - (count % 8)
    expect(running.slice(whole - 8, whole).map(({ sum }) => sum)).toEqual(lanes)
  }
})

test('longer sums begin anew in each half', () => {
  const terms = Array.from({ length: 200 }, (_, i) => i + 0.5)
  const running = runningSums(terms, 'float64')
  // 200 terms are halved at 96: the largest multiple of 8 that is no more than 100.
  expect(running[96]).toEqual({ into: 'r0', sum: 96.5 })
  expect(running[104]).toEqual({ into: 'r0', sum: 96.5 + 104.5 })
})
