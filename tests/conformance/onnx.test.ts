import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { run } from '../support/layer.ts'
import { fixturesDir, sharedDir } from '../support/shared.ts'
import { comparisonsOf, operatorOf, otherCases, otherOperators } from './translate.ts'

const tolerance = 1e-5
const copied = path.join(fixturesDir, 'onnx')
const cases = readdirSync(copied).sort()

describe('the ONNX project’s own node tests', () => {
  let compared = 0
  let elements = 0

  test.each(cases)('%s is met in float64 and in float32', (name) => {
    const comparisons = comparisonsOf(path.join(copied, name))
    expect(comparisons.length).toBeGreaterThan(0)
    for (const { spec, input, expected } of comparisons) {
      for (const dtype of ['float64', 'float32'] as const) {
        const output = run(spec, input, dtype)
        expect(output.shape).toEqual(expected.shape)
        expected.data.forEach((value, i) => {
          expect(Math.abs(output.data[i]! - value)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(value)))
        })
      }
      elements += expected.data.length
    }
    compared++
  })

  test('every copied case was compared', () => {
    expect(compared).toBe(94)
    expect(elements).toBeGreaterThan(20_000)
  })

  afterAll(() => {
    process.stderr.write(`conformance: ${compared} ONNX cases, ${elements} elements compared in two precisions\n`)
  })
})

const all = sharedDir && path.join(sharedDir, 'conformance')

describe.skipIf(!all || !existsSync(all))('the whole set beside the project', () => {
  test('each case is either copied here or not applicable for a stated reason', () => {
    const folders = readdirSync(all!)
    const reasons = folders.map((name) => otherCases[name] ?? otherOperators[operatorOf(path.join(all!, name))])
    const applicable = folders.filter((_, i) => reasons[i] === undefined).sort()
    expect(applicable).toEqual(cases)
    expect(applicable.length + reasons.filter((reason) => reason !== undefined).length).toBe(folders.length)
    process.stderr.write(`conformance: ${folders.length - applicable.length} cases are not applicable\n`)
  })
})
