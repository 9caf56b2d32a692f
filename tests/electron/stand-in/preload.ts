/** The preload as it is built, for whatever shows pages in place of Electron. */

import { build, type Rolldown } from 'vite'
import path from 'node:path'
import { repoRoot } from '../../support/shared.ts'

/** The text of the CommonJS file that the build makes of main/hosts/electron/preload.ts. */
export async function preloadSource(): Promise<string> {
  const result = (await build({
    configFile: path.join(repoRoot, 'build/vite.preload.config.ts'),
    build: { write: false, emptyOutDir: false },
  })) as Rolldown.RolldownOutput
  return result.output[0].code
}
