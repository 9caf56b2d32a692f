/** The lab beside Python itself: what it printed for the reference cases, on the reference photo. */

import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { decodeImage, defaultLimits } from '../../main/images/index.ts'
import { readCases, runProgram } from '../support/lab.ts'
import { sharedDir } from '../support/shared.ts'

describe.skipIf(sharedDir === undefined)('the array lab on a photo', async () => {
  const dir = sharedDir ?? ''
  const name = 'chelsea.png'
  const cases = sharedDir === undefined ? [] : readCases(path.join(dir, 'reference/array-lab/cases.json'))
  const bytes = sharedDir === undefined ? new Uint8Array() : readFileSync(path.join(dir, 'images', name))
  const options = { profile: 'ignore', background: '#ffffff' } as const
  const photo = sharedDir === undefined ? null : await decodeImage({ name, bytes }, options, defaultLimits)

  it.each(cases)('prints what Python prints: $name', ({ code, printed }) => {
    const { output, error } = runProgram(code, { photos: new Map([[name, photo!]]) })
    expect(error?.traceback ?? '').toBe('')
    expect(output).toBe(printed)
  })

  it('is compared with Python in every case there is', () => {
    expect(cases.length).toBeGreaterThanOrEqual(45)
  })
})
