/** What the drawings of all kinds of formula share. */

import { colourOf, type ColourScale } from '../../shared/colour.ts'
import { expressionText, type Explanation, type Reading, type Step } from '../../shared/explain.ts'
import type { FigureOptions } from '../../shared/figures.ts'
import { below, beside, chip, line, table, type Box, type TableCell } from './box.ts'
import { cellBox, cellSize, gridBox, scaleBar, type Panel } from './figureCells.ts'
import { bodyStyle, formatExactly, quietStyle, smallStyle, titleStyle } from './figureStyle.ts'
import type { TextStyle } from './text.ts'

/** What the drawing of every kind of formula goes by. */
export interface FormulaContext {
  readonly explanation: Explanation
  readonly options: FigureOptions
  readonly inputScale: (channel: number) => ColourScale
  /** Whether each channel of the input has a scale of its own. */
  readonly apart: boolean
  /** Where a reading stands, in words. */
  readonly where: (reading: Reading) => string
  /** Null where it has none. */
  readonly channelName: (channel: number) => string | null
}

/** A sentence below a formula: of its numbers, or of what its colours mean. */
export interface FormulaNote {
  readonly of: 'labels' | 'legend'
  readonly text: string
}

export const note = (text: string): FormulaNote => ({ of: 'labels', text })
export const colourNote = (text: string): FormulaNote => ({ of: 'legend', text })

/** What is drawn of a formula, and sentences that stand below it. */
export interface FormulaBody {
  readonly box: Box
  readonly notes: readonly FormulaNote[]
}

/** More rows or columns than these are a picture, not a formula: the largest terms are listed instead. */
export const mostGridSide = 12
/** Lines of a list that are drawn. */
export const mostLines = 12
/** Pixels of a scale that stands by itself. */
const barWidth = 160
export const nothing: Box = { width: 0, height: 0, draw: () => undefined }
export const operator = (sign: string): Box => line(sign, { ...titleStyle, size: 22 })

/** That a list goes on. */
export function more(total: number, shown: number, noun: string, done: string): readonly Box[] {
  return total > shown ? [line(`… and ${amount(total - shown, `more ${noun}`)}, all are ${done}`, smallStyle)] : []
}

interface EquationRow {
  readonly channel: number
  readonly panels: readonly Panel[]
}

/** Grids side by side with operators between them, a row a channel, named above and with their scales below. */
export function equation(
  names: readonly string[],
  signs: readonly string[],
  rows: readonly EquationRow[],
  nameChannels: boolean,
  { options, apart, channelName }: FormulaContext,
): Box {
  const size = cellSize(
    rows.flatMap(({ panels }) => panels),
    options.elementSize,
  )
  const spread = (boxes: readonly Box[], between: (i: number) => Box) =>
    boxes.flatMap((box, i) => (i === 0 ? [{ box }] : [{ box: between(i - 1) }, { box }]))
  const lines: TableCell[][] = []
  const name = (text: string) => line(text, smallStyle)
  if (options.labels) lines.push(spread(names.map(name), () => nothing))
  for (const { channel, panels } of rows) {
    if (options.labels && nameChannels) {
      const named = channelName(channel)
      lines.push([{ box: name(`channel ${channel}${named === null ? '' : ` · ${named}`}`) }])
    }
    lines.push(
      spread(
        panels.map((panel) => gridBox(panel, size)),
        (i) => operator(signs[i]!),
      ),
    )
  }
  if (options.scaleBar) {
    const scales = rows[0]!.panels.map(({ scale }, i) => (apart && i === 0 && rows.length > 1 ? null : scale))
    lines.push(
      spread(
        scales.map((scale, i) => (scale ? scaleBar(scale, gridBox(rows[0]!.panels[i]!, size).width) : nothing)),
        () => nothing,
      ),
    )
  }
  return table(lines, 14, 10)
}

/** The element a formula of one reads, with its place. */
export function inputCell(reading: Reading, { inputScale, options, where }: FormulaContext): Box {
  const scale = inputScale(reading.place?.channel ?? 0)
  const cell = cellBox({ value: reading.input, padding: reading.place === null }, scale, options.elementSize)
  return below(
    [
      ...(options.labels ? [line(where(reading), smallStyle)] : []),
      beside([cell, line(formatExactly(reading.input), bodyStyle)], 12),
      ...(options.scaleBar && reading.place !== null ? [scaleBar(scale, cell.width)] : []),
    ],
    8,
  )
}

/** The scale of the colours a list shows of its input; nothing where they have several. */
export function inputScaleBar({ options, apart, inputScale }: FormulaContext): readonly Box[] {
  return options.scaleBar && !apart ? [scaleBar(inputScale(0), barWidth)] : []
}

export function stepsTable(steps: readonly Step[]): Box {
  const rows = steps.map(({ name, expression, value }) => [
    text(name, quietStyle),
    text(expressionText(expression, formatExactly), bodyStyle),
    text('=', quietStyle),
    number(value),
  ])
  return table(rows, 14)
}

export function totalsTable(rows: readonly (readonly [name: string, value: number])[]): Box {
  return table(
    rows.map(([name, value]) => [text(name, quietStyle), number(value)]),
    16,
  )
}

/** A number with every digit. */
export function number(value: number): TableCell {
  return text(formatExactly(value), bodyStyle, 'left')
}

export function text(words: string, style: TextStyle, align: 'left' | 'right' = 'left'): TableCell {
  return { box: line(words, style), align }
}

export function colourChip(value: number, scale: ColourScale): TableCell {
  return { box: chip(colourOf(value, scale)) }
}

export function amount(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`
}
