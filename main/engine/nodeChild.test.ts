import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { nodeEnvironment } from './nodeChild.ts'

const choice = '/sys/kernel/mm/transparent_hugepage/enabled'
const hasHugePages = existsSync(choice) && readFileSync(choice, 'utf8').includes('[madvise]')
const report = process.report.getReport() as { header: { glibcVersionRuntime?: string } }
const [major = 0, minor = 0] = (report.header.glibcVersionRuntime ?? '').split('.').map(Number)
/** The setting came with glibc 2.35. */
const hearsSetting = major > 2 || (major === 2 && minor >= 35)

test.skipIf(!hasHugePages || !hearsSetting)('large arrays of a compute process lie in huge pages', () => {
  const script = `
    const large = new Float64Array(8 << 20).fill(1)
    const told = require('node:fs').readFileSync('/proc/self/smaps_rollup', 'utf8')
    console.log(/^AnonHugePages: *([0-9]+) kB$/m.exec(told)[1], large.length)`
  const kilobytes = (env: NodeJS.ProcessEnv) =>
    parseInt(spawnSync(process.execPath, ['-e', script], { env, encoding: 'utf8' }).stdout)
  // 64 MB in all; a machine whose memory is in pieces may have few of them, but without the setting there are none.
  expect(kilobytes(nodeEnvironment())).toBeGreaterThan(16 * 1024)
  expect(kilobytes({})).toBeLessThan(16 * 1024)
})
