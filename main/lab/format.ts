/** Format specifications: what stands behind the colon of an f-string, in `format` and behind `%`. */

import { isNumpyScalar, scalarItem } from './arrays.ts'
import { raised } from './errors.ts'
import { floatRepr, floatToInt, intToFloat, scaledDigits } from './numbers.ts'
import { intText, repr, str } from './text.ts'
import { typeName } from './types.ts'
import type { Value } from './values.ts'

interface Spec {
  readonly fill: string
  readonly align: '<' | '>' | '^' | '=' | ''
  readonly sign: '+' | '-' | ' '
  readonly alternate: boolean
  readonly width: number
  readonly grouping: ',' | '_' | ''
  readonly precision: number | null
  readonly type: string
}

const pattern = /^(?:(.)?([<>=^]))?([-+ ])?(z)?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([a-zA-Z%])?$/su

/** Widest and most precise a value may be written. */
const widest = 100_000

function parseSpec(text: string, value: Value): Spec {
  const match = pattern.exec(text)
  if (!match) throw raised('ValueError', `Invalid format specifier '${text}' for object of type '${typeName(value)}'`)
  const [, fill, align, sign, , alternate, zero, width, grouping, precision, type] = match
  const spec: Spec = {
    fill: fill ?? (zero === undefined ? ' ' : '0'),
    align: (align ?? (zero === undefined ? '' : '=')) as Spec['align'],
    sign: (sign ?? '-') as Spec['sign'],
    alternate: alternate !== undefined,
    width: Number(width ?? 0),
    grouping: (grouping ?? '') as Spec['grouping'],
    precision: precision === undefined ? null : Number(precision),
    type: type ?? '',
  }
  if (spec.width > widest || (spec.precision ?? 0) > widest) {
    throw raised('ValueError', 'Too many decimal digits in format string')
  }
  return spec
}

/** `format(value, spec)`. */
export function formatValue(value: Value, spec: string): string {
  // Of a float32 all digits are written, as Python's own float has them.
  if (isNumpyScalar(value)) return formatValue(scalarItem(value), spec)
  if (spec === '') return str(value)
  const parsed = parseSpec(spec, value)
  if (typeof value === 'string') return formatText(value, parsed)
  if (typeof value === 'boolean') {
    return parsed.type === '' || parsed.type === 's'
      ? formatNumber(parsed.type === '' ? String(Number(value)) : '', parsed, value)
      : formatInt(value ? 1n : 0n, parsed, 'bool')
  }
  if (typeof value === 'bigint') return formatInt(value, parsed, 'int')
  if (typeof value === 'number') return formatFloat(value, parsed)
  throw raised('TypeError', `unsupported format string passed to ${typeName(value)}.__format__`)
}

function formatNumber(digits: string, spec: Spec, value: Value): string {
  if (spec.type === 's') throw unknownCode('s', typeName(value))
  return place('', digits, spec, '>')
}

function unknownCode(code: string, type: string): Error {
  return raised('ValueError', `Unknown format code '${code}' for object of type '${type}'`)
}

function formatText(value: string, spec: Spec): string {
  if (spec.type !== '' && spec.type !== 's') throw unknownCode(spec.type, 'str')
  if (spec.sign !== '-') throw raised('ValueError', 'Sign not allowed in string format specifier')
  if (spec.align === '=' && spec.fill !== '0') {
    throw raised('ValueError', "'=' alignment not allowed in string format specifier")
  }
  const text = spec.precision === null ? value : Array.from(value).slice(0, spec.precision).join('')
  return place('', text, { ...spec, align: spec.align === '=' ? '<' : spec.align }, '<')
}

const bases: ReadonlyMap<string, [base: number, prefix: string]> = new Map([
  ['b', [2, '0b']],
  ['o', [8, '0o']],
  ['x', [16, '0x']],
  ['X', [16, '0X']],
])

function formatInt(value: bigint, spec: Spec, type: string): string {
  if ('eEfFgG%'.includes(spec.type) && spec.type !== '') return formatFloat(intToFloat(value), spec)
  if (spec.precision !== null) throw raised('ValueError', 'Precision not allowed in integer format specifier')
  const size = value < 0n ? -value : value
  const sign = signOf(value < 0n, spec)
  if (spec.type === 'c') return place('', String.fromCodePoint(Number(value)), spec, '<')
  if (spec.type === '' || spec.type === 'd' || spec.type === 'n')
    return place(sign, group(intText(size), spec, 3), spec, '>')
  const base = bases.get(spec.type)
  if (!base) throw unknownCode(spec.type, type)
  const digits = spec.type === 'X' ? size.toString(16).toUpperCase() : size.toString(base[0])
  return place(sign + (spec.alternate ? base[1] : ''), group(digits, spec, 4), spec, '>')
}

