/** The end of a batch, in the compute process: its table, sheets and statistics, and what it is taken up again from. */

import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { decodeBatch, type BatchState, type SetSums } from '../../shared/batchState.ts'
import { LoupeError } from '../../shared/errors.ts'
import { dtypeOf, type Tensor } from '../../shared/tensor.ts'
import { pictureKinds } from '../pipeline/plan.ts'
import { setSteps } from '../pipeline/setSums.ts'
import { summarise } from '../pipeline/summary.ts'
import { drive } from './drive.ts'
import type { ComputeParams, RequestContext } from './protocol.ts'

/**
 * What an earlier batch of this version has left there; null where none has. Throws `bad-request` for a file that
 * cannot be read or is damaged: hours of work may be in it.
 */
export async function loadBatch(file: string): Promise<BatchState | null> {
  const name = path.basename(file)
  let bytes: Uint8Array
  try {
    bytes = await readFile(file)
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return null
    throw unreadable(name, `cannot be read (${code})`, error)
  }
  try {
    return decodeBatch(bytes)
  } catch (error) {
    throw unreadable(name, 'is damaged', error)
  }
}

function unreadable(name: string, how: string, cause: unknown): LoupeError {
  const message = `${name} ${how}, so the batch in that folder cannot be taken up. Move it, and all is made again.`
  return new LoupeError('bad-request', message, { name }, { cause })
}

/** Throws `write-failed` and `cancelled`. Returns the names of the files. */
export async function saveBatch(
  { state, directory, stateOnly }: ComputeParams<'saveBatch'>,
  context: RequestContext,
): Promise<readonly string[]> {
  const { saveBatchFiles, saveBatchState } = await import('../export/batchFiles.ts')
  // First: it is of the images, which are there, whatever becomes of the rest.
  const files = [await saveBatchState(state, directory)]
  if (!stateOnly) {
    const set = []
    for (const [index, sums] of state.sums.entries()) {
      set.push(sums && sums.count > 0 ? await setStage(state, index, sums, context.signal) : null)
    }
    files.push(...(await saveBatchFiles(state, set, directory, context.signal)))
  }
  return files
}

async function setStage(state: BatchState, index: number, sums: SetSums, signal: AbortSignal) {
  const of = `${sums.count.toLocaleString('en')} ${sums.count === 1 ? 'image' : 'images'}`
  const finished = async (name: string, tensor: Tensor, picture: 'light' | 'map') => {
    const stage = state.stages[index]!
    const summary = {
      ...stage,
      ...(await drive(summarise(tensor), signal)),
      title: `${stage.title}, ${name} of ${of}`,
      dtype: dtypeOf(tensor.data),
      milliseconds: 0,
      cached: false,
      channelNames: state.channelNames[index]!,
      picture,
    }
    return { summary, tensor }
  }
  const { mean, std } = await drive(setSteps(sums), signal)
  return {
    mean: await finished('mean', mean, pictureKinds(state.pipeline)[index]!),
    std: await finished('standard deviation', std, 'map'),
  }
}
