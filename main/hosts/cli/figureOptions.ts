/** How pictures are drawn and which part of a stage is saved, as they are typed. */

import { Option, type Command } from 'commander'
import type { SavePart } from '../../../shared/api.ts'
import {
  figureFormats,
  figureThemes,
  mostElementSize,
  mostMagnification,
  usualFigure,
  type FigureFormat,
  type FigureOptions,
  type FigureTheme,
} from '../../../shared/figures.ts'
import { rangeModes, type RangeMode } from '../../../shared/scales.ts'
import { parseIndex } from './element.ts'
import { UsageError } from './usage.ts'

export interface TypedFigure {
  readonly theme?: FigureTheme
  readonly labels?: boolean
  readonly legend?: boolean
  readonly scaleBar?: boolean
  readonly scale?: number
  readonly elementSize?: number
  readonly range?: RangeMode
}

export interface FigureFile {
  readonly file: string
  readonly format: FigureFormat
}

export interface TypedPart {
  readonly stage?: number
  readonly channel?: number
  readonly rows?: Span
  readonly columns?: Span
}

/** Both ends included. */
interface Span {
  readonly first: number
  readonly last: number
}

/** Adds the options of every command that draws. */
export function addFigureOptions(command: Command): Command {
  return command
    .addOption(new Option('--theme <name>', 'background of pictures (default: light)').choices(figureThemes))
    .option('--no-labels', 'leave out titles, names, shapes and statistics')
    .option('--no-legend', 'leave out histograms and the notes on colours and scales')
    .option('--no-scale-bar', 'leave out the bars of colours and the axes, with their numbers')
    .option('--scale <n>', `draw everything n times as large, 1 to ${mostMagnification} (default: 1)`, (text) =>
      parseSize('--scale', text, mostMagnification),
    )
}

/** Adds the options of pictures of stages: their colours and their size. */
export function addStageLook(command: Command): Command {
  return command
    .option('--element-size <n>', `pixels of an element in pictures of stages, 1 to ${mostElementSize}`, (text) =>
      parseSize('--element-size', text, mostElementSize),
    )
    .addOption(
      new Option(
        '--range <of>',
        'one colour scale for each stage, each channel or all stages (default: stage)',
      ).choices(rangeModes),
    )
}

/** Adds the options that say which part of a stage is saved. */
export function addPartOptions(command: Command): Command {
  return command
    .option('--stage <n>', 'save only this stage, numbered as run prints them', (text) => parseIndex('--stage', text))
    .option('--channel <n>', 'save only this channel of --stage', (text) => parseIndex('--channel', text))
    .option('--rows <a-b>', 'save only these rows of --stage, both included', (text) => parseSpan('--rows', text))
    .option('--columns <a-b>', 'save only these columns of it', (text) => parseSpan('--columns', text))
}

export function figureOf(typed: TypedFigure): FigureOptions {
  const { scales } = usualFigure
  return {
    theme: typed.theme ?? usualFigure.theme,
    labels: typed.labels ?? usualFigure.labels,
    legend: typed.legend ?? usualFigure.legend,
    scaleBar: typed.scaleBar ?? usualFigure.scaleBar,
    magnification: typed.scale ?? usualFigure.magnification,
    elementSize: typed.elementSize ?? usualFigure.elementSize,
    scales: { ...scales, mode: typed.range ?? scales.mode },
  }
}

/** The file a figure goes to. Throws a `UsageError` where its name does not say as what. */
export function parseFigureFile(file: string): FigureFile {
  const format = figureFormats.find((name) => file.toLowerCase().endsWith(`.${name}`))
  if (!format) throw new UsageError(`--figure ${file}: the name must end in .png or .svg, which says what to draw.`)
  return { file, format }
}

/** The part that was meant. `--rows` and `--columns` come together: a rectangle has both. */
export function partOf({ stage, channel, rows, columns }: TypedPart): SavePart {
  if (stage === undefined && (channel !== undefined || rows || columns)) {
    throw new UsageError('--channel, --rows and --columns are of one stage: say which with --stage.')
  }
  if (!rows !== !columns) throw new UsageError('--rows and --columns go together, such as --rows 0-7 --columns 8-15.')
  return {
    ...(stage === undefined ? {} : { stage }),
    ...(channel === undefined ? {} : { channel }),
    ...(rows && columns
      ? { rect: { left: columns.first, top: rows.first, width: lengthOf(columns), height: lengthOf(rows) } }
      : {}),
  }
}

function lengthOf({ first, last }: Span): number {
  return last - first + 1
}

function parseSize(option: string, text: string, most: number): number {
  const size = parseIndex(option, text)
  if (size < 1 || size > most) throw new UsageError(`${option} ${text}: this must be a whole number from 1 to ${most}.`)
  return size
}

function parseSpan(option: string, text: string): Span {
  const found = /^(\d{1,9})-(\d{1,9})$/.exec(text)
  const [first, last] = [Number(found?.[1]), Number(found?.[2])]
  if (!found || last < first) {
    throw new UsageError(`${option} ${text}: this must be the first and the last, counted from 0, such as 0-7.`)
  }
  return { first, last }
}
