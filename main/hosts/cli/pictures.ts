/** From what was typed (files, folders, patterns, a list) to the pictures meant, each with its name in the batch. */

import type { Dirent } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import picomatch from 'picomatch'
import { isPictureName } from '../../../shared/pictureNames.ts'
import { savedIn } from '../../engine/ownPictures.ts'
import { UsageError } from './usage.ts'

export interface FoundPicture {
  readonly path: string
  /** Below the folder that holds all that was named, `/` between folders. */
  readonly name: string
}

export interface Search {
  /** Names from a list: files and folders, and never patterns. */
  readonly listed?: readonly string[]
  /** Folders with the folders in them. */
  readonly recursive: boolean
  /** The folder of the results: where it lies in one that is looked into, it is passed over. */
  readonly except?: string
}

export interface FoundPictures {
  readonly pictures: readonly FoundPicture[]
  /** Pictures that were left out because LayerLoupe saved them itself. */
  readonly saved: number
}

interface Found {
  /** The folder it was looked for in. */
  readonly base: string
  readonly files: readonly string[]
  readonly saved: number
}

/**
 * The pictures, by name in the order of UTF-16 units, each file once: the same on every machine, in whatever order they
 * were typed or read. What LayerLoupe saved is left out, but where it is named by itself and is no result of this very
 * batch. Throws `UsageError` for a folder or pattern without pictures, or one that cannot be read.
 */
export async function findPictures(words: readonly string[], search: Search): Promise<FoundPictures> {
  const { listed = [], recursive, except } = search
  const skip = except === undefined ? undefined : path.resolve(except)
  const saved = new SavedPictures()
  const depth = recursive ? Infinity : 1
  const found = await Promise.all([
    ...words.map(async (word) => {
      const file = path.resolve(word)
      const there = await stat(file).catch(() => undefined)
      if (there?.isDirectory()) return await inFolder(word, depth, skip)
      const matches = there ? undefined : await matching(word, skip)
      return matches ?? (await oneFile(file, skip !== undefined && isBelow(file, skip), saved))
    }),
    ...listed.map(async (name) => {
      const file = path.resolve(name)
      const there = await stat(file).catch(() => undefined)
      return there?.isDirectory() ? await inFolder(name, depth, skip) : await oneFile(file, true, saved)
    }),
  ])
  const top = commonFolder(found.map(({ base }) => base))
  const files = new Set(found.flatMap((part) => part.files))
  const pictures = Array.from(files, (file) => ({
    path: file,
    name: path.relative(top, file).split(path.sep).join('/'),
  })).sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  return { pictures, saved: found.reduce((sum, part) => sum + part.saved, 0) }
}

async function inFolder(word: string, depth: number, skip: string | undefined): Promise<Found> {
  const base = path.resolve(word)
  const { files, saved } = await picturesBelow(base, depth, skip)
  if (files.length > 0) return { base, files, saved }
  const deeper = depth > 1 ? '' : ' (--recursive looks into the folders in it too)'
  throw new UsageError(`${word}: this folder holds no pictures${butSaved(saved)}${deeper}.`)
}

/** Whoever reads it says why it cannot be read. */
async function oneFile(file: string, leavesOut: boolean, saved: SavedPictures): Promise<Found> {
  const base = path.dirname(file)
  return leavesOut && (await saved.has(file)) ? { base, files: [], saved: 1 } : { base, files: [file], saved: 0 }
}

/** Whether LayerLoupe saved a file; each folder is looked into once. */
class SavedPictures {
  readonly #folders = new Map<string, Promise<ReadonlySet<string>>>()

  async has(file: string): Promise<boolean> {
    const folder = path.dirname(file)
    let saved = this.#folders.get(folder)
    if (!saved) {
      saved = readdir(folder).then(
        (names) => savedIn(folder, names),
        () => new Set<string>(),
      )
      this.#folders.set(folder, saved)
    }
    return (await saved).has(path.basename(file))
  }
}

