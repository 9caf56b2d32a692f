/** What a layer's Python code is made of, and how numbers and texts are written in Python. */

import type { LayerKind, SpecOf } from '../layers/index.ts'
import { finish, type Steps } from '../steps.ts'
import type { FloatDType, Shape } from '../tensor.ts'

/** One layer of a pipeline, with what is known of it before anything runs. */
export interface LayerStage<K extends LayerKind = LayerKind> {
  readonly spec: SpecOf<K>
  readonly index: number
  readonly input: Shape
  readonly output: Shape
  readonly dtype: FloatDType
}

export interface PythonFunction {
  readonly name: string
  /** The whole definition. */
  readonly text: string
  /** What it calls. */
  readonly uses?: readonly PythonFunction[]
  /** Whole import statements, beyond `import numpy as np`. */
  readonly imports?: readonly string[]
}

/** Numbers of a layer as a Python variable. */
export interface Parameter {
  readonly name: string
  /** The expression that makes it; left out where it would be too long to read, and the array is loaded instead. */
  readonly text?: string
  /** The same numbers, for a file beside the script: where the text is left out, or the numbers are random. */
  readonly array?: { readonly shape: Shape; readonly values: () => Steps<Float64Array> }
}

export interface StageCode {
  readonly functions: readonly PythonFunction[]
  readonly parameters?: readonly Parameter[]
  /** Statements that make `x`, this stage, of `x`, the stage before (of `photo` for the first). */
  readonly lines: readonly string[]
}

/** How a layer is written in Python, as functions to be read and calls with its own numbers. */
export interface LayerPython<K extends LayerKind> {
  /** With NumPy: pictures are (height, width, channels), as ours; sums are added in NumPy's order. */
  readonly numpy: (stage: LayerStage<K>) => StageCode
  /** With PyTorch: pictures are (1, channels, height, width), vectors (1, n). */
  readonly torch: (stage: LayerStage<K>) => StageCode
  /** Whether NumPy gives the same numbers to the last bit on every machine: not where there is an exponential. */
  readonly exact: (spec: SpecOf<K>) => boolean
}

/** More numbers than this are not read but loaded from a file. */
const mostNumbers = 128

/** A number that Python reads as the same double. */
export function pythonNumber(value: number): string {
  if (Object.is(value, -0)) return '-0.0'
  const text = String(value)
  return Number.isSafeInteger(value) || !/^-?\d+$/.test(text) ? text : `${text}.0`
}

/** A text as a literal: one line, nothing in it that could end it or hide what follows. */
export function pythonString(text: string): string {
  return JSON.stringify(text.replace(/\p{Cs}/gu, '\ufffd')).replace(/[\u007f-\u{10ffff}]/gu, (character) =>
    /[\p{L}\p{M}\p{N}\p{P}\p{S}]/u.test(character) ? character : escaped(character),
  )
}

function escaped(character: string): string {
  const code = character.codePointAt(0)!.toString(16)
  return code.length > 4 ? `\\U${code.padStart(8, '0')}` : `\\u${code.padStart(4, '0')}`
}

/** `(3, 3)`, and `(3,)` for a single number. */
export function pythonTuple(values: readonly number[]): string {
  return `(${values.map(pythonNumber).join(', ')}${values.length === 1 ? ',' : ''})`
}

export function pythonList(values: readonly number[]): string {
  return `[${values.map(pythonNumber).join(', ')}]`
}

/** A call on one line, or an argument a line where that would be too long. */
export function pythonCall(name: string, args: readonly string[]): string {
  const line = `${name}(${args.join(', ')})`
  return line.length <= 92 ? line : `${name}(\n${args.map((arg) => `    ${arg},\n`).join('')})`
}

/** Arguments by name, without those that have their usual value. */
export function pythonOptions(options: Readonly<Record<string, readonly [value: string, usual: string]>>): string[] {
  return Object.entries(options).flatMap(([name, [value, usual]]) => (value === usual ? [] : [`${name}=${value}`]))
}

/** A list of numbers; a file of their own where they are many. */
export function listParameter(name: string, values: readonly number[]): Parameter {
  return numbersParameter(name, [values.length], values, () => pythonList(values))
}

/** Numbers in a shape; `text` writes them where they are few. */
export function numbersParameter(name: string, shape: Shape, values: readonly number[], text: () => string): Parameter {
  if (values.length <= mostNumbers) return { name, text: text() }
  return {
    name,
    array: {
      shape,
      // eslint-disable-next-line require-yield -- they are there
      values: function* () {
        return Float64Array.from(values)
      },
    },
  }
}

/** The expression that makes a parameter, with every number written out where it is otherwise in a file. */
export function parameterText({ text, array }: Parameter): string {
  if (text !== undefined) return text
  const { shape, values } = array!
  return arrayText([...finish(values())], shape.at(-1)!, shape)
}

/** `np.array([…])` with a list a row for a matrix; else `.reshape(…)` with `across` numbers a line. */
export function arrayText(values: readonly number[], across: number, shape: Shape): string {
  const rows: string[] = []
  for (let i = 0; i < values.length; i += across)
    rows.push(
      values
        .slice(i, i + across)
        .map(pythonNumber)
        .join(', '),
    )
  if (shape.length === 2) return `np.array([\n${rows.map((row) => `    [${row}],\n`).join('')}])`
  return `np.array([\n${rows.map((row) => `    ${row},\n`).join('')}]).reshape${pythonTuple(shape)}`
}
