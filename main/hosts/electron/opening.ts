/** Files the person opens outside the window: menu, command line, a second start, a double click. */

import type { Dirent } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import type { ApiEvent } from '../../../shared/api.ts'
import { LoupeError, toWire } from '../../../shared/errors.ts'
import { isPictureName } from '../../../shared/pictureNames.ts'
import type { Engine } from '../../engine/index.ts'

/** Of a folder. */
const most = { pictures: 20_000, folders: 5000, depth: 24 } as const

export class Opening {
  readonly #engine: Pick<Engine, 'addFile'>
  readonly #tell: (event: ApiEvent) => void
  #waiting: (readonly string[])[] = []
  #started = false
  #busy = false

  constructor(engine: Pick<Engine, 'addFile'>, tell: (event: ApiEvent) => void) {
    this.#engine = engine
    this.#tell = tell
  }

  /** Adds files and the pictures in folders; the first of them is shown. They wait until there is a window to show them. */
  open(files: readonly string[]): void {
    if (files.length === 0) return
    this.#waiting.push(files)
    void this.#work()
  }

  /** The window is there and listens. */
  start(): void {
    this.#started = true
    void this.#work()
  }

  /** The window is gone. */
  stop(): void {
    this.#started = false
  }

  async #work(): Promise<void> {
    if (this.#busy) return
    this.#busy = true
    while (this.#started) {
      const files = this.#waiting.shift()
      if (!files) break
      let shown = false
      for (const file of files) {
        const added = await this.#add(file, !shown)
        shown ||= added
      }
    }
    this.#busy = false
  }

  /** Resolves to whether anything was added. */
  async #add(file: string, show: boolean): Promise<boolean> {
    let added = false
    try {
      const isFolder = await stat(file).then(
        (info) => info.isDirectory(),
        () => false, // The engine says why it cannot be read.
      )
      if (isFolder) {
        for (const picture of await picturesIn(file)) added = (await this.#addOne(picture, show && !added)) || added
      } else {
        added = await this.#addOne(file, show)
      }
    } catch (error) {
      this.#refuse(file, error)
    }
    return added
  }

  async #addOne(file: string, show: boolean): Promise<boolean> {
    try {
      const image = await this.#engine.addFile(file)
      if (show) this.#tell({ type: 'host.opened', image })
      return true
    } catch (error) {
      this.#refuse(file, error)
      return false
    }
  }

  #refuse(file: string, error: unknown): void {
    this.#tell({ type: 'host.refused', name: path.basename(file), error: toWire(error) })
  }
}

/**
 * Picture files of a folder and the folders in it, by name, in order; hidden ones and links to folders left out.
 * Throws `image-unreadable` where there are none.
 */
async function picturesIn(folder: string): Promise<string[]> {
  const pictures: string[] = []
  const queue = [{ folder, depth: 1 }]
  for (let at = 0; at < Math.min(queue.length, most.folders) && pictures.length < most.pictures; at++) {
    const { folder, depth } = queue[at]!
    const entries = await list(folder)
    for (const entry of entries.filter(({ name }) => !name.startsWith('.'))) {
      const place = path.join(folder, entry.name)
      if (entry.isDirectory()) {
        if (depth < most.depth) queue.push({ folder: place, depth: depth + 1 })
      } else if (isPictureName(entry.name)) pictures.push(place)
    }
  }
  if (pictures.length === 0) {
    const name = path.basename(folder)
    throw new LoupeError('image-unreadable', `No pictures were found in ${name}.`, { name })
  }
  return pictures.slice(0, most.pictures)
}

const collator = new Intl.Collator('en', { numeric: true })

/** A folder that may not be read has nothing to give; the others still have. */
async function list(folder: string): Promise<Dirent[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  return entries.sort((a, b) => collator.compare(a.name, b.name))
}
