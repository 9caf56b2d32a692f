/** What the elements of earlier stages add to one element: slope times value, layer by layer (`traceRule`). */

import { traceRule, type Place, type Trace, type TracedStage } from '../../../shared/explain.ts'
import type { Pipeline } from '../../../shared/pipeline.ts'
import type { Tensor } from '../../../shared/tensor.ts'
import { flatIndex, placeAt, type LayerFormula } from '../../layers/explain.ts'
import { explainLayer } from '../../layers/index.ts'
import { largest } from '../../layers/pages.ts'
import type { Steps } from '../../layers/steps.ts'
import { pairwiseSum } from '../../layers/sum.ts'

export interface TraceRequest {
  readonly pipeline: Pipeline
  /** All stages up to the element's own; those before `to` may be left out. */
  readonly tensors: readonly (Tensor | undefined)[]
  readonly stage: number
  readonly place: Place
  readonly to: number
  /** Contributions told of each stage. */
  readonly limit: number
}

/** Elements followed between two pauses. */
const pause = 256

/** Follows slopes down from the element: each stage's are those of the one below it, times what each formula says. */
export function* traceElement({ pipeline, tensors, stage, place, to, limit }: TraceRequest): Steps<Trace> {
  const traced = tensors[stage]!
  let slopes = new Float64Array(traced.data.length)
  const own = flatIndex(traced.shape, place)
  slopes[own] = 1
  const stages: TracedStage[] = []
  for (let index = stage; index > to; index--) {
    const input = tensors[index - 1]!
    const explain = yield* explainLayer(pipeline.layers[index]!, input, pipeline.dtype)
    const above = new Float64Array(input.data.length)
    let followed = 0
    for (let at = 0; at < slopes.length; at++) {
      if (slopes[at] === 0) continue
      addSlopes(explain(placeAt(tensors[index]!.shape, at)), slopes[at]!, above)
      if (++followed % pause === 0) yield (stage - index + at / slopes.length) / (stage - to)
    }
    slopes = above
    stages.push(contributionsOf(index - 1, input, slopes, limit))
  }
  return { stage, place, value: traced.data[own]!, rule: traceRule, stages }
}

/** Adds to the slopes of what a formula reads: its own slope there, times that of its value. */
function addSlopes(formula: LayerFormula, slope: number, above: Float64Array): void {
  switch (formula.kind) {
    case 'sum': {
      const { readings, weights, divisor } = formula
      const share = divisor === null ? slope : slope / divisor
      const { from } = readings
      for (let i = 0; i < from.length; i++) {
        if (from[i]! >= 0) above[from[i]!]! += weights === null ? share : share * weights[i]!
      }
      return
    }
    case 'maximum':
      above[formula.readings.from[formula.winner]!]! += slope
      return
    case 'function':
      above[formula.from]! += slope * formula.slope
      return
    case 'move':
      if (formula.from >= 0) above[formula.from]! += slope
      return
    case 'softmax': {
      const { readings, exponentials, total, own, value } = formula
      readings.from.forEach((from, i) => {
        above[from]! += slope * value * ((i === own ? 1 : 0) - exponentials[i]! / total)
      })
      return
    }
    case 'photo':
      // The trace ends with the input stage: bytes are rounded, which has no slope.
      return
  }
}

function contributionsOf(stage: number, { shape, data }: Tensor, slopes: Float64Array, limit: number): TracedStage {
  const contributions = new Float64Array(slopes.length)
  let count = 0
  for (let i = 0; i < slopes.length; i++) {
    if (slopes[i] === 0) continue
    contributions[i] = slopes[i]! * data[i]!
    count++
  }
  const ranked = largest(contributions.length, Math.min(limit, count), (i) =>
    slopes[i] === 0 ? -1 : Math.abs(contributions[i]!),
  )
  return {
    stage,
    total: pairwiseSum(contributions, 0, contributions.length),
    count,
    ranked: ranked.map((i) => ({
      place: placeAt(shape, i),
      value: data[i]!,
      slope: slopes[i]!,
      contribution: contributions[i]!,
    })),
  }
}
