/** Folders for saved files. */

import { mkdir, stat } from 'node:fs/promises'
import path from 'node:path'

/**
 * Makes a folder and those above it, and returns the topmost one made, or undefined where all were there. Unlike Node's
 * own recursive `mkdir`, which tries for ever where a file system says of a new name that it does not exist (as /proc
 * does), each folder is tried twice at most. Throws what the system says.
 */
export async function makeFolders(folder: string): Promise<string | undefined> {
  try {
    return await makeOne(folder)
  } catch (error) {
    const parent = path.dirname(folder)
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || parent === folder) throw error
    const first = await makeFolders(parent)
    const own = await makeOne(folder)
    return first ?? own
  }
}

async function makeOne(folder: string): Promise<string | undefined> {
  try {
    await mkdir(folder)
    return folder
  } catch (error) {
    // Systems differ in what they say of a folder that is there, and a read-only disk says so first.
    const there = await stat(folder).catch(() => undefined)
    if (there?.isDirectory()) return undefined
    throw error
  }
}
