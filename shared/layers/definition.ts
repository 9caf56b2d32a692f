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
  /** Names of the output's channels, where they have any (`Sobel x`, `class 0`); `input` are those of its input's. */
  readonly channelNames?: (output: Shape, spec: S, input?: readonly string[]) => readonly string[]
  /** `light`: still a photo (shown in greys or colour); `map`: any numbers (shown on a colour scale). */
  readonly picture: 'light' | 'map'
  /** Among which kinds it is offered; the first layer of every pipeline is not. */
  readonly group: LayerGroup
  /** The numbers of an option that are edited in grids; the option has a form `values`, [filter][row][column][channel]. */
  readonly kernels?: KernelOption<S>
  /** The spec with given numbers cut, or filled up, to what its other options and its input ask for. */
  readonly fit?: (spec: S, input: Shape) => S
  /** The option, a list of `Mark`s, that is painted with a brush on what this layer makes. */
  readonly marks?: keyof S & string
  /** What a byte of the photo becomes in a channel, of the layer that scales bytes. */
  readonly ofByte?: (spec: S, byte: number, channel: number) => number
}

export type LayerGroup = 'first' | 'photo' | 'features' | 'classes'

/** [filter][row][column][channel]. */
export type Kernels = readonly (readonly (readonly (readonly number[])[])[])[]
/** (filters, rows, columns, channels). */
export type KernelShape = readonly [number, number, number, number]

/** A rectangle of elements and what it is painted with: one value a channel, or one for all; null: as it was. */
export interface Mark {
  readonly row: number
  readonly column: number
  readonly height: number
  readonly width: number
  /** The only channel painted; all if null. */
  readonly channel: number | null
  readonly value: readonly number[] | null
}

export interface KernelOption<S> {
  readonly key: keyof S & string
  /** What the input asks for; throws `layer-impossible` where nothing could fit. */
  readonly shape: (input: Shape, spec: S) => KernelShape
  /** The numbers a spec stands for: as given, whatever their shape, else made for this one. */
  readonly numbers: (spec: S, shape: KernelShape) => Kernels
  /** Named kernels of this many rows and columns. */
  readonly named: (
    rows: number,
    columns: number,
  ) => readonly { readonly name: string; readonly numbers: readonly number[] }[]
}

/** An option: its schema, its default, its label and what it means. */
export function option<const T extends v.GenericSchema>(
  schema: T,
  fallback: v.InferInput<T>,
  label: string,
  meaning: string,
  hints: Hints = {},
) {
  return v.pipe(v.optional(schema, fallback as never), v.title(label), v.description(meaning), v.metadata({ hints }))
}

/** How a form offers an option, beyond what its schema says. */
export interface Hints {
  /** What the values of a choice are called; `given` stands for the form of an object among them. */
  readonly labels?: Readonly<Record<string, string>>
  /** Range of a slider beside the number; it may lie within what is allowed. */
  readonly slider?: { readonly from: number; readonly to: number; readonly step: number }
  /** Where a form begins that has no default of its own. */
  readonly start?: unknown
  /** What one object of a list is called, to be counted: `mark`. */
  readonly noun?: string
}

/** A part of an option, as `option` is of a layer. */
export function part<const T extends v.GenericSchema>(schema: T, label: string, meaning: string, hints: Hints = {}) {
  return v.pipe(schema, v.title(label), v.description(meaning), v.metadata({ hints }))
}

export const positiveInteger = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100_000))
export const wholeNumber = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(100_000))
export const seed = v.pipe(
  v.number(),
  v.integer(),
  v.minValue(0),
  v.maxValue(0xffff_ffff),
  v.title('Seed'),
  v.description('The same seed gives the same numbers, as numpy.random.seed.'),
)
export const finite = v.pipe(v.number(), v.finite())

/** A list of one number an output, cut or filled up to `length`; an empty one stays empty. */
export function fitList<T>(list: readonly T[], length: number, filler: (i: number) => T): T[] {
  if (list.length === 0) return []
  return Array.from({ length }, (_, i) => list[i] ?? filler(i))
}

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
