/** The end of a batch, in the compute process: its table, sheets and statistics, and what it is taken up again from. */

import { readFile } from 'node:fs/promises'
import { decodeBatch, type BatchState, type SetSums } from '../../shared/batchState.ts'
import { dtypeOf, type Tensor } from '../../shared/tensor.ts'
import { pictureKinds } from '../pipeline/plan.ts'
import { deviationOf, meanOf } from '../pipeline/setSums.ts'
import { summarise } from '../pipeline/summary.ts'
import { drive } from './drive.ts'
import type { ComputeParams, RequestContext } from './protocol.ts'

/** What an earlier batch has left there; null where there is none, or it cannot be read: then all is made anew. */
export async function loadBatch(file: string): Promise<BatchState | null> {
  const bytes = await readFile(file).catch(() => undefined)
  if (!bytes) return null
  try {
    return decodeBatch(bytes)
  } catch {
    return null
  }
}

/** Throws `write-failed` and `cancelled`. Returns the names of the files. */
export async function saveBatch(
  { state, directory, stateOnly }: ComputeParams<'saveBatch'>,
  context: RequestContext,
): Promise<readonly string[]> {
  const { saveBatchFiles, saveBatchState } = await import('../export/batchFiles.ts')
  const files = []
  if (!stateOnly) {
    const set = []
    for (const [index, sums] of state.sums.entries()) {
      set.push(sums && sums.count > 0 ? await setStage(state, index, sums, context.signal) : null)
    }
    files.push(...(await saveBatchFiles(state, set, directory)))
  }
  // Last: what it says is there is there.
  files.push(await saveBatchState(state, directory))
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
  return {
    mean: await finished('mean', meanOf(sums), pictureKinds(state.pipeline)[index]!),
    std: await finished('standard deviation', deviationOf(sums), 'map'),
  }
}
