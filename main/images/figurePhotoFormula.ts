/** The formula of the input stage: from samples of the photo through the resize to a byte, and from the byte to the value. */

import { signedScale } from '../../shared/colour.ts'
import type { PhotoFormula, ResizedSample, ResizePass, Tap } from '../../shared/explain.ts'
import { below, beside, line, table, type Box } from './box.ts'
import { cellBox, cellSize, gridBox, scaleBar, writeNumbers, type Panel } from './figureCells.ts'
import {
  amount,
  more,
  mostGridSide,
  mostLines,
  note,
  nothing,
  operator,
  stepsTable,
  text,
  totalsTable,
  type FormulaBody,
  type FormulaContext,
} from './figureFormulaParts.ts'
import { bodyStyle, quietStyle, smallStyle } from './figureStyle.ts'

const sampleNames = ['Red', 'Green', 'Blue']

export function photoBody(formula: PhotoFormula, context: FormulaContext): FormulaBody {
  const { samples, grey, scaling, byte } = formula
  const several = samples.length > 1
  const boxes = samples.map((sample) => sampleBox(sample, several, context))
  const steps = (name: string, box: Box) => below([line(name, smallStyle), box], 6)
  const { labels, scaleBar: bar } = context.options
  const title = (name: string, box: Box) => (labels ? steps(name, box) : box)
  return {
    box: below(
      [
        beside(boxes, 40, 'start'),
        ...(bar ? [scaleBar(context.inputScale(0), 160)] : []),
        ...(grey.length > 0 ? [title('To grey', stepsTable(grey))] : []),
        title(`From the byte ${byte} to the value`, stepsTable(scaling)),
      ],
      20,
    ),
    notes: samples.some(({ resize }) => resize.kind === 'taps')
      ? [
          note(
            'Samples are bytes of the photo. Weights are whole numbers divided by a power of two; their sums are rounded to a byte.',
          ),
        ]
      : samples.slice(0, 1).flatMap(({ resize }) => (resize.kind === 'copy' ? [note(resize.rule)] : [])),
  }
}

function sampleBox({ channel, byte, resize }: ResizedSample, several: boolean, context: FormulaContext): Box {
  const { labels, elementSize } = context.options
  const name = several ? sampleNames[channel]! : 'Sample'
  const scale = context.inputScale(channel)
  if (resize.kind === 'copy') {
    const { row, column } = resize.place
    const cell = cellBox({ value: byte }, scale, elementSize)
    return beside([cell, line(`${name}, row ${row}, column ${column} of the photo`, quietStyle)], 12)
  }
  const { pass } = resize
  const body = tapsBox(pass, context, channel)
  const totals = totalsTable([
    [`sum of ${amount(pass.taps.total, 'product')} and ${pass.half} for rounding`, pass.sum],
    [`÷ ${2 ** pass.bits}, rounded down`, pass.rounded],
    ...(pass.rounded === pass.byte ? [] : ([['kept between 0 and 255', pass.byte]] as const)),
  ])
  return below([...(labels ? [line(`${name}, resized (${resize.filter})`, smallStyle)] : []), body, totals], 10)
}

/** Grids where both axes are short: the photo's samples, what each row comes to, times the weights down the column. */
function tapsBox(pass: ResizePass, context: FormulaContext, channel: number): Box {
  const { axis, taps, bits } = pass
  const rows = taps.items
  const across = rows[0]?.pass?.taps.items ?? []
  const whole = rows.length === taps.total && across.length === (rows[0]?.pass?.taps.total ?? 0)
  if (!whole || rows.length > mostGridSide || across.length > mostGridSide) return tapsList(pass, context)
  const scale = context.inputScale(channel)
  const weightOf = ({ weight }: Tap) => ({ value: weight / 2 ** bits })
  const productOf = ({ product }: Tap) => ({ value: product / 2 ** bits })
  const columns = axis === 'vertical' ? 1 : rows.length
  const weights = signedScale([...rows, ...across].map((tap) => weightOf(tap).value))
  const products = signedScale(rows.map((tap) => productOf(tap).value))
  const own: Panel[] = [
    { cells: rows.map(({ sample }) => ({ value: sample })), columns, scale },
    { cells: rows.map(weightOf), columns, scale: weights },
    { cells: rows.map(productOf), columns, scale: products },
  ]
  const photo: Panel[] =
    across.length === 0
      ? []
      : [
          {
            cells: rows.flatMap((row) => row.pass!.taps.items.map(({ sample }) => ({ value: sample }))),
            columns: across.length,
            scale,
          },
          { cells: across.map(weightOf), columns: across.length, scale: weights },
        ]
  const size = cellSize([...photo, ...own], context.options.elementSize)
  const [first, second, third] = own.map((panel) => gridBox(panel, size)) as [Box, Box, Box]
  const signed = [first, operator('×'), second, operator('='), third]
  if (axis === 'horizontal') return below(signed, 8, 'middle')
  if (photo.length === 0) return beside(signed, 14)
  const [samples, weightsAcross] = photo.map((panel) => gridBox(panel, size)) as [Box, Box]
  const cell = (box: Box) => ({ box })
  const names = ['samples', '', 'rows added up', '', 'weights', '', 'products']
  const head = context.options.labels ? [names.map((name) => text(name, smallStyle))] : []
  return table(
    [
      ...head,
      [samples, operator('·'), ...signed].map(cell),
      [below([operator('×'), weightsAcross], 2, 'middle'), nothing].map(cell),
    ],
    10,
    8,
  )
}

function tapsList({ axis, taps, bits }: ResizePass, context: FormulaContext): Box {
  const items = taps.items.toSorted((a, b) => Math.abs(b.weight) - Math.abs(a.weight)).slice(0, mostLines)
  items.sort((a, b) => a.index - b.index)
  const weights = writeNumbers(items.map(({ weight }) => weight / 2 ** bits))
  const products = writeNumbers(items.map(({ product }) => product / 2 ** bits))
  const rows = items.map(({ place, sample }, i) => [
    text(axis === 'vertical' ? `row ${place.row}` : `column ${place.column}`, quietStyle),
    text(String(sample), bodyStyle, 'right'),
    text('×', quietStyle),
    text(weights[i]!, bodyStyle, 'right'),
    text('=', quietStyle),
    text(products[i]!, bodyStyle, 'right'),
  ])
  const isSum = items.some(({ pass }) => pass !== null) && context.options.labels
  const sums = isSum ? [line('Each of these samples is itself such a sum along its row of the photo.', smallStyle)] : []
  return below([table(rows, 14), ...more(taps.total, items.length, 'sample', 'added'), ...sums], 8)
}
