import { rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { Dice, broken, wellFormed } from '../../tests/support/labPrograms.ts'
import { hasPython, runPython } from '../../tests/support/python.ts'
import { runProgram } from '../../tests/support/lab.ts'

/** Weak promotion and the rest of NumPy 2's rules, as far as NumPy 1.24 has them. */
const runAll = `
import sys, io, json, contextlib, warnings
import numpy as np
warnings.simplefilter('ignore')
np._set_promotion_state('weak')
outs = []
for code in json.load(open(sys.argv[1])):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(code, {})
    outs.append(out.getvalue())
print(json.dumps(outs))
`

/** How NumPy 2 writes its scalars in lists, and NumPy 1 did not. */
const newNames = /np\.(?:(True|False)_|\w+\(([^()]*)\))/g

describe('random programs', () => {
  it.skipIf(!hasPython('numpy'))('print what Python prints', () => {
    const dice = new Dice(11)
    const programs = Array.from({ length: 150 }, () => wellFormed(dice, 8))
    const file = path.join(tmpdir(), `layerloupe-test-programs-${process.pid}.json`)
    writeFileSync(file, JSON.stringify(programs))
    onTestFinished(() => rmSync(file))
    const theirs = JSON.parse(runPython(runAll, file)) as string[]
    const wrong = programs.flatMap((code, i) => {
      const { output, error } = runProgram(code)
      const ours = (error ? `${output}${error.traceback}` : output).replace(newNames, '$1$2')
      return ours === theirs[i] ? [] : [differenceIn(code, ours, theirs[i]!)]
    })
    expect(wrong.slice(0, 10).join('\n')).toBe('')
  })

  it('mostly succeed where they are well-formed', () => {
    const dice = new Dice(12)
    let lines = 0
    let failed = 0
    for (let i = 0; i < 100; i++) {
      const { output, error } = runProgram(wellFormed(dice, 8))
      expect(error).toBeNull()
      lines += output.split('\n').length
      failed += output.split('\n').filter((line) => /^[A-Z]\w*Error$/.test(line)).length
    }
    expect(lines).toBeGreaterThan(1000)
    expect(failed / lines).toBeLessThan(0.1)
  })

  it('end with a result or an error of Python’s where they are broken, within their limits', () => {
    const dice = new Dice(13)
    const kinds = new Map<string, number>()
    for (let i = 0; i < 800; i++) {
      const code = broken(dice)
      const { error, output } = runProgram(code, { limits: { steps: 20_000, output: 20_000, memory: 2 ** 24 } })
      expect(typeof output, code).toBe('string')
      if (error) {
        expect(error.kind, code).toMatch(/^[A-Z][A-Za-z]*(Error|Interrupt|Exit|Exception|Warning|Iteration)$/)
        expect(error.traceback.length, code).toBeGreaterThan(0)
      }
      const kind = error?.kind ?? 'none'
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
    }
    expect(kinds.get('SyntaxError')).toBeGreaterThan(60)
    expect(kinds.get('none')).toBeGreaterThan(10)
    expect(kinds.size).toBeGreaterThan(5)
  }, 60_000)
})

function differenceIn(code: string, ours: string, theirs: string): string {
  const [mine, other] = [ours.split('\n'), theirs.split('\n')]
  const at = mine.findIndex((line, i) => line !== other[i])
  return `${code}\n--- line ${at + 1}\nours:   ${mine[at] ?? '(end)'}\npython: ${other[at] ?? '(end)'}\n`
}
