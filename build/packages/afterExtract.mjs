/** Takes Electron's own starter app out of the runtime: it would run if ours were missing. */

import { rm } from 'node:fs/promises'
import path from 'node:path'

/** @param {{ appOutDir: string, packager: { getResourcesDir(folder: string): string } }} context */
async function removeStarter({ appOutDir, packager }) {
  await rm(path.join(packager.getResourcesDir(appOutDir), 'default_app.asar'), { force: true })
}

// electron-builder takes a hook by this name.
export { removeStarter as default }
