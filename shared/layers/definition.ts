/** What every layer's spec says about itself: options with defaults, a title, its shape, its parameters. */

import * as v from 'valibot'
import { LoupeError } from '../errors.ts'
import type { Shape } from '../tensor.ts'

export interface LayerDefinition<S extends { readonly kind: string }> {
  readonly kind: S['kind']
  /** Parses options, fills defaults, refuses unknown keys; titles and meanings of the options are its metadata. */
  readonly schema: v.GenericSchema<unknown, S>
  /** A short name with the telling options: `Conv 3×3`. */
  readonly title: (spec: S) => string
  /** The output shape for an input shape; throws `layer-impossible` naming what does not fit. */
  readonly outputShape: (input: Shape, spec: S) => Shape
  /** Number of weights and biases (trainable or given), 0 for most layers. */
  readonly parameterCount?: (input: Shape, spec: S) => number
  /** Names of the output's channels, where they have any (`Sobel x`, `class 0`). */
  readonly channelNames?: (output: Shape, spec: S) => readonly string[]
  /** `light`: still a photo (shown in greys or colour); `map`: any numbers (shown on a colour scale). */
  readonly picture: 'light' | 'map'
}

/** An option: its schema, its default, its label and what it means. */
export function option<const T extends v.GenericSchema>(
  schema: T,
  fallback: v.InferInput<T>,
  label: string,
  meaning: string,
) {
  return v.pipe(v.optional(schema, fallback as never), v.title(label), v.description(meaning))
}

export const positiveInteger = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100_000))
export const wholeNumber = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(100_000))
export const seed = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffff_ffff))
export const finite = v.pipe(v.number(), v.finite())

/** (height, width); one number stands for both. */
export const pair = v.union([
  v.tuple([positiveInteger, positiveInteger]),
  v.pipe(
    positiveInteger,
    v.transform((n): [number, number] => [n, n]),
  ),
])

const sides = v.strictObject({ top: wholeNumber, right: wholeNumber, bottom: wholeNumber, left: wholeNumber })
/** `same` is (k − 1) // 2 zeros on each side, `valid` none, or four sides given. */
export const padding = v.union([v.picklist(['same', 'valid']), sides])
export type Padding = v.InferOutput<typeof padding>
export type Sides = v.InferOutput<typeof sides>

export function impossible(message: string): LoupeError {
  return new LoupeError('layer-impossible', message)
}

/** The shape as (height, width, channels), or a refusal saying which layer wants a picture. */
export function requirePicture(input: Shape, what: string): readonly [number, number, number] {
  if (input.length !== 3) {
    throw impossible(
      `${what} needs a picture (height × width × channels), but its input is a vector of ${input.join('×')}`,
    )
  }
  return [input[0]!, input[1]!, input[2]!]
}
