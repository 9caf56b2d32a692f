/** Saving a finished run: pictures and arrays of its stages, the evolution figure, scripts and the manifest. */

import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { pictureKinds, type ImageInfo, type SaveKind, type SavePart } from '../../shared/api.ts'
import { LoupeError } from '../../shared/errors.ts'
import { stageFileStem, type Pipeline } from '../../shared/pipeline.ts'
import type { Steps } from '../../shared/steps.ts'
import type { Tensor } from '../../shared/tensor.ts'
import { usualFigure, type FigureOptions } from '../../shared/figures.ts'
import { manifestName, type Manifest, type ManifestFile } from '../../shared/manifest.ts'
import { rangeOfAll, scaledStage } from '../../shared/scales.ts'
import { drawEvolution, drawStage, type FinishedStage } from '../images/figure.ts'
import { csvPieces } from './csv.ts'
import { plain, pngOf, svgOf } from './making.ts'
import { buildManifest, encodeManifest } from './manifest.ts'
import { encodeNpy } from './npy.ts'
import { npzPieces } from './npz.ts'
import { regionSuffix } from './part.ts'
import {
  numpyScript,
  originalFile,
  scriptArrays,
  scriptFile,
  torchScript,
  torchScriptFile,
  whyOriginal,
  type ScriptedRun,
} from './script.ts'
import type { Content, Sink } from './sink.ts'
import { runAll } from './tasks.ts'

export { noNote, openJournal } from './journal.ts'
export { baseName, safeName } from './names.ts'
export { regionSuffix } from './part.ts'
export { folderSink, zipSink, type Sink } from './sink.ts'

export interface FinishedRun {
  readonly image: ImageInfo
  /** The decoded photo: uint8, (height, width, 1 or 3). */
  readonly original: Tensor<Uint8Array>
  /** `smallPhoto` of it, where that is there already. */
  readonly small?: Tensor
  readonly pipeline: Pipeline
  readonly stages: readonly FinishedStage[]
  /** The part of one stage that is to be saved, where it is not all of it; the others are not saved then. */
  readonly cut?: FinishedStage
}

export interface ExportOptions extends SavePart {
  readonly figure?: FigureOptions
  /** Folder within the sink; empty for none. */
  readonly folder: string
  readonly signal?: AbortSignal
  /** Called with the name and the size of each file once it is written. */
  readonly onFile?: (file: string, byteLength: number) => void
}

type Bytes = Uint8Array | Iterable<Uint8Array>

/** One file to be written: what it is called, as what it was asked for, of which stage. */
interface FileTask {
  readonly name: string
  readonly kind: SaveKind
  /** Null where it is of the whole run. */
  readonly stage: number | null
  /** Called when its turn comes. */
  readonly begin: () => {
    readonly bytes: number
    readonly make: (pause: () => Promise<void>) => Promise<Bytes> | Bytes
  }
}

/** Every file `save` asks for but the manifest, in the order they are begun. Throws what `exportRun` says. */
function filesOf(
  run: FinishedRun,
  save: readonly SaveKind[],
  part: SavePart,
  figure: FigureOptions = usualFigure,
): readonly FileTask[] {
  const chosen = stagesOf(run, part)
  if (part.stage !== undefined && save.includes('script')) {
    throw new LoupeError('bad-request', 'Scripts compute all stages again; save them of all stages.')
  }
  const suffix = regionSuffix(part)
  const everywhere = rangeOfAll(run.stages.map(({ summary }) => scaledStage(summary)))
  const tasks: FileTask[] = []
  const add = (kind: SaveKind, task: Omit<FileTask, 'kind'>) => {
    if (save.includes(kind)) tasks.push({ ...task, kind })
  }
  const evolution = () => drawEvolution(run, figure)
  add('figure', { name: 'evolution.png', stage: null, begin: pngOf(evolution, figure) })
  add('figure-svg', { name: 'evolution.svg', stage: null, begin: svgOf(evolution, figure) })
  const named = chosen.map((stage) => ({
    stage,
    name: stageFileStem(stage.summary.index, stage.summary.kind) + suffix,
  }))
  for (const { name, stage: finished } of named) {
    const { index: stage, kind } = finished.summary
    const drawn = () => drawStage(finished, figure, everywhere)
    add('png', { name: `${name}.png`, stage, begin: pngOf(drawn, figure) })
    add('svg', { name: `${name}.svg`, stage, begin: svgOf(drawn, figure) })
    // Scripts compare with them.
    const asArray = save.includes('npy') ? 'npy' : 'script'
    add(asArray, { name: `${name}.npy`, stage, begin: plain(() => encodeNpy(finished.tensor)) })
    const subject = `LayerLoupe stage ${stage} (${kind})${suffix.replaceAll(/-([a-z]+)/g, ' $1 ')}`
    add('csv', { name: `${name}.csv`, stage, begin: plain(() => csvPieces(finished.tensor, subject)) })
  }
  add('npz', {
    name: 'stages.npz',
    stage: null,
    begin: plain(() => npzPieces(named.map(({ name, stage }) => ({ name, tensor: stage.tensor })))),
  })
  if (save.includes('script')) for (const task of scriptFiles(run)) add('script', task)
  return tasks
}

