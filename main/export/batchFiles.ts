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
import type { FigureOptions } from '../../shared/figures.ts'
import { rangeOfAll, scaledStage } from '../../shared/scales.ts'
import type { Tensor } from '../../shared/tensor.ts'
import { drawStage, figurePng, type Figure, type FinishedStage } from '../images/figure.ts'
import { drawExtremes, drawSheet, sheetPictures, type SheetEntry } from '../images/sheets.ts'
import { contactSheetName, mostSheets, statisticsName } from './batchNames.ts'
import { encodeStatisticsJson, summaryCsv, summaryJson } from './batchTables.ts'
import { plain, pngOf } from './making.ts'
import { shortNames } from './names.ts'
import { encodeNpy } from './npy.ts'
import { folderSink } from './sink.ts'
import { runAll } from './tasks.ts'

/** A stage's mean and standard deviation over the images, each with its own statistics. */
export interface SetStage {
  readonly mean: { readonly summary: StageSummary; readonly tensor: Tensor }
  readonly std: { readonly summary: StageSummary; readonly tensor: Tensor }
}

type Content = Uint8Array | Iterable<string>

/** One of the files, and how its content is made. */
interface SetFile {
  readonly name: string
  /** Called when its turn comes. */
  readonly begin: () => { readonly bytes: number; readonly make: () => Promise<Content> | Content }
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
  const shorts = shortNames(state.records.map(({ name }) => name))
  const entries = new Map(
    state.records.map((record) => [record.name, entryOf(record, shorts.get(record.name)!, state.classes)]),
  )
  const sheets = contactSheets(state, [...entries.values()])
  const ofSet = setFiles(state, set)
  const files: readonly SetFile[] = [
    { name: 'summary.csv', begin: plain(() => inBlocks(summaryCsv(state), signal)) },
    { name: 'summary.json', begin: plain(() => inBlocks(summaryJson(state), signal)) },
    ...sheets,
    { name: `${statisticsName}/statistics.json`, begin: plain(() => encodeStatisticsJson(state)) },
    ...state.stages.flatMap((stage, i) => [...ofSet[i]!, ...extremesFiles(state, stage, entries)]),
  ]
  await runAll(
    files.map(({ name, begin }) => () => {
      const { bytes, make } = begin()
      const run = async () => {
        const content = await make()
        check()
        await sink.write(name, content)
      }
      return { bytes, run }
    }),
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

function entryOf({ probabilities, thumbnail }: BatchRecord, short: string, classes: readonly string[]): SheetEntry {
  const best = likeliest(probabilities, classes)
  return {
    thumbnail,
    lines: best ? [short, `${best.name} ${(best.probability * 100).toFixed(0)} %`] : [short],
  }
}

function contactSheets({ pipeline, records, figure }: BatchState, entries: readonly SheetEntry[]): readonly SetFile[] {
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
      begin: plain(async () => sheetPng(await drawSheet(pipeline.name, detail, on, figure), figure)),
    }
  })
}

function fileStem({ index, kind }: PlannedStage): string {
  return `${statisticsName}/${String(index).padStart(2, '0')}-${kind}`
}

/** Of each stage that has them the mean and the deviation, as arrays and pictures. */
function setFiles({ stages, figure }: BatchState, set: readonly (SetStage | null)[]): readonly (readonly SetFile[])[] {
  const rangeOf = (part: keyof SetStage) =>
    rangeOfAll(set.flatMap((stage) => (stage ? [scaledStage(stage[part].summary)] : [])))
  const parts = [
    { part: 'mean', look: figure, range: rangeOf('mean') },
    // A range that was chosen for the values is not one of their deviations.
    { part: 'std', look: { ...figure, scales: { ...figure.scales, kept: [] } }, range: rangeOf('std') },
  ] as const
  return stages.map((stage) => {
    const both = set[stage.index]
    if (!both) return []
    return parts.flatMap(({ part, look, range }) => {
      const finished: FinishedStage = both[part]
      const name = `${fileStem(stage)}-${part}`
      return [
        { name: `${name}.npy`, begin: plain(() => encodeNpy(finished.tensor)) },
        { name: `${name}.png`, begin: pngOf(() => drawStage(finished, look, range), look) },
      ]
    })
  })
}

/** The pictures that excite the channels of a stage, where they are compared. */
function extremesFiles(
  { records, extremes, channelNames, figure }: BatchState,
  stage: PlannedStage,
  entries: ReadonlyMap<string, SheetEntry>,
): readonly SetFile[] {
  const channels = extremes[stage.index]!
  if (channels.length === 0 || records.length === 0) return []
  const names = channelNames[stage.index]!
  const make = async () => sheetPng(await drawChannels(stage.title, channels, names, entries, figure), figure)
  return [{ name: `${fileStem(stage)}-extremes.png`, begin: plain(make) }]
}

/** As large as its small pictures are, whatever size figures have. */
async function sheetPng(sheet: Figure, { theme }: FigureOptions): Promise<Uint8Array> {
  return figurePng(sheet, { theme, magnification: 1 })
}

async function drawChannels(
  title: string,
  channels: readonly ChannelExtremes[],
  names: readonly string[],
  entries: ReadonlyMap<string, SheetEntry>,
  figure: FigureOptions,
): Promise<Figure> {
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
  return drawExtremes(title, detail, rows, kept, figure)
}

function count(n: number): string {
  return n.toLocaleString('en')
}
