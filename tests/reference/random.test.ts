/** The random numbers and their logarithm, held against the NumPy and the C library that are installed here. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { finish } from '../../main/layers/steps.ts'
import { log } from '../../shared/log.ts'
import { LegacyRandom, randomNormals } from '../../shared/random.ts'
import { hasGlibcLog, hasPython, runPython } from '../support/python.ts'

let place: string
beforeAll(() => {
  place = mkdtempSync(path.join(tmpdir(), 'layerloupe-random-'))
})
afterAll(() => {
  rmSync(place, { recursive: true })
})

const file = (name: string) => path.join(place, name)
const read = (name: string) => new Float64Array(Uint8Array.from(readFileSync(file(name))).buffer)
/** Elements that are not the same to the last bit. */
const unequal = (ours: Float64Array, theirs: Float64Array) =>
  ours.length === theirs.length ? ours.filter((value, i) => !Object.is(value, theirs[i])) : ours

describe.skipIf(!hasPython('numpy') || !hasGlibcLog())('with glibc on x86-64 with fused multiply-add', () => {
  test.each([1, 42, 31415926])('200,000 random normal numbers of seed %i are NumPy’s to the last bit', (seed) => {
    const script =
      'import sys, numpy as np; np.random.seed(int(sys.argv[1])); np.random.randn(200000).tofile(sys.argv[2])'
    runPython(script, String(seed), file(`seed-${seed}`))
    expect(unequal(finish(randomNormals(seed, 200_000, 1)), read(`seed-${seed}`))).toEqual(new Float64Array())
  })

  test('logarithms from 2⁻¹⁰⁰⁰ to 2¹⁰⁰⁰, of all below 1 and of those near it, are C’s to the last bit', () => {
    const random = new LegacyRandom(3)
    const x = Float64Array.from({ length: 150_000 }, (_, i) => {
      const share = random.rand()
      return i % 3 === 0 ? 2 ** (2000 * share - 1000) : i % 3 === 1 ? share + 2 ** -54 : 0.9 + 0.2 * share
    })
    writeFileSync(file('x'), x)
    const script = `import math, sys, numpy as np
np.array([math.log(x) for x in np.fromfile(sys.argv[1]).tolist()]).tofile(sys.argv[2])`
    runPython(script, file('x'), file('log'))
    expect(unequal(x.map(log), read('log'))).toEqual(new Float64Array())
  })
})
