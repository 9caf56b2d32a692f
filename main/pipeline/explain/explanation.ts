/** How one element of a stage came about, told as plain data; its value is checked against the stage's own. */

import type { PlannedStage } from '../../../shared/api.ts'
import { LoupeError } from '../../../shared/errors.ts'
import type { Exponential, Explanation, Formula, Place, Reading, Term, TermsRequest } from '../../../shared/explain.ts'
import { layerLabel, type Pipeline } from '../../../shared/pipeline.ts'
import { type Shape, type Tensor } from '../../../shared/tensor.ts'
import { flatIndex, placeAt, type LayerFormula } from '../../layers/explain.ts'
import { explainLayer, reachOf } from '../../layers/index.ts'
import { pageOf } from '../../layers/pages.ts'
import type { Steps } from '../../layers/steps.ts'
import { partialSums } from '../../layers/sum.ts'
import { checkPlace, elementAt, unflatten } from './element.ts'

export interface ExplainRequest {
  readonly pipeline: Pipeline
  readonly stages: readonly PlannedStage[]
  readonly stage: number
  readonly place: Place
  /** What the layer made, and of what: the stage before, or the decoded photo. */
  readonly output: Tensor
  readonly input: Tensor
  readonly terms?: TermsRequest
  /** Of a resized input stage: tell the taps in this row of the photo alone. */
  readonly photoRow?: number
}

/** Throws `bad-request` for a place or a page that is not there. */
export function* explainElement(request: ExplainRequest): Steps<Explanation> {
  const { pipeline, stages, stage, place, output, input, terms = {}, photoRow } = request
  const planned = stages[stage]!
  const spec = pipeline.layers[stage]!
  checkPlace(planned, place)
  if (photoRow !== undefined) checkPhotoRow(photoRow, reachOf(spec, input.shape, elementAt(place)).rows)
  const formula = (yield* explainLayer(spec, input, pipeline.dtype))(place)
  const value = output.data[flatIndex(output.shape, place)]!
  if (!Object.is(formula.value, value)) {
    const message = `The explanation of ${layerLabel(spec, stage)} gives ${formula.value}, but the stage has ${value}.`
    throw new LoupeError('internal', message, { stage, ...place })
  }
  const shapes = stages.map(({ shape }) => shape)
  const picture = stage === 0 ? null : unflatten(pipeline.layers, shapes, stage - 1)
  const read = readerOf(input.shape, picture?.place ?? null)
  return {
    stage,
    kind: planned.kind,
    title: planned.title,
    place,
    shape: output.shape,
    dtype: planned.dtype,
    value,
    from: { stage: stage === 0 ? null : stage - 1, shape: input.shape },
    unflattened: picture?.stage ?? null,
    formula: tell(formula, read, pipeline.dtype, terms, photoRow),
  }
}

function checkPhotoRow(row: number, read: readonly number[]): void {
  if (read.includes(row)) return
  const range = `rows ${read[0]!} to ${read.at(-1)!}`
  throw new LoupeError('bad-request', `Row ${row} of the photo has no part in this element; ${range} have.`)
}

type Read = (index: number, from: number, input: number) => Reading

function readerOf(shape: Shape, picture: ((channel: number) => Place) | null): Read {
  return (index, from, input) => ({
    index,
    place: from < 0 ? null : placeAt(shape, from),
    picture: from < 0 || picture === null ? null : picture(from),
    input,
  })
}

function tell(
  formula: LayerFormula,
  read: Read,
  dtype: Pipeline['dtype'],
  request: TermsRequest,
  photoRow: number | undefined,
): Formula {
  switch (formula.kind) {
    case 'sum': {
      const { readings, weights, products, bias, divisor, counted } = formula
      const term = (i: number): Term => ({
        ...read(i, readings.from[i]!, readings.input[i]!),
        weight: weights?.[i] ?? 1,
        product: products[i]!,
      })
      return {
        kind: 'sum',
        weighted: weights !== null,
        window: readings.window,
        terms: pageOf(products.length, request, (i) => products[i]!, term),
        addition: partialSums(products, dtype),
        bias,
        divisor,
        counted,
      }
    }
    case 'maximum': {
      const { readings, winner, ties } = formula
      const { from, input } = readings
      const reading = (i: number) => read(i, from[i]!, input[i]!)
      // The largest first, padding last, whatever the signs.
      const size = (i: number) => (from[i]! < 0 ? 0 : rankOf(input[i]!))
      return {
        kind: 'maximum',
        window: readings.window,
        candidates: pageOf(from.length, request, size, reading),
        winner: reading(winner),
        ties,
      }
    }
    case 'function':
      return {
        kind: 'function',
        reading: read(0, formula.from, formula.input),
        steps: formula.steps,
        slope: formula.slope,
      }
    case 'move':
      return { kind: 'move', reading: read(0, formula.from, formula.input), rule: formula.rule }
    case 'softmax': {
      const { readings, shifted, exponentials, own, largest, total } = formula
      const { from, input } = readings
      const exponential = (i: number): Exponential => ({
        ...read(i, from[i]!, input[i]!),
        shifted: shifted[i]!,
        exponential: exponentials[i]!,
      })
      return {
        kind: 'softmax',
        own: exponential(own),
        shift: read(largest, from[largest]!, input[largest]!),
        exponentials: pageOf(exponentials.length, request, (i) => exponentials[i]!, exponential),
        addition: partialSums(exponentials, dtype),
        total,
      }
    }
    case 'photo':
      return formula.tell(request, photoRow)
  }
}

/** Above 0, and larger for the larger of two values: by their size on the right of 0, by its inverse on the left. */
function rankOf(value: number): number {
  return value >= 0 ? 2 + value : 1 + 1 / (1 - value)
}
