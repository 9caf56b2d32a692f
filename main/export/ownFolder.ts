/** Whether a folder is one a batch may write its table and statistics to. */

import { readdir } from 'node:fs/promises'
import { LoupeError } from '../../shared/errors.ts'
import { batchNames, isBatchFile } from './batchNames.ts'

/**
 * Throws `write-failed` where a file would be overwritten that is of no earlier batch: one leaves what it is taken up
 * again from, and writes that before anything else.
 */
export async function requireOwnFolder(directory: string): Promise<void> {
  // One that is not there, or cannot be read, is told of by whoever writes to it.
  const names = await readdir(directory).catch((): string[] => [])
  if (names.some(isBatchFile)) return
  const foreign = names.find((name) => batchNames.includes(name.toLowerCase()))
  if (foreign === undefined) return
  throw new LoupeError(
    'write-failed',
    `${foreign} is in that folder already, and not from LayerLoupe. Move it, or choose another folder.`,
    { file: foreign },
  )
}