function signOf(negative: boolean, spec: Spec): string {
  if (negative) return '-'
  return spec.sign === '-' ? '' : spec.sign
}

function formatFloat(value: number, spec: Spec): string {
  const negative = value < 0 || Object.is(value, -0)
  const size = Math.abs(value)
  const sign = signOf(negative, spec)
  const upper = spec.type === 'E' || spec.type === 'F' || spec.type === 'G'
  if (!Number.isFinite(value)) {
    const text = (Number.isNaN(value) ? 'nan' : 'inf') + (spec.type === '%' ? '%' : '')
    return place(
      sign,
      upper ? text.toUpperCase() : text,
      { ...spec, fill: spec.fill === '0' ? ' ' : spec.fill, align: spec.align === '=' ? '>' : spec.align },
      '>',
    )
  }
  const text = floatDigits(size, spec)
  return place(sign, group(upper ? text.toUpperCase() : text, spec, 3), spec, '>')
}

function floatDigits(size: number, spec: Spec): string {
  const { precision, type, alternate } = spec
  switch (type) {
    case 'f':
    case 'F':
      return fixed(size, precision ?? 6, alternate)
    case '%':
      return `${fixed(size * 100, precision ?? 6, alternate)}%`
    case 'e':
    case 'E':
      return exponential(size, precision ?? 6, alternate)
    case 'g':
    case 'G':
    case 'n':
      return general(size, Math.max(1, precision ?? 6), alternate, 0)
    case '':
      return precision === null ? floatRepr(size) : general(size, Math.max(1, precision), alternate, 1)
    default:
      throw unknownCode(type, 'float')
  }
}

/** Exactly rounded, halves to even. */
function fixed(size: number, places: number, alternate = false): string {
  const digits = scaledDigits(size, places)
    .toString()
    .padStart(places + 1, '0')
  if (places === 0) return alternate ? `${digits}.` : digits
  return `${digits.slice(0, -places)}.${digits.slice(-places)}`
}

/** The first `count` digits of a number above 0, rounded, and the power of ten of the first. */
function leading(size: number, count: number): [digits: string, exponent: number] {
  if (size === 0) return ['0'.repeat(count), 0]
  let exponent = Number(size.toExponential().split('e')[1])
  let digits = scaledDigits(size, count - 1 - exponent).toString()
  if (digits.length < count) digits = scaledDigits(size, count - 1 - --exponent).toString()
  if (digits.length > count) return [digits.slice(0, count), exponent + 1]
  return [digits, exponent]
}

function exponential(size: number, places: number, alternate = false): string {
  const [digits, exponent] = leading(size, places + 1)
  const point = places > 0 || alternate ? '.' : ''
  return `${digits[0]!}${point}${digits.slice(1)}${power(exponent)}`
}

