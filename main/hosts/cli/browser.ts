/** Opens an address in a window of its own: an installed Chromium or its kin, else the default browser. */

import { spawn, type ChildProcess } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import path from 'node:path'
import { isAlive } from '../../engine/privateFolder.ts'

/** Names a browser to use; `none` prints the address only. */
export const browserVariable = 'LAYERLOUPE_BROWSER'

const linuxNames = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'microsoft-edge-stable',
  'brave-browser',
]

type Environment = Readonly<Record<string, string | undefined>>

/** Whether a window can be shown at all. */
export function hasDisplay(platform: NodeJS.Platform, environment: Environment): boolean {
  if (platform === 'win32' || platform === 'darwin') return true
  return Boolean(environment['DISPLAY'] ?? environment['WAYLAND_DISPLAY'])
}

/** Where a browser that knows `--app=` may be, likeliest first. */
export function browserCandidates(platform: NodeJS.Platform, environment: Environment): string[] {
  const own = environment[browserVariable]
  if (own) return [own]
  if (platform === 'darwin') {
    return ['Google Chrome', 'Chromium', 'Microsoft Edge'].map(
      (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
    )
  }
  if (platform === 'win32') {
    const places = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].flatMap((name) => environment[name] ?? [])
    return ['Google\\Chrome\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe'].flatMap((program) =>
      places.map((place) => path.win32.join(place, program)),
    )
  }
  const folders = (environment['PATH'] ?? '').split(':').filter(Boolean)
  return linuxNames.flatMap((name) => folders.map((folder) => path.posix.join(folder, name)))
}

export function findBrowser(): string | undefined {
  return browserCandidates(process.platform, process.env).find(isExecutable)
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Where the program keeps what outlives a start, by the rules of the system. */
export function dataFolder(platform: NodeJS.Platform, environment: Environment, home: string): string {
  if (platform === 'win32')
    return path.join(environment['LOCALAPPDATA'] ?? path.join(home, 'AppData/Local'), 'LayerLoupe')
  if (platform === 'darwin') return path.join(home, 'Library/Application Support/LayerLoupe')
  return path.join(environment['XDG_DATA_HOME'] || path.join(home, '.local/share'), 'layerloupe')
}

export interface AppWindow {
  /** Resolves when the window was closed, with what the browser said if it failed to start. */
  readonly closed: Promise<{ readonly failed: string | undefined }>
  /** Closes it and removes its profile. */
  close(): Promise<void>
}

/**
 * A folder of this start's own (0700): the browser's profile, so that its process ends with the window instead of
 * handing the window to a browser that runs already; removed at the end.
 */
export async function makeWindowFolder(browser: string | undefined): Promise<string> {
  // A snap sees neither hidden folders of the home nor the system's temporary folder.
  const snap = /^\/snap\/bin\/([\w-]+)$/.exec(browser ?? '')?.[1]
  const parent = snap
    ? path.join(homedir(), 'snap', snap, 'common/layerloupe')
    : path.join(dataFolder(process.platform, process.env, homedir()), 'windows')
  await mkdir(parent, { recursive: true, mode: 0o700 })
  await removeAbandoned(parent)
  return await mkdtemp(path.join(parent, `window-${process.pid}-`))
}

/** Folders of starts that were killed before they could remove them. */
async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const owner = /^window-(\d+)-/.exec(name)?.[1]
    if (owner !== undefined && !isAlive(Number(owner))) await removeFolder(path.join(parent, name))
  }
}

/** The command line of an app window; `url` is a local file, so that no token stands where every user can read it. */
export function appArguments(url: string, profile: string, asRoot: boolean): string[] {
  return [
    `--app=${url}`,
    `--user-data-dir=${profile}`,
    '--window-size=1280,800',
    '--no-first-run',
    '--no-default-browser-check',
    '--disable-sync',
    // A profile that ends with the window has no use for what a browser fetches in the background.
    '--disable-background-networking',
    '--disable-component-update',
    // Nor has it anybody to reach but this program, WebRTC included, which no policy of pages keeps from it.
    '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    '--no-proxy-server',
    '--webrtc-ip-handling-policy=disable_non_proxied_udp',
    '--password-store=basic',
    ...(asRoot ? ['--no-sandbox', '--test-type'] : []),
  ]
}

export function openAppWindow(browser: string, url: string, folder: string, asRoot: boolean): AppWindow {
  const profile = path.join(folder, 'profile')
  const child = spawn(browser, appArguments(url, profile, asRoot), { stdio: 'ignore' })
  const closed = new Promise<{ failed: string | undefined }>((resolve) => {
    child.once('error', (error) => resolve({ failed: error.message }))
    child.once('exit', (code, signal) => {
      const failed = code === 0 || signal !== null ? undefined : `it ended with exit code ${String(code)}`
      resolve({ failed })
    })
  })
  return {
    closed,
    async close() {
      child.kill()
      await closed
    },
  }
}

/** Hands a file to the default browser; false where there is no way to. */
export async function openDefaultBrowser(file: string): Promise<boolean> {
  const [command, args] = defaultOpener(process.platform, file)
  const child: ChildProcess = spawn(command, args, { stdio: 'ignore' })
  return await new Promise((resolve) => {
    child.once('error', () => resolve(false))
    // Explorer's exit code says nothing: it is 1 also when it has opened the file.
    child.once('exit', (code) => resolve(code === 0 || process.platform === 'win32'))
  })
}

function defaultOpener(platform: NodeJS.Platform, file: string): [string, string[]] {
  if (platform === 'darwin') return ['open', [file]]
  if (platform === 'win32') return ['explorer.exe', [file]]
  return ['xdg-open', [file]]
}

export async function removeFolder(folder: string): Promise<void> {
  // The browser's last processes may still be writing as its window closes.
  await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
}
