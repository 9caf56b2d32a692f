/** Builds what is out of date before the tests of the built program. */

import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export function setup(): void {
  const script = fileURLToPath(new URL('../../build/build.mjs', import.meta.url))
  execFileSync(process.execPath, [script, '--if-changed'], { stdio: ['ignore', 'inherit', 'inherit'] })
}
