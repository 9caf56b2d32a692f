/**
 * How one element of one stage came about, as plain data: which formula, with which numbers, read from where. A view
 * draws each kind of formula without knowing which layer it belongs to. Numbers are the exact doubles that were computed.
 */

import type { LayerKind } from './layers/index.ts'
import type { DType, Rect, Shape } from './tensor.ts'

/** One element of a stage, or one sample of the decoded photo; a vector of n is 1 × 1 × n. */
export interface Place {
  readonly row: number
  readonly column: number
  readonly channel: number
}

/** A run of a list that may be long. */
export interface Page<T> {
  /** How many there are in all. */
  readonly total: number
  /** `layer`: in the layer's own order; `contribution`: the largest absolute product (or input) first. */
  readonly order: TermOrder
  /** Where in that order the first of `items` stands. */
  readonly first: number
  readonly items: readonly T[]
}

export const termOrders = ['layer', 'contribution'] as const
export type TermOrder = (typeof termOrders)[number]

/** Which terms of a long list to answer with; the arithmetic is always that of all of them. */
export interface TermsRequest {
  /** The layer's order where all fit the limit, else by contribution, unless it is said. */
  readonly order?: TermOrder
  /** 0 if left out. By contribution, only the first `rankedTerms` can be had. */
  readonly first?: number
  /** `defaultTerms` if left out. */
  readonly limit?: number
}
export const defaultTerms = 256
export const rankedTerms = 65_536

/** One element the formula reads. */
export interface Reading {
  /** Its number in the layer's own order, from 0. */
  readonly index: number
  /** Where it stands in the previous stage; null: padding, which stands nowhere. */
  readonly place: Place | null
  /** Where a vector's element stands in the picture `Explanation.unflattened` names; null where there is none. */
  readonly picture: Place | null
  readonly input: number
}

/** One term of a sum. */
export interface Term extends Reading {
  /** 1 where the formula is not weighted. */
  readonly weight: number
  /** input · weight, rounded to the pipeline's type. */
  readonly product: number
}

/** One place of a softmax: its logit, that less the largest, and e to the power of that. */
export interface Exponential extends Reading {
  readonly shifted: number
  readonly exponential: number
}

/**
 * How a sum was added, pairwise as NumPy does: fewer than 8 terms one after the other from +0 on; up to 128 in eight
 * running sums (term 0, 8, 16, … in the first), added as ((r0+r1)+(r2+r3))+((r4+r5)+(r6+r7)), then the rest one by
 * one; more in two halves, each added in the same way.
 */
export interface PartialSum {
  /** The terms first … first + count − 1 in the layer's order. */
  readonly first: number
  readonly count: number
  readonly sum: number
  /** The eight running sums of 8 to 128 terms, over the whole eights; else empty. */
  readonly lanes: readonly number[]
  /** The two halves of more than 128 terms; else empty, and below a depth of six halvings. */
  readonly halves: readonly PartialSum[]
}

/**
 * (rows, columns, channels) of the window whose places the terms are, one each, in row-major order; null: they are those of
 * no window.
 */
export type TermWindow = readonly [rows: number, columns: number, channels: number] | null

/** One step of a calculation: its name, what is calculated with the numbers in it, the result. */
export interface Step {
  readonly name: string
  readonly expression: Expression
  readonly value: number
}

/** Text with numbers in it, so that whoever shows it chooses their digits. */
export type Expression = readonly (string | number)[]

/** A negative number after an operator stands in brackets. */
export function expressionText(expression: Expression, write: (value: number) => string): string {
  return expression
    .map((part, i) => {
      if (typeof part === 'string') return part
      const before = expression[i - 1]
      const inBrackets = part < 0 && typeof before === 'string' && /[−+×·/-]\s*$/.test(before)
      return inBrackets ? `(${write(part)})` : write(part)
    })
    .join('')
}

/** value = (Σ input · weight + bias) / divisor; what is null is not there. */
export interface SumFormula {
  readonly kind: 'sum'
  /** Whether there are weights; else each is 1 and left unsaid. */
  readonly weighted: boolean
  readonly window: TermWindow
  readonly terms: Page<Term>
  readonly addition: PartialSum
  readonly bias: number | null
  readonly divisor: number | null
  /** How many places were counted, and why not others: of a mean. */
  readonly counted: {
    readonly elements: number
    readonly padding: number
    /** Places of the window that are not counted. */
    readonly skipped: number
  } | null
}

/** value = the largest input; padding never wins. */
export interface MaximumFormula {
  readonly kind: 'maximum'
  readonly window: TermWindow
  readonly candidates: Page<Reading>
  /** The first of the largest. */
  readonly winner: Reading
  /** How many candidates are equal to the winner, itself among them. */
  readonly ties: number
}

/** value = f(input), in steps; the last step's value is it. */
export interface FunctionFormula {
  readonly kind: 'function'
  readonly reading: Reading
  readonly steps: readonly Step[]
  /** The slope of f at the input; at a bend, that of the side the layer's own rule takes. */
  readonly slope: number
}

