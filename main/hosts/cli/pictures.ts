/** From what was typed (files, folders, patterns, a list) to the pictures meant, each with its name in the batch. */

import type { Dirent } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import picomatch from 'picomatch'
import { isPictureName } from '../../../shared/pictureNames.ts'
import { UsageError } from './usage.ts'

export interface FoundPicture {
  readonly path: string
  /** Below the folder that holds all that was named, `/` between folders. */
  readonly name: string
}

export interface Search {
  /** Folders with the folders in them. */
  readonly recursive: boolean
  /** A folder that is not looked into: that of the results. */
  readonly except?: string
}

interface Found {
  /** The folder it was looked for in. */
  readonly base: string
  readonly files: readonly string[]
}

/**
 * The pictures, by name in the order of UTF-16 units, each file once: the same on every machine, in whatever order they
 * were typed or read. Throws `UsageError` for a folder or pattern without pictures, or one that cannot be read.
 */
export async function findPictures(words: readonly string[], search: Search): Promise<FoundPicture[]> {
  const found = await Promise.all(words.map((word) => lookUp(word, search)))
  const top = commonFolder(found.map(({ base }) => base))
  const files = new Set(found.flatMap((part) => part.files))
  return Array.from(files, (file) => ({ path: file, name: path.relative(top, file).split(path.sep).join('/') })).sort(
    (a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
  )
}

async function lookUp(word: string, { recursive, except }: Search): Promise<Found> {
  const file = path.resolve(word)
  const there = await stat(file).catch(() => undefined)
  const skip = except === undefined ? undefined : path.resolve(except)
  if (there?.isDirectory()) {
    const files = (await filesBelow(file, recursive ? Infinity : 1, skip)).filter(isPictureName)
    if (files.length === 0) {
      const deeper = recursive ? '' : ' (--recursive looks into the folders in it too)'
      throw new UsageError(`${word}: this folder holds no pictures${deeper}.`)
    }
    return { base: file, files }
  }
  // Whoever reads it says why it cannot be read.
  return (there ? undefined : await matching(word, skip)) ?? { base: path.dirname(file), files: [file] }
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
  const files = (await filesBelow(folder, depth, skip)).filter(
    (candidate) => isPictureName(candidate) && matches(path.relative(folder, candidate).split(path.sep).join('/')),
  )
  if (files.length === 0) throw new UsageError(`${word}: no picture has such a name.`)
  return { base: folder, files }
}

/** Files in a folder, `depth` folders deep; hidden ones, and folders that are links, are left out. */
async function filesBelow(folder: string, depth: number, except: string | undefined): Promise<string[]> {
  if (folder === except) return []
  let entries: Dirent[]
  try {
    entries = await readdir(folder, { withFileTypes: true })
  } catch (error) {
    throw new UsageError(`${folder}: this folder cannot be read (${(error as NodeJS.ErrnoException).code}).`)
  }
  const files: string[] = []
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue
    const place = path.join(folder, entry.name)
    if (!entry.isDirectory()) files.push(place)
    else if (depth > 1) for (const file of await filesBelow(place, depth - 1, except)) files.push(file)
  }
  return files
}

/** The deepest folder that holds all of these. */
function commonFolder(folders: readonly string[]): string {
  const [first = path.resolve('.'), ...others] = folders
  let top = first
  for (const folder of others) {
    while (path.relative(top, folder).split(path.sep)[0] === '..' || path.isAbsolute(path.relative(top, folder))) {
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
