/** `manifest.json`: what was saved of one run, and everything needed to make it again. */

import * as v from 'valibot'
import type { ImageInfo } from './api.ts'
import { LoupeError } from './errors.ts'
import { figureOptionsSchema } from './figures.ts'
import { layerDefinitions, type LayerKind } from './layers/index.ts'
import { parsePipeline, type Pipeline } from './pipeline.ts'

export const manifestName = 'manifest.json'

const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))
/** JSON has no NaN and no infinity: what is neither known nor finite is null. */
const finite = v.nullable(v.number())
const names = v.array(v.string())

const imageSchema = v.object({
  name: v.string(),
  /** Of the file's bytes; it is the image's id in this program. */
  sha256,
  format: v.string(),
  byteLength: whole,
  width: whole,
  height: whole,
  channels: v.picklist([1, 3]),
  space: v.picklist(['grey', 'rgb', 'cmyk', 'other']),
  depth: whole,
  orientation: whole,
  hasAlpha: v.boolean(),
  hasProfile: v.boolean(),
  pages: whole,
}) satisfies v.GenericSchema<unknown, { sha256: string } & Omit<ImageInfo, 'id'>>

const stageSchema = v.object({
  index: whole,
  kind: v.picklist(Object.keys(layerDefinitions) as LayerKind[]),
  title: v.string(),
  shape: v.array(whole),
  dtype: v.picklist(['uint8', 'float32', 'float64']),
  /** Statistics over the finite values; null where there is none. */
  min: finite,
  max: finite,
  mean: finite,
  std: finite,
  /** How many values are not a number, and how many infinite. */
  nan: whole,
  infinite: whole,
  milliseconds: v.number(),
  /** Names in the folder of the manifest. */
  files: names,
})

const fileSchema = v.object({ name: v.string(), sha256, byteLength: whole })

const manifestSchema = v.object({
  program: v.literal('LayerLoupe'),
  /** Of the program. */
  version: v.string(),
  image: imageSchema,
  /** As a pipeline file; with it, the image and this version, every stage comes out the same. */
  pipeline: v.pipe(
    v.unknown(),
    v.transform((document) => parsePipeline(document)),
  ),
  stages: v.array(stageSchema),
  /** Only where the last layer is a softmax: the probability of each class, in the order of the classes. */
  probabilities: v.exactOptional(v.array(v.object({ name: v.string(), value: finite }))),
  /** Files of the whole run, in the folder of the manifest. */
  figures: names,
  /** Programs that make every stage again and compare it with its array. */
  scripts: names,
  /** Every file that was written beside the manifest. */
  files: v.array(fileSchema),
  /** What was asked for; null: of everything. */
  options: v.object({
    save: names,
    /**
     * How pictures were drawn; null where there are none. The first manifests have no scale bar in it: they can be read,
     * but a batch that is taken up again makes those pictures anew, since legends were another thing then.
     */
    figure: v.nullable(v.strictObject({ ...figureOptionsSchema.entries, scaleBar: v.exactOptional(v.boolean()) })),
    stage: v.nullable(whole),
    channel: v.nullable(whole),
    rect: v.nullable(v.object({ left: whole, top: whole, width: whole, height: whole })),
  }),
})

type Frozen<T> = T extends object ? { readonly [K in keyof T]: Frozen<T[K]> } : T
export type Manifest = Frozen<Omit<v.InferOutput<typeof manifestSchema>, 'pipeline'>> & { readonly pipeline: Pipeline }
export type ManifestStage = Manifest['stages'][number]
export type ManifestFile = Manifest['files'][number]

/** The text of a `manifest.json`; throws `bad-request` naming what is wrong with it. */
export function parseManifest(text: string): Manifest {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch (error) {
    throw refused('it is not JSON', error)
  }
  const result = v.safeParse(manifestSchema, document)
  if (result.success) return result.output
  const issue = result.issues[0]
  throw refused(`${v.getDotPath(issue) ?? 'it'}: ${issue.message}`)
}

const filesSchema = v.object({ program: v.literal('LayerLoupe'), files: v.array(v.object({ name: v.string() })) })

/** The files that a manifest of whatever version lists. Throws for any other text. */
export function filesOfManifest(text: string): readonly string[] {
  return v.parse(filesSchema, JSON.parse(text)).files.map(({ name }) => name)
}

function refused(reason: string, cause?: unknown): LoupeError {
  return new LoupeError('bad-request', `The manifest cannot be read: ${reason}.`, {}, { cause })
}
