/** The images of a session: by id, with their info and where their bytes are. */

import { randomUUID } from 'node:crypto'
import { rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { ImageId, ImageInfo } from '../../shared/api.ts'
import { LoupeError } from '../../shared/errors.ts'
import { checkFileSize, unreadable } from './files.ts'
import type { PrivateFolder } from './privateFolder.ts'
import type { ImageSource } from './protocol.ts'

interface Entry extends ImageSource {
  /** Whether the file is our own copy, to be removed with the image. */
  readonly owned: boolean
}

/** Hashes and probes a file in the compute process. */
export type Probe = (path: string, name: string, signal?: AbortSignal) => Promise<ImageInfo>

export class Library {
  readonly #entries = new Map<ImageId, Entry>()
  readonly #folder: PrivateFolder
  readonly #probe: Probe
  readonly #byteLimit: number

  constructor(folder: PrivateFolder, probe: Probe, byteLimit: number) {
    this.#folder = folder
    this.#probe = probe
    this.#byteLimit = byteLimit
  }

  /** Adds a file where it is. Throws `image-unreadable`, `image-too-large`, and what probing throws; then nothing is kept. */
  async addFile(file: string, signal?: AbortSignal): Promise<{ info: ImageInfo; isNew: boolean }> {
    const name = cleanName(file)
    let info
    try {
      info = await stat(file)
    } catch (error) {
      throw unreadable(name, error)
    }
    if (!info.isFile()) {
      throw new LoupeError('image-unreadable', `${name} is not a file; add the pictures one by one.`, { name })
    }
    checkFileSize(name, info.size, this.#byteLimit)
    const absolute = path.resolve(file)
    return this.#keep({ info: await this.#probe(absolute, name, signal), path: absolute, owned: false })
  }

  /** Adds bytes, copied to a file of our own. Throws `image-too-large`, `write-failed`, and what probing throws. */
  async addBytes(name: string, bytes: Uint8Array, signal?: AbortSignal): Promise<{ info: ImageInfo; isNew: boolean }> {
    const clean = cleanName(name)
    checkFileSize(clean, bytes.byteLength, this.#byteLimit)
    const file = this.#folder.file(randomUUID())
    try {
      await writeWhole(file, clean, bytes)
      return await this.#keep({ info: await this.#probe(file, clean, signal), path: file, owned: true })
    } catch (error) {
      await rm(file, { force: true })
      throw error
    }
  }

  list(): ImageInfo[] {
    return Array.from(this.#entries.values(), ({ info }) => info)
  }

  /** Throws `not-found`. */
  source(id: ImageId): ImageSource {
    const entry = this.#entries.get(id)
    if (!entry) throw new LoupeError('not-found', 'That image is not in the gallery (any more); add it again.', { id })
    return { info: entry.info, path: entry.path }
  }

  /** Unknown ids are passed over: what they asked for is so. */
  async remove(ids: readonly ImageId[]): Promise<void> {
    for (const id of ids) {
      const entry = this.#entries.get(id)
      this.#entries.delete(id)
      if (entry?.owned) await rm(entry.path, { force: true })
    }
  }

  /** The same bytes a second time are the image that is there; a file by path is replaced by where it was found last. */
  async #keep(entry: Entry): Promise<{ info: ImageInfo; isNew: boolean }> {
    const { id } = entry.info
    const known = this.#entries.get(id)
    if (!known) {
      this.#entries.set(id, entry)
      return { info: entry.info, isNew: true }
    }
    if (known.owned) {
      if (entry.owned) await rm(entry.path, { force: true })
    } else {
      this.#entries.set(id, { ...entry, info: known.info })
    }
    return { info: known.info, isNew: false }
  }
}

async function writeWhole(file: string, name: string, bytes: Uint8Array): Promise<void> {
  const part = `${file}.part`
  try {
    await writeFile(part, bytes, { flag: 'wx', mode: 0o600 })
    await rename(part, file)
  } catch (error) {
    await rm(part, { force: true })
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error'
    const message = `${name} could not be kept in the temporary folder (${code}); make room there and add it again.`
    throw new LoupeError('write-failed', message, { name }, { cause: error })
  }
}

/** Control characters, halves of characters, separators of lines, and those that turn the direction of what follows. */
const unprintable = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

/** The last component of a path of any system, on one line, at most 255 characters. */
export function cleanName(name: string): string {
  const last = name.split(/[/\\]/).findLast((part) => part.trim() !== '')
  const clean = (last ?? '').replace(unprintable, '\ufffd').trim()
  if (clean === '' || clean === '.' || clean === '..') return 'image'
  return clean.length <= 255 ? clean : `${clean.slice(0, 250).replace(/\p{Cs}$/u, '')}…`
}
