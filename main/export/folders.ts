/** Folders for saved files. */

import { mkdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { noNote, type Note } from './journal.ts'

/**
 * Makes a folder and those above it, and returns the topmost one made, or undefined where all were there. Unlike Node's
 * own recursive `mkdir`, which tries for ever where a file system says of a new name that it does not exist (as /proc
 * does), each folder is tried twice at most; `note` hears of each before it is made. Throws what the system says.
 */
export async function makeFolders(folder: string, note: Note = noNote): Promise<string | undefined> {
  try {
    return await makeOne(folder, note)
  } catch (error) {
    const parent = path.dirname(folder)
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || parent === folder) throw error
    const first = await makeFolders(parent, note)
    const own = await makeOne(folder, note)
    return first ?? own
  }
}

async function makeOne(folder: string, note: Note): Promise<string | undefined> {
  if (await isFolder(folder)) return undefined
  note({ type: 'folder', path: folder })
  try {
    await mkdir(folder)
    return folder
  } catch (error) {
    // Somebody else may have made it meanwhile.
    if (await isFolder(folder)) return undefined
    throw error
  }
}

async function isFolder(folder: string): Promise<boolean> {
  const there = await stat(folder).catch(() => undefined)
  return there?.isDirectory() ?? false
}
