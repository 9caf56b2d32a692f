/** What is known of a batch that is under way or done: one line an image, and sums over all of them. */

import * as v from 'valibot'
import { saveKinds, type PlannedStage, type SaveKind } from './api.ts'
import type { BatchFailure } from './batch.ts'
import { errorCodes } from './errors.ts'
import { figureOptionsSchema, usualFigure, type FigureOptions } from './figures.ts'
import { layerDefinitions, type LayerKind } from './layers/index.ts'
import { parsePipeline, type Pipeline } from './pipeline.ts'
import { elementCount, type Shape } from './tensor.ts'
import { version } from './version.ts'
import { decodeWire, encodeWire } from './wire.ts'

/** Numbers told of each stage of an image, in the order they are kept. */
export const stageStatistics = ['min', 'max', 'mean', 'std', 'nan', 'infinite'] as const

export interface BatchRecord {
  /** Unique in the batch; `/` between folders. Lines are sorted by it. */
  readonly name: string
  /** Below the folder saved to, `/` between folders. */
  readonly folder: string
  readonly sha256: string
  readonly width: number
  readonly height: number
  /** `stageStatistics` of each stage; NaN for a statistic of a stage without a finite value. */
  readonly statistics: Float64Array
  /** Of the classes, where the last stage is a softmax; else empty. */
  readonly probabilities: Float64Array
  /** A small JPEG. */
  readonly thumbnail: Uint8Array
}

/**
 * Sums and sums of squares as pairs of float64: the sum as it rounds, and what rounding has taken from it, which is
 * known without error (Knuth's TwoSum, Dekker's product). The pair is off by at most n² · 2⁻¹⁰⁵ · Σ|x|, so the order of
 * the tensors, or in which processes they were added, shows in the mean only where the true value lies that near to the
 * middle between two float64.
 */
export interface SetSums {
  readonly shape: Shape
  /** Tensors added. */
  count: number
  /** Four planes of as many elements as the shape has: sum, its rest, sum of squares, its rest. */
  readonly planes: Float64Array
}

/** An image by its name within the batch, and the mean of a channel of it. */
export interface Extreme {
  readonly name: string
  readonly value: number
}

export interface ChannelExtremes {
  /** Largest first; of equal values the name that sorts first. */
  readonly most: Extreme[]
  /** Smallest first. */
  readonly least: Extreme[]
}

export interface BatchState {
  readonly version: string
  readonly pipeline: Pipeline
  readonly save: readonly SaveKind[]
  /** How its sheets and the pictures of its statistics are drawn. */
  readonly figure: FigureOptions
  /** Which part of the whole list this is: [I, N], from 1 on. */
  readonly shard: readonly [number, number]
  /** SHA-256 of the names in the whole list. */
  readonly list: string
  /** Images in the list, failed ones included. */
  readonly total: number
  /** Of a colour photo of 512 × 512, or of one the pipeline works on. */
  readonly stages: readonly PlannedStage[]
  readonly classes: readonly string[]
  readonly channelNames: readonly (readonly string[])[]
  /** By name. */
  readonly records: readonly BatchRecord[]
  readonly failures: readonly BatchFailure[]
  /** For each stage; null where its shape differs with the image. */
  readonly sums: readonly (SetSums | null)[]
  /** For each stage, for each of its channels; empty where they are not compared. */
  readonly extremes: readonly (readonly ChannelExtremes[])[]
}

/** Names sort by their UTF-16 units: the same on every machine and in every language. */
export function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0
}

const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))
const extremes = v.array(v.strictObject({ name: v.string(), value: v.number() }))

const writtenSchema = v.looseObject({ program: v.literal('LayerLoupe'), version: v.string() })

/** A state as a file has it. */
const keptSchema = v.pipe(
  v.strictObject({
    program: v.literal('LayerLoupe'),
    version: v.string(),
    pipeline: v.pipe(
      v.unknown(),
      v.transform((document) => parsePipeline(document)),
    ),
    save: v.array(v.picklist(saveKinds)),
    // The first files have none: their sheets were of the usual look.
    figure: v.optional(figureOptionsSchema, usualFigure),
    shard: v.tuple([whole, whole]),
    list: sha256,
    total: whole,
    stages: v.array(
      v.strictObject({
        index: whole,
        kind: v.picklist(Object.keys(layerDefinitions) as LayerKind[]),
        title: v.string(),
        shape: v.array(whole),
        dtype: v.picklist(['uint8', 'float32', 'float64']),
        parameters: whole,
        bytes: whole,
      }),
    ),
    classes: v.array(v.string()),
    channelNames: v.array(v.array(v.string())),
    records: v.array(
      v.strictObject({
        name: v.string(),
        folder: v.string(),
        sha256,
        width: whole,
        height: whole,
        statistics: v.instance(Float64Array),
        probabilities: v.instance(Float64Array),
        thumbnail: v.instance(Uint8Array),
      }),
    ),
    failures: v.array(
      v.strictObject({
        name: v.string(),
        image: v.nullable(sha256),
        error: v.strictObject({
          ok: v.literal(false),
          code: v.picklist(errorCodes),
          message: v.string(),
          detail: v.record(v.string(), v.nullable(v.union([v.string(), v.number(), v.boolean()]))),
        }),
      }),
    ),
    sums: v.array(
      v.nullable(
        v.pipe(
          v.strictObject({ shape: v.array(whole), count: whole, planes: v.instance(Float64Array) }),
          v.check(({ shape, planes }) => planes.length === 4 * elementCount(shape), 'four planes of the shape'),
        ),
      ),
    ),
    extremes: v.array(v.array(v.strictObject({ most: extremes, least: extremes }))),
  }),
  v.check(
    ({ stages, channelNames, sums, extremes }) =>
      [channelNames, sums, extremes].every(({ length }) => length === stages.length),
    'as many of each as there are stages',
  ),
  v.check(
    ({ stages, sums }) => sums.every((of, i) => of === null || of.shape.join() === stages[i]!.shape.join()),
    'sums of the shape of their stage',
  ),
  v.check(
    ({ stages, classes, records }) =>
      records.every(
        ({ statistics, probabilities }) =>
          statistics.length === stages.length * stageStatistics.length && probabilities.length === classes.length,
      ),
    'a number for each statistic and class',
  ),
  v.check(({ shard: [part, parts] }) => part >= 1 && part <= parts, 'a part of the list'),
)

/** The file a batch is taken up again from, and merged from where it was a part of a list. */
export function batchFileName([part, parts]: readonly [number, number]): string {
  return parts === 1 ? 'batch.layerloupe' : `batch-${part}-of-${parts}.layerloupe`
}

export function encodeBatch(state: BatchState): Uint8Array {
  return encodeWire({ program: 'LayerLoupe', ...state })
}

/** Null where another version wrote it. Throws where the bytes are not of that form. */
export function decodeBatch(bytes: Uint8Array): BatchState | null {
  const kept = decodeWire(bytes)
  return v.parse(writtenSchema, kept).version === version ? v.parse(keptSchema, kept) : null
}
