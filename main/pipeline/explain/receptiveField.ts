/** What an element depends on in the stages above it and in the photo: by the layers' own geometry, without a tensor. */

import type { PlannedStage } from '../../../shared/api.ts'
import type { PathStep, Place, ReceptiveField, Region } from '../../../shared/explain.ts'
import type { Pipeline } from '../../../shared/pipeline.ts'
import { pictureShape, type Shape, type Tensor } from '../../../shared/tensor.ts'
import { flatIndex, placeAt, type Elements } from '../../layers/explain.ts'
import { explainLayer, reachOf } from '../../layers/index.ts'
import type { Steps } from '../../layers/steps.ts'
import { checkPlace, elementAt } from './element.ts'

/**
 * Composes what each layer reads, from the element up. Windows are clipped to the input, so padding is no part of it;
 * a weight of 0 counts. Throws `bad-request` for a place that is not there.
 */
export function receptiveField(
  pipeline: Pipeline,
  stages: readonly PlannedStage[],
  photo: Shape,
  stage: number,
  place: Place,
): Omit<ReceptiveField, 'winners'> {
  checkPlace(stages[stage]!, place)
  const regions: (Region | null)[] = []
  let elements = elementAt(place)
  for (let index = stage; index >= 0; index--) {
    const input = stages[index - 1]?.shape ?? photo
    elements = reachOf(pipeline.layers[index]!, input, elements)
    regions.unshift(regionOf(elements, input))
  }
  const [original, ...earlier] = regions
  return { stages: earlier, photo: original ?? null }
}

function regionOf({ rows, columns, channels, wholeVector }: Elements, shape: Shape): Region | null {
  const [, , all] = pictureShape(shape)
  const first = wholeVector ? 0 : channels[0]
  const last = wholeVector ? all - 1 : channels.at(-1)
  if (rows.length === 0 || columns.length === 0 || first === undefined || last === undefined) return null
  const [top, left] = [rows[0]!, columns[0]!]
  return {
    rect: { left, top, width: columns.at(-1)! - left + 1, height: rows.at(-1)! - top + 1 },
    channels: [first, last + 1],
    count: rows.length * columns.length * (wholeVector ? all : channels.length),
  }
}

/** The path of one element down, as long as it is made of one; `tensors` are all stages up to its own. */
export function* winnersPath(
  pipeline: Pipeline,
  tensors: readonly Tensor[],
  stage: number,
  place: Place,
): Steps<PathStep[]> {
  const path: PathStep[] = []
  let at = place
  for (let index = stage; ; index--) {
    const tensor = tensors[index]!
    path.push({ stage: index, place: at, value: tensor.data[flatIndex(tensor.shape, at)]! })
    if (index === 0) return path
    const input = tensors[index - 1]!
    const formula = (yield* explainLayer(pipeline.layers[index]!, input, pipeline.dtype))(at)
    let from = -1
    if (formula.kind === 'maximum') from = formula.readings.from[formula.winner]!
    else if (formula.kind === 'move' || (formula.kind === 'function' && !formula.replaced)) from = formula.from
    if (from < 0) return path
    at = placeAt(input.shape, from)
  }
}
