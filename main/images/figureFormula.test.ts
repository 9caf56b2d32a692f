import { describe, expect, it } from 'vitest'
import { chooseScale, colourOf, signedScale } from '../../shared/colour.ts'
import type { Explanation, Formula, Place, Step } from '../../shared/explain.ts'
import { usualFigure } from '../../shared/figures.ts'
import { finishedStage, tensorOf } from '../../tests/support/stages.ts'
import { drawFormula, type ExplainedElement } from './figureFormula.ts'
import { hasGlyph } from './glyphs.ts'
import type { Figure, Paint, Surface } from './surface.ts'
import { characters, measureText } from './text.ts'

interface Drawn {
  readonly texts: readonly string[]
  readonly colours: readonly string[]
  /** Whether nothing lies outside the figure. */
  readonly inside: boolean
}

function drawn(figure: Figure): Drawn {
  const texts: string[] = []
  const colours = new Set<string>()
  let inside = true
  const note = (left: number, top: number, right: number, bottom: number) => {
    if (left < 0 || top < 0 || right > figure.width || bottom > figure.height) inside = false
  }
  const surface: Surface = {
    rect(left, top, width, height, paint: Paint) {
      colours.add(String(paint))
      note(left, top, left + width, top + height)
    },
    polygon: () => undefined,
    picture: () => undefined,
    text(text, x, baseline, style, align = 'left') {
      texts.push(text)
      const width = measureText(text, style)
      const left = align === 'left' ? x : align === 'centre' ? x - width / 2 : x - width
      note(left, baseline - style.size, left + width, baseline + style.size / 4)
      return width
    },
    canWrite: () => true,
  }
  figure.draw(surface)
  return { texts, colours: [...colours], inside }
}

const input = finishedStage(
  tensorOf([4, 4, 1], (i) => i / 15),
  { kind: 'input', title: 'Input', picture: 'light', channelNames: ['Grey'] },
).summary
const output = finishedStage(
  tensorOf([4, 4, 1], (i) => i - 4),
  { kind: 'conv2d', title: 'Conv 2×2', index: 1 },
).summary
const place = (row: number, column: number, channel = 0): Place => ({ row, column, channel })

function element(formula: Formula, value: number, known: Partial<Explanation> = {}): ExplainedElement {
  return {
    image: 'photo.png',
    input,
    output,
    explanation: {
      stage: 1,
      kind: 'conv2d',
      title: 'Conv 2×2',
      place: place(1, 2),
      shape: [4, 4, 1],
      dtype: 'float64',
      value,
      from: { stage: 0, shape: [4, 4, 1] },
      unflattened: null,
      formula,
      ...known,
    },
  }
}

const reading = (index: number, value: number, at: Place | null = place(0, index)) => ({
  index,
  place: at,
  picture: null,
  input: value,
})
const whole = <T>(items: readonly T[], total = items.length) =>
  ({ total, order: total > items.length ? 'contribution' : 'layer', first: 0, items }) as const
const addition = (count: number, sum: number) => ({ first: 0, count, sum, lanes: [], halves: [] })
const steps: readonly Step[] = [{ name: 'Cut', expression: ['⌊', 2.5, '⌋'], value: 2 }]

const terms = [
  { ...reading(0, 0, null), weight: 0.5, product: 0 },
  { ...reading(1, 0.25), weight: -1, product: -0.25 },
  { ...reading(2, 0.5), weight: 0.125, product: 0.0625 },
  { ...reading(3, 1), weight: 0.3, product: 0.3 },
]
const sum: Formula = {
  kind: 'sum',
  weighted: true,
  window: [2, 2, 1],
  terms: whole(terms),
  addition: addition(4, 0.1125),
  bias: 0.1,
  divisor: null,
  counted: null,
}
const exponential = (index: number, value: number) => ({
  ...reading(index, value, place(0, 0, index)),
  shifted: value - 3,
  exponential: Math.exp(value - 3),
})
const tap = (index: number, sample: number, weight: number) => ({
  index,
  place: place(index, 0),
  sample,
  weight,
  product: sample * weight,
  pass: null,
})
const photo: Formula = {
  kind: 'photo',
  scaling: [{ name: 'To [0, 1]', expression: [100, ' / ', 255], value: 100 / 255 }],
  grey: [],
  byte: 100,
  samples: [
    {
      channel: 0,
      byte: 100,
      resize: {
        kind: 'taps',
        filter: 'bicubic',
        pass: {
          axis: 'vertical',
          taps: whole([tap(0, 80, 2), tap(1, 120, 2)]),
          half: 2,
          bits: 2,
          sum: 402,
          rounded: 100,
          byte: 100,
        },
      },
    },
  ],
}

const every: readonly (readonly [string, Formula])[] = [
  ['a sum over a window', sum],
  ['a sum over no window', { ...sum, window: null }],
  ['a mean', { ...sum, weighted: false, bias: null, divisor: 3, counted: { elements: 3, padding: 0, skipped: 1 } }],
  [
    'a maximum',
    {
      kind: 'maximum',
      window: [1, 3, 1],
      candidates: whole([reading(0, 0.2), reading(1, 0.9), reading(2, 0.9)]),
      winner: reading(1, 0.9),
      ties: 2,
    },
  ],
  ['a function', { kind: 'function', reading: reading(2, 2.5), steps, slope: 0 }],
  ['a move', { kind: 'move', reading: reading(2, 0.5), rule: 'Rows are turned round.' }],
  ['padding', { kind: 'move', reading: reading(2, 0, null), rule: 'Beyond the edge.' }],
  [
    'a softmax',
    {
      kind: 'softmax',
      own: exponential(1, 2),
      shift: reading(0, 3),
      exponentials: whole([exponential(0, 3), exponential(1, 2)]),
      addition: addition(2, 1 + Math.exp(-1)),
      total: 1 + Math.exp(-1),
    },
  ],
  ['a value of the input stage', photo],
]

