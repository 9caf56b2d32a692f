import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { compileKernels } from '../../build/kernels.mjs'

it('is what kernels.wat compiles to: after a change of it, run `npm run kernels`', async () => {
  expect(readFileSync(new URL('kernels.ts', import.meta.url), 'utf8')).toBe(await compileKernels())
})
