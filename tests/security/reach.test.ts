/** What the sources can reach: one file opens a server, one asks it, and nothing could open a connection to elsewhere. */

import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { repoRoot } from '../support/shared.ts'

/** Our own sources, as they run: without tests, without imports of types, and without the names of styles. */
const sources = ['main', 'renderer', 'shared'].flatMap((room) =>
  readdirSync(path.join(repoRoot, room), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|svelte)$/.test(name) && !name.endsWith('.test.ts'))
    .map((name) => {
      const file = path.join(room, name).replaceAll(path.sep, '/')
      const text = readFileSync(path.join(repoRoot, file), 'utf8').replaceAll(/^import type .*$| class="[^"]*"/gm, '')
      return { file, text }
    }),
)

function filesWith(pattern: RegExp): string[] {
  return sources.filter(({ text }) => pattern.test(text)).map(({ file }) => file)
}

it('sees the sources', () => {
  expect(sources.length).toBeGreaterThan(150)
})

it('only the web host takes a module of Node’s that connects, to listen', () => {
  expect(
    filesWith(
      /(?:from|import|require)\s*\(?\s*['"](node:)?(net|http|https|http2|tls|dgram|dns|dns\/promises|inspector)['"]/,
    ),
  ).toEqual(['main/hosts/web/server.ts'])
})

it('only the window’s transport asks anyone', () => {
  const asking = /(?<!async |[.#\w])fetch\(|globalThis\.fetch|WebSocket|EventSource|XMLHttpRequest|sendBeacon|RTCPeer/
  expect(filesWith(asking)).toEqual([
    'renderer/transport/calls.ts',
    'renderer/transport/exchange.ts',
    'renderer/transport/http.ts',
    'renderer/transport/pictures.worker.ts',
  ])
})

it('nothing uses the parts of Electron that reach out, nor opens an address outside', () => {
  const reaching = /\b(openExternal|openPath|autoUpdater|crashReporter|netLog|inAppPurchase|pushNotifications)\b/
  expect(filesWith(reaching)).toEqual([])
  const { text } = sources.find(({ file }) => file === 'main/hosts/electron/electron.ts')!
  expect(text).toContain("'session'")
  expect(text).not.toMatch(/'(net|autoUpdater|webContents|desktopCapturer|safeStorage)'/)
})
