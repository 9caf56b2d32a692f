/** What a batch leaves in its folder besides the folders of its images. */

import { rm } from 'node:fs/promises'
import path from 'node:path'
import type { PlannedStage, StageSummary } from '../../shared/api.ts'
import {
  batchFileName,
  encodeBatch,
  type BatchRecord,
  type BatchState,
  type ChannelExtremes,
} from '../../shared/batchState.ts'
import { likeliest } from '../../shared/batchTable.ts'
import { LoupeError } from '../../shared/errors.ts'
import type { Tensor } from '../../shared/tensor.ts'
import { drawStage, figurePng, type FinishedStage } from '../images/figure.ts'
import { drawExtremes, drawSheet, sheetPictures, type SheetEntry } from '../images/sheets.ts'
import { contactSheetName, mostSheets } from './batchNames.ts'
import { encodeStatisticsJson, summaryCsv, summaryJson } from './batchTables.ts'
import { encodeNpy } from './npy.ts'
import { folderSink } from './sink.ts'
import { runAll } from './tasks.ts'

/** A stage's mean and standard deviation over the images, each with its own statistics. */
export interface SetStage {
  readonly mean: { readonly summary: StageSummary; readonly tensor: Tensor }
  readonly std: { readonly summary: StageSummary; readonly tensor: Tensor }
}

/** One of the files, and how its content is made. */
interface SetFile {
  readonly name: string
  readonly make: () => Promise<Uint8Array> | Uint8Array | Iterable<string>
}

/** Pictures the contact sheets show at most, and channels a sheet of extremes. */
const mostPictures = mostSheets * sheetPictures
const mostChannels = 32

/** Writes what a batch is taken up again from; returns its name. Throws `write-failed`. */
export async function saveBatchState(state: BatchState, directory: string): Promise<string> {
  const sink = folderSink(directory)
  const name = batchFileName(state.shard)
  await sink.write(name, encodeBatch(state))
  await sink.close()
  return name
}

/**
 * Writes the table, the contact sheets and the statistics over the set, each file whole, over those of an earlier batch.
 * Throws `write-failed` and `cancelled`. Returns the names.
 */
export async function saveBatchFiles(
  state: BatchState,
  set: readonly (SetStage | null)[],
  directory: string,
  signal: AbortSignal,
): Promise<string[]> {
  const sink = folderSink(directory)
  const check = () => {
    checkCancelled(signal)
  }
  const entries = new Map(state.records.map((record) => [record.name, entryOf(record, state.classes)]))
  const sheets = contactSheets(state, [...entries.values()])
  const files: readonly SetFile[] = [
    { name: 'summary.csv', make: () => inBlocks(summaryCsv(state), signal) },
    { name: 'summary.json', make: () => inBlocks(summaryJson(state), signal) },
    ...sheets,
    { name: 'statistics/statistics.json', make: () => encodeStatisticsJson(state) },
    ...state.stages.flatMap((stage) => stageFiles(state, stage, set[stage.index] ?? null, entries)),
  ]
  await runAll(
    files.map(({ name, make }) => () => ({
      bytes: 0,
      run: async () => {
        const content = await make()
        check()
        await sink.write(name, content)
      },
    })),
    check,
  )
  for (let page = sheets.length; page < mostSheets; page++) {
    await rm(path.join(directory, contactSheetName(page)), { force: true })
  }
  await sink.close()
  return files.map(({ name }) => name)
}

/** Characters written at once, or a little more. */
const blockLength = 1 << 18

function* inBlocks(pieces: Iterable<string>, signal: AbortSignal): Generator<string> {
  let block = ''
  for (const piece of pieces) {
    block += piece
    if (block.length < blockLength) continue
    checkCancelled(signal)
    yield block
    block = ''
  }
  yield block
}

function checkCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new LoupeError('cancelled', 'Saving was cancelled; what is written is whole.')
}

function entryOf({ name, probabilities, thumbnail }: BatchRecord, classes: readonly string[]): SheetEntry {
  const best = likeliest(probabilities, classes)
  const short = name.split('/').at(-1)!
  return {
    thumbnail,
    lines: best ? [short, `${best.name} ${(best.probability * 100).toFixed(0)} %`] : [short],
  }
}

function contactSheets({ pipeline, records }: BatchState, entries: readonly SheetEntry[]): readonly SetFile[] {
  const shown = entries.slice(0, mostPictures)
  const pages = Math.max(1, Math.ceil(shown.length / sheetPictures))
  const cut = shown.length < records.length ? ` (the table has all of them)` : ''
  return Array.from({ length: pages }, (_, page) => {
    const from = page * sheetPictures
    const on = shown.slice(from, from + sheetPictures)
    const range = pages === 1 ? '' : `, ${count(from + 1)} to ${count(from + on.length)}`
    const detail = `${count(records.length)} ${records.length === 1 ? 'image' : 'images'}${range}${cut}`
    return {
      name: contactSheetName(page),
      make: async () => figurePng(await drawSheet(pipeline.name, detail, on)),
    }
  })
}

/** Of one stage its mean and deviation, and the pictures that excite its channels. */
function stageFiles(
  state: BatchState,
  { index, kind, title }: PlannedStage,
  set: SetStage | null,
  entries: ReadonlyMap<string, SheetEntry>,
): readonly SetFile[] {
  const stem = `statistics/${String(index).padStart(2, '0')}-${kind}`
  const channels = state.extremes[index]!
  const names = state.channelNames[index]!
  const files: SetFile[] = Object.entries<FinishedStage>(set === null ? {} : { ...set }).flatMap(([name, finished]) => [
    { name: `${stem}-${name}.npy`, make: () => encodeNpy(finished.tensor) },
    { name: `${stem}-${name}.png`, make: () => figurePng(drawStage(finished)) },
  ])
  if (channels.length > 0 && state.records.length > 0) {
    files.push({ name: `${stem}-extremes.png`, make: () => extremesPng(title, channels, names, entries) })
  }
  return files
}

async function extremesPng(
  title: string,
  channels: readonly ChannelExtremes[],
  names: readonly string[],
  entries: ReadonlyMap<string, SheetEntry>,
): Promise<Uint8Array> {
  const shown = channels.slice(0, mostChannels)
  const kept = Math.max(1, ...shown.map(({ most }) => most.length))
  const pick = (list: ChannelExtremes['most']) =>
    list.flatMap(({ name, value }) => {
      const entry = entries.get(name)
      return entry ? { thumbnail: entry.thumbnail, lines: entry.lines.slice(0, 1), value } : []
    })
  const rows = shown.map(({ most, least }, index) => ({
    name: names[index] === undefined ? `Channel ${index}` : `${index} · ${names[index]}`,
    most: pick(most),
    least: pick(least),
  }))
  const cut = shown.length < channels.length ? `; the first ${mostChannels} of ${channels.length} channels` : ''
  const detail = `Images with the largest and the smallest mean of each channel${cut}`
  return figurePng(await drawExtremes(title, detail, rows, kept))
}

function count(n: number): string {
  return n.toLocaleString('en')
}
