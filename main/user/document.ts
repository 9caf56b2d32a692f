/** A small JSON file of ours: read or kept aside with the reason told, written whole or not at all. */

import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import path from 'node:path'

export interface DocumentKind<T> {
  /** What it holds, as it begins a sentence: `The settings`. */
  readonly what: string
  /** Throws for what it cannot read. */
  readonly parse: (value: unknown) => T
  readonly version: number
}

export interface Found<T> {
  /** Undefined where there is none that can be used. */
  readonly value: T | undefined
  /** What was wrong, where the file now is, and what is used instead: sentences. Null where nothing was. */
  readonly problem: string | null
  /** Whether a new one may take its place: not where one that cannot be read could not be kept aside. */
  readonly writable: boolean
}

/** Reads a file. One that is damaged, unreadable or of a later version is kept beside it under another name. */
export function readDocument<T>(file: string, kind: DocumentKind<T>, now = new Date()): Found<T> {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT') return { value: undefined, problem: null, writable: true }
    return keepAside(file, kind, 'unreadable', `cannot be read (${code ?? 'unknown reason'})`, now)
  }
  try {
    const value: unknown = JSON.parse(text)
    const version = typeof value === 'object' && value !== null && 'version' in value ? value.version : undefined
    if (typeof version === 'number' && version > kind.version) {
      return keepAside(file, kind, 'newer', 'are from a later LayerLoupe', now)
    }
    return { value: kind.parse(value), problem: null, writable: true }
  } catch {
    return keepAside(file, kind, 'corrupt', 'are damaged', now)
  }
}

function keepAside(
  file: string,
  { what }: Pick<DocumentKind<unknown>, 'what'>,
  state: 'corrupt' | 'newer' | 'unreadable',
  how: string,
  now: Date,
): Found<never> {
  const name = path.basename(file)
  const sentence = `${what} in ${name} ${how}`
  try {
    const aside = freeName(file, state, now)
    renameSync(file, aside)
    return {
      value: undefined,
      problem: `${sentence}. The file was kept as ${path.basename(aside)} in the same folder, and the defaults are used.`,
      writable: true,
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown reason'
    return {
      value: undefined,
      problem: `${sentence}, and the file could not be renamed (${code}), so it stays and the defaults are used until you move it away.`,
      writable: false,
    }
  }
}

/** `settings.corrupt-2026-05-01.json`, or with a number where that is taken. */
function freeName(file: string, state: string, now: Date): string {
  const { dir, name, ext } = path.parse(file)
  const stem = path.join(dir, `${name}.${state}-${now.toISOString().slice(0, 10)}`)
  for (let count = 1; ; count++) {
    const aside = count === 1 ? `${stem}${ext}` : `${stem}-${count}${ext}`
    if (!existsSync(aside)) return aside
  }
}

/** Writes the file whole or not at all, its folder made where it is not there. Throws what the file system says. */
export function writeDocument(file: string, value: object): void {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
  const part = `${file}.${process.pid}.part`
  try {
    const handle = openSync(part, 'w', 0o600)
    try {
      writeSync(handle, `${JSON.stringify(value, null, 2)}\n`)
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
    renameSync(part, file)
  } catch (error) {
    rmSync(part, { force: true })
    throw error
  }
}
