/** An explanation as text: the sum as a person would write it, one term a line, every number with all its digits. */

import type { ImageInfo, PlannedStage } from '../../../shared/api.ts'
import type {
  Explanation,
  Expression,
  Formula,
  Page,
  PhotoFormula,
  Place,
  Reading,
  ReceptiveField,
  Region,
  ResizePass,
  Step,
  SumFormula,
  Trace,
} from '../../../shared/explain.ts'
import type { Pipeline } from '../../../shared/pipeline.ts'
import { formatShape, type Shape } from '../../../shared/tensor.ts'
import { formatCount } from './table.ts'

export interface Explained {
  readonly image: ImageInfo
  readonly pipeline: Pipeline
  readonly stages: readonly PlannedStage[]
  readonly channelNames: readonly string[]
  readonly explanation: Explanation
  readonly receptiveField: ReceptiveField
  /** Null where it was not asked for. */
  readonly trace: Trace | null
}

export function describeExplanation(explained: Explained): string {
  const { explanation, pipeline, stages, image } = explained
  const { stage, title, place, shape, from, formula, value } = explanation
  const name = explained.channelNames[place.channel]
  const reads =
    from.stage === null
      ? `the photo, ${formatShape(from.shape)}`
      : `stage ${from.stage} (${stages[from.stage]!.title}), ${formatShape(from.shape)}`
  const lines = [
    `${image.name}, ${pipeline.name}, stage ${stage} (${title}), ${formatShape(shape)}: ${placeText(place, shape)}${name === undefined ? '' : ` (${name})`}`,
    `It reads ${reads}. Shapes are height×width×channels.`,
    '',
    ...indent(describeFormula(formula, explanation)),
    '',
    `  value = ${text(value)}`,
    '',
    ...describeField(explained),
    ...(explained.trace ? ['', ...describeTrace(explained.trace, stages)] : []),
  ]
  return lines.join('\n')
}

/** What each earlier stage adds to the value, its largest contributions first. */
function describeTrace({ rule, stages: traced }: Trace, stages: readonly PlannedStage[]): string[] {
  const lines = traced.flatMap(({ stage, total, count, ranked }) => {
    const { title, shape } = stages[stage]!
    const all = formatCount(
      shape.reduce((product, length) => product * length, 1),
      'element',
    )
    const rows = ranked.map(({ place, value, slope, contribution }): Row => {
      return [`${placeText(place, shape)}:`, slope, '×', value, '=', contribution]
    })
    return [
      `stage ${stage} (${title}): ${count.toLocaleString('en')} of ${all} count${count === 1 ? 's' : ''}, together ${text(total)}`,
      ...indent(align(rows)),
    ]
  })
  if (traced.length === 0) return ['No stage stands before it: there is nothing to trace.']
  return ['What the stages before it add, slope × value, the largest first', ...indent(lines), '', ...wrap(rule)]
}

/** Lines of at most 80 characters. */
function wrap(sentences: string): string[] {
  return sentences.match(/.{1,80}(?= |$)/g)!.map((line) => line.trim())
}

function describeFormula(formula: Formula, explanation: Explanation): string[] {
  const where = (reading: Reading) => readingText(reading, explanation)
  switch (formula.kind) {
    case 'sum':
      return describeSum(formula, where)
    case 'maximum': {
      const { candidates, winner, ties } = formula
      const rows = candidates.items.map((reading) => [
        `${where(reading)}:`,
        reading.place === null ? 'never wins' : reading.input,
        reading.index === winner.index ? '← the largest' : '',
      ])
      const tie = ties > 1 ? [`${ties} are equally large; the first of them counts as the winner.`] : []
      return [`The largest of ${formatCount(candidates.total, 'place')}:`, ...align(rows), ...cut(candidates), ...tie]
    }
    case 'function':
      return [`${where(formula.reading)}: ${text(formula.reading.input)}`, ...describeSteps(formula.steps)]
    case 'move':
      return [formula.rule, `${where(formula.reading)}: ${text(formula.reading.input)}`]
    case 'softmax': {
      const { exponentials, shift, own, total } = formula
      const rows = exponentials.items.map((item) => [
        `${where(item)}: e^(`,
        item.input,
        ' − ',
        shift.input,
        ') = e^',
        item.shifted,
        ' = ',
        item.exponential,
        item.index === own.index ? ' ← this one' : '',
      ])
      return [
        `The largest input, ${text(shift.input)} at ${where(shift)}, is subtracted first.`,
        ...align(rows),
        ...cut(exponentials),
        `Their sum: ${text(total)}`,
        `This one's share: ${text(own.exponential)} / ${text(total)}`,
      ]
    }
    case 'photo':
      return describePhoto(formula, explanation)
  }
}

