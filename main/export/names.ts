/** Names for files and folders that every system accepts, and that do not clash. */

import { mkdir, readdir } from 'node:fs/promises'
import path from 'node:path'
import { makeFolders } from './folders.ts'
import { noNote, type Note } from './journal.ts'
import { describeWriteError } from './writeError.ts'

/** Most file systems take 255 bytes a name; some of them are left for endings and a temporary name. */
const longest = 200

/** Names Windows keeps for devices, with any ending. */
const devices = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$)/i

/**
 * One path component, legal on Windows, macOS and Linux, and never a way out of a folder: forbidden characters
 * become `_`, trailing dots and spaces go, device names get a `_`, and it is at most 200 bytes of UTF-8.
 */
export function safeName(name: string): string {
  let safe = trimEnd(
    name
      .normalize('NFC')
      .replace(/[<>:"/\\|?*\p{Cc}\p{Cs}]/gu, '_')
      .trimStart(),
  )
  safe = safe.replace(devices, '$1_')
  safe = trimEnd(clip(safe, longest))
  return safe === '' ? '_' : safe
}

function trimEnd(name: string): string {
  return name.replace(/[. ]+$/, '')
}

/** At most `bytes` bytes of UTF-8, never cut inside a character. */
function clip(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text
  let length = 0
  let clipped = ''
  for (const character of text) {
    length += Buffer.byteLength(character)
    if (length > bytes) break
    clipped += character
  }
  return clipped
}

/** A file's name without its ending: `photo.tar.gz` is `photo.tar`, `.hidden` is itself. */
export function baseName(fileName: string): string {
  return path.parse(fileName).name
}

/** `photo`, `photo-2`, `photo-3`, …: the first not taken, itself a safe name. `taken` holds lower-case names, since some systems ignore case; the new one is added. */
export function uniqueName(name: string, taken: Set<string>): string {
  const safe = safeName(name)
  for (let n = 1; ; n++) {
    const suffix = n === 1 ? '' : `-${n}`
    const candidate = trimEnd(clip(safe, longest - suffix.length)) + suffix
    const key = candidate.toLowerCase()
    if (taken.has(key)) continue
    taken.add(key)
    return candidate
  }
}

/** For each name (`/` between folders) its last part, with as many of the folders before it as tell it from the others. */
export function shortNames(names: readonly string[]): ReadonlyMap<string, string> {
  const shown = new Map<string, string>()
  let left = names
  for (let parts = 1; left.length > 0; parts++) {
    const shorts = left.map((name) => name.split('/').slice(-parts).join('/'))
    const counts = new Map<string, number>()
    for (const short of shorts) counts.set(short, (counts.get(short) ?? 0) + 1)
    left = left.filter((name, i) => {
      const short = shorts[i]!
      if (counts.get(short)! > 1 && short !== name) return true
      shown.set(name, short)
      return false
    })
  }
  return shown
}

/** What is in a folder, as `uniqueName` takes it. */
export async function takenNames(directory: string): Promise<Set<string>> {
  return new Set((await readdir(directory)).map((entry) => entry.normalize('NFC').toLowerCase()))
}

/** Makes a new folder in `directory` (made too if it is not there) and returns its name: `base`, or `base-2`, … if that is taken. */
export async function uniqueFolder(directory: string, base: string, note: Note = noNote): Promise<string> {
  try {
    await makeFolders(directory, note)
    const taken = await takenNames(directory)
    for (;;) {
      const name = uniqueName(base, taken)
      const folder = path.join(directory, name)
      note({ type: 'folder', path: folder })
      try {
        await mkdir(folder)
        return name
      } catch (error) {
        // Made by someone else since the folder was read: try the next name.
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      }
    }
  } catch (error) {
    throw describeWriteError(error, safeName(base))
  }
}
