/** `str` and `repr` of arrays, scalars and dtypes, to the character (numpy/core/arrayprint.py; NumPy 2's forms). */

import { flatOf, NDArray, Scalar, scalarAt } from './array.ts'
import { floatText } from './decimal.ts'
import { DType, dtypeRepr, ScalarType } from './dtype.ts'
import { typeError } from './errors.ts'
import { type Formatter, formatter } from './format.ts'
import { type Flat, isWide } from './storage.ts'
import { defaultPrintOptions, type PrintOptions, type Session } from './session.ts'
import { shapeText } from './values.ts'

type Printing = Pick<Session, 'print'>

const defaults: Printing = { print: defaultPrintOptions() }

/** What the array lab prints that is NumPy's. */
export type Printable = NDArray | Scalar | DType | ScalarType

function scalarStr({ dtype, value }: Scalar): string {
  if (dtype.kind === 'b') return value !== 0 ? 'True' : 'False'
  return dtype.kind === 'f' ? floatText(Number(value), dtype) : String(value)
}

/** The elements at both ends of every axis: what a summary shows, and what its columns are made for. */
function ends(a: NDArray, edge: number): Flat {
  const parts: NDArray[] = []
  const visit = (axis: number, from: NDArray): void => {
    if (axis === from.ndim) {
      parts.push(from)
      return
    }
    const length = from.shape[axis]!
    if (length <= 2 * edge) {
      visit(axis + 1, from)
      return
    }
    const shape = from.shape.map((n, i) => (i === axis ? edge : n))
    visit(axis + 1, from.view(shape, from.steps))
    visit(axis + 1, from.view(shape, from.steps, (length - edge) * from.steps[axis]!))
  }
  visit(0, a)
  const flats = parts.map(flatOf)
  const wide = flats.some(isWide)
  const numbers = flats.flatMap((flat): (number | bigint)[] => Array.from<number | bigint>(flat))
  if (!wide) return Float64Array.from(numbers, Number)
  return a.dtype.kind === 'u' ? BigUint64Array.from(numbers.map(BigInt)) : BigInt64Array.from(numbers.map(BigInt))
}

interface Layout {
  readonly separator: string
  readonly edge: number
  readonly summarised: boolean
  readonly format: Formatter
}

function nested(a: NDArray, place: number, axis: number, indent: string, width: number, layout: Layout): string {
  if (axis === a.ndim) return layout.format(a.at(place))
  const { separator, edge } = layout
  const length = a.shape[axis]!
  const step = a.steps[axis]!
  const summary = layout.summarised && 2 * edge < length
  const leading = summary ? edge : length
  const indices = Array.from({ length: leading }, (_, i) => i)
  const trailing = summary ? Array.from({ length: edge }, (_, i) => length - edge + i) : []
  const item = (i: number) => nested(a, place + i * step, axis + 1, `${indent} `, width - 1, layout)
  const words = [...indices.map(item), ...(summary ? ['...'] : []), ...trailing.map(item)]
  let text = ''
  if (axis === a.ndim - 1) {
    const room = width - Math.max(separator.trimEnd().length, 1)
    let line = indent
    words.forEach((word, i) => {
      if (line.length + word.length > room && line.length > indent.length) {
        text += `${line.trimEnd()}\n`
        line = indent
      }
      line += word + (i < words.length - 1 ? separator : '')
    })
    text += line
  } else {
    const between = separator.trimEnd() + '\n'.repeat(a.ndim - axis - 1)
    text = words.map((word) => indent + word).join(between)
  }
  return `[${text.slice(indent.length)}]`
}

/** `np.array2string`. */
export function arrayText(
  a: NDArray,
  options: PrintOptions = defaults.print,
  separator = ' ',
  prefix = '',
  suffix = '',
): string {
  if (a.size === 0) return '[]'
  const summarised = a.size > options.threshold
  const sample = summarised ? ends(a, options.edgeitems) : flatOf(a)
  const format = formatter(sample, a.dtype, a.ndim === 0, options)
  const layout = { separator, edge: options.edgeitems, summarised, format }
  return nested(a, a.offset, 0, ` ${' '.repeat(prefix.length)}`, options.linewidth - suffix.length, layout)
}

/** As the session prints. */
export function str(value: Printable, session: Printing = defaults): string {
  if (value instanceof NDArray)
    return value.ndim === 0 ? scalarStr(scalarAt(value, value.offset)) : arrayText(value, session.print)
  if (value instanceof Scalar) return scalarStr(value)
  if (value instanceof DType) return value.name
  return repr(value, session)
}

export function repr(value: Printable, session: Printing = defaults): string {
  if (value instanceof NDArray) return arrayRepr(value, session.print)
  if (value instanceof Scalar) {
    const text = scalarStr(value)
    return value.dtype.kind === 'b' ? `np.${text}_` : `np.${value.dtype.name}(${text})`
  }
  if (value instanceof DType) return dtypeRepr(value)
  if (value instanceof ScalarType) return `<class 'numpy.${value.name}'>`
  throw typeError('nothing of NumPy’s to print')
}

function arrayRepr(a: NDArray, options: PrintOptions): string {
  const prefix = 'array('
  const text = prefix + arrayText(a, options, ', ', prefix, ')')
  const extras: string[] = []
  if ((a.size === 0 && a.shape.length !== 1) || a.size > options.threshold) extras.push(`shape=${shapeText(a.shape)}`)
  const implied = a.dtype.name === 'int64' || a.dtype.name === 'float64' || a.dtype.kind === 'b'
  if (!implied || a.size === 0) extras.push(`dtype=${a.dtype.name}`)
  if (extras.length === 0) return `${text})`
  const extra = `${extras.join(', ')})`
  const lastLine = text.length + 1 - (text.lastIndexOf('\n') + 1)
  return `${text},${lastLine + extra.length + 1 > options.linewidth ? `\n${' '.repeat(prefix.length)}` : ' '}${extra}`
}
