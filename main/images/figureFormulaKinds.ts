/** The body of each kind of formula. */

import { colourOf, signedScale } from '../../shared/colour.ts'
import type {
  Formula,
  FunctionFormula,
  MaximumFormula,
  MoveFormula,
  Page,
  Reading,
  SoftmaxFormula,
  SumFormula,
  TermWindow,
} from '../../shared/explain.ts'
import { bar, below, beside, table, type Box, type TableCell } from './box.ts'
import { writeNumbers, type Cell } from './figureCells.ts'
import {
  amount,
  colourChip,
  colourNote,
  equation,
  inputCell,
  inputScaleBar,
  more,
  mostGridSide,
  mostLines,
  note,
  nothing,
  number,
  stepsTable,
  text,
  totalsTable,
  type FormulaBody,
  type FormulaContext,
  type FormulaNote,
} from './figureFormulaParts.ts'
import { photoBody } from './figurePhotoFormula.ts'
import { bodyStyle, formatNumber, quietStyle, smallStyle } from './figureStyle.ts'

/** Channels of a window that are drawn. */
const mostChannels = 4
const barRoom = 160

export function formulaBody(formula: Formula, context: FormulaContext): FormulaBody {
  switch (formula.kind) {
    case 'sum':
      return sumBody(formula, context)
    case 'maximum':
      return maximumBody(formula, context)
    case 'function':
      return functionBody(formula, context)
    case 'move':
      return moveBody(formula, context)
    case 'softmax':
      return softmaxBody(formula, context)
    case 'photo':
      return photoBody(formula, context)
  }
}

function sumBody(formula: SumFormula, context: FormulaContext): FormulaBody {
  const { terms, weighted, window, bias, divisor, counted, addition } = formula
  const noun = weighted ? 'product' : 'value'
  const totals = totalsTable([
    [`sum of ${amount(terms.total, noun)}`, addition.sum],
    ...(bias === null ? [] : ([['+ bias', bias]] as const)),
    ...(divisor === null ? [] : ([['÷ how many', divisor]] as const)),
  ])
  const notes: FormulaNote[] = []
  if (counted && counted.padding > 0) notes.push(note(`${amount(counted.padding, 'place')} of padding counted as 0.`))
  if (counted && counted.skipped > 0) {
    notes.push(note(`${amount(counted.skipped, 'place')} of the window not counted: outside the input.`))
  }
  if (terms.items.some(({ place }) => place === null) && !counted) {
    notes.push(colourNote('Framed without a colour: padding, 0.'))
  }
  if (!window || !fitsGrid(window, terms)) {
    const list = termsList(formula, context)
    return { box: below([list, totals], 18), notes }
  }
  const groups = channelsOf(terms.items, window[2], ({ product }) => product)
  const panels = {
    input: (items: typeof terms.items) => items.map(({ input, place }) => ({ value: input, padding: place === null })),
    weight: (items: typeof terms.items) => items.map(({ weight }) => ({ value: weight })),
    product: (items: typeof terms.items) => items.map(({ product }) => ({ value: product })),
  }
  const weightScale = signedScale(terms.items.map(({ weight }) => weight))
  const productScale = signedScale(terms.items.map(({ product }) => product))
  const columns = window[1]
  const rows = groups.shown.map((items) => ({
    channel: channelOf(items),
    panels: [
      { cells: panels.input(items), columns, scale: context.inputScale(channelOf(items)) },
      ...(weighted
        ? [
            { cells: panels.weight(items), columns, scale: weightScale },
            { cells: panels.product(items), columns, scale: productScale },
          ]
        : []),
    ],
  }))
  const names = weighted ? ['Input', 'Kernel', 'Products'] : ['Input']
  const grids = equation(names, ['×', '='], rows, window[2] > 1, context)
  return { box: beside([grids, totals], 36), notes: [...notes, ...channelNotes(groups, context, 'added')] }
}

function maximumBody(formula: MaximumFormula, context: FormulaContext): FormulaBody {
  const { candidates, winner, ties, window } = formula
  const notes = ties > 1 ? [note(`${ties} are equally large; the first of them counts as the winner.`)] : []
  const totals = table(
    [
      [text(`largest of ${amount(candidates.total, 'place')}`, quietStyle), number(winner.input)],
      [text('at', quietStyle), text(context.where(winner), bodyStyle)],
    ],
    16,
  )
  const cell = (reading: Reading): Cell => ({
    value: reading.input,
    padding: reading.place === null,
    marked: reading.index === winner.index,
  })
  if (window && fitsGrid(window, candidates)) {
    const groups = channelsOf(candidates.items, window[2], ({ input }) => input)
    const rows = groups.shown.map((items) => ({
      channel: channelOf(items),
      panels: [{ cells: items.map(cell), columns: window[1], scale: context.inputScale(channelOf(items)) }],
    }))
    const grids = equation(['Input'], [], rows, window[2] > 1, context)
    return { box: beside([grids, totals], 36), notes: [...notes, ...channelNotes(groups, context, 'compared')] }
  }
  const items = candidates.items.toSorted((a, b) => b.input - a.input).slice(0, mostLines)
  const texts = writeNumbers(items.map(({ input }) => input))
  const rows = items.map((item, i) => [
    text(context.where(item), quietStyle),
    colourChip(item.input, context.inputScale(item.place?.channel ?? 0)),
    text(texts[i]!, bodyStyle, 'right'),
  ])
  return {
    box: below(
      [
        table(rows, 14),
        ...more(candidates.total, items.length, 'place', 'compared'),
        ...inputScaleBar(context),
        totals,
      ],
      12,
    ),
    notes,
  }
}