/** The two scripts, and the arrays they load that are no stages. */
function scriptFiles(run: FinishedRun): readonly Omit<FileTask, 'kind'>[] {
  const scripted: ScriptedRun = {
    image: run.image,
    pipeline: run.pipeline,
    original: run.original.shape,
    stages: run.stages.map(({ summary }) => ({
      stem: stageFileStem(summary.index, summary.kind),
      shape: summary.shape,
    })),
  }
  const text = (script: () => string) => plain(() => new TextEncoder().encode(script()))
  const arrays = scriptArrays(scripted).map(({ stage, file, shape, values }) => ({
    name: file,
    stage,
    begin: plain(async (pause: () => Promise<void>) => encodeNpy({ shape, data: await collect(values(), pause) })),
  }))
  const original = { name: originalFile, stage: null, begin: plain(() => encodeNpy(run.original)) }
  return [
    { name: scriptFile, stage: null, begin: text(() => numpyScript(scripted, crc32(run.original.data))) },
    { name: torchScriptFile, stage: null, begin: text(() => torchScript(scripted)) },
    ...(whyOriginal(scripted) === null ? [] : [original]),
    ...arrays,
  ]
}

/** How pictures among these kinds are drawn; null where there are none. */
export function drawnAs(
  save: readonly SaveKind[],
  figure: FigureOptions | undefined = usualFigure,
): FigureOptions | null {
  return save.some((kind) => pictureKinds.includes(kind)) ? figure : null
}

/** Runs to the end of a long computation, with a pause now and then. */
async function collect<T>(steps: Steps<T>, pause: () => Promise<void>): Promise<T> {
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
    await pause()
  }
}

/** The stages whose files are wanted: all, one, or the part of one. */
function stagesOf(run: FinishedRun, { stage, channel, rect }: SavePart): readonly FinishedStage[] {
  if (stage === undefined) {
    if (channel === undefined && !rect) return run.stages
    throw new LoupeError('bad-request', 'A channel or a rectangle is saved of one stage; say of which.')
  }
  if (run.cut) return [run.cut]
  const chosen = run.stages.filter(({ summary }) => summary.index === stage)
  if (chosen.length > 0) return chosen
  throw new LoupeError('not-found', `There is no stage ${stage} to save; this run has ${run.stages.length}.`, { stage })
}

/** How many files `exportRun` will write. Throws as it does. */
export function countFiles(run: FinishedRun, save: readonly SaveKind[], part: SavePart): number {
  return filesOf(run, save, part).length + (save.includes('manifest') ? 1 : 0)
}

/**
 * Writes what `save` asks for into `options.folder` of the sink and returns the manifest, whether it was asked for or not.
 * Throws `not-found` for a stage the run has not, `bad-request` for a picture too large to be drawn, `cancelled` when the signal
 * is aborted (looked at before each file, and within long ones) and what the sink throws; closing the sink, or aborting
 * it after an error, is left to the caller.
 */
export async function exportRun(
  run: FinishedRun,
  save: readonly SaveKind[],
  sink: Pick<Sink, 'write'>,
  options: ExportOptions,
): Promise<Manifest> {
  const { folder, signal, onFile, figure, ...part } = options
  const prefix = folder === '' ? '' : `${folder}/`
  const tasks = filesOf(run, save, part, figure)
  const written = new Map<string, ManifestFile>()
  // Drawing holds the thread; a message such as a cancellation must get in between.
  const pause = async () => {
    await new Promise<void>((resolve) => setImmediate(resolve))
    checkCancelled(signal)
  }
  const write = async (name: string, made: Bytes) => {
    const hash = createHash('sha256')
    let byteLength = 0
    const counted = (bytes: Uint8Array) => {
      hash.update(bytes)
      byteLength += bytes.byteLength
      return bytes
    }
    await sink.write(prefix + name, made instanceof Uint8Array ? counted(made) : inPieces(made, counted, pause))
    written.set(name, { name, sha256: hash.digest('hex'), byteLength })
    onFile?.(name, byteLength)
  }
  await runAll(
    tasks.map(({ name, begin }) => () => {
      const { bytes, make } = begin()
      return { bytes, run: async () => write(name, await make(pause)) }
    }),
    () => {
      checkCancelled(signal)
    },
  )
  const manifest = buildManifest(run, {
    save,
    part,
    figure: drawnAs(save, figure),
    files: tasks.map(({ name, stage, kind }) => ({ ...written.get(name)!, stage, kind })),
  })
  if (save.includes('manifest')) {
    checkCancelled(signal)
    // Last, so that a folder with a manifest is a whole one.
    await write(manifestName, encodeManifest(manifest))
  }
  return manifest
}

async function* inPieces(
  pieces: Iterable<Uint8Array>,
  counted: (bytes: Uint8Array) => Uint8Array,
  pause: () => Promise<void>,
): Exclude<Content, Uint8Array> {
  for (const piece of pieces) {
    yield counted(piece)
    await pause()
  }
}

function checkCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new LoupeError('cancelled', 'Saving was cancelled; nothing was kept.')
}
