/** Names and folders of the images of a batch. */

import { createHash } from 'node:crypto'
import type { ImageId } from '../../shared/api.ts'
import { batchNames, partName } from '../export/batchNames.ts'
import { safeName, uniqueName } from '../export/names.ts'

/** SHA-256 of names, in whatever order: the same for the same list. */
export function listDigest(names: readonly string[]): string {
  return createHash('sha256').update(names.toSorted().join('\0')).digest('hex')
}

/**
 * For each image, in the order they come, a name of its own. Those of one name are numbered by their ids, so that each
 * has the same name the next time, in whatever order.
 */
export function namesFor(
  images: readonly { readonly id: ImageId; readonly name: string }[],
): ReadonlyMap<ImageId, string> {
  const names = new Map(images.map(({ id, name }) => [id, name]))
  const taken = new Set(names.values())
  const numbers = new Map<string, number>()
  for (const [id, name] of [...names].sort(([a], [b]) => (a < b ? -1 : 1))) {
    let number = numbers.get(name) ?? 1
    if (number > 1) {
      while (taken.has(`${name} (${number})`)) number++
      names.set(id, `${name} (${number})`)
      taken.add(`${name} (${number})`)
    }
    numbers.set(name, number + 1)
  }
  return names
}

/**
 * For each name (`/` between folders, each once) the folder its files go to: the same name, each part of it legal on
 * every system, and unlike all others also where upper and lower case are one. The file's ending stays, so that
 * `a.jpg` and `a.png` need no numbers. It depends on all names and not on their order.
 */
export function foldersFor(names: readonly string[]): ReadonlyMap<string, string> {
  const split = names.toSorted().map((name) => ({ name, parts: name.split('/') }))
  const tops = split.map(({ parts }) => safeName(parts[0]!).toLowerCase())
  const reserved = new Set([...batchNames, ...tops.filter((name) => partName.test(name))])
  const taken = new Map<string, Set<string>>([['', new Set(reserved)]])
  const takenIn = (folder: string) => {
    const key = folder.toLowerCase()
    const known = taken.get(key) ?? new Set<string>()
    taken.set(key, known)
    return known
  }
  // No image's folder may be one that others lie in.
  const above = new Map<string, string>([['', '']])
  for (const { parts } of split) {
    for (let depth = 1; depth < parts.length; depth++) {
      const folder = parts.slice(0, depth).join('/')
      if (above.has(folder)) continue
      const parent = above.get(parts.slice(0, depth - 1).join('/'))!
      const own = safeName(parts[depth - 1]!)
      // Two that are one in safe letters may share a folder; what the batch itself writes has its own.
      const name = parent === '' && reserved.has(own.toLowerCase()) ? uniqueName(own, takenIn('')) : own
      takenIn(parent).add(name.toLowerCase())
      above.set(folder, parent === '' ? name : `${parent}/${name}`)
    }
  }
  return new Map(
    split.map(({ name, parts }) => {
      const parent = above.get(parts.slice(0, -1).join('/'))!
      const own = uniqueName(parts.at(-1)!, takenIn(parent))
      return [name, parent === '' ? own : `${parent}/${own}`]
    }),
  )
}