function isBelow(file: string, folder: string): boolean {
  const way = path.relative(folder, file)
  return way.split(path.sep)[0] !== '..' && !path.isAbsolute(way)
}

function butSaved(saved: number): string {
  return saved > 0 ? ' but those LayerLoupe saved itself' : ''
}

/**
 * The same words, but in place of each pattern the pictures it means, by name: the shells of Windows leave that to the
 * program. Throws `UsageError` for a pattern without pictures.
 */
export async function expandPatterns(words: readonly string[]): Promise<string[]> {
  const lists = await Promise.all(
    words.map(async (word) => {
      const there = await stat(word).catch(() => undefined)
      const found = there ? undefined : await matching(word, undefined)
      return found?.files.map((file) => (path.isAbsolute(word) ? file : path.relative('.', file))).sort() ?? [word]
    }),
  )
  return lists.flat()
}

/** Undefined where the word is no pattern. */
async function matching(word: string, skip: string | undefined): Promise<Found | undefined> {
  const { base, glob, isGlob } = picomatch.scan(process.platform === 'win32' ? word.replaceAll('\\', '/') : word)
  if (!isGlob) return undefined
  const folder = path.resolve(base === '' ? '.' : base)
  const matches = picomatch(glob)
  const depth = glob.includes('**') ? Infinity : glob.split('/').length
  const isMeant = (file: string) => matches(path.relative(folder, file).split(path.sep).join('/'))
  const { files, saved } = await picturesBelow(folder, depth, skip, isMeant)
  if (files.length === 0) throw new UsageError(`${word}: no picture${butSaved(saved)} has such a name.`)
  return { base: folder, files, saved }
}

/**
 * Pictures in a folder, `depth` folders deep, and how many more LayerLoupe saved there; hidden ones, and folders that
 * are links, are left out.
 */
async function picturesBelow(
  folder: string,
  depth: number,
  except: string | undefined,
  isMeant: (file: string) => boolean = () => true,
): Promise<{ readonly files: readonly string[]; readonly saved: number }> {
  let entries: Dirent[]
  try {
    entries = await readdir(folder, { withFileTypes: true })
  } catch (error) {
    throw new UsageError(`${folder}: this folder cannot be read (${(error as NodeJS.ErrnoException).code}).`)
  }
  const files: string[] = []
  const own = await savedIn(
    folder,
    entries.map(({ name }) => name),
  )
  let saved = 0
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue
    const place = path.join(folder, entry.name)
    if (entry.isDirectory()) {
      if (depth === 1 || place === except) continue
      const below = await picturesBelow(place, depth - 1, except, isMeant)
      for (const file of below.files) files.push(file)
      saved += below.saved
    } else if (isPictureName(entry.name) && isMeant(place)) {
      if (own.has(entry.name)) saved++
      else files.push(place)
    }
  }
  return { files, saved }
}

/** The deepest folder that holds all of these. */
function commonFolder(folders: readonly string[]): string {
  const [first = path.resolve('.'), ...others] = folders
  let top = first
  for (const folder of others) {
    while (!isBelow(folder, top)) {
      const above = path.dirname(top)
      if (above === top) throw new UsageError('Pictures on several drives have no folder in common; name one drive.')
      top = above
    }
  }
  return top
}

/** Names in a list, a line each, or with zeros between them as `find -print0` writes them; `-` is standard input. */
export async function readList(file: string): Promise<string[]> {
  let bytes: Buffer
  try {
    bytes = file === '-' ? await readInput() : await readFile(file)
  } catch (error) {
    throw new UsageError(`--list ${file}: this cannot be read (${(error as NodeJS.ErrnoException).code}).`)
  }
  // Windows programs begin a text with a mark of how it is written; PowerShell writes two bytes a letter.
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8'
  const text = new TextDecoder(encoding).decode(bytes)
  return text.split(text.includes('\0') ? '\0' : /\r?\n/).filter((line) => line !== '')
}

async function readInput(): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
