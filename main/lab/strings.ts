/** The methods of str. */

import { raised } from './errors.ts'
import { convert, formatValue } from './format.ts'
import { codePoints, collect, requireLength } from './iterate.ts'
import { methodTable, type MethodTable, type Runtime } from './signatures.ts'
import { getItem, makeSlice, requireIndex, slicePicked } from './subscripts.ts'
import { typeName } from './types.ts'
import { Deferred, itemsOf, Tuple, type Steps, type Value } from './values.ts'

function text(value: Value | undefined, what: string): string {
  if (typeof value === 'string') return value
  throw raised('TypeError', `${what} must be str, not ${typeName(value ?? null)}`)
}

/** What `split` and `partition` look for. */
function separatorText(value: Value | undefined, what: string): string {
  const by = text(value, what)
  if (by === '') throw raised('ValueError', 'empty separator')
  return by
}

function count(value: Value | undefined, usual: number): number {
  return value === undefined || value === null ? usual : Number(requireIndex(value))
}

/* eslint-disable no-control-regex -- Python takes the separators of ASCII for space */
const space = /[\s\x1c-\x1f\x85]/u

function strip(self: string, characters: Value | undefined, left: boolean, right: boolean): string {
  const given = characters === undefined || characters === null ? null : new Set(text(characters, 'strip arg'))
  const gone = (character: string) => (given ? given.has(character) : space.test(character))
  const all = Array.from(self)
  let [start, end] = [0, all.length]
  while (left && start < end && gone(all[start]!)) start++
  while (right && end > start && gone(all[end - 1]!)) end--
  return all.slice(start, end).join('')
}

function split(self: string, separator: Value | undefined, most: number): string[] {
  if (separator === undefined || separator === null) {
    const words: string[] = []
    let rest = strip(self, null, true, false)
    while (rest !== '') {
      if (most >= 0 && words.length >= most) return [...words, strip(rest, null, false, true)]
      const word = /^\S+/u.exec(rest)![0]
      words.push(word)
      rest = strip(rest.slice(word.length), null, true, false)
    }
    return words
  }
  const by = separatorText(separator, 'separator')
  const parts = self.split(by)
  if (most < 0 || parts.length <= most + 1) return parts
  return [...parts.slice(0, most), parts.slice(most).join(by)]
}

function rsplit(self: string, separator: Value | undefined, most: number): string[] {
  if (most < 0) return split(self, separator, -1)
  const reverse = (value: string) => Array.from(value).reverse().join('')
  const by = typeof separator === 'string' ? reverse(separator) : separator
  return split(reverse(self), by, most).map(reverse).reverse()
}

/** Where a text is in the part of `self` between start and end; −1 where it is not. */
function find(self: string, sub: string, start: Value | undefined, end: Value | undefined, last: boolean): number {
  const all = Array.from(self)
  const { start: from, length } = slicePicked(makeSlice(start ?? null, end ?? null, null), all.length)
  const within = all.slice(from, from + length).join('')
  const at = last ? within.lastIndexOf(sub) : within.indexOf(sub)
  return at < 0 || from > all.length ? -1 : from + codePoints(within.slice(0, at))
}

function pad(
  self: string,
  width: Value | undefined,
  fill: Value | undefined,
  where: 'left' | 'right' | 'both',
): string {
  const character = fill === undefined ? ' ' : text(fill, 'The fill character')
  if (codePoints(character) !== 1) {
    throw raised('TypeError', 'The fill character must be exactly one character long')
  }
  const length = codePoints(self)
  const wanted = count(width, 0)
  const missing = wanted - length
  if (missing <= 0) return self
  requireLength(missing)
  const left = where === 'left' ? 0 : where === 'right' ? missing : Math.floor(missing / 2) + (missing & wanted & 1)
  return character.repeat(left) + self + character.repeat(missing - left)
}

function capitalise(self: string): string {
  const [first = '', ...rest] = Array.from(self)
  return first.toUpperCase() + rest.join('').toLowerCase()
}

function every(self: string, pattern: RegExp): boolean {
  return pattern.test(self)
}

