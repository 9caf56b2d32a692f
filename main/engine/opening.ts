/** Files a person names to a host, in menus or on a command line: added, with the pictures of folders, or kept as refused. */

import { randomUUID } from 'node:crypto'
import type { Dirent } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import type { ApiEvent, ImageInfo, Refusal } from '../../shared/api.ts'
import { LoupeError, toWire } from '../../shared/errors.ts'
import { isPictureName, isPipelineName } from '../../shared/pictureNames.ts'
import { unreadable } from './files.ts'
import { cleanName } from './library.ts'
import { savedIn } from './ownPictures.ts'

export interface OpenOptions {
  /** Aborted: nothing more is opened, and nothing more refused. */
  readonly signal?: AbortSignal
  /** Told besides the window, with the path. */
  readonly onRefused?: (file: string, error: unknown) => void
}

/** Of a folder. */
interface Bounds {
  readonly pictures: number
  readonly folders: number
  readonly depth: number
}
const defaultBounds: Bounds = { pictures: 20_000, folders: 5_000, depth: 24 }

type Found = { readonly picture: string } | { readonly refused: string; readonly error: unknown }

export class Opening {
  /** By path, so that what is refused again is listed once. */
  readonly #refusals = new Map<string, Refusal>()
  readonly #add: (file: string, signal?: AbortSignal) => Promise<ImageInfo>
  readonly #emit: (event: ApiEvent) => void

  constructor(add: (file: string, signal?: AbortSignal) => Promise<ImageInfo>, emit: (event: ApiEvent) => void) {
    this.#add = add
    this.#emit = emit
  }

  /** Adds files and the pictures in folders, one after the other; the first of them is to be shown. Never rejects. */
  async open(files: readonly string[], options: OpenOptions = {}): Promise<void> {
    let shown = false
    for (const file of files) {
      for await (const found of picturesAt(path.resolve(file))) {
        if (options.signal?.aborted) return
        if ('error' in found) {
          this.#refuse(found.refused, found.error, options)
          continue
        }
        try {
          const image = await this.#add(found.picture, options.signal)
          if (!shown) this.#emit({ type: 'host.opened', image })
          shown = true
        } catch (error) {
          if (options.signal?.aborted) return
          this.#refuse(found.picture, error, options)
        }
      }
    }
  }

  #refuse(file: string, error: unknown, { onRefused }: OpenOptions): void {
    const id = this.#refusals.get(file)?.id ?? randomUUID()
    const refusal: Refusal = { id, name: cleanName(file), error: toWire(error) }
    this.#refusals.set(file, refusal)
    this.#emit({ type: 'host.refused', refusal })
    onRefused?.(file, error)
  }

  /** What was refused and is not forgotten, in order. */
  list(): Refusal[] {
    return [...this.#refusals.values()]
  }

  /** Unknown ids are passed over: what they asked for is so. */
  forget(ids: readonly string[]): void {
    const gone = new Set(ids)
    for (const [file, { id }] of this.#refusals) if (gone.has(id)) this.#refusals.delete(file)
  }
}

/** A file as it is; of a folder its pictures. */
async function* picturesAt(file: string): AsyncGenerator<Found> {
  const isFolder = await stat(file).then(
    (info) => info.isDirectory(),
    () => false, // Whoever opens it says why it cannot be read.
  )
  const name = cleanName(file)
  if (isFolder) yield* picturesIn(file)
  else if (isPipelineName(name)) {
    const message = `${name} is a pipeline, not a picture; drop it on the window to use it.`
    yield { refused: file, error: new LoupeError('image-unsupported', message, { name }) }
  } else yield { picture: file }
}

/**
 * Pictures of a folder and of the folders in it, by name, in order; hidden ones and links to folders are left out, so
 * that a folder that leads to itself has an end, and so is what LayerLoupe saved below the folder that was named. What
 * cannot be read, holds nothing, is too much or was saved by LayerLoupe is told as refused.
 */
export async function* picturesIn(top: string, bounds: Bounds = defaultBounds): AsyncGenerator<Found> {
  const queue = [{ folder: top, depth: 1 }]
  let count = 0
  let saved = 0
  let refused = false
  for (let at = 0; at < queue.length; at++) {
    const { folder, depth } = queue[at]!
    if (at === bounds.folders) {
      yield tellOf(
        top,
        `was not opened to its end: it holds more than ${most(bounds.folders)} folders; open the others one by one`,
      )
      return
    }
    let entries: Dirent[]
    try {
      entries = await readdir(folder, { withFileTypes: true })
    } catch (error) {
      refused = true
      yield { refused: folder, error: unreadable(cleanName(folder), error) }
      continue
    }
    // Of the folder that was named itself they are meant.
    const names = entries.map(({ name }) => name)
    const own = depth === 1 ? null : await savedIn(folder, names)
    for (const entry of entries.sort((a, b) => collator.compare(a.name, b.name))) {
      if (entry.name.startsWith('.')) continue
      const place = path.join(folder, entry.name)
      if (entry.isDirectory()) {
        if (depth < bounds.depth) queue.push({ folder: place, depth: depth + 1 })
        else yield tellOf(place, `was not opened: it lies more than ${bounds.depth} folders deep; open it on its own`)
      } else if (isPictureName(entry.name)) {
        if (own?.has(entry.name)) {
          saved++
          continue
        }
        if (count === bounds.pictures) {
          yield tellOf(
            top,
            `was not opened to its end: it holds more than ${most(bounds.pictures)} pictures; open the others folder by folder`,
          )
          return
        }
        count++
        yield { picture: place }
      }
    }
  }
  if (saved > 0) {
    const what = saved === 1 ? '1 picture' : `${most(saved)} pictures`
    yield tellOf(top, `holds ${what} that LayerLoupe saved itself, left out; to see them, open the folder they are in`)
  }
  if (count > 0 || saved > 0 || refused) return
  const name = cleanName(top)
  yield { refused: top, error: new LoupeError('image-unreadable', `${name} holds no pictures.`, { name }) }
}

function tellOf(folder: string, why: string): Found {
  const name = cleanName(folder)
  const message = `${name} ${why}.`
  return { refused: folder, error: new LoupeError('image-unreadable', message, { name }) }
}

const most = (n: number) => n.toLocaleString('en')

const collator = new Intl.Collator('en', { numeric: true })
