/** A folder of our own in the system's temporary one, and the removal of those that dead processes have left there. */

import { createHash } from 'node:crypto'
import { mkdtempSync, readlinkSync, rmSync } from 'node:fs'
import { lstat, readdir, rm } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import path from 'node:path'
import { LoupeError } from '../../shared/errors.ts'
import { engineClosed } from './failures.ts'

/** Readable by this user alone, made when first needed and removed with all in it. */
export class PrivateFolder {
  #path: string | undefined
  #closed = false
  readonly #onExit = () => {
    this.remove()
  }

  /** A path in it. Throws `engine-lost` after `remove`, `write-failed` where the system has no room for it. */
  file(name: string): string {
    if (this.#closed) throw engineClosed()
    if (this.#path === undefined) {
      this.#path = makeTemporary()
      process.once('exit', this.#onExit)
    }
    return path.join(this.#path, name)
  }

  remove(): void {
    this.#closed = true
    if (this.#path === undefined) return
    process.off('exit', this.#onExit)
    rmSync(this.#path, { recursive: true, force: true })
    this.#path = undefined
  }
}

function makeTemporary(): string {
  try {
    return mkdtempSync(path.join(tmpdir(), privatePrefix()))
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error'
    const message = `The temporary folder of this system cannot be used (${code}); make room in it, or name another in the variable TMPDIR and start LayerLoupe again.`
    throw new LoupeError('write-failed', message, { system: code }, { cause: error })
  }
}

/** How the names of our temporary folders begin: whose they are. */
export function privatePrefix(): string {
  return `layerloupe-${processSpace()}-${process.pid}-`
}

/**
 * Where numbers of processes mean what they mean here: this machine, and of its containers this one. A temporary folder
 * may be shared with others, whose living processes are not to be seen from here.
 */
function processSpace(): string {
  let space = hostname()
  try {
    space += readlinkSync('/proc/self/ns/pid')
  } catch {
    // Only Linux has such a thing.
  }
  return createHash('sha256').update(space).digest('hex').slice(0, 8)
}

/**
 * Removes the temporary folders of processes of this user and machine that were killed before they could do so. Those
 * of living processes, of other users and of other machines stay. Never throws: what cannot be removed stays as well.
 */
export async function removeStale(parent = tmpdir()): Promise<void> {
  const ours = new RegExp(`^\\.?layerloupe-${processSpace()}-(\\d+)-[A-Za-z0-9]{6}$`)
  for (const name of await readdir(parent).catch(() => [])) {
    const pid = Number(ours.exec(name)?.[1])
    if (!pid || isAlive(pid)) continue
    const folder = path.join(parent, name)
    const found = await lstat(folder).catch(() => undefined)
    // Where the system knows no users (Windows), each has a temporary folder of their own.
    const mine = process.getuid === undefined || found?.uid === process.getuid()
    if (found?.isDirectory() && mine) await rm(folder, { recursive: true, force: true }).catch(() => undefined)
  }
}

/** Whether there is such a process, of whatever user. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}
