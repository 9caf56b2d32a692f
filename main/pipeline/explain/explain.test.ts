import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type {
  Expression,
  Explanation,
  Formula,
  Page,
  PartialSum,
  Place,
  Reading,
  ResizedSample,
  ResizePass,
  Step,
  Term,
  TermWindow,
} from '../../../shared/explain.ts'
import { layerDefinitions } from '../../../shared/layers/index.ts'
import { pictureShape, type Tensor } from '../../../shared/tensor.ts'
import { randomRuns, type RandomRun } from '../../../tests/support/randomPipelines.ts'
import { finish } from '../../layers/steps.ts'
import { explainElement } from './explanation.ts'
import { receptiveField, winnersPath } from './receptiveField.ts'

/** Written down anew from the documented order, to hold against the layer's own. */
function addPairwise(values: readonly number[], round: (x: number) => number): number {
  if (values.length > 128) {
    const half = Math.floor(values.length / 2 / 8) * 8
    return round(addPairwise(values.slice(0, half), round) + addPairwise(values.slice(half), round))
  }
  const eights = Math.floor(values.length / 8) * 8
  let sum = 0
  if (eights > 0) {
    const r = [0, 1, 2, 3, 4, 5, 6, 7].map((lane) => {
      let total = values[lane]!
      for (let i = lane + 8; i < eights; i += 8) total = round(total + values[i]!)
      return total
    }) as [number, number, number, number, number, number, number, number]
    const left = round(round(r[0] + r[1]) + round(r[2] + r[3]))
    const right = round(round(r[4] + r[5]) + round(r[6] + r[7]))
    sum = round(0 + round(left + right))
  }
  for (const value of values.slice(eights)) sum = round(sum + value)
  return sum
}

/** What each form of expression says, with # for its numbers. */
const forms: Readonly<Record<string, (...n: number[]) => number>> = {
  '#': (x) => x,
  '# + #': (a, b) => a + b,
  '# − #': (a, b) => a - b,
  '# × #': (a, b) => a * b,
  '# / #': (a, b) => a / b,
  '# >> #': (a, b) => a >> b,
  '⌊#⌋': (a) => Math.floor(a),
  'min(#, #)': (a, b) => Math.min(a, b),
  'max(#, #)': (a, b) => Math.max(a, b),
  'e^#': (x) => Math.exp(x),
  'e^# − #': (x) => Math.expm1(x),
  'tanh(#)': (x) => Math.tanh(x),
  '√(# + #)': (a, b) => Math.sqrt(a + b),
  'float32(#)': (x) => Math.fround(x),
  '(# + # + #) / #': (a, b, c, n) => (a + b + c) / n,
  '# × # + # × # + # × # + #': (a, b, c, d, e, f, g) => a * b + c * d + e * f + g,
}

function evaluate(expression: Expression): number | undefined {
  const numbers = expression.filter((part) => typeof part === 'number')
  const form = forms[expression.map((part) => (typeof part === 'number' ? '#' : part)).join('')]
  return form?.(...numbers)
}

function checkSteps(steps: readonly Step[], round: (x: number) => number): void {
  for (const { name, expression, value } of steps) {
    const found = evaluate(expression)
    if (expression[0] === 'erfc(') continue
    expect(found, `${name}: ${expression.join('')}`).toBeDefined()
    // The root's argument is rounded too, so in float32 it may differ in its last digit.
    if (expression[0] === '√(') expect(Math.abs(found! - value)).toBeLessThanOrEqual(1e-6 * value)
    else expect([found, round(found!)], `${name}: ${expression.join('')}`).toContain(value)
  }
}

function valueAt({ shape, data }: Tensor, { row, column, channel }: Place): number {
  const [height, width, channels] = pictureShape(shape)
  expect(row < height && column < width && channel < channels && Math.min(row, column, channel) >= 0).toBe(true)
  return data[(row * width + column) * channels + channel]!
}

function all<T>(page: Page<T>): readonly T[] {
  expect(page).toMatchObject({ order: 'layer', first: 0 })
  expect(page.items).toHaveLength(page.total)
  return page.items
}

function explain({ pipeline, stages, tensors, photo }: RandomRun, stage: number, place: Place): Explanation {
  const input = tensors[stage - 1] ?? photo
  const terms = { order: 'layer', limit: 1_000_000 } as const
  return finish(explainElement({ pipeline, stages, stage, place, output: tensors[stage]!, input, terms }))
}

function checkReading(reading: Reading, run: RandomRun, { from, unflattened }: Explanation): void {
  if (reading.place === null) {
    expect(reading.picture).toBeNull()
    return
  }
  expect(reading.input).toBe(valueAt(run.tensors[from.stage!]!, reading.place))
  if (unflattened === null) expect(reading.picture).toBeNull()
  // Up to the picture only curves may lie between; a flatten alone keeps the number.
  else if (unflattened === from.stage! - 1)
    expect(reading.input).toBe(valueAt(run.tensors[unflattened]!, reading.picture!))
}