function ends(self: string, value: Value | undefined, what: 'startswith' | 'endswith'): boolean {
  const candidates = value instanceof Tuple ? itemsOf(value) : [value!]
  return candidates.some((candidate) => {
    if (typeof candidate !== 'string') {
      throw raised('TypeError', `${what} first arg must be str or a tuple of str, not ${typeName(candidate)}`)
    }
    return what === 'startswith' ? self.startsWith(candidate) : self.endsWith(candidate)
  })
}

function* join(self: string, values: Value | undefined, runtime: Runtime): Steps {
  const items = yield* collect(values!, runtime.meter)
  let length = 0
  for (const [i, item] of items.entries()) {
    if (typeof item !== 'string') {
      throw raised('TypeError', `sequence item ${i}: expected str instance, ${typeName(item)} found`)
    }
    length += item.length + self.length
    requireLength(length)
  }
  runtime.meter.hold(2 * length)
  return (items as string[]).join(self)
}

function replace(self: string, old: string, fresh: string, most: number): string {
  if (most === 0) return self
  const parts = old === '' ? ['', ...Array.from(self), ''] : self.split(old)
  const times = most < 0 ? parts.length - 1 : Math.min(most, parts.length - 1)
  requireLength(self.length + times * fresh.length)
  return (
    parts.slice(0, times + 1).join(fresh) +
    parts
      .slice(times + 1)
      .map((part) => old + part)
      .join('')
  )
}

const field = /\{\{|\}\}|\{([^{}!:]*)(?:!([rsa]))?(?::((?:[^{}]|\{[^{}]*\})*))?\}|[{}]/gsu

/** `'{} {name:.2f}'.format(…)`: fields by place or name, with `.attributes` refused and `[keys]` looked up. */
export function formatFields(
  self: string,
  positional: readonly Value[],
  named: ReadonlyMap<string, Value>,
  runtime: Runtime,
): string {
  let next = 0
  const find = (name: string): Value => {
    const [, head, keys] = /^([^[.]*)(.*)$/su.exec(name)!
    if (keys!.startsWith('.')) throw raised('AttributeError', 'the lab does not look up attributes in format()')
    let value: Value | undefined
    if (head === '' || /^\d+$/.test(head!)) {
      const index = head === '' ? next++ : Number(head)
      value = positional[index]
      if (value === undefined) {
        throw raised('IndexError', `Replacement index ${index} out of range for positional args tuple`)
      }
    } else {
      value = named.get(head!)
      if (value === undefined) throw raised('KeyError', head!)
    }
    for (const [, key] of keys!.matchAll(/\[([^\]]*)\]/gsu)) {
      value = getItem(value, /^\d+$/.test(key!) ? BigInt(key!) : key!, runtime.meter)
    }
    return value
  }
  return self.replace(field, (whole, name?: string, conversion?: string, spec = '') => {
    if (whole === '{{' || whole === '}}') return whole[0]!
    if (name === undefined) {
      const what = whole === '}' ? "Single '}' encountered in format string" : "Single '{' encountered in format string"
      throw raised('ValueError', what)
    }
    const value = find(name)
    const filled = (spec as string).replace(/\{([^{}]*)\}/gu, (_, inner: string) => formatValue(find(inner), ''))
    return formatValue(conversion === undefined ? value : convert(value, conversion), filled)
  })
}

