/** Whether a Python with some modules is here: checks against NumPy itself run where it is. */

import { spawnSync } from 'node:child_process'

export function hasPython(...modules: readonly string[]): boolean {
  return spawnSync('python3', ['-c', modules.map((name) => `import ${name}`).join('\n')]).status === 0
}

/** Runs a script and gives what it printed; throws what it said where it failed. */
export function runPython(script: string, ...args: readonly string[]): string {
  const ended = spawnSync('python3', ['-c', script, ...args], { encoding: 'utf8' })
  if (ended.status !== 0) throw new Error(ended.stderr)
  return ended.stdout
}
