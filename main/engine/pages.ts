/** The built renderer, read once into memory: a request chooses among these files and never names a path on disk. */

import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Settings } from '../../shared/settings.ts'

interface Page {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly type: string
  readonly cache: string
}
export type Pages = ReadonlyMap<string, Page>

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
}

/** The same page, saying of itself what the person chose, so that not even its first picture is in other colours. */
export function dressedPage(page: Uint8Array, { theme, motion }: Pick<Settings, 'theme' | 'motion'>): string {
  return new TextDecoder().decode(page).replace('<html', `<html data-theme="${theme}" data-motion="${motion}"`)
}

/** `name-<hash>.js`: its content never changes under this name. */
const hashed = /-[A-Za-z0-9_-]{8,}\.[a-z0-9]+$/

/** Files of kinds the renderer is made of, by their path in an address; `/` is index.html. */
export async function readPages(folder: string): Promise<Pages> {
  const pages = new Map<string, Page>()
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const type = types[path.extname(entry.name)]
    if (!entry.isFile() || type === undefined) continue
    const file = path.join(entry.parentPath, entry.name)
    const name = `/${path.relative(folder, file).split(path.sep).join('/')}`
    const cache = hashed.test(name) ? 'public, max-age=31536000, immutable' : 'no-store'
    pages.set(name === '/index.html' ? '/' : name, { bytes: new Uint8Array(await readFile(file)), type, cache })
  }
  return pages
}