export const stringMethods: MethodTable<string> = methodTable<string>([
  ['upper', '', (self) => self.toUpperCase()],
  ['lower', '', (self) => self.toLowerCase()],
  ['casefold', '', (self) => self.toLowerCase().replaceAll('ß', 'ss')],
  ['capitalize', '', capitalise],
  ['title', '', (self) => self.replace(/\p{L}+/gu, capitalise)],
  [
    'swapcase',
    '',
    (self) => Array.from(self, (c) => (c === c.toUpperCase() ? c.toLowerCase() : c.toUpperCase())).join(''),
  ],
  ['strip', 'chars=', (self, _, characters) => strip(self, characters, true, true)],
  ['lstrip', 'chars=', (self, _, characters) => strip(self, characters, true, false)],
  ['rstrip', 'chars=', (self, _, characters) => strip(self, characters, false, true)],
  ['split', 'sep=, maxsplit=', (self, _, separator, most) => split(self, separator, count(most, -1))],
  ['rsplit', 'sep=, maxsplit=', (self, _, separator, most) => rsplit(self, separator, count(most, -1))],
  [
    'splitlines',
    'keepends=',
    (self, _, keep) => {
      const lines =
        self.match(/[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]*(?:\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]|$)/gu) ?? []
      const told = lines.filter((line) => line !== '')
      return keep === true ? told : told.map((line) => line.replace(/[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+$/u, ''))
    },
  ],
  ['join', 'iterable', (self, runtime, values) => new Deferred(join(self, values, runtime))],
  [
    'replace',
    'old, new, count=',
    (self, _, old, fresh, most) =>
      replace(self, text(old, 'replace() argument 1'), text(fresh, 'replace() argument 2'), count(most, -1)),
  ],
  ['startswith', 'prefix', (self, _, prefix) => ends(self, prefix, 'startswith')],
  ['endswith', 'suffix', (self, _, suffix) => ends(self, suffix, 'endswith')],
  [
    'find',
    'sub, start=, end=',
    (self, _, sub, a, b) => BigInt(find(self, text(sub, 'find() argument 1'), a, b, false)),
  ],
  [
    'rfind',
    'sub, start=, end=',
    (self, _, sub, a, b) => BigInt(find(self, text(sub, 'find() argument 1'), a, b, true)),
  ],
  [
    'index',
    'sub, start=, end=',
    (self, _, sub, a, b) => BigInt(found(find(self, text(sub, 'index() argument 1'), a, b, false))),
  ],
  [
    'rindex',
    'sub, start=, end=',
    (self, _, sub, a, b) => BigInt(found(find(self, text(sub, 'index() argument 1'), a, b, true))),
  ],
  [
    'count',
    'sub',
    (self, _, sub) => {
      const part = text(sub, 'count() argument 1')
      return BigInt(part === '' ? codePoints(self) + 1 : self.split(part).length - 1)
    },
  ],
  ['ljust', 'width, fillchar=', (self, _, width, fill) => pad(self, width, fill, 'left')],
  ['rjust', 'width, fillchar=', (self, _, width, fill) => pad(self, width, fill, 'right')],
  ['center', 'width, fillchar=', (self, _, width, fill) => pad(self, width, fill, 'both')],
  [
    'zfill',
    'width',
    (self, _, width) => {
      const sign = /^[-+]/.exec(self)?.[0] ?? ''
      return sign + pad(self.slice(sign.length), BigInt(count(width, 0) - sign.length), '0', 'right')
    },
  ],
  ['isdigit', '', (self) => every(self, /^\p{Nd}+$/u)],
  ['isdecimal', '', (self) => every(self, /^\p{Nd}+$/u)],
  ['isnumeric', '', (self) => every(self, /^\p{N}+$/u)],
  ['isalpha', '', (self) => every(self, /^\p{L}+$/u)],
  ['isalnum', '', (self) => every(self, /^[\p{L}\p{N}]+$/u)],
  ['isspace', '', (self) => every(self, /^[\s\x1c-\x1f\x85]+$/u)],
  ['isupper', '', (self) => self !== self.toLowerCase() && self === self.toUpperCase()],
  ['islower', '', (self) => self !== self.toUpperCase() && self === self.toLowerCase()],
  ['isidentifier', '', (self) => every(self, /^[\p{L}_][\p{L}\p{N}_]*$/u)],
  [
    'removeprefix',
    'prefix',
    (self, _, part) => (self.startsWith(text(part, 'prefix')) ? self.slice((part as string).length) : self),
  ],
  [
    'removesuffix',
    'suffix',
    (self, _, part) => {
      const suffix = text(part, 'suffix')
      return suffix !== '' && self.endsWith(suffix) ? self.slice(0, -suffix.length) : self
    },
  ],
  [
    'partition',
    'sep',
    (self, _, separator) => {
      const by = separatorText(separator, 'sep')
      const at = self.indexOf(by)
      return new Tuple(at < 0 ? [self, '', ''] : [self.slice(0, at), by, self.slice(at + by.length)])
    },
  ],
  [
    'rpartition',
    'sep',
    (self, _, separator) => {
      const by = separatorText(separator, 'sep')
      const at = self.lastIndexOf(by)
      return new Tuple(at < 0 ? ['', '', self] : [self.slice(0, at), by, self.slice(at + by.length)])
    },
  ],
])

function found(at: number): number {
  if (at < 0) throw raised('ValueError', 'substring not found')
  return at
}
/* eslint-enable no-control-regex */
