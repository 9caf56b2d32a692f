/** The command line where it may not write, or where there is no room. */

import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { clouds, command, filesBelow, layerloupe, shapes, temporaryFolder } from './support/program.ts'
import { smallDisk } from '../support/smallDisk.ts'

/** Root may write anywhere, so for it somebody without rights does it. */
const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
const asSomebody = (...args: readonly string[]) =>
  spawnSync(process.execPath, [command, ...args], { encoding: 'utf8', ...nobody, env: { ...process.env, HOME: '/' } })
const can = process.platform !== 'win32' && asSomebody('presets').status === 0

describe.skipIf(!can)(
  `a read-only folder${can ? '' : ' (skipped: no user without rights can run the program)'}`,
  () => {
    test('is left as it is, and the message says what to do; the other pictures are told of too', async () => {
      const folder = await temporaryFolder()
      chmodSync(folder, 0o755)
      const out = path.join(folder, 'out')
      mkdirSync(out)
      writeFileSync(path.join(out, 'mine.txt'), 'mine')
      const pictures = [shapes, clouds]
      chmodSync(out, 0o555)
      const { status, stderr } = asSomebody('run', ...pictures, '--out', out)
      expect(status).toBe(1)
      for (const picture of pictures) expect(stderr).toContain(`${picture}: nothing of it was saved to --out ${out}: `)
      expect(stderr).toContain('you may not write there. Choose a folder of your own, or change its permissions.')
      expect(stderr).not.toMatch(/^ +at /m)
      const deeper = asSomebody('run', shapes, '--out', path.join(out, 'deeper/still'))
      expect([deeper.status, deeper.stderr]).toEqual([1, expect.stringContaining('you may not write there')])
      expect(await filesBelow(out)).toEqual(['mine.txt'])
      expect(readdirSync(out)).toEqual(['mine.txt'])
      chmodSync(out, 0o755)
    })
  },
)

const { folder: disk, mounted, note } = smallDisk('100k')

test.skipIf(!mounted)(`a full disk keeps nothing half-written${note}`, async () => {
  writeFileSync(path.join(disk, 'mine.txt'), 'mine')
  const { code, err } = await layerloupe(['run', shapes, '--out', path.join(disk, 'out')])
  expect(code).toBe(1)
  expect(err).toMatch(/the disk is full\. Free some space or choose another folder, then save again\./)
  expect(readdirSync(disk)).toEqual(['mine.txt'])
})
