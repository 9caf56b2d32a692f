/** The window as a desktop app: finds Electron's runtime, or has Electron's own installer fetch it, once. */

import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { EndReason } from '../../engine/child.ts'
import { interruption, type Console } from './console.ts'
import type { ImageLimits } from './window.ts'

/** Milliseconds the installer may take. */
const longestInstall = 60_000

/** Electron as npm installed it, without its runtime; undefined where it is not installed at all. */
function electronPackage(): string | undefined {
  try {
    return path.dirname(createRequire(import.meta.url).resolve('electron/package.json'))
  } catch {
    return undefined
  }
}

/** The runtime of an `electron` package, where it is there. Its own index would begin a download instead of saying no. */
export function runtimeIn(folder: string): string | undefined {
  const pathFile = path.join(folder, 'path.txt')
  const named = existsSync(pathFile) ? readFileSync(pathFile, 'utf8').trim() : undefined
  const override = process.env['ELECTRON_OVERRIDE_DIST_PATH']
  const place = override ? path.join(override, named ?? 'electron') : named && path.join(folder, 'dist', named)
  return place && existsSync(place) ? place : undefined
}

/**
 * Electron's program, fetched if it is not there and was not tried for before in this folder. Undefined where there is
 * none, with the reason told once, in one line.
 */
export async function findElectron(
  root: string,
  console: Console,
  { folder = electronPackage(), time = longestInstall }: { folder?: string | undefined; time?: number } = {},
): Promise<string | undefined> {
  if (folder === undefined) return undefined
  const there = runtimeIn(folder)
  if (there !== undefined) return there
  const tried = path.join(root, '.cache/electron-tried')
  const { version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as { version: string }
  const attempt = `${version} ${process.platform} ${process.arch}\n`
  if (existsSync(tried) && readFileSync(tried, 'utf8') === attempt) return undefined
  const installer = path.join(folder, 'install.js')
  // Silence for as long as this may take would look like a program that hangs.
  console.note(`Fetching Electron for the desktop window (tried once, for at most ${time / 1000} seconds)…`)
  const reason = await runInstaller(installer, time)
  const fetched = runtimeIn(folder)
  if (fetched !== undefined) return fetched
  await mkdir(path.dirname(tried), { recursive: true })
  await writeFile(tried, attempt)
  console.note(
    `Electron could not be fetched (${reason}), so the window opens in a browser; to try again: node ${path.relative(process.cwd(), installer)}`,
  )
  return undefined
}

/** Resolves when the installer has ended, with what it complained of. */
async function runInstaller(installer: string, time: number): Promise<string> {
  const child = spawn(process.execPath, [installer], { stdio: ['ignore', 'ignore', 'pipe'], timeout: time })
  const reason = new EndReason(child.stderr)
  return await new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('close', (code, signal) => {
      if (signal !== null) resolve(`not done within ${time / 1000} seconds`)
      else resolve(reason.of(`its installer ended with code ${String(code)}`))
    })
  })
}

/** Opens the desktop app and ends with it; false, with the reason told, where it could not be opened. */
export async function openDesktop(
  electron: string,
  root: string,
  files: readonly string[],
  { pixels }: ImageLimits,
  console: Console,
): Promise<boolean> {
  const asRoot = process.platform === 'linux' && process.getuid?.() === 0
  if (asRoot) console.note('Running as root: Electron is started without its sandbox, which it refuses to root.')
  const env = { ...process.env }
  delete env['ELECTRON_RUN_AS_NODE']
  const words = [
    ...(asRoot ? ['--no-sandbox'] : []),
    root,
    ...(pixels === undefined ? [] : [`--max-pixels=${pixels}`]),
    ...files.map((file) => path.resolve(file)),
  ]
  const interrupted = interruption()
  const child = spawn(electron, words, { env, stdio: ['ignore', 'ignore', 'pipe'] })
  interrupted.signal.addEventListener('abort', () => child.kill(), { once: true })
  const reason = new EndReason(child.stderr)
  const failed = await new Promise<string | undefined>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('close', (code, signal) => {
      const stopped = code === 0 || interrupted.signal.aborted
      resolve(
        stopped ? undefined : reason.of(signal ? `it was ended by ${signal}` : `it ended with code ${String(code)}`),
      )
    })
  })
  interrupted.dispose()
  if (failed === undefined) return true
  console.note(`Electron could not show the window (${failed}), so it opens in a browser.`)
  return false
}