function power(exponent: number): string {
  return `e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
}

/** `count` digits, without zeros at the end; `extra` 1: always with a digit behind the point. */
function general(size: number, count: number, alternate: boolean, extra: 0 | 1): string {
  const [digits, exponent] = leading(size, count)
  const trim = (text: string) => (alternate || !text.includes('.') ? text : text.replace(/\.?0+$/, ''))
  if (exponent < -4 || exponent >= count + (extra === 1 && count > 0 ? 0 : 0)) {
    const body = count > 1 || alternate ? `${digits[0]!}.${digits.slice(1)}` : digits
    return trim(body) + power(exponent)
  }
  const whole = exponent >= 0 ? digits.slice(0, exponent + 1) : '0'
  const rest = exponent >= 0 ? digits.slice(exponent + 1) : '0'.repeat(-exponent - 1) + digits
  const text = trim(rest === '' && !alternate ? whole : `${whole}.${rest}`)
  return extra === 1 && !text.includes('.') ? `${text}.0` : text
}

/** Separators between the digits before the point. */
function group(text: string, spec: Spec, size: 3 | 4): string {
  if (spec.grouping === '') return text
  const match = /^([0-9a-fA-F]+)(.*)$/s.exec(text)!
  let whole = match[1]!
  const rest = match[2]!
  if (spec.fill === '0' && spec.align === '=') {
    // Zeros in front are grouped as well.
    const separators = (digits: number) => Math.floor((digits - 1) / size)
    while (whole.length + separators(whole.length) + rest.length < spec.width) {
      const next = whole.length + 1
      if (next + separators(next) + rest.length > spec.width) break
      whole = `0${whole}`
    }
  }
  const pieces = whole.replace(new RegExp(`\\B(?=(?:[0-9a-fA-F]{${size}})+$)`, 'g'), spec.grouping)
  return pieces + rest
}

function place(sign: string, body: string, spec: Spec, usual: '<' | '>'): string {
  const length = Array.from(sign + body).length
  const missing = spec.width - length
  if (missing <= 0) return sign + body
  const fill = (count: number) => spec.fill.repeat(count)
  switch (spec.align === '' ? usual : spec.align) {
    case '<':
      return sign + body + fill(missing)
    case '>':
      return fill(missing) + sign + body
    case '=':
      return sign + fill(missing) + body
    case '^':
      return fill(Math.floor(missing / 2)) + sign + body + fill(Math.ceil(missing / 2))
  }
}

/** What `!r`, `!s` and `!a` make of a value. */
export function convert(value: Value, conversion: string): Value {
  if (conversion === 'r') return repr(value)
  if (conversion === 's') return str(value)
  const escape = (character: string) => {
    const code = character.codePointAt(0)!
    if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`
    return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`
  }
  return repr(value).replace(/[^\0-\x7f]/gu, escape)
}

const percent = /%(?:\(([^)]*)\))?([-+ #0]*)(\*|\d+)?(?:\.(\*|\d+))?[hlL]?(.)/gsu

/** `text % values`: as C writes them. `lookUp` finds `%(name)s`. */
export function percentFormat(text: string, values: readonly Value[], lookUp: (name: string) => Value): string {
  let next = 0
  const take = () => {
    if (next >= values.length) throw raised('TypeError', 'not enough arguments for format string')
    return values[next++]!
  }
  const result = text.replace(
    percent,
    (_, name?: string, flags = '', width?: string, precision?: string, type = '') => {
      if (type === '%') return '%'
      const star = (given: string | undefined) => (given === '*' ? str(take()) : given)
      const [wide, exact] = [star(width), star(precision)]
      const value = name === undefined ? take() : lookUp(name)
      return percentValue(value, { flags: flags as string, wide: wide ?? '', exact, type: type as string })
    },
  )
  if (next < values.length && !percentNamed.test(text)) {
    throw raised('TypeError', 'not all arguments converted during string formatting')
  }
  return result
}
const percentNamed = /%\(/

function percentValue(
  value: Value,
  { flags, wide, exact, type }: { flags: string; wide: string; exact: string | undefined; type: string },
): string {
  const left = flags.includes('-')
  const sign = flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : ''
  const zero = flags.includes('0') && !left ? '0' : ''
  const precision = exact === undefined ? '' : `.${exact}`
  const plain = isNumpyScalar(value) ? scalarItem(value) : value
  if ('sra'.includes(type)) {
    const text = type === 's' ? str(value) : (convert(value, type) as string)
    return formatValue(text, `${left ? '<' : '>'}${wide}${precision}`)
  }
  const number = typeof plain === 'boolean' ? BigInt(plain) : plain
  if (typeof number !== 'bigint' && typeof number !== 'number') {
    if (type === 'c' && typeof number === 'string') return number
    throw raised('TypeError', `%${type} format: a real number is required, not ${typeName(value)}`)
  }
  const align = left ? '<' : ''
  if ('diu'.includes(type)) {
    return formatValue(typeof number === 'bigint' ? number : floatToInt(number), `${align}${sign}${zero}${wide}d`)
  }
  if ('oxX'.includes(type)) {
    const alternate = flags.includes('#') ? '#' : ''
    return formatValue(number, `${align}${sign}${alternate}${zero}${wide}${type}`)
  }
  if ('eEfFgG'.includes(type)) {
    const float = typeof number === 'bigint' ? intToFloat(number) : number
    return formatValue(float, `${align}${sign}${zero}${wide}${precision}${type}`)
  }
  throw raised('ValueError', `unsupported format character '${type}' (0x${type.codePointAt(0)!.toString(16)})`)
}
