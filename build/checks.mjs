/** The checks that read the sources: types, lint, format, unused code. */

import { runTool } from './tools.mjs'

/**
 * Every check, each with what it reads: a check that saw no file fails in the tool itself (tsc: no inputs, eslint: no
 * files matching, prettier: no files).
 * @type {readonly { name: string, run: () => Promise<import('./tools.mjs').Outcome> }[]}
 */
export const checks = [
  { name: 'lint', run: () => runTool('eslint', ['--max-warnings', '0', '.']) },
  { name: 'types: pure rooms', run: () => runTool('tsc', ['-p', 'tsconfig.pure.json']) },
  { name: 'types: Node', run: () => runTool('tsc', ['-p', 'tsconfig.json']) },
  { name: 'types: browser tests', run: () => runTool('tsc', ['-p', 'tsconfig.browser.json']) },
  {
    name: 'types: window',
    run: () =>
      runTool('svelte-check', ['--tsconfig', 'renderer/tsconfig.json', '--fail-on-warnings', '--output', 'human']),
  },
  { name: 'format', run: () => runTool('prettier', ['--check', '--log-level', 'warn', '.']) },
  { name: 'unused code', run: () => runTool('knip', ['--no-progress']) },
]

/**
 * Runs all checks, two at a time, and prints what the failing ones say.
 * @returns {Promise<{ name: string, ok: boolean, seconds: number }[]>}
 */
export async function runChecks() {
  /** @type {{ name: string, ok: boolean, seconds: number }[]} */
  const results = []
  const waiting = [...checks]
  const worker = async () => {
    for (let check = waiting.shift(); check; check = waiting.shift()) {
      const { code, output, seconds } = await check.run()
      results.push({ name: check.name, ok: code === 0, seconds })
      console.log(`${code === 0 ? 'ok    ' : 'FAILED'}  ${check.name}  (${seconds.toFixed(1)} s)`)
      if (code !== 0) console.log(output.trimEnd())
    }
  }
  await Promise.all([worker(), worker()])
  return results
}
