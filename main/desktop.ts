/** The program as a desktop app: Electron's main process. */

import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  nativeImage,
  nativeTheme,
  protocol,
  screen,
  session,
  shell,
  utilityProcess,
} from 'electron'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { version } from '../package.json' with { type: 'json' }
import { startDesktop } from './hosts/electron/start.ts'
import { openLog } from './user/log.ts'
import { userPlaces } from './user/places.ts'

/** dist/: this file is built into dist/main. */
const dist = fileURLToPath(new URL('..', import.meta.url))
const electron = {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  nativeImage,
  nativeTheme,
  protocol,
  screen,
  session,
  shell,
  utilityProcess,
}

const places = userPlaces()

// Electron tells nobody of these but a terminal that is not there.
process.on('unhandledRejection', (reason) => {
  const told = reason instanceof Error ? (reason.stack ?? reason.message) : String(reason)
  openLog(places.logs).write('fault', { reason: told })
})

startDesktop(electron, {
  version,
  renderer: path.join(dist, 'renderer'),
  preload: path.join(dist, 'preload/preload.cjs'),
  engineEntry: path.join(dist, 'main/engine.js'),
  icon: path.join(dist, 'main/icon.png'),
  samples: path.join(dist, 'samples'),
  places,
  argv: process.argv,
  cwd: process.cwd(),
}).catch((error: unknown) => {
  dialog.showErrorBox('LayerLoupe cannot start', error instanceof Error ? error.message : String(error))
  app.exit(1)
})