function checkPartial(part: PartialSum, values: readonly number[], round: (x: number) => number): void {
  expect(part.sum).toBe(addPairwise(values.slice(part.first, part.first + part.count), round))
  if (part.halves.length === 2) {
    expect(part.sum).toBe(round(part.halves[0]!.sum + part.halves[1]!.sum))
    for (const half of part.halves) checkPartial(half, values, round)
  }
  if (part.lanes.length === 8) {
    const [a, b, c, d, e, f, g, h] = part.lanes as [number, number, number, number, number, number, number, number]
    let sum = round(round(round(a + b) + round(c + d)) + round(round(e + f) + round(g + h)))
    for (let i = part.first + (part.count & ~7); i < part.first + part.count; i++) sum = round(sum + values[i]!)
    expect(sum + 0).toBe(part.sum)
  }
}

function checkPass(pass: ResizePass, sampleAt: (place: Place) => number): void {
  let sum = pass.half
  for (const tap of all(pass.taps)) {
    expect(tap.product).toBe(tap.sample * tap.weight)
    if (tap.pass) {
      expect(tap.sample).toBe(tap.pass.byte)
      checkPass(tap.pass, sampleAt)
    } else expect(tap.sample).toBe(sampleAt(tap.place))
    sum += tap.product
  }
  expect(sum).toBe(pass.sum)
  expect(Math.floor(sum / 2 ** pass.bits)).toBe(pass.rounded)
  expect(Math.min(255, Math.max(0, pass.rounded))).toBe(pass.byte)
}

function checkSample({ byte, resize }: ResizedSample, photo: Tensor): void {
  if (resize.kind === 'copy') {
    expect(byte).toBe(valueAt(photo, resize.place))
    return
  }
  expect(byte).toBe(resize.pass.byte)
  checkPass(resize.pass, (place) => valueAt(photo, place))
}

/** Calculates the value again from what is told, and from nothing else but the stage before. */
function recalculate(explanation: Explanation, run: RandomRun): number {
  const { formula } = explanation
  const round = run.pipeline.dtype === 'float32' ? Math.fround : (x: number) => x
  const check = (reading: Reading) => checkReading(reading, run, explanation)
  switch (formula.kind) {
    case 'sum': {
      const terms = all(formula.terms)
      const products = terms.map((term: Term, index) => {
        check(term)
        expect(term.index).toBe(index)
        if (term.place === null) expect(term.input).toBe(0)
        expect(term.product).toBe(round(term.input * term.weight))
        return term.product
      })
      checkWindow(formula.window, terms)
      checkPartial(formula.addition, products, round)
      const sum = round(addPairwise(products, round) + (formula.bias ?? 0))
      return formula.divisor === null ? sum : round(sum / formula.divisor)
    }
    case 'maximum': {
      const candidates = all(formula.candidates)
      candidates.forEach(check)
      checkWindow(formula.window, candidates)
      const real = candidates.filter(({ place }) => place !== null)
      expect(formula.winner).toEqual(candidates[formula.winner.index])
      expect(formula.winner.place).not.toBeNull()
      expect(formula.ties).toBe(real.filter(({ input }) => input === formula.winner.input).length)
      expect(real.find(({ input }) => Object.is(input, formula.winner.input))).toEqual(formula.winner)
      return Math.max(...real.map(({ input }) => input))
    }
    case 'function':
      check(formula.reading)
      checkSteps(formula.steps, round)
      return formula.steps.at(-1)!.value
    case 'move':
      check(formula.reading)
      return formula.reading.input
    case 'softmax': {
      const items = all(formula.exponentials)
      items.forEach(check)
      const shift = Math.max(...items.map(({ input }) => input))
      expect(formula.shift.input).toBe(shift)
      for (const item of items) {
        expect(item.shifted).toBe(round(item.input - shift))
        expect(item.exponential).toBe(round(Math.exp(item.shifted)))
      }
      const exponentials = items.map(({ exponential }) => exponential)
      checkPartial(formula.addition, exponentials, round)
      expect(formula.own).toEqual(items[explanation.place.channel])
      return round(formula.own.exponential / addPairwise(exponentials, round))
    }
    case 'photo': {
      for (const sample of formula.samples) checkSample(sample, run.photo)
      checkSteps(formula.grey, (x) => x)
      if (formula.grey.length === 0) expect(formula.samples.map(({ byte }) => byte)).toEqual([formula.byte])
      else expect(formula.grey.at(-1)!.value).toBe(formula.byte)
      expect(formula.scaling[0]!.expression[0]).toBe(formula.byte)
      checkSteps(formula.scaling, round)
      return formula.scaling.at(-1)!.value
    }
  }
}

