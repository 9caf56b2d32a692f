/** Pipeline documents (`*.pipeline.json`): an ordered list of layers beginning with `input`, versioned. */

import * as v from 'valibot'
import { LoupeError } from './errors.ts'
import { describeIssue } from './issues.ts'
import { layerSchema, type LayerKind, type LayerSpec } from './layers/index.ts'

const pipelineVersion = 1

const schema = v.strictObject({
  version: v.literal(pipelineVersion),
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  description: v.optional(v.pipe(v.string(), v.maxLength(2000)), ''),
  dtype: v.optional(v.picklist(['float64', 'float32']), 'float64'),
  layers: v.pipe(v.array(layerSchema), v.minLength(1), v.maxLength(200)),
})
export type Pipeline = v.InferOutput<typeof schema>

/**
 * Parses an untrusted document, fills defaults.
 * Throws `pipeline-invalid` naming the unknown version, the unknown key, or the layer and option that is wrong.
 */
export function parsePipeline(document: unknown): Pipeline {
  if (
    typeof document === 'object' &&
    document !== null &&
    'version' in document &&
    document.version !== pipelineVersion
  ) {
    throw invalid(
      `version ${JSON.stringify(document.version)} is unknown; this LayerLoupe reads version ${pipelineVersion}`,
    )
  }
  const result = v.safeParse(schema, document)
  if (!result.success) throw invalid(describeIssue(result.issues[0], document))
  const pipeline = result.output
  if (pipeline.layers[0]!.kind !== 'input') throw invalid('the first layer must be an input layer')
  const second = pipeline.layers.findIndex((layer, index) => index > 0 && layer.kind === 'input')
  if (second > 0) throw invalid(`layer ${second} is a second input layer; only the first layer can be one`)
  return pipeline
}

/** A document whose input layer names no background, with this one; any other as it is. */
export function withBackground(document: unknown, background: string): unknown {
  const layers = isRecord(document) ? document['layers'] : undefined
  const input: unknown = Array.isArray(layers) ? layers[0] : undefined
  if (!isRecord(document) || !isRecord(input) || input['kind'] !== 'input' || 'background' in input) return document
  return { ...document, layers: [{ ...input, background }, ...(layers as unknown[]).slice(1)] }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

/** Parses the text of a pipeline file; some editors begin it with a byte order mark. */
export function parsePipelineText(text: string, background?: string): Pipeline {
  let document: unknown
  try {
    document = JSON.parse(text.replace(/^\ufeff/, ''))
  } catch (error) {
    throw invalid(`it is not JSON (${error instanceof Error ? error.message : String(error)})`)
  }
  return parsePipeline(background === undefined ? document : withBackground(document, background))
}

function invalid(reason: string): LoupeError {
  return new LoupeError('pipeline-invalid', `The pipeline cannot be used: ${reason}.`)
}

/** A layer of a kind with all its defaults. */
export function defaultLayer(kind: LayerKind): LayerSpec {
  return v.parse(layerSchema, { kind })
}

/** `conv2d 2`: how plans and errors name a layer. */
export function layerLabel(spec: LayerSpec, index: number): string {
  return `${spec.kind} ${index}`
}
