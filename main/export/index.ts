/** Saving a finished run: a picture and an array of each stage, the evolution figure and the manifest. */

import type { ImageInfo, SaveKind } from '../../shared/api.ts'
import { LoupeError } from '../../shared/errors.ts'
import type { Manifest } from '../../shared/manifest.ts'
import type { Pipeline } from '../../shared/pipeline.ts'
import type { Tensor } from '../../shared/tensor.ts'
import { drawEvolution, drawStage, figurePng, type FinishedStage } from '../images/figure.ts'
import { buildManifest, encodeManifest } from './manifest.ts'
import { encodeNpy } from './npy.ts'
import type { Sink } from './sink.ts'

export { noNote, openJournal } from './journal.ts'
export { baseName } from './names.ts'
export { folderSink, zipSink, type Sink } from './sink.ts'

export interface FinishedRun {
  readonly image: ImageInfo
  /** The decoded photo: uint8, (height, width, 1 or 3). */
  readonly original: Tensor<Uint8Array>
  readonly pipeline: Pipeline
  readonly stages: readonly FinishedStage[]
}

export interface ExportOptions {
  /** Folder within the sink; empty for none. */
  readonly folder: string
  /** Only this stage's files; all if left out. */
  readonly stage?: number
  readonly signal?: AbortSignal
  /** Called with the name of each file once it is written. */
  readonly onFile?: (file: string) => void
}

/** Files being made at the same time: encoding and writing run outside this thread. */
const parallel = 4

const evolutionFile = 'evolution.png'
const manifestFile = 'manifest.json'

/** `02-pool2d`: how the files of a stage begin. */
function stageFileStem(index: number, kind: string): string {
  return `${String(index).padStart(2, '0')}-${kind}`
}

/** Names, in the order they are begun, of all files `exportRun` will write. */
export function exportFiles(
  run: Pick<FinishedRun, 'stages'>,
  save: readonly SaveKind[],
  stage?: number,
): readonly string[] {
  const chosen = run.stages.filter(({ summary }) => stage === undefined || summary.index === stage)
  const stems = chosen.map(({ summary }) => stageFileStem(summary.index, summary.kind))
  return [
    ...(save.includes('figure') ? [evolutionFile] : []),
    ...stems.flatMap((stem) => [
      ...(save.includes('png') ? [`${stem}.png`] : []),
      ...(save.includes('npy') ? [`${stem}.npy`] : []),
    ]),
    ...(save.includes('manifest') ? [manifestFile] : []),
  ]
}

/**
 * Writes what `save` asks for into `options.folder` of the sink and returns the manifest, whether it was asked for or not.
 * Throws `not-found` for a stage the run has not, `cancelled` when the signal is aborted (looked at before each file)
 * and what the sink throws; closing the sink, or aborting it after an error, is left to the caller.
 */
export async function exportRun(
  run: FinishedRun,
  save: readonly SaveKind[],
  sink: Pick<Sink, 'write'>,
  options: ExportOptions,
): Promise<Manifest> {
  const { folder, stage, signal } = options
  const chosen = run.stages.filter(({ summary }) => stage === undefined || summary.index === stage)
  if (stage !== undefined && chosen.length === 0) {
    throw new LoupeError('not-found', `There is no stage ${stage} to save; this run has ${run.stages.length}.`, {
      stage,
    })
  }
  const prefix = folder === '' ? '' : `${folder}/`
  const write = async (name: string, bytes: Uint8Array) => {
    await sink.write(prefix + name, bytes)
    options.onFile?.(name)
  }

  const tasks: (() => Promise<void>)[] = []
  const files = new Map<number, string[]>()
  const figures: string[] = []
  if (save.includes('figure')) {
    figures.push(evolutionFile)
    tasks.push(async () => write(evolutionFile, await figurePng(drawEvolution(run))))
  }
  for (const finished of chosen) {
    const { index, kind } = finished.summary
    const stem = stageFileStem(index, kind)
    const names: string[] = []
    if (save.includes('png')) {
      names.push(`${stem}.png`)
      tasks.push(async () => write(`${stem}.png`, await figurePng(drawStage(finished))))
    }
    if (save.includes('npy')) {
      names.push(`${stem}.npy`)
      tasks.push(() => write(`${stem}.npy`, encodeNpy(finished.tensor)))
    }
    files.set(index, names)
  }
  await runAll(tasks, signal)

  const manifest = buildManifest(run, { save, stage, files, figures })
  if (save.includes('manifest')) {
    checkCancelled(signal)
    // Last, so that a folder with a manifest is a whole one.
    await write(manifestFile, encodeManifest(manifest))
  }
  return manifest
}

/** Runs tasks a few at a time, in order; after the first failure no other begins, and those begun are waited for. */
async function runAll(tasks: readonly (() => Promise<void>)[], signal: AbortSignal | undefined): Promise<void> {
  let next = 0
  let failed = false
  const worker = async () => {
    while (next < tasks.length && !failed) {
      const task = tasks[next++]!
      try {
        checkCancelled(signal)
        await task()
        // Drawing holds the thread; a message such as a cancellation must get in between two files.
        await new Promise<void>((resolve) => setImmediate(resolve))
      } catch (error) {
        failed = true
        throw error
      }
    }
  }
  const results = await Promise.allSettled(Array.from({ length: Math.min(parallel, tasks.length) }, worker))
  const failure = results.find((result) => result.status === 'rejected')
  if (failure) throw failure.reason
}

function checkCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new LoupeError('cancelled', 'Saving was cancelled; nothing was kept.')
}
