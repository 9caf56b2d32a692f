/** What is installed and built, told by content: nothing is done again that has not changed. */

import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))
export const buildStamp = path.join(root, 'dist/.built')

const sources = ['shared', 'main', 'renderer', 'build', 'package.json', 'package-lock.json']

/** A hash of the names and contents of these files and folders: of everything a build reads, if none are named. */
export function sourceHash(places = sources) {
  const hash = createHash('sha256').update(process.versions.node.split('.')[0] ?? '')
  for (const file of places.flatMap((name) => files(path.join(root, name)))) {
    hash.update(`\0${path.relative(root, file)}\0`).update(readFileSync(file))
  }
  return hash.digest('hex')
}

/** @param {string} place @returns {string[]} */
function files(place) {
  if (statSync(place).isFile()) return /\.(test|bench)\.ts$/.test(place) ? [] : [place]
  return readdirSync(place)
    .sort()
    .flatMap((name) => files(path.join(place, name)))
}

export function isBuilt() {
  return existsSync(buildStamp) && readFileSync(buildStamp, 'utf8') === sourceHash()
}

/**
 * Whether node_modules holds what the lock file says. npm writes its own record as the last thing of an
 * installation, so one that was cut short has none.
 */
export function isInstalled() {
  const record = path.join(root, 'node_modules/.package-lock.json')
  if (!existsSync(record)) return false
  /** @type {Record<string, { version?: string, integrity?: string, optional?: boolean }>} */
  const wanted = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages
  /** @type {typeof wanted} */
  const found = JSON.parse(readFileSync(record, 'utf8')).packages
  return Object.entries(wanted).every(([place, { version, integrity, optional }]) => {
    if (place === '') return true
    const there = found[place]
    // Optional packages are builds for other platforms.
    return there ? there.version === version && there.integrity === integrity : optional === true
  })
}
