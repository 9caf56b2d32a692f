/** What a pipeline would make of a photo, before anything runs: shapes, parameters, memory, or the first problem. */

import type { Plan, PlannedStage, PlanProblem } from '../../shared/api.ts'
import { LoupeError } from '../../shared/errors.ts'
import { definitionOf, type LayerSpec } from '../../shared/layers/index.ts'
import { layerLabel, type Pipeline } from '../../shared/pipeline.ts'
import { extent, paddingSides } from '../../shared/shapes.ts'
import { tapsOf } from '../layers/resampleWeights.ts'
import { bytesPerElement, elementCount, pictureShape, type FloatDType, type Shape } from '../../shared/tensor.ts'

interface CodedProblem extends PlanProblem {
  readonly code: 'layer-impossible' | 'too-much-memory'
}

/** A `Plan` that also knows the code of its problem. */
export interface PipelinePlan extends Plan {
  readonly problem: CodedProblem | null
}

/** Bytes a run may hold: the decoded photo, all its stages, and the weights of the layer being computed. */
const defaultPlanBytes = 2 * 1024 ** 3

/** Weights, and what a window slides over, are float64 whatever the pipeline computes in. */
const workingBytes = 8

/**
 * Plans every stage for a decoded photo of shape (height, width, channels).
 * Stops at the first layer that cannot work or that would go over the memory bound; never throws for those.
 */
export function planPipeline(
  pipeline: Pipeline,
  photo: Shape,
  limit: { readonly bytes: number } = { bytes: defaultPlanBytes },
): PipelinePlan {
  const stages: PlannedStage[] = []
  let shape = photo
  let parameters = 0
  let bytes = 0
  for (const [index, spec] of pipeline.layers.entries()) {
    let stage: PlannedStage
    try {
      stage = planStage(spec, index, shape, pipeline.dtype)
    } catch (error) {
      if (!(error instanceof LoupeError) || error.code !== 'layer-impossible') throw error
      const problem = problemOf(spec, index, error.message, 'layer-impossible')
      return { stages, parameters, bytes, problem }
    }
    const held = elementCount(photo) + bytes
    const working = stage.parameters * workingBytes + resizeBytes(spec, shape) + slidingBytes(spec, shape)
    if (held + working + stage.bytes > limit.bytes) {
      const reason = tooMuch(stage, held, working, limit.bytes)
      return { stages, parameters, bytes, problem: problemOf(spec, index, reason, 'too-much-memory') }
    }
    stages.push(stage)
    parameters += stage.parameters
    bytes += stage.bytes
    shape = stage.shape
  }
  return { stages, parameters, bytes, problem: null }
}

function problemOf(spec: LayerSpec, layer: number, reason: string, code: CodedProblem['code']): CodedProblem {
  return {
    layer,
    title: definitionOf(spec).title(spec),
    reason,
    message: `${layerLabel(spec, layer)}: ${reason}`,
    code,
  }
}

/** Throws the plan's problem, if it has one, as the coded error of that name. */
export function requireWorkable(plan: PipelinePlan): void {
  if (!plan.problem) return
  const { code, message, layer } = plan.problem
  throw new LoupeError(code, `This pipeline cannot run on this photo. ${message}.`, { layer })
}

function planStage(spec: LayerSpec, index: number, input: Shape, dtype: FloatDType): PlannedStage {
  const definition = definitionOf(spec)
  const shape = definition.outputShape(input, spec)
  return {
    index,
    kind: spec.kind,
    title: definition.title(spec),
    shape,
    dtype,
    parameters: definition.parameterCount?.(input, spec) ?? 0,
    bytes: elementCount(shape) * bytesPerElement[dtype],
  }
}

/** The resize's first pass keeps all rows of the photo at the new width; a weight takes four bytes. */
function resizeBytes(spec: LayerSpec, photo: Shape): number {
  if (spec.kind !== 'input' || spec.size === 'original') return 0
  const { size, filter } = spec
  const [height, width, channels] = photo as [number, number, number]
  const weights = (inputs: number, outputs: number) =>
    filter === 'nearest' ? 0 : outputs * tapsOf(inputs, outputs, filter)
  return height * size.width * channels + 4 * (weights(height, size.height) + weights(width, size.width))
}

/** A sliding window reads from a band of as many padded rows as it spans; its own values are copied together. */
function slidingBytes(spec: LayerSpec, input: Shape): number {
  if (spec.kind !== 'conv2d' && spec.kind !== 'pool2d') return 0
  const [rows, columns] = spec.size
  const { left, right } = paddingSides(spec)
  const [, width, channels] = pictureShape(input)
  const band = extent(rows, spec.dilation[0]) * (left + width + right) * channels
  return (band + rows * columns * (spec.kind === 'conv2d' ? channels / spec.groups : 1)) * workingBytes
}

function tooMuch(stage: PlannedStage, held: number, working: number, limit: number): string {
  const needs = `${formatBytes(held + working + stage.bytes)} would be needed, more than the ${formatBytes(limit)} allowed`
  if (stage.kind === 'dense' && working > stage.bytes) {
    return `${needs}, most of it for ${stage.parameters.toLocaleString('en')} weights; make its input smaller, or ask for fewer units`
  }
  if (stage.parameters * workingBytes * 2 > working && working > stage.bytes) {
    return `${needs}, most of it for ${stage.parameters.toLocaleString('en')} weights; use a smaller kernel or fewer filters`
  }
  if (stage.kind === 'input') return `${needs}; make its size smaller`
  if (working > stage.bytes) {
    return `${needs}, most of it for the rows under its window; use a smaller one, with less dilation and padding`
  }
  return `${needs}; make the size of the input layer smaller, use larger strides or fewer filters`
}

/** `3.2 GB`: decimal units, as file managers and drives count. */
function formatBytes(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB']
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3))
  const value = bytes / 1000 ** power
  return `${value >= 100 || power === 0 ? value.toFixed(0) : value.toFixed(1)} ${units[power]!}`
}

/** A stage is still a photo as long as every layer up to it only moves or rescales light. */
export function pictureKinds(pipeline: Pipeline): ('light' | 'map')[] {
  let light = true
  return pipeline.layers.map((spec) => {
    light &&= definitionOf(spec).picture === 'light'
    return light ? 'light' : 'map'
  })
}

/** Above this many channels nobody reads names or ranges one by one, and the summary would outgrow the picture. */
export const listedChannels = 4096

/**
 * Names of each stage's channels: the layer's own, else those of its input where the layer keeps its channels apart
 * (an activation of `Sobel x` is still of Sobel x); empty where there are none, or more than `listedChannels`.
 */
export function channelNames(pipeline: Pipeline, stages: readonly PlannedStage[]): (readonly string[])[] {
  let names: readonly string[] = []
  return stages.map((stage, index) => {
    const spec = pipeline.layers[index]!
    const definition = definitionOf(spec)
    const [, , channels] = pictureShape(stage.shape)
    if (channels > listedChannels || spec.kind === 'flatten') names = []
    else if (definition.channelNames) names = definition.channelNames(stage.shape, spec, names)
    return names
  })
}
