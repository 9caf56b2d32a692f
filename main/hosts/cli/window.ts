/** `serve` and the window: the loopback host with pictures named on the command line, until it is closed. */

import { createInterface } from 'node:readline'
import type { Engine } from '../../engine/index.ts'
import {
  browserVariable,
  findBrowser,
  hasDisplay,
  makeWindowFolder,
  openAppWindow,
  openDefaultBrowser,
  removeFolder,
} from './browser.ts'
import { exitCodes, interruption, type Console } from './console.ts'
import { findElectron, openDesktop } from './desktop.ts'
import { reasonOf } from './usage.ts'

/** What this host needs of the one that serves the window; the composition root brings them together. */
export interface WindowHost {
  /** An address to open once. */
  address(): string
  opened(address: string): Promise<void>
  close(): Promise<void>
}

export interface LaunchPage {
  readonly file: string
  readonly url: string
  remove(): Promise<void>
}

/** Largest picture accepted, in pixels; the engine's own bound if left out. */
export interface ImageLimits {
  readonly pixels?: number
}

export interface WindowParts {
  /** Folder of the program, which is the desktop app's too. */
  readonly root: string
  openWindowEngine(limits: ImageLimits): Engine
  startHost(engine: Engine, port: number): Promise<WindowHost>
  /** A private page in `folder` that leads to the address. */
  launchPage(address: string, folder: string): Promise<LaunchPage>
}

export interface ServeOptions extends ImageLimits {
  readonly port: number
}

interface Session {
  readonly host: WindowHost
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal
  readonly stopped: Promise<void>
}

/** Serves until Ctrl-C; the address goes to standard output. */
export async function serveCommand(
  files: readonly string[],
  options: ServeOptions,
  parts: WindowParts,
  console: Console,
) {
  return await withHost(files, options, parts, console, async (session) => {
    printAddress(session.host, console)
    await session.stopped
  })
}

/** Opens the window and ends with it: the desktop app where Electron is to be had, else a browser's window. */
export async function windowCommand(
  files: readonly string[],
  limits: ImageLimits,
  parts: WindowParts,
  console: Console,
) {
  // Whoever names a browser wants that.
  if (!process.env[browserVariable] && hasDisplay(process.platform, process.env)) {
    const electron = await findElectron(parts.root, console)
    if (electron && (await openDesktop(electron, parts.root, files, limits, console))) return exitCodes.done
  }
  return await withHost(files, { ...limits, port: 0 }, parts, console, async (session) => {
    if (process.env[browserVariable] === 'none' || !hasDisplay(process.platform, process.env)) {
      printAddress(session.host, console)
      await session.stopped
      return
    }
    const browser = findBrowser()
    const folder = await makeWindowFolder(browser)
    try {
      if (browser === undefined) await showInDefaultBrowser(session, parts, folder, console)
      else await showInApp(browser, session, parts, folder, console)
    } finally {
      await removeFolder(folder)
    }
  })
}

async function withHost(
  files: readonly string[],
  options: ServeOptions,
  parts: WindowParts,
  console: Console,
  use: (session: Session) => Promise<void>,
): Promise<number> {
  const interrupted = interruption()
  const stopped = new Promise<void>((resolve) => {
    interrupted.signal.addEventListener('abort', () => resolve(), { once: true })
  })
  const engine = parts.openWindowEngine(options)
  try {
    const host = await startHost(engine, options.port, parts, console)
    if (!host) return exitCodes.failed
    const closed = new AbortController()
    try {
      // The window opens meanwhile; pictures appear in it as they are read, and once it is closed no more are.
      const added = engine.openFiles(files, {
        signal: AbortSignal.any([interrupted.signal, closed.signal]),
        onRefused: (file, error) => console.note(`layerloupe: ${reasonOf(file, error)}`),
      })
      await use({ host, signal: interrupted.signal, stopped })
      closed.abort()
      await added
      return exitCodes.done
    } finally {
      await host.close()
    }
  } finally {
    interrupted.dispose()
    await engine.close()
  }
}

async function startHost(engine: Engine, port: number, parts: WindowParts, console: Console) {
  try {
    return await parts.startHost(engine, port)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'EADDRINUSE')
      console.note(`layerloupe: port ${port} is taken; choose another with --port, or leave it out.`)
    else if (code === 'EACCES') console.note(`layerloupe: port ${port} is not allowed; choose one from 1024 up.`)
    else throw error
    return undefined
  }
}

/** The address on standard output; Enter gives another, for each opens once. */
function printAddress(host: WindowHost, console: Console): void {
  console.note('LayerLoupe is ready. Open this address in a browser on this machine (it works once):')
  console.out(host.address())
  if (process.stdin.isTTY) {
    const lines = createInterface({ input: process.stdin })
    lines.on('line', () => console.out(host.address()))
    lines.on('SIGINT', () => process.emit('SIGINT'))
    // Waiting for Enter alone keeps nothing running.
    process.stdin.unref()
  }
  console.note(process.stdin.isTTY ? 'Enter: a new address. Ctrl-C: stop.' : 'Ctrl-C stops it.')
}

async function showInApp(browser: string, session: Session, parts: WindowParts, folder: string, console: Console) {
  const { host } = session
  const asRoot = process.platform === 'linux' && process.getuid?.() === 0
  if (asRoot) console.note('Running as root: the browser is started without its sandbox, which it refuses to root.')
  const address = host.address()
  const page = await parts.launchPage(address, folder)
  void host.opened(address).then(() => page.remove())
  const window = openAppWindow(browser, page.url, folder, asRoot)
  const how = await Promise.race([window.closed, session.stopped])
  await window.close()
  if (how?.failed === undefined) return
  console.note(`The window could not be opened with ${browser}: ${how.failed}.`)
  printAddress(host, console)
  await session.stopped
}

async function showInDefaultBrowser(session: Session, parts: WindowParts, folder: string, console: Console) {
  const { host } = session
  const address = host.address()
  const page = await parts.launchPage(address, folder)
  void host.opened(address).then(() => page.remove())
  if (await openDefaultBrowser(page.file)) {
    console.note('LayerLoupe is open in your browser. Ctrl-C stops it.')
  } else {
    printAddress(host, console)
  }
  await session.stopped
}
