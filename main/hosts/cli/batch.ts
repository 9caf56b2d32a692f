/** `batch`: many pictures through a pipeline on all cores, to one folder that another run goes on with. */

import path from 'node:path'
import { usualSaveKinds, type SaveKind } from '../../../shared/api.ts'
import type { BatchProgress } from '../../../shared/batch.ts'
import { formatDuration } from '../../../shared/duration.ts'
import { fromWire, LoupeError, toWire } from '../../../shared/errors.ts'
import { foldersFor, listDigest } from '../../engine/batchNames.ts'
import type { BatchFile } from '../../engine/batch.ts'
import type { Engine } from '../../engine/index.ts'
import { exitCodes, interruption, type Console } from './console.ts'
import { figureOf, type TypedFigure } from './figureOptions.ts'
import { findPictures, readList } from './pictures.ts'
import { startProgress, type Progress } from './progress.ts'
import { formatCount } from './table.ts'
import { checkFolder, readPipeline, reasonOf, UsageError } from './usage.ts'

export interface BatchCommandOptions extends TypedFigure {
  readonly pipeline: string
  readonly out: string
  readonly save?: readonly SaveKind[]
  readonly recursive: boolean
  readonly list?: string
  readonly shard?: readonly [number, number]
  readonly jobs?: number
  readonly again: boolean
  readonly json: boolean
}

export async function batchCommand(
  words: readonly string[],
  options: BatchCommandOptions,
  openEngine: () => Engine,
  console: Console,
): Promise<number> {
  const { out, shard = [1, 1], again, jobs } = options
  await checkFolder(out)
  const { files, list, saved } = await filesFor(words, options)
  if (saved > 0) console.note(`layerloupe: ${formatCount(saved, 'picture')} saved by LayerLoupe itself, left out.`)
  const engine = openEngine()
  const interrupted = interruption()
  let progress: Progress | undefined
  try {
    const { settings } = await engine.call('settings.read', {})
    const pipeline = await readPipeline(options.pipeline, settings.background)
    const begin = performance.now()
    const bar = await startProgress(files.length, console)
    progress = bar
    const plain = console.interactive ? () => undefined : plainLines(console)
    const batch = engine.openBatch({
      files,
      pipeline,
      save: options.save ?? usualSaveKinds,
      figure: figureOf(options),
      directory: out,
      shard,
      list,
      again,
      ...(jobs === undefined ? {} : { jobs }),
      onProgress(told) {
        bar.update(told.done + told.failed, beside(told))
        plain(told)
      },
      onFailure({ name, error }) {
        bar.print(() => console.note(`layerloupe: ${reasonOf(name, fromWire(error))}`))
      },
    })
    interrupted.signal.addEventListener('abort', () => {
      batch.cancel()
    })
    const failure = await batch.run().then(
      () => null,
      (error: unknown) => placed(error, out),
    )
    progress.stop()
    const ended = batch.progress
    const seconds = (performance.now() - begin) / 1000
    if (options.json) console.out(JSON.stringify(summary(out, shard, ended, seconds, batch.tally.failures), null, 2))
    else console.out(sentence(failure && ended.done === 0 ? null : out, shard, ended, seconds))
    if (interrupted.signal.aborted) {
      console.note('layerloupe: interrupted; what is written is whole, and the same command goes on from here.')
      return exitCodes.interrupted
    }
    if (failure) throw failure
    return ended.failed > 0 ? exitCodes.failed : exitCodes.done
  } finally {
    progress?.stop()
    interrupted.dispose()
    await engine.close()
  }
}

/** The pictures of this part of the list, named and with their folders as in the whole of it. */
async function filesFor(
  words: readonly string[],
  { list, recursive, out, save, shard: [part, parts] = [1, 1] }: BatchCommandOptions,
): Promise<{ readonly files: readonly BatchFile[]; readonly list: string; readonly saved: number }> {
  const listed = list === undefined ? [] : await readList(list)
  const { pictures, saved } = await findPictures(words, { listed, recursive, except: out })
  if (pictures.length === 0) {
    const but = saved > 0 ? ` but ${formatCount(saved, 'picture')} that LayerLoupe saved itself` : ''
    throw new UsageError(`There are no pictures to run${but}; name files, folders or patterns.`)
  }
  const names = pictures.map(({ name }) => name)
  const folders = foldersFor(names)
  const files = pictures.map((picture) => ({ ...picture, folder: folders.get(picture.name)! }))
  const inTheWay = save?.length === 0 ? undefined : files.find((file) => path.resolve(out, file.folder) === file.path)
  if (inTheWay) {
    throw new UsageError(
      `--out ${out}: what is made of a picture goes to a folder of its name, and ${inTheWay.name} is in there itself; name another folder, such as ${path.join(out, 'results')}.`,
    )
  }
  return { files: files.filter((_, index) => index % parts === part - 1), list: listDigest(names), saved }
}

/** Seconds between two lines where nobody watches. */
const linesEvery = 10

/** A line now and then, for logs. */
function plainLines(console: Console): (progress: BatchProgress) => void {
  let told = performance.now()
  return (progress) => {
    const { done, failed, total, state } = progress
    if (state !== 'running' || performance.now() - told < linesEvery * 1000) return
    told = performance.now()
    console.note(`layerloupe: ${done + failed} of ${formatCount(total, 'image')}. ${beside(progress)}`)
  }
}

function beside({ state, failed, secondsLeft }: BatchProgress): string {
  const parts = [
    failed > 0 ? `${failed} failed` : '',
    state === 'saving' ? 'writing the table and the statistics' : '',
    secondsLeft !== null && secondsLeft > 0 ? `about ${formatDuration(secondsLeft)} left` : '',
  ]
  return parts.filter(Boolean).join(', ')
}

/** `out` is null where nothing was saved. */
function sentence(
  out: string | null,
  [part, parts]: readonly [number, number],
  { total, done, skipped, failed }: BatchProgress,
  seconds: number,
): string {
  const of = parts === 1 ? '' : `Part ${part} of ${parts}: `
  const before = skipped > 0 ? ` (${skipped} of them there before)` : ''
  const bad = failed > 0 ? `, ${failed} failed` : ''
  const left = total - done - failed > 0 ? `, ${total - done - failed} not begun` : ''
  return `${of}${formatCount(total, 'image')}: ${done} done${before}${bad}${left}, in ${formatDuration(seconds)}. ${out === null ? 'Nothing was saved.' : `Saved to ${out}`}`
}

function summary(
  out: string,
  [part, parts]: readonly [number, number],
  { total, done, skipped, failed }: BatchProgress,
  seconds: number,
  failures: ReadonlyMap<string, { readonly name: string; readonly error: { code: string; message: string } }>,
) {
  return {
    directory: path.resolve(out),
    part,
    parts,
    total,
    done,
    skipped,
    failed,
    seconds,
    failures: Array.from(failures.values(), ({ name, error: { code, message } }) => ({ name, code, message })),
  }
}

/** What could not be saved, with the folder as it was typed: errors name no paths. */
function placed(error: unknown, out: string): LoupeError {
  const { code, message, detail } = toWire(error)
  return new LoupeError(code, code === 'write-failed' ? `--out ${out}: ${message}` : message, detail)
}
