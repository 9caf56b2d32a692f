import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { readCases, runProgram } from '../../tests/support/lab.ts'
import { fixturesDir } from '../../tests/support/shared.ts'

/** What Python 3.11 with NumPy 1.24 printed. */
const cases = readCases(path.join(fixturesDir, 'array-lab/cases.json'))

/** What learners write, mistakes included, and what Python 3.11 with NumPy 2.4 printed and ended with. */
const learners = JSON.parse(
  readFileSync(path.join(fixturesDir, 'array-lab/learners.json'), 'utf8'),
) as readonly LearnersProgram[]

interface LearnersProgram {
  readonly code: string
  readonly printed: string
  /** The last line of the traceback, and the line of the program it names. */
  readonly error?: string
  readonly line?: number
}

describe('the array lab', () => {
  it.each(cases)('prints what Python prints: $name', ({ code, printed }) => {
    const { output, error } = runProgram(code)
    expect(error?.traceback ?? '').toBe('')
    expect(output).toBe(printed)
  })

  it('is compared with Python in every case there is', () => {
    expect(cases.length).toBeGreaterThanOrEqual(39)
  })

  it('prints what NumPy 2 prints, and fails as it fails, for what learners write', () => {
    expect(learners.length).toBeGreaterThan(500)
    for (const { code, printed, error: ended, line } of learners) {
      const { output, error } = runProgram(code)
      const told = error && { error: error.traceback.trimEnd().split('\n').at(-1), line: error.line }
      expect({ code, output, ...told }).toEqual({ code, output: printed, ...(ended && { error: ended, line }) })
    }
  })
})

it('adds up areas between places that are given for each row, as np.trapz of NumPy 1.24 does', () => {
  const code =
    'a, x = np.ones((2, 3)), np.arange(6).reshape(2, 3)\nprint(np.trapezoid(a, x), np.trapezoid(a, x, axis=0))'
  expect(runProgram(code)).toMatchObject({ output: '[2. 2.] [3. 3. 3.]\n', error: null })
})
