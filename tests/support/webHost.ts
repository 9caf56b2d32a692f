/** A running web host for tests, and a window's worth of what a browser would give the renderer's transport. */

import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { startWebHost, type WebHost, type WebHostOptions } from '../../main/hosts/web/server.ts'
import { httpApi, type HttpApi, type HttpOptions } from '../../renderer/transport/http.ts'

export interface TestHost extends WebHost {
  /** Where the pages lie; beside the folder there is a file `secret.txt` that must never be served. */
  readonly renderer: string
}

/** A host with a small built renderer of its own; closing it removes that too. */
export async function startTestHost(options: Omit<WebHostOptions, 'renderer'>): Promise<TestHost> {
  const folder = await mkdtemp(path.join(tmpdir(), 'layerloupe-host-'))
  const renderer = path.join(folder, 'renderer')
  await mkdir(path.join(renderer, 'assets'), { recursive: true })
  await writeFile(path.join(folder, 'secret.txt'), 'secret')
  await writeFile(path.join(renderer, 'notes.txt'), 'secret')
  await writeFile(path.join(renderer, 'index.html'), '<!doctype html><title>LayerLoupe</title>')
  await writeFile(path.join(renderer, 'assets/index-0123abcd.js'), 'export {}')
  const host = await startWebHost({ ...options, renderer })
  return {
    ...host,
    renderer,
    close: async () => {
      await host.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A window's storage and address bar. */
export function testWindow(address: string): HttpOptions & { readonly stored: Map<string, string>; shown: string } {
  const { origin, hash, pathname } = new URL(address)
  const stored = new Map<string, string>()
  const window = {
    stored,
    shown: address,
    location: { origin, hash, pathname },
    history: {
      replaceState(_data: unknown, _unused: string, url: string) {
        window.shown = new URL(url, origin).href
      },
    },
    storage: {
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, value: string) => void stored.set(key, value),
      removeItem: (key: string) => void stored.delete(key),
    },
    retries: [0, 20, 50],
  }
  return window
}

/** The Api of a fresh window of this host. */
export async function openWindow(host: WebHost): Promise<HttpApi> {
  return await httpApi(testWindow(host.address()))
}