/** Every place of the window is one term, and those of one row or column of it read one row or column. */
function checkWindow(window: TermWindow, readings: readonly Reading[]): void {
  if (window === null) return
  const [rows, columns, channels] = window
  expect(readings.length).toBe(rows * columns * channels)
  const read = (axis: keyof Place, of: (index: number) => number) => {
    const seen = new Map<number, Set<number>>()
    for (const { index, place } of readings) {
      if (place !== null) seen.set(of(index), (seen.get(of(index)) ?? new Set()).add(place[axis]))
    }
    for (const [, places] of seen) expect(places.size).toBe(1)
  }
  read('row', (index) => Math.floor(index / (columns * channels)))
  read('column', (index) => Math.floor(index / channels) % columns)
  read('channel', (index) => index % channels)
}

/** Each place a formula reads. */
function placesOf(formula: Formula): Place[] {
  const readings = (items: readonly Reading[]) => items.flatMap(({ place }) => place ?? [])
  switch (formula.kind) {
    case 'sum':
      return readings(all(formula.terms))
    case 'maximum':
      return readings(all(formula.candidates))
    case 'function':
    case 'move':
      return readings([formula.reading])
    case 'softmax':
      return readings(all(formula.exponentials))
    case 'photo':
      return formula.samples.flatMap(({ resize }) => (resize.kind === 'copy' ? [resize.place] : tapPlaces(resize.pass)))
  }
}

function tapPlaces(pass: ResizePass): Place[] {
  return all(pass.taps).flatMap((tap) => (tap.pass ? tapPlaces(tap.pass) : [tap.place]))
}

const somewhere = fc.record({ stage: fc.nat(), row: fc.nat(), column: fc.nat(), channel: fc.nat() })

function fit(run: RandomRun, at: { stage: number; row: number; column: number; channel: number }) {
  const stage = at.stage % run.tensors.length
  const [height, width, channels] = pictureShape(run.tensors[stage]!.shape)
  return { stage, place: { row: at.row % height, column: at.column % width, channel: at.channel % channels } }
}

describe('an explanation', () => {
  it('has the value of the stage to the last bit, and all it tells adds up to it again, for every kind of layer', () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(randomRuns, fc.array(somewhere, { minLength: 6, maxLength: 6 }), (run, places) => {
        for (const at of places) {
          const { stage, place } = fit(run, at)
          const explanation = explain(run, stage, place)
          expect(explanation.value).toBe(valueAt(run.tensors[stage]!, place))
          expect(recalculate(explanation, run)).toBe(explanation.value)
          seen.add(`${explanation.kind} ${run.pipeline.dtype}`)
        }
      }),
      { numRuns: 300 },
    )
    const kinds = Object.keys(layerDefinitions).flatMap((kind) => [`${kind} float64`, `${kind} float32`])
    expect([...seen].sort()).toEqual(kinds.sort())
  }, 120_000)
})

describe('a receptive field', () => {
  it('composed of the layers’ geometry is the one traced term by term', () => {
    fc.assert(
      fc.property(randomRuns, somewhere, (run, at) => {
        const { stage, place } = fit(run, at)
        const field = receptiveField(run.pipeline, run.stages, run.photo.shape, stage, place)
        let places = [place]
        for (let index = stage; index >= 0; index--) {
          const read = places.flatMap((from) => placesOf(explain(run, index, from).formula))
          places = [...new Map(read.map((found) => [JSON.stringify(found), found])).values()]
          const region = index === 0 ? field.photo : field.stages[index - 1]
          if (places.length === 0) expect(region).toBeNull()
          else {
            const range = (key: keyof Place) => {
              const values = places.map((found) => found[key])
              return [Math.min(...values), Math.max(...values) + 1] as const
            }
            const [rows, columns] = [range('row'), range('column')]
            expect(region).toEqual({
              rect: { left: columns[0], top: rows[0], width: columns[1] - columns[0], height: rows[1] - rows[0] },
              channels: range('channel'),
              count: places.length,
            })
          }
        }
      }),
      { numRuns: 150 },
    )
  }, 120_000)

  it('has a path of winners on which the value never changes through maxima and moves', () => {
    fc.assert(
      fc.property(randomRuns, somewhere, (run, at) => {
        const { stage, place } = fit(run, at)
        const path = finish(winnersPath(run.pipeline, run.tensors, stage, place))
        expect(path[0]).toEqual({ stage, place, value: valueAt(run.tensors[stage]!, place) })
        for (const [i, step] of path.slice(1).entries()) {
          const { formula } = explain(run, path[i]!.stage, path[i]!.place)
          expect(step.stage).toBe(path[i]!.stage - 1)
          expect(step.value).toBe(valueAt(run.tensors[step.stage]!, step.place))
          if (formula.kind !== 'function') expect(step.value).toBe(path[i]!.value)
        }
      }),
      { numRuns: 200 },
    )
  })
})
