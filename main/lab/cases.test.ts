import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { readCases, runProgram } from '../../tests/support/lab.ts'
import { fixturesDir } from '../../tests/support/shared.ts'

/** What Python 3.11 with NumPy 1.24 printed. */
const cases = readCases(path.join(fixturesDir, 'array-lab/cases.json'))

describe('the array lab', () => {
  it.each(cases)('prints what Python prints: $name', ({ code, printed }) => {
    const { output, error } = runProgram(code)
    expect(error?.traceback ?? '').toBe('')
    expect(output).toBe(printed)
  })

  it('is compared with Python in every case there is', () => {
    expect(cases.length).toBeGreaterThanOrEqual(39)
  })
})
