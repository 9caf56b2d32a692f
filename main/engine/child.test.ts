import { constants, getPriority } from 'node:os'
import { expect, test } from 'vitest'
import { photos, testEngine } from '../../tests/support/engine.ts'

const { PRIORITY_BELOW_NORMAL } = constants.priority

test.each([
  ['web', 'gives way to its window', PRIORITY_BELOW_NORMAL],
  ['cli', 'has nobody to give way to', getPriority()],
] as const)('the compute process of the %s host %s', async (host, _, priority) => {
  const engine = await testEngine({ host })
  try {
    await engine.addFile(photos[0]!)
    expect(getPriority(engine.computePid)).toBe(priority)
  } finally {
    await engine.close()
  }
})
