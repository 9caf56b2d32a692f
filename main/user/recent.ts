/** Files and folders opened before, by where they are, and the folder each dialog was in last. */

import * as v from 'valibot'
import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import path from 'node:path'
import type { RecentItem } from '../../shared/api.ts'
import { LoupeError } from '../../shared/errors.ts'
import { readDocument, writeDocument } from './document.ts'
import type { Log } from './log.ts'

const place = v.pipe(v.string(), v.minLength(1), v.maxLength(4096))
const schema = v.strictObject({
  version: v.literal(1),
  items: v.array(v.strictObject({ path: place, kind: v.picklist(['file', 'folder']) })),
  folders: v.strictObject({ open: v.exactOptional(place), save: v.exactOptional(place) }),
})
type Remembered = v.InferOutput<typeof schema>
export type DialogKind = keyof Remembered['folders']

/** How many are remembered. */
export const kept = 12

export class RecentFiles {
  /** What was wrong with the file, if anything. */
  readonly problem: string | null
  readonly #file: string
  readonly #log: Log
  readonly #onChange: () => void
  readonly #writable: boolean
  #remembered: Remembered

  /** In `recent.json` of this folder. `onChange` is called when the list has changed. */
  constructor(folder: string, log: Log, onChange: () => void) {
    this.#file = path.join(folder, 'recent.json')
    this.#log = log
    this.#onChange = onChange
    const found = readDocument(this.#file, {
      what: 'The recent files',
      parse: (value) => v.parse(schema, value),
      version: 1,
    })
    this.problem = found.problem
    this.#writable = found.writable
    this.#remembered = found.value ?? { version: 1, items: [], folders: {} }
  }

  /** What a window may know, newest first. */
  items(): RecentItem[] {
    return this.list().map(({ id, name, kind }) => ({ id, name, kind }))
  }

  /** Newest first. */
  list(): (RecentItem & { readonly path: string })[] {
    return this.#remembered.items.map(({ path: file, kind }) => ({
      id: createHash('sha256').update(file).digest('hex').slice(0, 16),
      name: path.basename(file) || file,
      kind,
      path: file,
    }))
  }

  /** Puts what is there to the front of the list; resolves with what was put there. */
  async add(files: readonly string[]): Promise<string[]> {
    const added: Remembered['items'] = []
    for (const file of files) {
      const info = await stat(file).catch(() => undefined)
      if (info) added.unshift({ path: file, kind: info.isDirectory() ? 'folder' : 'file' })
    }
    if (added.length === 0) return []
    const others = this.#remembered.items.filter((item) => !added.some((one) => one.path === item.path))
    this.#keep({ ...this.#remembered, items: [...added, ...others].slice(0, kept) })
    this.#onChange()
    return added.map((item) => item.path)
  }

  /** Where it is. Rejects with `not-found` where it is gone or never was; it is then taken off the list. */
  async find(id: string): Promise<string> {
    const item = this.list().find((one) => one.id === id)
    if (!item) throw new LoupeError('not-found', 'That file is not among the recent ones (any more); open it again.')
    const there = await stat(item.path).catch(() => undefined)
    if (there) return item.path
    this.#keep({ ...this.#remembered, items: this.#remembered.items.filter((one) => one.path !== item.path) })
    this.#onChange()
    const message = `${item.name} is not where it was (any more), and is no longer among the recent files. If it was moved, open it from where it is now.`
    throw new LoupeError('not-found', message, { name: item.name })
  }

  clear(): void {
    this.#keep({ ...this.#remembered, items: [] })
    this.#onChange()
  }

  /** Where a dialog was last. */
  folderOf(dialog: DialogKind): string | undefined {
    return this.#remembered.folders[dialog]
  }

  setFolder(dialog: DialogKind, folder: string): void {
    this.#keep({ ...this.#remembered, folders: { ...this.#remembered.folders, [dialog]: folder } })
  }

  #keep(remembered: Remembered): void {
    this.#remembered = remembered
    if (!this.#writable) return
    try {
      writeDocument(this.#file, remembered)
    } catch (error) {
      // What is remembered until the program ends is no reason to keep a person from their pictures.
      this.#log.write('recent.unwritten', { code: (error as NodeJS.ErrnoException).code ?? 'unknown' })
    }
  }
}
