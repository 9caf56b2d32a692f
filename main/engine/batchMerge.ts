/** Makes one batch of the parts of a list that were run apart, on one machine or on many. */

import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { batchFileName, type BatchState } from '../../shared/batchState.ts'
import { LoupeError } from '../../shared/errors.ts'
import { partName } from '../export/batchNames.ts'
import { requireOwnFolder } from '../export/ownFolder.ts'
import { planOf, Tally } from './batchTally.ts'
import { cleanName } from './library.ts'
import type { Supervisor } from './supervisor.ts'

export interface MergedBatch {
  readonly parts: number
  readonly total: number
  readonly done: number
  readonly failed: number
  readonly files: readonly string[]
}

/**
 * Throws `not-found` where a part is missing or none is there, `bad-request` where they are not of one list, pipeline
 * and version, and `write-failed`.
 */
export async function mergeBatches(
  folders: readonly string[],
  directory: string,
  supervisor: Pick<Supervisor, 'request'>,
): Promise<MergedBatch> {
  const parts = new Map<number, BatchState>()
  let first: BatchState | undefined
  await requireOwnFolder(directory)
  for (const folder of new Set(folders.map((folder) => path.resolve(folder)))) {
    for (const file of await partsIn(folder)) {
      const state = await supervisor.request('loadBatch', { file }, { image: null })
      const name = path.basename(file)
      if (!state) {
        const message = `${name} was made by another version of LayerLoupe; run that part of the list again.`
        throw new LoupeError('bad-request', message)
      }
      first ??= state
      checkSame(first, state, name)
      if (parts.has(state.shard[0])) throw unlike(name, 'is there twice')
      parts.set(state.shard[0], state)
    }
  }
  if (!first) {
    const message = 'There is no batch in there, and no part of one (batch-1-of-N.layerloupe and so on).'
    throw new LoupeError('not-found', message)
  }
  const count = first.shard[1]
  const numbers = Array.from({ length: count }, (_, i) => i + 1)
  const missing = numbers.filter((part) => !parts.has(part)).map((part) => batchFileName([part, count]))
  if (missing.length > 0) {
    const what = `Of ${count} parts these are missing: ${missing.join(', ')}.`
    throw new LoupeError('not-found', `${what} Run them, or name the folders they were saved to as well.`)
  }
  // In the order of the parts, so that the same parts give the same bytes.
  const states = numbers.map((part) => parts.get(part)!)
  const total = states.reduce((sum, state) => sum + state.total, 0)
  // A part of which no image is done may not know all stages.
  const plan = planOf(states.find(({ records }) => records.length > 0) ?? first)
  // Parts may look unlike each other; what is of all of them looks as the first.
  const { pipeline, save, figure, list } = states[0]!
  const tally = new Tally({ pipeline, save, figure, shard: [1, 1], list, total }, plan)
  for (const state of states) {
    const twice = state.records.find(({ name }) => tally.records.has(name))
    if (twice) throw unlike(batchFileName(state.shard), `has ${twice.name}, which another part has too`)
    tally.merge(state)
  }
  const params = { state: tally.state, directory: path.resolve(directory), stateOnly: false }
  const files = await supervisor.request('saveBatch', params, { image: null })
  return { parts: count, total, done: tally.records.size, failed: tally.failures.size, files }
}

async function partsIn(folder: string): Promise<string[]> {
  try {
    const names = await readdir(folder)
    const parts = names.filter((name) => partName.test(name)).sort()
    // A list may have been run as one part; beside several it is what they were merged to.
    const whole = names.filter((name) => name === batchFileName([1, 1]))
    return (parts.length > 0 ? parts : whole).map((name) => path.resolve(folder, name))
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error'
    const what = code === 'ENOENT' ? 'is not there' : code === 'ENOTDIR' ? 'is a file' : `cannot be read (${code})`
    const message = `The folder ${cleanName(folder)} ${what}.`
    throw new LoupeError('not-found', message, { name: cleanName(folder) }, { cause: error })
  }
}

function checkSame(first: BatchState, other: BatchState, name: string): void {
  const differs =
    JSON.stringify(other.pipeline) !== JSON.stringify(first.pipeline)
      ? 'is of another pipeline'
      : other.shard[1] !== first.shard[1]
        ? `is one of ${other.shard[1]} parts, and others are of ${first.shard[1]}`
        : other.list !== first.list
          ? 'is of another list of pictures'
          : null
  if (differs !== null) throw unlike(name, differs)
}

function unlike(name: string, differs: string): LoupeError {
  return new LoupeError('bad-request', `${name} ${differs}; merge parts of one batch only.`)
}
