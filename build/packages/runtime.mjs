/** The Electron runtime that goes into a package: the one that is installed, or what Electron's own installer fetches. */

import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { root } from '../state.mjs'
import { run } from '../tools.mjs'

const electron = path.join(root, 'node_modules/electron')
/** Milliseconds a download may take. */
const longest = 5 * 60_000

/** @param {string} folder */
function isRuntime(folder) {
  return existsSync(path.join(folder, 'version')) && existsSync(path.join(folder, 'LICENSE'))
}

/** @returns {Promise<{ folder: string } | { problem: string }>} the unpacked runtime of this platform, or why there is none */
export async function findRuntime() {
  const folder = process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? path.join(electron, 'dist')
  if (isRuntime(folder)) return { folder }
  const { code, output } = await run(process.execPath, [path.join(electron, 'install.js')], { timeout: longest })
  if (code === 0 && isRuntime(folder)) return { folder }
  const { version } = JSON.parse(readFileSync(path.join(electron, 'package.json'), 'utf8'))
  const reason = output.split('\n').find((line) => /error/i.test(line)) ?? `its installer ended with code ${code}`
  return { problem: `Electron ${version} could not be fetched (${reason.trim()})` }
}
