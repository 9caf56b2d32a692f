/** `run`: each picture through a pipeline, to a table, to JSON, to files. */

import path from 'node:path'
import { usualSaveKinds, type ExportRequest, type ImageInfo, type RunId, type SaveKind } from '../../../shared/api.ts'
import { fromWire, LoupeError } from '../../../shared/errors.ts'
import type { Manifest } from '../../../shared/manifest.ts'
import type { Pipeline } from '../../../shared/pipeline.ts'
import type { Engine } from '../../engine/index.ts'
import { exitCodes, interruption, type Console } from './console.ts'
import { figureOf, partOf, type TypedFigure, type TypedPart } from './figureOptions.ts'
import { expandPatterns } from './pictures.ts'
import { startProgress } from './progress.ts'
import { describeRun, describeSaved } from './report.ts'
import { checkFolder, readPipeline, reasonOf, UsageError, whyNoFile } from './usage.ts'

export interface RunOptions extends TypedFigure, TypedPart {
  readonly pipeline: string
  readonly out?: string
  readonly save?: readonly SaveKind[]
  readonly json: boolean
}

interface Finished {
  readonly image: ImageInfo
  readonly manifest: Manifest
  /** The folder written, where there is one. */
  readonly folder: string | undefined
  readonly files: number
  readonly byteLength: number
}

export async function runCommand(
  words: readonly string[],
  options: RunOptions,
  openEngine: () => Engine,
  console: Console,
): Promise<number> {
  if (options.save && options.out === undefined) {
    throw new UsageError('--save says what to write, so it needs --out with the folder to write to.')
  }
  const what = { ...partOf(options), figure: figureOf(options) }
  if (what.stage !== undefined && options.out === undefined) {
    throw new UsageError('--stage says what to save, so it needs --out with the folder to write to.')
  }
  const files = await expandPatterns(words)
  // Its process starts while the pipeline is read.
  const engine = openEngine()
  const interrupted = interruption()
  const manifests: Manifest[] = []
  let failures = 0
  try {
    const { settings } = await engine.call('settings.read', {})
    const pipeline = await readPipeline(options.pipeline, settings.background)
    if (options.out !== undefined) await checkFolder(options.out)
    const progress = await startProgress(files.length, console)
    for (const [index, file] of files.entries()) {
      progress.update(index, file)
      try {
        const finished = await runOne(engine, file, pipeline, options, what, interrupted.signal)
        manifests.push(finished.manifest)
        if (!options.json) progress.print(() => console.out(describeFinished(finished, index > 0)))
      } catch (error) {
        if (interrupted.signal.aborted) break
        failures++
        progress.print(() => console.note(`layerloupe: ${failureOf(file, options.out, error)}`))
      }
    }
    progress.stop()
    if (interrupted.signal.aborted) {
      console.note(`layerloupe: interrupted after ${manifests.length} of ${files.length}; what is written is whole.`)
      return exitCodes.interrupted
    }
    if (options.json) console.out(JSON.stringify(manifests, null, 2))
    if (failures > 0 && files.length > 1) console.note(`layerloupe: ${failures} of ${files.length} pictures failed.`)
    return failures > 0 ? exitCodes.failed : exitCodes.done
  } finally {
    interrupted.dispose()
    await engine.close()
  }
}

/** Why a picture failed; where it could not be saved, with the folder as it was typed: errors name no paths. */
function failureOf(file: string, out: string | undefined, error: unknown): string {
  if (out === undefined || !(error instanceof LoupeError) || error.code !== 'write-failed') return reasonOf(file, error)
  return `${file}: nothing of it was saved to --out ${out}: ${error.message}`
}

function describeFinished(finished: Finished, follows: boolean): string {
  const { image, manifest, folder, files, byteLength } = finished
  const saved = folder === undefined ? '' : `\n${describeSaved(folder, files, byteLength)}`
  return (follows ? '\n' : '') + describeRun(image, manifest) + saved
}

/** One picture from its file to its manifest; what it took in the engine is given back at the end. */
async function runOne(
  engine: Engine,
  file: string,
  pipeline: Pipeline,
  options: RunOptions,
  what: Pick<ExportRequest, 'stage' | 'channel' | 'rect' | 'figure'>,
  signal: AbortSignal,
): Promise<Finished> {
  const missing = await whyNoFile(file)
  if (missing) throw new LoupeError('image-unreadable', `${missing}.`)
  const image = await engine.addFile(file, signal)
  try {
    const run = await completeRun(engine, image, pipeline, signal)
    const { files, byteLength, manifests } = await engine.exportTo({
      runs: [run],
      signal,
      // Without --out nothing is saved, and the manifest comes all the same.
      ...(options.out === undefined
        ? { save: [], directory: '.', folders: [''] }
        : { ...what, save: options.save ?? usualKindsOf(what), directory: options.out }),
    })
    const folder = options.out === undefined ? undefined : path.join(options.out, path.dirname(files[0] ?? ''))
    return { image, manifest: manifests[0]!, folder, files: files.length, byteLength }
  } finally {
    await engine.call('images.remove', { images: [image.id] })
  }
}

/** The evolution and the scripts are of all stages: they do not come with one. */
function usualKindsOf({ stage }: Pick<ExportRequest, 'stage'>): readonly SaveKind[] {
  return stage === undefined ? usualSaveKinds : usualSaveKinds.filter((kind) => kind !== 'script' && kind !== 'figure')
}

/** Starts a run and waits for its end. Rejects with the error it failed with. */
export async function completeRun(
  engine: Engine,
  image: ImageInfo,
  pipeline: Pipeline,
  signal: AbortSignal,
): Promise<RunId> {
  // Events follow the answer, so that its id is known when the first one comes.
  const { run } = await engine.call('runs.start', { image: image.id, pipeline })
  const cancel = () => void engine.call('runs.cancel', { run })
  signal.addEventListener('abort', cancel)
  try {
    await new Promise<void>((resolve, reject) => {
      const unsubscribe = engine.subscribe((event) => {
        if ((event.type !== 'run.done' && event.type !== 'run.failed') || event.run !== run) return
        unsubscribe()
        if (event.type === 'run.done') resolve()
        else reject(fromWire(event.error))
      })
      if (signal.aborted) cancel()
    })
  } finally {
    signal.removeEventListener('abort', cancel)
  }
  return run
}
