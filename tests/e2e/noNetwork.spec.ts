/** The window asks nothing of anyone but its own host, and host and compute process ask nothing of anyone at all. */

import { chromium } from '@playwright/test'
import dgram from 'node:dgram'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import net, { type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { appArguments } from '../../main/hosts/cli/browser.ts'
import { presets } from '../../shared/presets.ts'
import { guardPage } from './support/guard.ts'
import { startHost } from './support/host.ts'
import { expect, Loupe, shapes, test } from './support/test.ts'

test('started, given a picture, run through every preset, saved and reloaded, nothing is asked of the network', async ({
  context,
  page,
}) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'layerloupe-network-'))
  const file = path.join(folder, 'attempts')
  const host = await startHost([], {
    NODE_OPTIONS: `--import=${new URL('../support/trapNetwork.mjs', import.meta.url).href}`,
    LAYERLOUPE_TEST_NETWORK: file,
  })
  const elsewhere: string[] = []
  await context.route(
    (url) => url.origin !== host.origin && url.protocol !== 'blob:',
    async (route) => {
      elsewhere.push(route.request().url())
      await route.abort()
    },
  )
  await context.routeWebSocket(/./, (socket) => {
    elsewhere.push(socket.url())
  })
  const guard = await guardPage(page, host.origin)
  await page.goto(host.address)
  const loupe = new Loupe(page, guard)
  await loupe.ready()
  await loupe.add([shapes])
  for (const { pipeline } of presets) {
    await loupe.usePipeline(pipeline.name)
    await loupe.finished(pipeline.layers.length)
  }
  await loupe.choose(1)
  await page.keyboard.press('Control+s')
  const download = page.waitForEvent('download')
  await loupe.dialog.getByRole('button', { name: 'Save', exact: true }).click()
  expect((await download).suggestedFilename()).toMatch(/\.zip$/)
  await page.reload()
  await expect(loupe.pictures.getByRole('option')).toHaveCount(1)
  await expect(loupe.status.getByRole('status')).toHaveText(/stages? in /)
  expect(elsewhere).toEqual([])
  guard.check()

  // The traps are set: a page without our policy is caught at both of its ways out, and so is ours as it would leave.
  const other = await context.newPage()
  await other.evaluate(() => {
    void fetch('http://192.0.2.1/fetched').catch(() => undefined)
    new WebSocket('ws://192.0.2.1/socket')
  })
  await page.evaluate(() => {
    location.href = 'http://192.0.2.1/left'
  })
  await expect
    .poll(() => elsewhere.toSorted())
    .toEqual(['http://192.0.2.1/fetched', 'http://192.0.2.1/left', 'ws://192.0.2.1/socket'])
  expect(await host.stop()).toBe(0)
  expect(readFileSync(file, 'utf8').trim().split('\n')).toEqual(['watching cli.js', 'watching engine.js'])
  rmSync(folder, { recursive: true })
})

test('a window that would ask elsewhere is kept from it by its policy', async ({ loupe, page }) => {
  loupe.guard.allow(/./)
  await loupe.ready()
  const refused = await page.evaluate(async () => {
    const told: string[] = []
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => told.push(effectiveDirective))
    const there = 'http://192.0.2.1'
    await fetch(there).catch(() => undefined)
    navigator.sendBeacon(`${there}/beacon`, 'x')
    const made = [
      Object.assign(document.createElement('img'), { src: there }),
      Object.assign(document.createElement('iframe'), { src: there }),
      Object.assign(document.createElement('script'), { src: there }),
      Object.assign(document.createElement('link'), { rel: 'stylesheet', href: there }),
      Object.assign(document.createElement('video'), { src: there }),
      Object.assign(document.createElement('object'), { data: there }),
    ]
    document.body.append(...made)
    try {
      new WebSocket('ws://192.0.2.1')
    } catch {
      // Some browsers refuse with an exception.
    }
    const form = Object.assign(document.createElement('form'), { action: there, method: 'POST' })
    document.body.append(form)
    form.submit()
    await new Promise((resolve) => setTimeout(resolve, 500))
    return told
  })
  expect(new Set(refused)).toEqual(
    new Set([
      'connect-src',
      'img-src',
      'frame-src',
      'script-src-elem',
      'style-src-elem',
      'media-src',
      'object-src',
      'form-action',
    ]),
  )
})

/** Somebody on this computer that counts who comes by either protocol. */
async function startListener() {
  const came = { connections: 0, datagrams: 0 }
  const server = net.createServer((socket) => {
    came.connections++
    socket.on('error', () => undefined).destroy()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const datagrams = dgram.createSocket('udp4').on('message', () => came.datagrams++)
  datagrams.bind(port, '127.0.0.1')
  await once(datagrams, 'listening')
  const stop = () => {
    server.close()
    datagrams.close()
  }
  return { came, port, stop }
}

/** Has a page look for a peer with the help of servers on these ports, one of each kind. */
async function seekPeer({ port, own }: { readonly port: number; readonly own: number }): Promise<void> {
  const server = (name: string, at: number) => ({
    urls: `turn:${name}:${at}?transport=tcp`,
    username: 'a',
    credential: 'b',
  })
  const iceServers = [server('localhost', port), { urls: `stun:127.0.0.1:${port}` }, server('127.0.0.1', own)]
  const peer = new RTCPeerConnection({ iceServers })
  peer.createDataChannel('out')
  await peer.setLocalDescription(await peer.createOffer())
}

test('WebRTC, which the policy does not keep in, is kept in by how the window’s browser is started', async ({
  host,
  launchOptions,
}) => {
  const ours = appArguments('', '', false).filter((word) => !/^--(app|user-data-dir)=/.test(word))
  for (const kept of [true, false]) {
    const [other, own] = [await startListener(), await startListener()]
    const args = [...(launchOptions.args ?? []), ...(kept ? ours : [])]
    const browser = await chromium.launch({ ...launchOptions, args })
    const page = await browser.newPage()
    await page.goto(host.origin)
    await page.evaluate(seekPeer, { port: other.port, own: own.port })
    // By when the address the window is allowed has been asked, the others have been too, or never are.
    await expect.poll(() => own.came.connections).toBeGreaterThan(0)
    if (kept) expect(other.came).toEqual({ connections: 0, datagrams: 0 })
    else await expect.poll(() => Math.min(other.came.connections, other.came.datagrams)).toBeGreaterThan(0)
    await browser.close()
    for (const { stop } of [other, own]) stop()
  }
})
