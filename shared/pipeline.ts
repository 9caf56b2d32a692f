/** Pipeline documents (`*.pipeline.json`): an ordered list of layers beginning with `input`, versioned. */

import * as v from 'valibot'
import { LoupeError } from './errors.ts'
import { describeIssue, short } from './issues.ts'
import { layerSchema, type LayerKind, type LayerSpec } from './layers/index.ts'

const pipelineVersion = 1

/** A layer as a document keeps it: one that is switched off stays in it, and is left out of every run. */
export type KeptLayer = LayerSpec & { off?: boolean }
const keptLayer = v.variant(
  'kind',
  layerSchema.options.map((option) => v.strictObject({ ...option.entries, off: v.exactOptional(v.boolean()) })),
) as unknown as v.GenericSchema<unknown, KeptLayer>

const schema = v.strictObject({
  version: v.literal(pipelineVersion),
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  description: v.optional(v.pipe(v.string(), v.maxLength(2000)), ''),
  dtype: v.optional(v.picklist(['float64', 'float32']), 'float64'),
  layers: v.pipe(v.array(keptLayer), v.minLength(1), v.maxLength(200)),
})
export type PipelineDocument = v.InferOutput<typeof schema>
/** What runs: the layers that are on. */
export type Pipeline = Omit<PipelineDocument, 'layers'> & { layers: LayerSpec[] }

/** Parses an untrusted document to what runs. Throws as `parseDocument`. */
export function parsePipeline(document: unknown): Pipeline {
  return runningOf(parseDocument(document))
}

/** A document without the layers that are switched off. */
export function runningOf(document: PipelineDocument): Pipeline {
  return { ...document, layers: document.layers.filter(({ off }) => off !== true).map(switchedOn) }
}

/** A layer without its switch. */
export function switchedOn(layer: KeptLayer): LayerSpec {
  const spec = { ...layer }
  delete spec.off
  return spec
}

/**
 * Parses an untrusted document as it is kept, fills defaults.
 * Throws `pipeline-invalid` naming the unknown version, the unknown key, or the layer and option that is wrong.
 */
export function parseDocument(document: unknown): PipelineDocument {
  if (
    typeof document === 'object' &&
    document !== null &&
    'version' in document &&
    document.version !== pipelineVersion
  ) {
    const { version } = document
    const said =
      typeof version === 'object' && version !== null
        ? 'that is no number'
        : short(typeof version === 'string' ? JSON.stringify(version) : String(version))
    throw invalid(`version ${said} is unknown; this LayerLoupe reads version ${pipelineVersion}`)
  }
  const result = v.safeParse(schema, document)
  if (!result.success) throw invalid(describeIssue(result.issues[0], document))
  const pipeline = result.output
  if (pipeline.layers[0]!.kind !== 'input') throw invalid('the first layer must be an input layer')
  if (pipeline.layers[0]!.off) throw invalid('layer 0 (input) cannot be off; every pipeline begins with it')
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
  return runningOf(parseDocumentText(text, background))
}

/** The same, as it is kept. */
export function parseDocumentText(text: string, background?: string): PipelineDocument {
  let document: unknown
  try {
    document = JSON.parse(text.replace(/^\ufeff/, ''))
  } catch (error) {
    throw invalid(`it is not JSON (${error instanceof Error ? error.message : String(error)})`)
  }
  return parseDocument(background === undefined ? document : withBackground(document, background))
}

function invalid(reason: string): LoupeError {
  return new LoupeError('pipeline-invalid', `The pipeline cannot be used: ${reason}.`)
}

/** A layer of a kind with all its defaults. */
export function defaultLayer(kind: LayerKind): LayerSpec {
  return v.parse(layerSchema, { kind })
}

/** A pipeline that only reads the photo. */
export function emptyDocument(name: string): PipelineDocument {
  return parseDocument({ version: 1, name, layers: [{ kind: 'input' }] })
}

/** `conv2d 2`: how plans and errors name a layer. */
export function layerLabel(spec: LayerSpec, index: number): string {
  return `${spec.kind} ${index}`
}

/** `02-pool2d`: how the files of a stage begin. */
export function stageFileStem(index: number, kind: LayerKind): string {
  return `${String(index).padStart(2, '0')}-${kind}`
}
