/** Pipeline documents (`*.pipeline.json`): an ordered list of layers beginning with `input`, versioned. */

import * as v from 'valibot'
import { LoupeError } from './errors.ts'
import { layerDefinitions, layerSchema, type LayerKind, type LayerSpec } from './layers/index.ts'

export const pipelineVersion = 1

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

/** Parses the text of a pipeline file. */
export function parsePipelineText(text: string): Pipeline {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch (error) {
    throw invalid(`it is not JSON (${error instanceof Error ? error.message : String(error)})`)
  }
  return parsePipeline(document)
}

function invalid(reason: string): LoupeError {
  return new LoupeError('pipeline-invalid', `The pipeline cannot be used: ${reason}.`)
}

/** One issue of the schema as a sentence part naming the layer and the key. */
function describeIssue(issue: v.BaseIssue<unknown>, document: unknown): string {
  const path = issue.path?.map((item) => String(item.key)) ?? []
  const place = placeOf(path, document)
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    return `${place.where} has an unknown key ${JSON.stringify(path.at(-1))}`
  }
  if (issue.type === 'strict_object' && issue.received === 'undefined') {
    return `${place.where} lacks the key ${JSON.stringify(path.at(-1))}`
  }
  if (path.at(-1) === 'kind') {
    return `${place.where} has an unknown kind ${issue.received}; known are ${Object.keys(layerDefinitions).join(', ')}`
  }
  const custom = issue.type === 'check' || issue.type === 'regex' ? issue.message : undefined
  const wanted = custom ?? `must be ${issue.expected ?? 'something else'}, not ${issue.received}`
  return path.length === 0 ? `the document ${wanted}` : `${place.key} ${custom ? custom : wanted}`
}

function placeOf(path: readonly string[], document: unknown): { where: string; key: string } {
  if (path[0] !== 'layers' || path.length < 2) return { where: 'the document', key: path.join('.') }
  const layers = (document as { layers?: unknown[] }).layers
  const layer = layers?.[Number(path[1])] as { kind?: unknown } | undefined
  const where = `layer ${path[1]}${typeof layer?.kind === 'string' ? ` (${layer.kind})` : ''}`
  return { where, key: `${where}: ${path.slice(2).join('.')}` }
}

/** A layer of a kind with all its defaults. */
export function defaultLayer(kind: LayerKind): LayerSpec {
  return v.parse(layerSchema, { kind })
}

/** `conv2d 2`: how plans and errors name a layer. */
export function layerLabel(spec: LayerSpec, index: number): string {
  return `${spec.kind} ${index}`
}