describe('the figure of a formula', () => {
  it.each(every)('of %s ends in the value with every digit, and keeps inside its edges', (_, formula) => {
    const value = 0.1 + 0.2
    const { texts, inside } = drawn(drawFormula(element(formula, value)))
    expect(texts).toContain('0.30000000000000004')
    expect(inside).toBe(true)
    for (const text of texts) expect([text, characters(text).every(hasGlyph)]).toEqual([text, true])
  })

  it.each(every)('of %s keeps inside its edges without labels, legend and scale bars too', (_, formula) => {
    const bare = { ...usualFigure, labels: false, legend: false, scaleBar: false }
    const { inside } = drawn(drawFormula(element(formula, 1), bare))
    expect(inside).toBe(true)
  })

  it('says under the legend what its frames mean, and under the labels what is counted', () => {
    const padded = { ...sum, counted: null, terms: whole([{ ...terms[0]!, place: null }]) }
    const framed = 'Framed without a colour: padding, 0.'
    expect(drawn(drawFormula(element(padded, 1), { ...usualFigure, labels: false })).texts).toContain(framed)
    expect(drawn(drawFormula(element(padded, 1), { ...usualFigure, legend: false })).texts).not.toContain(framed)
    const [, mean] = every.find(([name]) => name === 'a mean')!
    const skipped = '1 place of the window not counted: outside the input.'
    expect(drawn(drawFormula(element(mean, 1), { ...usualFigure, legend: false })).texts).toContain(skipped)
    expect(drawn(drawFormula(element(mean, 1), { ...usualFigure, labels: false })).texts).not.toContain(skipped)
  })

  it('shows a window, its kernel and the products, each on the colour of its own scale', () => {
    const { texts, colours } = drawn(drawFormula(element(sum, 0.2125)))
    for (const text of ['Input', '0.250', 'Kernel', '−1.000', '0.125', 'Products', '−0.2500', '0.0625', '+ bias']) {
      expect(texts).toContain(text)
    }
    const scaleOfInput = chooseScale(input)
    for (const value of [0.25, 0.5, 1]) expect(colours).toContain(String(colourOf(value, scaleOfInput)))
    const weights = signedScale(terms.map(({ weight }) => weight))
    for (const { weight } of terms) expect(colours).toContain(String(colourOf(weight, weights)))
    const products = signedScale(terms.map(({ product }) => product))
    for (const { product } of terms) expect(colours).toContain(String(colourOf(product, products)))
  })

  it('lists the largest terms of a long sum, and says how many more there are', () => {
    const many = Array.from({ length: 40 }, (_, i) => ({
      ...reading(i, i, place(0, i)),
      weight: i % 2 === 0 ? 1 : -1,
      product: i % 2 === 0 ? i : -i,
    }))
    const formula: Formula = { ...sum, window: null, terms: whole(many, 5000), addition: addition(5000, 1) }
    const { texts } = drawn(drawFormula(element(formula, 1)))
    expect(texts.filter((text) => text.startsWith('row '))).toEqual(
      Array.from({ length: 12 }, (_, i) => `row 0, column ${39 - i}`),
    )
    expect(texts).toContain('… and 4,988 more terms, all are added')
    // The colours of what it reads and of what comes out each have their scale.
    const bare = drawn(drawFormula(element(formula, 1), { ...usualFigure, scaleBar: false }))
    expect(texts.filter((text) => !bare.texts.includes(text))).toEqual(['0', '−11', '0', '11'])
  })

  it('of many channels shows those with the largest terms, and says how many more there are', () => {
    const channels = 8
    const window = Array.from({ length: channels * 4 }, (_, index) => {
      const channel = index % channels
      return { ...reading(index, channel, place(0, 0, channel)), weight: 1, product: channel }
    })
    const formula: Formula = { ...sum, window: [2, 2, channels], terms: whole(window) }
    const { texts } = drawn(drawFormula(element(formula, 1)))
    expect(texts.filter((text) => text.startsWith('channel '))).toEqual([4, 5, 6, 7].map((c) => `channel ${c}`))
    expect(texts.join(' ')).toContain('4 more are added too.')
  })

  it('marks the winner of a maximum and no other', () => {
    const formula = every.find(([name]) => name === 'a maximum')![1]
    const { colours, texts } = drawn(drawFormula(element(formula, 0.9)))
    expect(colours).toContain('accent')
    expect(texts).toContain('row 0, column 1')
    expect(texts.join(' ')).toContain('2 are equally large')
  })

  it('leads a value of the input stage back to samples of the photo and their weights', () => {
    const { texts } = drawn(drawFormula(element(photo, 100 / 255)))
    for (const text of ['80', '120', '0.5000', '40', '60', '402', '100', '100 / 255']) expect(texts).toContain(text)
  })

  it('writes a name it has no letters for as something else', () => {
    const { texts } = drawn(drawFormula({ ...element(sum, 1), image: '写真.png' }))
    expect(texts.join(' ')).toContain('stage 1 of the picture')
  })
})
