import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  binary,
  callFunction,
  fromNested,
  getItem,
  methods,
  type NDArray,
  Session,
  setItem,
  Slice,
  Tuple,
  type Value,
} from './index.ts'

/** The slow, obvious model: lists in lists. */
type Nested = bigint | Nested[]

const list = (value: Value): Nested =>
  (value as { item?: () => bigint }).item?.() ??
  (callFunction('tolist', methods.tolist!, new Session(), [value]) as Nested)

const leaves = (nested: Nested): bigint[] => (Array.isArray(nested) ? nested.flatMap(leaves) : [nested])

function counted(shape: readonly number[], from = 0): Nested {
  const [length, ...rest] = shape
  if (length === undefined) return BigInt(from)
  const size = rest.reduce((product, n) => product * n, 1)
  return Array.from({ length }, (_, i) => counted(rest, from + i * size))
}

type Key = { index: number } | { start: number | null; stop: number | null; step: number | null }

const key = fc.oneof(
  fc.record({ index: fc.integer({ min: -2, max: 1 }) }),
  fc.record({
    start: fc.option(fc.integer({ min: -5, max: 5 })),
    stop: fc.option(fc.integer({ min: -5, max: 5 })),
    step: fc.option(fc.constantFrom(-3, -2, -1, 1, 2, 3)),
  }),
)

const shape = fc.array(fc.integer({ min: 2, max: 4 }), { minLength: 1, maxLength: 3 })

const big = (n: number | null) => (n === null ? null : BigInt(n))
const keys = (all: readonly Key[]) =>
  new Tuple(
    all.map((one) => ('index' in one ? BigInt(one.index) : new Slice(big(one.start), big(one.stop), big(one.step)))),
  )

/** The places a key of one axis names, found by walking as Python's documentation says. */
function walk(one: Exclude<Key, { index: number }>, length: number): number[] {
  const step = one.step ?? 1
  const all = Array.from({ length }, (_, i) => i)
  const bound = (n: number) => (n < 0 ? n + length : n)
  const order = step > 0 ? all : all.reverse()
  const first = one.start === null ? null : bound(one.start)
  const last = one.stop === null ? null : bound(one.stop)
  const inside = order.filter((i) =>
    step > 0
      ? (first === null || i >= first) && (last === null || i < last)
      : (first === null || i <= first) && (last === null || i > last),
  )
  return inside.filter((_, i) => i % Math.abs(step) === 0)
}

function pick(nested: Nested, [one, ...rest]: readonly Key[]): Nested {
  if (one === undefined) return nested
  const items = nested as Nested[]
  if ('index' in one) return pick(items.at(one.index)!, rest)
  return walk(one, items.length).map((i) => pick(items[i]!, rest))
}

it('shows through any slices of slices what lists in lists show', () => {
  fc.assert(
    fc.property(shape, fc.array(key, { maxLength: 3 }), fc.array(key, { maxLength: 2 }), (lengths, first, second) => {
      const outer = first.slice(0, lengths.length)
      const a = fromNested(counted(lengths))
      const seen = getItem(a, keys(outer))
      expect(list(seen)).toEqual(pick(counted(lengths), outer))
      const left = lengths.length - outer.filter((one) => 'index' in one).length
      const slices = second.filter((one) => !('index' in one)).slice(0, left)
      if (left === 0) return
      expect(list(getItem(seen as NDArray, keys(slices)))).toEqual(pick(pick(counted(lengths), outer), slices))
      expect((seen as NDArray).base).toBe(a)
    }),
  )
})

it('changes through a view the elements that the view shows, and no others', () => {
  fc.assert(
    fc.property(shape, fc.array(key, { maxLength: 3 }), (lengths, all) => {
      const outer = all.slice(0, lengths.length)
      const a = fromNested(counted(lengths))
      const shown = new Set(leaves(pick(counted(lengths), outer)))
      setItem(a, keys(outer), -1n)
      const expected = leaves(counted(lengths)).map((n) => (shown.has(n) ? -1n : n))
      expect(leaves(list(a))).toEqual(expected)
    }),
  )
})

it('broadcasts as repeated lists do', () => {
  const lengths = fc.array(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.boolean(), fc.boolean()), {
    minLength: 1,
    maxLength: 3,
  })
  fc.assert(
    fc.property(lengths, fc.nat(3), (axes, dropped) => {
      const first = axes.map(([length, one]) => (one ? 1 : length))
      const second = axes.map(([length, , one]) => (one ? 1 : length)).slice(Math.min(dropped, axes.length))
      const [a, b] = [counted(first), counted(second, 100)]
      const at = (nested: Nested, place: readonly number[]): bigint => {
        const [i, ...rest] = place
        return i === undefined
          ? (nested as bigint)
          : at((nested as Nested[])[(nested as Nested[]).length === 1 ? 0 : i]!, rest)
      }
      const all = first.map((length, axis) => {
        const other = second[axis - (first.length - second.length)] ?? 1
        return Math.max(length, other)
      })
      const sums = (place: number[]): Nested =>
        place.length === all.length
          ? at(a, place) + at(b, place.slice(place.length - second.length))
          : Array.from({ length: all[place.length]! }, (_, i) => sums([...place, i]))
      expect(list(binary('+', fromNested(a), fromNested(b)))).toEqual(sums([]))
    }),
  )
})