function describeSum(formula: SumFormula, where: (reading: Reading) => string): string[] {
  const { terms, weighted, addition, bias, divisor, counted } = formula
  const rows = terms.items.map((term) => {
    const label = `${where(term)}:`
    return weighted ? [label, term.input, '×', term.weight, '=', term.product] : [label, term.input]
  })
  const total = (name: string, sum: number): Row => (weighted ? [name, '', '', '', '=', sum] : [name, sum])
  const totals = [total(`sum of ${formatCount(terms.total, 'term')}`, addition.sum)]
  if (bias !== null) totals.push(total('bias', bias))
  if (divisor !== null) totals.push(total('divided by', divisor))
  const lines = align([...rows, ...totals])
  const notes = []
  if (counted && counted.padding > 0) notes.push(`${formatCount(counted.padding, 'padded place')} counted as 0.`)
  if (counted && counted.skipped > 0) {
    notes.push(`${formatCount(counted.skipped, 'place')} of the window not counted: outside the input.`)
  }
  return [
    ...lines.slice(0, rows.length),
    ...cut(terms),
    ...lines.slice(rows.length),
    ...notes,
    ...describeAddition(formula),
  ]
}

/** How terms were added, where it is not simply one after the other. */
function describeAddition({ addition: { count } }: SumFormula): string[] {
  if (count < 8) return []
  if (count > 128) {
    return [
      '(Added pairwise, as NumPy does: in halves, down to parts of at most 128 terms, each in eight running sums.)',
    ]
  }
  const rest = count % 8
  const then = rest === 0 ? '' : `, then the last ${rest === 1 ? 'one' : `${rest} one by one`}`
  return [`(Added as NumPy does: eight running sums r0 to r7, ((r0+r1)+(r2+r3))+((r4+r5)+(r6+r7))${then}.)`]
}

function describePhoto({ scaling, grey, samples, byte }: PhotoFormula, { shape, from }: Explanation): string[] {
  const names = samples.length === 3 ? ['Red', 'Green', 'Blue'] : ['Sample']
  const resized = samples.flatMap(({ resize, byte: result }, i) => {
    if (resize.kind === 'copy') {
      return [`${names[i]!}, ${placeText(resize.place)} of the photo: ${result}`, ...indent([resize.rule])]
    }
    const { pass } = resize
    // One row of the photo was asked for, and rows are mixed too.
    const isPart = pass.axis === 'horizontal' && from.shape[0] !== shape[0]
    const part = isPart ? [`(One sample of the sum down the column, which comes to ${result}.)`] : []
    return [`${names[i]!}, resized (${resize.filter}) ${alongText(pass)}`, ...indent([...describePass(pass), ...part])]
  })
  const conversion = grey.length > 0 ? ['To grey', ...indent(describeSteps(grey))] : []
  return [...resized, ...conversion, `From the byte ${byte} to the value`, ...indent(describeSteps(scaling))]
}

function alongText({ axis, taps, bits }: ResizePass): string {
  const { row, column } = taps.items[0]!.place
  const along = axis === 'vertical' ? `down column ${column}` : `along row ${row}`
  return `${along}: sample × weight, in units of 1/${2 ** bits}`
}

function describePass({ axis, taps, half, bits, sum, rounded, byte }: ResizePass): string[] {
  const isSum = taps.items.some(({ pass }) => pass !== null)
  const rows = taps.items.map(({ place, sample, weight, product }) => [
    axis === 'vertical' ? `row ${place.row}:` : `column ${place.column}:`,
    sample,
    '×',
    weight,
    '=',
    product,
  ])
  const clipped = rounded === byte ? '' : `, kept between 0 and 255: ${byte}`
  return [
    ...align(rows),
    ...cut(taps),
    `with ${half} for rounding: ${sum}; divided by ${2 ** bits}, rounded down: ${rounded}${clipped}`,
    ...(isSum ? ['(Each sample is itself such a sum along its row of the photo; --photo-row prints one.)'] : []),
  ]
}

