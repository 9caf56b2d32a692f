/** The fake's plan: the shapes the layers themselves give, with no bound of memory. */

import type { Plan, PlannedStage } from '../../shared/api.ts'
import { toWire } from '../../shared/errors.ts'
import { definitionOf } from '../../shared/layers/index.ts'
import { layerLabel, type Pipeline } from '../../shared/pipeline.ts'
import { elementCount, type Shape } from '../../shared/tensor.ts'

export function fakePlan(pipeline: Pipeline, photo: Shape): Plan {
  const stages: PlannedStage[] = []
  let shape = photo
  let problem: Plan['problem'] = null
  for (const [index, spec] of pipeline.layers.entries()) {
    const definition = definitionOf(spec)
    try {
      const output = definition.outputShape(shape, spec)
      stages.push({
        index,
        kind: spec.kind,
        title: definition.title(spec),
        shape: output,
        dtype: pipeline.dtype,
        parameters: definition.parameterCount?.(shape, spec) ?? 0,
        bytes: elementCount(output) * 8,
      })
      shape = output
    } catch (error) {
      const { message: reason } = toWire(error)
      const [title, message] = [definition.title(spec), `${layerLabel(spec, index)}: ${reason}`]
      problem = { layer: index, title, reason, message }
      break
    }
  }
  return {
    stages,
    parameters: stages.reduce((sum, stage) => sum + stage.parameters, 0),
    bytes: stages.reduce((sum, stage) => sum + stage.bytes, 0),
    problem,
  }
}
