/** The desktop app with a window that shows nothing: its whole host, its preload and its transport, for the contract. */

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { startDesktop } from '../../../main/hosts/electron/start.ts'
import { ipcApi } from '../../../renderer/transport/ipc.ts'
import type { Api } from '../../../shared/api.ts'
import type { Bridge } from '../../../shared/bridge.ts'
import { engineEntry } from '../../support/engineEntry.ts'
import { StandIn } from './electron.ts'
import { nodeScreens } from './nodeScreen.ts'
import { preloadSource } from './preload.ts'

export async function openDesktopWindow(): Promise<{ readonly api: Api; close(): Promise<void> }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'layerloupe-desktop-'))
  const renderer = path.join(folder, 'renderer')
  await mkdir(renderer)
  await writeFile(path.join(renderer, 'index.html'), '<!doctype html><title>LayerLoupe</title>')
  let bridge: Bridge | undefined
  const standIn = new StandIn({
    userData: folder,
    openScreen: nodeScreens(await preloadSource(), (made) => (bridge = made)),
  })
  const started = startDesktop(standIn.electron, {
    version: 'test',
    renderer,
    preload: 'preload.cjs',
    engineEntry: await engineEntry(),
    icon: 'icon.png',
    samples: path.join(folder, 'samples'),
    places: { config: path.join(folder, 'config'), logs: path.join(folder, 'logs') },
    argv: ['electron', '.'],
    cwd: folder,
  })
  standIn.app.becomeReady()
  await started
  return {
    api: ipcApi(bridge!),
    async close() {
      standIn.app.quit()
      await standIn.app.ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}