function describeSteps(steps: readonly Step[]): string[] {
  return align(
    steps.map(({ name, expression, value }) => {
      const isResult = expression.length === 1 && Object.is(expression[0], value)
      return isResult ? [`${name}:`, text(value)] : [`${name}:`, expressionText(expression), '=', value]
    }),
  )
}

function describeField({ receptiveField, image, stages }: Explained): string[] {
  const rows = receptiveField.stages
    .map((region, stage) => [`  stage ${stage} (${stages[stage]!.title}):`, regionText(region, stages[stage]!.shape)])
    .reverse()
  const photo: Shape = [image.height, image.width, image.channels]
  const winners = receptiveField.winners ?? []
  const path =
    winners.length > 1
      ? [
          `Its value comes from ${winners
            .slice(1)
            .map(({ stage, place }) => `stage ${stage}, ${placeText(place, stages[stage]!.shape)}`)
            .join(' ← ')}.`,
        ]
      : []
  return ['It depends on', ...align([...rows, ['  the photo:', regionText(receptiveField.photo, photo)]]), ...path]
}

function regionText(region: Region | null, shape: Shape): string {
  if (region === null) return 'nothing: it is padding'
  const { rect, channels, count } = region
  const [first, end] = channels
  if (shape.length === 1) {
    return end - first === 1 ? `element ${first} of ${shape[0]!}` : `elements ${first} to ${end - 1} of ${shape[0]!}`
  }
  const [height, width, depth] = shape as [number, number, number]
  const rows = range('row', rect.top, rect.height, height)
  const columns = range('column', rect.left, rect.width, width)
  const inside = depth === 1 ? '' : `, ${range('channel', first, end - first, depth)}`
  const all = rect.width * rect.height * (end - first)
  return `${rows}, ${columns}${inside}${count < all ? ` (${count} of ${all} elements)` : ''}`
}

function range(what: string, first: number, count: number, of: number): string {
  if (count === of) return of === 1 ? `the only ${what}` : `all ${of} ${what}s`
  return count === 1 ? `${what} ${first} of ${of}` : `${what}s ${first} to ${first + count - 1} of ${of}`
}

function placeText({ row, column, channel }: Place, shape?: Shape): string {
  if (shape?.length === 1) return `element ${channel}`
  return `row ${row}, column ${column}${shape?.[2] === 1 ? '' : `, channel ${channel}`}`
}

function readingText({ place, picture }: Reading, { from, unflattened }: Explanation): string {
  if (place === null) return 'padding'
  const here = placeText(place, from.shape)
  if (picture === null || unflattened === null) return here
  return `${here} (row ${picture.row}, column ${picture.column}, channel ${picture.channel} of stage ${unflattened})`
}

/** That not all is printed. */
function cut({ total, items, order }: Page<unknown>): string[] {
  if (items.length >= total) return []
  const which = order === 'contribution' ? `the ${items.length} largest of ` : `${items.length} of `
  const more = total <= 4096 ? `--terms ${total} prints all` : '--terms prints more'
  return [`… ${which}${formatCount(total, 'term')}; ${more}, all are added.`]
}

function expressionText(expression: Expression): string {
  return expression.map((part) => (typeof part === 'number' ? text(part) : part)).join('')
}

/** Every digit of a number. */
function text(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value)
}

type Row = readonly (string | number)[]

/** Cells under each other: numbers by their decimal points, text to the left. */
function align(rows: readonly Row[]): string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length))
  const widths = Array.from({ length: columns }, (_, column) => {
    const cells = rows.map((row) => row[column] ?? '')
    const halves = cells.map((cell) => (typeof cell === 'number' ? split(cell) : (['', ''] as const)))
    const before = Math.max(...halves.map(([whole]) => whole.length))
    const after = Math.max(...halves.map(([, rest]) => rest.length))
    const words = Math.max(...cells.map((cell) => (typeof cell === 'string' ? cell.length : 0)))
    return { before, after, words }
  })
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const { before, after, words } = widths[column]!
        const room = Math.max(words, before + after)
        if (typeof cell === 'string') return cell.padEnd(room)
        const [whole, rest] = split(cell)
        return (whole.padStart(before) + rest.padEnd(after)).padEnd(room)
      })
      .join(' ')
      .trimEnd(),
  )
}

/** What is before the decimal point, and the rest with it. */
function split(value: number): readonly [string, string] {
  const [whole = '', rest = ''] = /^(-?\w+)(.*)$/.exec(text(value))?.slice(1) ?? []
  return [whole, rest]
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => (line === '' ? line : `  ${line}`))
}
