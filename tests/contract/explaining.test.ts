/** Explanations, receptive fields and traces, held to the same scenarios through every transport. */

import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { presets } from '../../shared/presets.ts'
import { readNpy } from '../support/npy.ts'
import { fixturesDir } from '../support/shared.ts'
import { openSession, refusal, type Session } from './session.ts'
import { transports } from './transports.ts'

const reference = (name: string) => readNpy(path.join(fixturesDir, 'synthetic/shapes/default', name)).data
const at = (row: number, column: number, channel = 0) => ({ row, column, channel })

describe.each(transports)('the contract $name', (transport) => {
  let of: Session
  let run = ''

  beforeAll(async () => {
    of = await openSession(transport)
  }, 120_000)

  beforeEach(async () => {
    run ||= await of.run()
  })

  afterAll(async () => {
    await of.close()
  })

  it('explains a convolution by its terms, which make NumPy’s own value', async () => {
    const explanation = await of.api.call('explain', { run, stage: 1, ...at(20, 30) })
    expect(explanation).toMatchObject({ stage: 1, kind: 'conv2d', shape: [64, 64, 1], from: { stage: 0 } })
    const { formula } = explanation
    if (formula.kind !== 'sum') throw new Error(formula.kind)
    const input = reference('input.npy')
    const products = [19, 20, 21].flatMap((row) => [29, 30, 31].map((column) => Number(input[row * 64 + column]) / 9))
    expect(formula.terms.items.map(({ place }) => place)).toEqual(
      [19, 20, 21].flatMap((row) => [29, 30, 31].map((column) => at(row, column))),
    )
    expect(formula.window).toEqual([3, 3, 1])
    expect(formula.terms.items.map(({ weight }) => weight)).toEqual(Array(9).fill(1 / 9))
    expect(formula.terms.items.reduce((sum, { product }) => sum + product, 0)).toBeCloseTo(
      products.reduce((sum, product) => sum + product, 0),
      14,
    )
    expect(explanation.value).toBe(reference('convolution.npy')[20 * 64 + 30])
  })

  it('marks padding at the corner', async () => {
    const { formula } = await of.api.call('explain', { run, stage: 1, ...at(0, 0) })
    if (formula.kind !== 'sum') throw new Error(formula.kind)
    expect(formula.terms.items.map(({ place }) => place === null)).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
      true,
      false,
      false,
    ])
  })

  it('explains a maximum by its winner', async () => {
    const { formula, value } = await of.api.call('explain', { run, stage: 2, ...at(5, 7) })
    if (formula.kind !== 'maximum') throw new Error(formula.kind)
    const convolution = reference('convolution.npy')
    const four = [10, 11].flatMap((row) => [14, 15].map((column) => Number(convolution[row * 64 + column])))
    expect(formula.candidates.items.map(({ input }) => input)).toEqual(four)
    expect(formula.window).toEqual([2, 2, 1])
    expect(formula.winner.index).toBe(four.indexOf(Math.max(...four)))
    expect(value).toBe(Math.max(...four))
  })

  it('explains a dense unit by its largest contributions first, in pages, and where they stand in the picture', async () => {
    const first = await of.api.call('explain', { run, stage: 4, ...at(0, 0, 1), terms: { limit: 10 } })
    const rest = await of.api.call('explain', {
      run,
      stage: 4,
      ...at(0, 0, 1),
      terms: { first: 10, limit: 4096, order: 'contribution' },
    })
    const ordered = await of.api.call('explain', { run, stage: 4, ...at(0, 0, 1), terms: { limit: 1024 } })
    expect(first.unflattened).toBe(2)
    const terms = [first, rest, ordered].map(({ formula }) => {
      if (formula.kind !== 'sum') throw new Error(formula.kind)
      return formula.terms
    })
    expect(terms.map(({ total, order, first }) => [total, order, first])).toEqual([
      [1024, 'contribution', 0],
      [1024, 'contribution', 10],
      [1024, 'layer', 0],
    ])
    const ranked = [...terms[0]!.items, ...terms[1]!.items]
    const sizes = ranked.map(({ product }) => Math.abs(product))
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a))
    expect(ranked.map(({ index }) => index).sort((a, b) => a - b)).toEqual(terms[2]!.items.map(({ index }) => index))
    const pooling = reference('pooling.npy')
    for (const { picture, place, input } of ranked) {
      expect(place!.channel).toBe(picture!.row * 32 + picture!.column)
      expect(input).toBe(pooling[place!.channel])
    }
  })

  it('explains a softmax, and the input stage down to the samples of the photo', async () => {
    const last = await of.api.call('explain', { run, stage: 5, ...at(0, 0, 1) })
    if (last.formula.kind !== 'softmax') throw new Error(last.formula.kind)
    const { exponentials, total, own } = last.formula
    expect(total).toBe(exponentials.items[0]!.exponential + exponentials.items[1]!.exponential)
    expect(own.exponential / total).toBe(last.value)
    const { formula, value } = await of.api.call('explain', { run, stage: 0, ...at(8, 9) })
    if (formula.kind !== 'photo') throw new Error(formula.kind)
    expect(formula.byte / 255).toBe(value)
    expect(value).toBe(reference('input.npy')[8 * 64 + 9])
    expect(formula.samples).toHaveLength(3)
    const [red] = formula.samples
    if (red?.resize.kind !== 'taps') throw new Error(red?.resize.kind)
    const [tap] = red.resize.pass.taps.items
    const rect = { left: 0, top: tap!.place.row, width: 300, height: 1 }
    const row = await of.api.call('images.read', { image: of.shapes.id, rect })
    for (const { place, sample } of tap!.pass!.taps.items) expect(sample).toBe(row.data[place.column * 3])
    const { photo } = await of.api.call('receptiveField', { run, stage: 0, ...at(8, 9) })
    expect(red.resize.pass.taps.items.map(({ place }) => place.row)).toEqual(
      Array.from({ length: photo!.rect.height }, (_, i) => photo!.rect.top + i),
    )
    const rowAlone = await of.api.call('explain', { run, stage: 0, ...at(8, 9), photoRow: photo!.rect.top })
    if (rowAlone.formula.kind !== 'photo') throw new Error(rowAlone.formula.kind)
    expect(rowAlone.formula.samples[0]!.resize).toMatchObject({ kind: 'taps', pass: { axis: 'horizontal' } })
  })

  it('tells the receptive field of every earlier stage and of the photo, and the winners', async () => {
    const field = await of.api.call('receptiveField', { run, stage: 3, ...at(0, 0, 5 * 32 + 7), winners: true })
    expect(field.stages.map((region) => region!.rect)).toEqual([
      { left: 13, top: 9, width: 4, height: 4 },
      { left: 14, top: 10, width: 2, height: 2 },
      { left: 7, top: 5, width: 1, height: 1 },
    ])
    // Columns 13 to 16 of 64, each of 300/64 pixels, a bicubic filter reaching two such to each side of its middle.
    expect(field.photo!.rect.left).toBe(Math.trunc(13.5 * (300 / 64) - 2 * (300 / 64) + 0.5))
    expect(field.winners!.map(({ stage }) => stage)).toEqual([3, 2, 1])
    expect(new Set(field.winners!.map(({ value }) => value)).size).toBe(1)
    expect((await of.api.call('receptiveField', { run, stage: 3, ...at(0, 0, 0) })).winners).toBeNull()
  })

  it('traces a class down to the input stage', async () => {
    const { value, stages } = await of.api.call('trace', { run, stage: 4, ...at(0, 0, 0), limit: 5 })
    expect(stages.map(({ stage }) => stage)).toEqual([3, 2, 1, 0])
    for (const { total, ranked } of stages) {
      expect(total).toBeCloseTo(value, 12)
      expect(ranked).toHaveLength(5)
    }
    expect((await of.api.call('trace', { run, stage: 4, ...at(0, 0, 0), to: 3 })).stages).toHaveLength(1)
  })

  it('refuses what is not there, and says what is', async () => {
    const message = async (promise: Promise<unknown>) => {
      const { code, message } = await refusal(promise)
      return `${code}: ${message}`
    }
    expect(await message(of.api.call('explain', { run, stage: 1, ...at(64, 0) }))).toBe(
      'bad-request: There is no row 64 in stage 1: it has rows 0 to 63.',
    )
    expect(await message(of.api.call('receptiveField', { run, stage: 1, ...at(0, 0, 1) }))).toContain('only channel 0')
    expect(await message(of.api.call('trace', { run, stage: 5, ...at(0, 0, 2) }))).toContain('channels 0 to 1')
    expect(await message(of.api.call('trace', { run, stage: 2, ...at(0, 0), to: 3 }))).toContain(
      'cannot end with stage 3',
    )
    expect(await message(of.api.call('explain', { run, stage: 6, ...at(0, 0) }))).toContain(
      'not-found: There is no stage 6',
    )
    expect(await message(of.api.call('explain', { run, stage: 0, ...at(0, 0), photoRow: 150 }))).toContain('rows 0 to')
    const gone = { run: 'nothing', stage: 0, ...at(0, 0) }
    for (const method of ['explain', 'receptiveField', 'trace'] as const) {
      expect((await refusal(of.api.call(method, gone))).code).toBe('not-found')
      expect((await refusal(of.api.call(method, { ...gone, row: -1 }))).code).toBe('bad-request')
    }
  })

  it('gives a long trace up when it is asked to', async () => {
    const pipeline = presets.find(({ id }) => id === 'tiny-vgg-shape')!.pipeline
    const big = await of.run({ ...pipeline, layers: pipeline.layers.slice(0, 4) })
    const abort = new AbortController()
    const traced = of.api.call('trace', { run: big, stage: 3, ...at(3, 3) }, { signal: abort.signal })
    abort.abort()
    expect((await refusal(traced)).code).toBe('cancelled')
  })
})