/** value = one element of the previous stage, moved here; or padding, where `reading.place` is null. */
export interface MoveFormula {
  readonly kind: 'move'
  readonly reading: Reading
  /** Why it is this one, in a sentence. */
  readonly rule: string
}

/** value = e^(input − shift) / total */
export interface SoftmaxFormula {
  readonly kind: 'softmax'
  /** The element's own numerator. */
  readonly own: Exponential
  /** The largest input, subtracted first so that no exponential overflows. */
  readonly shift: Reading
  readonly exponentials: Page<Exponential>
  /** How the denominator was added. */
  readonly addition: PartialSum
  readonly total: number
}

/** A value of the input stage, back to the 8-bit samples of the decoded photo: value ← scaling ← grey ← resize. */
export interface PhotoFormula {
  readonly kind: 'photo'
  /** From the byte to the value, each step rounded to the pipeline's type. */
  readonly scaling: readonly Step[]
  /** From the resized samples to the byte; empty where one sample is the byte. */
  readonly grey: readonly Step[]
  readonly byte: number
  /** The resized samples: one, or red, green and blue. */
  readonly samples: readonly ResizedSample[]
}

export interface ResizedSample {
  readonly channel: number
  readonly byte: number
  readonly resize:
    /** One sample of the photo, because nothing was resized, or the nearest. */
    | { readonly kind: 'copy'; readonly place: Place; readonly rule: string }
    /** A sum over taps: the last pass, whose taps tell of the pass before it. */
    | { readonly kind: 'taps'; readonly filter: string; readonly pass: ResizePass }
}

/** byte = (half + Σ sample · weight) >> bits, kept between 0 and 255; all whole numbers. */
export interface ResizePass {
  readonly axis: 'horizontal' | 'vertical'
  readonly taps: Page<Tap>
  /** One half in fixed point: rounds the sum. */
  readonly half: number
  /** Bits after the point of the weights. */
  readonly bits: number
  /** half + Σ */
  readonly sum: number
  /** sum >> bits, before it is kept between 0 and 255. */
  readonly rounded: number
  readonly byte: number
}

export interface Tap {
  readonly index: number
  /** The place in the photo; in a vertical pass over rows made narrower, the column is that of the input stage. */
  readonly place: Place
  readonly sample: number
  /** In fixed point: the weight times 2^bits. */
  readonly weight: number
  readonly product: number
  /** The horizontal pass that made the sample; null where it is the photo's own. */
  readonly pass: ResizePass | null
}

export type Formula = SumFormula | MaximumFormula | FunctionFormula | MoveFormula | SoftmaxFormula | PhotoFormula

export interface Explanation {
  readonly stage: number
  readonly kind: LayerKind
  readonly title: string
  readonly place: Place
  readonly shape: Shape
  readonly dtype: DType
  /** Equal to the element of the stage to the last bit. */
  readonly value: number
  /** What the formula reads: a stage, or the decoded photo (null). */
  readonly from: { readonly stage: number | null; readonly shape: Shape }
  /** The picture stage whose elements a vector's are, one each; null where the formula does not read a vector, or there is none. */
  readonly unflattened: number | null
  readonly formula: Formula
}

/** What an element depends on in one stage: the rectangle round it, whatever the weights (a weight of 0 counts). */
export interface Region {
  readonly rect: Rect
  /** [first, end) */
  readonly channels: readonly [number, number]
  /** How many elements in it are read; fewer than there are where a dilated or strided window leaves some out. */
  readonly count: number
}

export interface ReceptiveField {
  /** Each earlier stage, stage 0 first; null: nothing of it (the element is padding). */
  readonly stages: readonly (Region | null)[]
  readonly photo: Region | null
  /**
   * From the element down, as long as its value is one element's: the winners of maxima, what was moved, the inputs of
   * functions; it ends where something was painted over. Null where it was not asked for.
   */
  readonly winners: readonly PathStep[] | null
}

export interface PathStep {
  readonly stage: number
  readonly place: Place
  readonly value: number
}

/** The rule of `trace`, to be shown with it: how contributions are to be read. */
export const traceRule =
  'Contribution = slope × value: how fast the traced value grows with this element here, times what the element is. ' +
  'Through sums the slope is the weight, through a maximum 1 for the winner and 0 for the others, through a curve its ' +
  'slope at this very input. It is a local linear reading. Between sums, maxima and ReLUs the contributions of a stage ' +
  'add up to the traced value less what biases add; through curves and softmax they need not.'

/** What each earlier stage adds to one element, by `traceRule`. */
export interface Trace {
  readonly stage: number
  readonly place: Place
  readonly value: number
  /** `traceRule` */
  readonly rule: string
  /** The previous stage first, then down to the last one asked for. */
  readonly stages: readonly TracedStage[]
}

export interface TracedStage {
  readonly stage: number
  /** All contributions added, in row-major order, pairwise. */
  readonly total: number
  /** Elements whose slope is not 0. */
  readonly count: number
  /** The largest absolute contributions first. */
  readonly ranked: readonly Contribution[]
}

export interface Contribution {
  readonly place: Place
  readonly value: number
  readonly slope: number
  /** slope · value */
  readonly contribution: number
}
