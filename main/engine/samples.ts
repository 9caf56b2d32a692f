/** The sample pictures that were drawn at build time: `samples.json`, `<id>.png` and `<id>.small.png` in one folder. */

import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Sample } from '../../shared/api.ts'
import { LoupeError } from '../../shared/errors.ts'

/** Their list with their small pictures; empty where there is no folder. Throws `internal` where the list is not one. */
export async function listSamples(folder: string | undefined): Promise<readonly Sample[]> {
  if (folder === undefined) return []
  return await Promise.all(
    (await readList(folder)).map(async (sample) => {
      // A list without pictures can still be chosen from.
      const bytes = await readFile(path.join(folder, `${sample.id}.small.png`)).catch(() => null)
      return bytes ? { ...sample, picture: { type: 'image/png', bytes: new Uint8Array(bytes) } } : sample
    }),
  )
}

async function readList(folder: string): Promise<readonly Sample[]> {
  let text: string
  try {
    text = await readFile(path.join(folder, 'samples.json'), 'utf8')
  } catch {
    return []
  }
  const list: unknown = JSON.parse(text)
  if (!Array.isArray(list)) throw new LoupeError('internal', 'The list of sample pictures is damaged; build again.')
  return list.map((entry: { id?: unknown; title?: unknown } | null) => {
    if (typeof entry?.id !== 'string' || typeof entry.title !== 'string' || !/^[\w-]+$/.test(entry.id)) {
      throw new LoupeError('internal', 'The list of sample pictures is damaged; build again.')
    }
    return { id: entry.id, title: entry.title }
  })
}

/** The file of a sample that is in the list. Throws `not-found`. */
export async function sampleFile(folder: string | undefined, id: string): Promise<string> {
  const known = folder !== undefined && (await readList(folder)).some((sample) => sample.id === id)
  if (!known) throw new LoupeError('not-found', `There is no sample picture ${id}.`, { id })
  return path.join(folder, `${id}.png`)
}
