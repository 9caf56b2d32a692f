/** Makes the desktop packages of the system this runs on, as electron-builder.yml says. */

import path from 'node:path'
import { root } from '../state.mjs'
import { runTool } from '../tools.mjs'
import { drawIcons } from './icons.mjs'

/**
 * Packs dist/, which must be built.
 * @param {string} runtime an unpacked Electron runtime
 * @param {readonly string[]} args for electron-builder: targets and settings in place of the file's
 * @param {{ show?: boolean, env?: Record<string, string> }} [options]
 */
export async function packDesktop(runtime, args, options) {
  await drawIcons(path.join(root, 'renderer/app/logo.svg'), path.join(root, 'dist/icons'))
  const own = ['--config', 'electron-builder.yml', '--publish', 'never', `-c.electronDist=${runtime}`]
  return await runTool('electron-builder', [...own, ...args], options)
}