function functionBody({ reading, steps, slope }: FunctionFormula, context: FormulaContext): FormulaBody {
  return {
    box: beside([inputCell(reading, context), stepsTable(steps)], 32),
    notes: [note(`Slope there: ${formatNumber(slope)}.`)],
  }
}

function moveBody({ reading, rule }: MoveFormula, context: FormulaContext): FormulaBody {
  return { box: inputCell(reading, context), notes: [note(rule)] }
}

function softmaxBody({ own, shift, exponentials, total }: SoftmaxFormula, context: FormulaContext): FormulaBody {
  const largest = exponentials.items.toSorted((a, b) => b.exponential - a.exponential).slice(0, mostLines)
  const items = largest.some(({ index }) => index === own.index) ? largest : [...largest.slice(0, -1), own]
  const inputs = writeNumbers(items.map(({ input }) => input))
  const shifted = writeNumbers(items.map((item) => item.shifted))
  const powers = writeNumbers(items.map(({ exponential }) => exponential))
  const heads = context.options.labels
    ? [
        [
          text('', smallStyle),
          text('input', smallStyle, 'right'),
          text('− largest', smallStyle, 'right'),
          text('e to that', smallStyle, 'right'),
        ],
      ]
    : []
  const rows = items.map((item, i) => {
    const style = item.index === own.index ? ({ ...bodyStyle, weight: 'bold' } as const) : bodyStyle
    return [
      text(context.where(item), style),
      text(inputs[i]!, style, 'right'),
      text(shifted[i]!, style, 'right'),
      text(powers[i]!, style, 'right'),
      { box: bar(item.exponential / total, barRoom, item.index === own.index ? 'accent' : 'muted', false) },
    ]
  })
  const totals = totalsTable([
    ['e to the power of (input − largest)', own.exponential],
    [`÷ sum of ${amount(exponentials.total, 'exponential')}`, total],
  ])
  return {
    box: below(
      [table([...heads, ...rows], 16), ...more(exponentials.total, items.length, 'number', 'added'), totals],
      14,
    ),
    notes: [
      note(
        `The largest input, ${formatNumber(shift.input)}, is subtracted first, so that no exponential overflows. Bars: share of the sum.`,
      ),
    ],
  }
}

/** The largest terms, one a line, each with a bar of what it adds. */
function termsList({ terms, weighted }: SumFormula, context: FormulaContext): Box {
  const items = terms.items.toSorted((a, b) => Math.abs(b.product) - Math.abs(a.product)).slice(0, mostLines)
  const most = items.reduce((reach, { product }) => Math.max(reach, Math.abs(product)), 0)
  const scale = signedScale([most])
  const inputs = writeNumbers(items.map(({ input }) => input))
  const weights = writeNumbers(items.map(({ weight }) => weight))
  const products = writeNumbers(items.map(({ product }) => product))
  const rows = items.map((term, i): TableCell[] => [
    text(context.where(term), quietStyle),
    term.place === null ? { box: nothing } : colourChip(term.input, context.inputScale(term.place.channel)),
    text(inputs[i]!, bodyStyle, 'right'),
    ...(weighted
      ? [
          text('×', quietStyle),
          text(weights[i]!, bodyStyle, 'right'),
          text('=', quietStyle),
          text(products[i]!, bodyStyle, 'right'),
        ]
      : []),
    { box: bar(most > 0 ? term.product / most : 0, barRoom, colourOf(term.product, scale), true) },
  ])
  const left = more(terms.total, items.length, weighted ? 'term' : 'value', 'added')
  return below([table(rows, 14), ...left, ...inputScaleBar(context)], 10)
}

function fitsGrid([rows, columns]: NonNullable<TermWindow>, { items, total, order }: Page<unknown>): boolean {
  return items.length === total && order === 'layer' && rows <= mostGridSide && columns <= mostGridSide
}

interface Groups<T> {
  readonly shown: readonly (readonly T[])[]
  readonly total: number
}

/** The terms of each channel of a window; of many channels those whose terms are largest. */
function channelsOf<T extends Reading>(items: readonly T[], channels: number, size: (item: T) => number): Groups<T> {
  const lists = Array.from({ length: channels }, (_, c) => items.filter(({ index }) => index % channels === c))
  if (channels <= mostChannels) return { shown: lists, total: channels }
  const weight = (list: readonly T[]) => list.reduce((sum, item) => sum + Math.abs(size(item)), 0)
  const chosen = lists.toSorted((a, b) => weight(b) - weight(a)).slice(0, mostChannels)
  return { shown: lists.filter((list) => chosen.includes(list)), total: channels }
}

function channelOf(items: readonly Reading[]): number {
  return items.find(({ place }) => place !== null)?.place?.channel ?? 0
}

function channelNotes(
  { shown, total }: Groups<unknown>,
  { apart }: FormulaContext,
  done: string,
): readonly FormulaNote[] {
  return [
    ...(total > shown.length
      ? [note(`The ${shown.length} channels with the largest terms; ${total - shown.length} more are ${done} too.`)]
      : []),
    ...(apart && shown.length > 1
      ? [colourNote('Each channel of the input on its own scale: equal colours are not equal values.')]
      : []),
  ]
}
