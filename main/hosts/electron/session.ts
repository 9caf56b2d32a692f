/** The window's session: its pages from memory, nothing kept on disk, no permission but to copy, no network, downloads of our own making. */

import type { DownloadItem, Session } from 'electron'
import { plainHeaders, strictHeaders } from '../../engine/headers.ts'
import type { Pages } from '../../engine/pages.ts'
import { ownPath, pageUrl, scheme } from './address.ts'
import type { Electron } from './electron.ts'

/** Without `persist:`: pictures leave no trace in a cache. */
const partition = 'layerloupe'

/** Must run before the app is ready. */
export function registerScheme({ protocol }: Pick<Electron, 'protocol'>): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ])
}

/**
 * Leaves Chromium no way to anybody, its own services and WebRTC included: no name resolves, not even one that is an
 * address, and no proxy is asked or looked for. Must run before the app is ready.
 */
export function closeNetwork({ app }: Pick<Electron, 'app'>): void {
  app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND')
  app.commandLine.appendSwitch('no-proxy-server')
}

/** Writing to the clipboard, which Chromium allows only while the page answers a person. Nothing is read of it. */
const permitted = 'clipboard-sanitized-write'

export function openSession(electron: Pick<Electron, 'session'>, pages: Pages): Session {
  const session = electron.session.fromPartition(partition)
  session.protocol.handle(scheme, (request) => answerPage(pages, request))
  session.setPermissionRequestHandler((_contents, permission, answer) => {
    answer(permission === permitted)
  })
  session.setPermissionCheckHandler((_contents, permission) => permission === permitted)
  session.setDevicePermissionHandler(() => false)
  session.setSpellCheckerEnabled(false)
  // Electron's own session shows nothing, but a spelling checker that is on fetches dictionaries.
  electron.session.defaultSession.setSpellCheckerEnabled(false)
  session.webRequest.onBeforeRequest(({ url }, answer) => {
    answer({ cancel: !isOwnAddress(url) })
  })
  session.on('will-download', (event, item) => {
    if (!isOwnDownload(item)) event.preventDefault()
  })
  return session
}

/** The renderer's files, by name from a table: an address never becomes a path on disk. */
function answerPage(pages: Pages, { method, url }: Pick<Request, 'method' | 'url'>): Response {
  const path = ownPath(url)
  const page = path === undefined || (method !== 'GET' && method !== 'HEAD') ? undefined : pages.get(path)
  if (!page) return new Response('There is no such page.\n', { status: 404, headers: plainHeaders })
  return new Response(method === 'HEAD' ? null : page.bytes, {
    headers: { ...strictHeaders, 'content-type': page.type, 'cache-control': page.cache },
  })
}

/** Ours, the bytes our page made, and the developer tools' own. */
function isOwnAddress(url: string): boolean {
  return ownPath(url) !== undefined || url.startsWith(`blob:${pageUrl}`) || url.startsWith('devtools:')
}

/** Only what the page made itself, such as a zip; Electron then asks where to put it. */
function isOwnDownload(item: Pick<DownloadItem, 'getURL'>): boolean {
  return item.getURL().startsWith(`blob:${pageUrl}`)
}
