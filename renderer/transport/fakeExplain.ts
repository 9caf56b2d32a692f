/** Made-up explanations for the fake engine: every kind of formula in its true form, numbers that close by a made-up bias. */

import type { Params } from '../../shared/api.ts'
import {
  defaultTerms,
  type Explanation,
  type Formula,
  type Page,
  type Place,
  type ReceptiveField,
  type Region,
  type Term,
  type Trace,
  traceRule,
} from '../../shared/explain.ts'
import { definitionOf, type LayerKind, type LayerSpec } from '../../shared/layers/index.ts'
import { pictureShape, type Tensor } from '../../shared/tensor.ts'

interface FakeStages {
  readonly layers: readonly LayerSpec[]
  readonly tensors: readonly Tensor[]
  readonly photo: Tensor
}

export function fakeExplanation(stages: FakeStages, params: Params<'explain'>): Explanation {
  const { stage, row, column, channel } = params
  const spec = stages.layers[stage]!
  const tensor = stages.tensors[stage]!
  const input = stages.tensors[stage - 1] ?? stages.photo
  const place = { row, column, channel }
  const value = valueAt(tensor, place)
  const unflattened =
    input.shape.length === 1 ? stages.tensors.findLastIndex(({ shape }, i) => shape.length === 3 && i < stage) : -1
  return {
    stage,
    kind: spec.kind,
    title: definitionOf(spec).title(spec),
    place,
    shape: tensor.shape,
    dtype: 'float64',
    value,
    from: { stage: stage === 0 ? null : stage - 1, shape: input.shape },
    unflattened: unflattened < 0 ? null : unflattened,
    formula: formulaOf(spec, input, tensor, place, params.terms?.limit ?? defaultTerms),
  }
}

/** How a layer's values are told; of any other kind they are moved. */
const formulaKinds: { readonly [K in LayerKind]?: Formula['kind'] } = {
  input: 'photo',
  conv2d: 'sum',
  dense: 'sum',
  pool2d: 'maximum',
  globalPool: 'maximum',
  softmax: 'softmax',
  activation: 'function',
  batchNorm: 'function',
  brighten: 'function',
}

function formulaOf(spec: LayerSpec, input: Tensor, output: Tensor, place: Place, limit: number): Formula {
  const value = valueAt(output, place)
  const terms = window(input, output, place)
  const [first] = terms
  const page = <T>(items: readonly T[]): Page<T> => ({
    total: items.length,
    order: 'layer',
    first: 0,
    items: items.slice(0, limit),
  })
  const addition = (sum: number) => ({ first: 0, count: terms.length, sum, lanes: [], halves: [] })
  switch (formulaKinds[spec.kind] ?? 'move') {
    case 'photo': {
      const step = { name: 'To [0, 1]', expression: [Math.round(value * 255), ' / ', 255], value }
      const copy = { kind: 'copy', place: first!.place!, rule: 'The nearest sample of the photo.' } as const
      const byte = Math.round(value * 255)
      return { kind: 'photo', scaling: [step], grey: [], byte, samples: [{ channel: 0, byte, resize: copy }] }
    }
    case 'sum': {
      const sum = terms.reduce((total, { product }) => total + product, 0)
      return {
        kind: 'sum',
        weighted: true,
        window: terms.length === 9 && input.shape.length === 3 ? [3, 3, 1] : null,
        terms: page(terms),
        addition: addition(sum),
        bias: value - sum,
        divisor: null,
        counted: null,
      }
    }
    case 'maximum': {
      const winner = terms.reduce((best, term) => (term.input > best.input ? term : best))
      return { kind: 'maximum', window: [3, 3, 1], candidates: page(terms), winner, ties: 1 }
    }
    case 'softmax': {
      const exponentials = terms.map((term) => ({ ...term, shifted: term.input, exponential: Math.exp(term.input) }))
      const total = exponentials.reduce((sum, { exponential }) => sum + exponential, 0)
      const own = exponentials[Math.min(place.channel, exponentials.length - 1)]!
      return { kind: 'softmax', own, shift: first!, exponentials: page(exponentials), addition: addition(total), total }
    }
    case 'function': {
      const steps = [{ name: 'Made up', expression: ['f(', first!.input, ')'], value }]
      return { kind: 'function', reading: first!, steps, slope: 1 }
    }
    case 'move':
      return { kind: 'move', reading: first!, rule: 'The same element, moved.' }
  }
}

/** Up to nine elements of the input round the corresponding place, with weights of a ninth. */
function window(input: Tensor, output: Tensor, place: Place): Term[] {
  const [height, width, channels] = pictureShape(input.shape)
  const vector = input.shape.length === 1
  return Array.from({ length: vector ? channels : 9 }, (_, index) => {
    const at = corresponding(input, output, place)
    const row = at.row + Math.floor(index / 3) - 1
    const column = at.column + (index % 3) - 1
    const inside = vector || (row >= 0 && row < height && column >= 0 && column < width)
    const from = vector ? { row: 0, column: 0, channel: index } : { ...at, row, column }
    const value = inside ? valueAt(input, from) : 0
    return { index, place: inside ? from : null, picture: null, input: value, weight: 1 / 9, product: value / 9 }
  })
}

function corresponding(input: Tensor, output: Tensor, { row, column, channel }: Place): Place {
  const [height, width, channels] = pictureShape(input.shape)
  const [rows, columns] = pictureShape(output.shape)
  return {
    row: Math.floor((row * height) / rows),
    column: Math.floor((column * width) / columns),
    channel: Math.min(channel, channels - 1),
  }
}

export function fakeReceptiveField(stages: FakeStages, params: Params<'receptiveField'>): ReceptiveField {
  const { stage, winners = false } = params
  const regionIn = (tensor: Tensor, margin: number): Region => {
    const [height, width, channels] = pictureShape(tensor.shape)
    const { row, column } = corresponding(tensor, stages.tensors[stage]!, params)
    const [top, left] = [Math.max(0, row - margin), Math.max(0, column - margin)]
    const rect = {
      left,
      top,
      width: Math.min(width, column + margin + 1) - left,
      height: Math.min(height, row + margin + 1) - top,
    }
    return { rect, channels: [0, channels], count: rect.width * rect.height * channels }
  }
  return {
    stages: stages.tensors.slice(0, stage).map((tensor, i) => regionIn(tensor, stage - i)),
    photo: regionIn(stages.photo, 4 * (stage + 1)),
    winners: winners ? [{ stage, place: placeOf(params), value: valueAt(stages.tensors[stage]!, params) }] : null,
  }
}

export function fakeTrace(stages: FakeStages, params: Params<'trace'>): Trace {
  const { stage, to = 0, limit = 100 } = params
  const traced = stages.tensors.slice(to, stage).map((tensor, i) => {
    const terms = window(tensor, stages.tensors[stage]!, params).filter(({ place }) => place !== null)
    const ranked = terms.map(({ place, input, weight, product }) => ({
      place: place!,
      value: input,
      slope: weight,
      contribution: product,
    }))
    ranked.sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution))
    const total = terms.reduce((sum, { product }) => sum + product, 0)
    return { stage: to + i, total, count: terms.length, ranked: ranked.slice(0, limit) }
  })
  return {
    stage,
    place: placeOf(params),
    value: valueAt(stages.tensors[stage]!, params),
    rule: traceRule,
    stages: traced.reverse(),
  }
}

function placeOf({ row, column, channel }: Place): Place {
  return { row, column, channel }
}

function valueAt({ shape, data }: Tensor, { row, column, channel }: Place): number {
  const [, width, channels] = pictureShape(shape)
  return data[(row * width + column) * channels + channel] ?? 0
}
