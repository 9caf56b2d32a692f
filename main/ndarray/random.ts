/** `np.random` of old (RandomState): MT19937, and NumPy's own way from its words to numbers. */

import { doublesOf, fromFlat, NDArray, Scalar, sizeOf, zeros } from './array.ts'
import { float, int, ints, truthOf } from './arguments.ts'
import { assign } from './assign.ts'
import { broadcastShapes, broadcastView } from './broadcast.ts'
import { asArray, fromNested } from './convert.ts'
import { asDType, type DType, int64, integerRange } from './dtype.ts'
import { typeError, valueError } from './errors.ts'
import { getItem } from './indexing.ts'
import { take } from './join.ts'
import { checkSize } from './storage.ts'
import type { Session } from './session.ts'
import { type NumpyFunction, sessionFn } from './signature.ts'
import { checkItems, type Value } from './values.ts'
import { LegacyRandom } from '../../shared/random.ts'

/** One number for `size=None`, else an array of them. */
function draw(size: readonly number[] | null, next: () => number): number | NDArray {
  if (size === null) return next()
  const out = zeros(size)
  const { data } = out.storage
  for (let i = 0; i < data.length; i++) data[i] = next()
  return out
}

const sizeFrom = (size: Value): number[] | null => (size === null ? null : ints(size))

const dimensions = (sizes: Value): number[] | null => {
  const list = sizes as Value[]
  return list.length === 0 ? null : list.map(int)
}

/** A number from 0 to `range`, of the bits that it needs, drawn again until it fits. */
function upTo(random: LegacyRandom, range: number): number {
  if (range === 0) return 0
  if (range > 0xffffffff) throw valueError('np.random.randint draws from up to 2**32 numbers here')
  const mask = 2 ** (32 - Math.clz32(range)) - 1
  for (;;) {
    const value = (random.uint32() & mask) >>> 0
    if (value <= range) return value
  }
}

/** The same for narrow types, which take their bits from one word as long as it has some. */
function upToNarrow(random: LegacyRandom, range: number, dtype: DType): () => number {
  const width = dtype.kind === 'b' ? 1 : dtype.itemsize * 8
  if (width >= 32) return () => upTo(random, range)
  const bits = 2 ** width - 1
  const mask = range === 0 ? 0 : 2 ** (32 - Math.clz32(range)) - 1
  let word = 0
  let left = 0
  const next = () => {
    if (left === 0) {
      word = random.uint32()
      left = 32 / width - 1
    } else {
      word >>>= width
      left--
    }
    return word & bits
  }
  return () => {
    if (range === 0) return 0
    for (;;) {
      const value = next() & mask
      if (value <= range) return value
    }
  }
}

function randint(random: LegacyRandom, low: Value, high: Value, size: Value, type: Value): Value {
  const dtype = type === null ? int64 : asDType(type)
  if (!dtype.integral) throw typeError(`Unsupported dtype dtype('${dtype.name}') for randint`)
  const [from, to] = high === null ? [0, int(low)] : [int(low), int(high)]
  if (from >= to) throw valueError(high === null ? 'high <= 0' : 'low >= high')
  const { min, max } = integerRange(dtype)
  if (BigInt(from) < min) throw valueError(`low is out of bounds for ${dtype.name}`)
  if (BigInt(to) - 1n > max) throw valueError(`high is out of bounds for ${dtype.name}`)
  const next = upToNarrow(random, to - 1 - from, dtype)
  if (size === null) return dtype === int64 ? BigInt(from + next()) : new Scalar(dtype, from + next())
  const drawn = draw(sizeFrom(size), () => from + next()) as NDArray
  return fromFlat(doublesOf(drawn).slice(), dtype, drawn.shape)
}

/** Swaps from the end on, each element with one before it or itself. */
function shuffle(random: LegacyRandom, count: number, swap: (i: number, j: number) => void): void {
  for (let i = count - 1; i > 0; i--) swap(i, upTo(random, i))
}

function shuffled(random: LegacyRandom, count: number): number[] {
  const order = Array.from({ length: count }, (_, i) => i)
  shuffle(random, count, (i, j) => ([order[i], order[j]] = [order[j]!, order[i]!]))
  return order
}

function shuffleInPlace(random: LegacyRandom, x: Value): null {
  if (Array.isArray(x)) {
    const list = x as Value[]
    shuffle(random, list.length, (i, j) => ([list[i], list[j]] = [list[j], list[i]]))
    return null
  }
  if (!(x instanceof NDArray)) throw typeError('only arrays and lists can be shuffled in place')
  if (x.ndim === 0) throw typeError('cannot shuffle a 0-dimensional array')
  if (x.size > 0) assign(x, take(x, shuffled(random, x.shape[0]!), 0))
  return null
}

function permutation(random: LegacyRandom, x: Value): NDArray {
  if (typeof x === 'bigint' || x instanceof Scalar) {
    checkItems(int(x))
    return fromNested(shuffled(random, int(x)).map(BigInt), int64)
  }
  const a = fromNested(x)
  return take(a, shuffled(random, a.shape[0] ?? 0), 0)
}

/** The first place where the running total of the probabilities is above x. */
function placeIn(totals: Float64Array, x: number): number {
  let place = 0
  while (place < totals.length - 1 && totals[place]! <= x) place++
  return place
}

function runningTotals(p: Float64Array): Float64Array {
  let total = 0
  const totals = p.map((value) => (total += value))
  return totals.map((value) => value / total)
}

function choice(random: LegacyRandom, from: Value, size: Value, replace: boolean, weights: Value): Value {
  const pool = typeof from === 'bigint' ? null : asArray(from)
  if (pool !== null && pool.ndim !== 1) throw valueError('a must be 1-dimensional')
  const count = pool === null ? int(from) : pool.size
  const shape = sizeFrom(size)
  const total = shape === null ? 1 : sizeOf(shape)
  checkSize(total)
  if (!replace) checkItems(count)
  if (count <= 0 && total > 0) {
    throw valueError(
      pool === null
        ? 'a must be greater than 0 unless no samples are taken'
        : "'a' cannot be empty unless no samples are taken",
    )
  }
  const p = weights === null ? null : doublesOf(fromNested(weights)).slice()
  if (p !== null) {
    if (p.length !== count) throw valueError("'a' and 'p' must have same size")
    if (p.some((value) => value < 0)) throw valueError('probabilities are not non-negative')
    if (Math.abs(p.reduce((sum, value) => sum + value, 0) - 1) > 1e-8) throw valueError('probabilities do not sum to 1')
  }
  if (!replace && total > count) throw valueError("Cannot take a larger sample than population when 'replace=False'")
  const places = replace ? withReplacement(random, count, total, p) : without(random, count, total, p)
  const index = fromFlat(Float64Array.from(places), int64, shape ?? [])
  if (pool === null) return shape === null ? BigInt(places[0]!) : index
  return getItem(pool, shape === null ? BigInt(places[0]!) : index)
}

function withReplacement(random: LegacyRandom, count: number, total: number, p: Float64Array | null): number[] {
  const totals = p === null ? null : runningTotals(p)
  return Array.from({ length: total }, () =>
    totals === null ? upTo(random, count - 1) : placeIn(totals, random.rand()),
  )
}

function without(random: LegacyRandom, count: number, total: number, p: Float64Array | null): number[] {
  if (p === null) return shuffled(random, count).slice(0, total)
  if (p.filter((value) => value > 0).length < total) throw valueError('Fewer non-zero entries in p than size')
  const found: number[] = []
  while (found.length < total) {
    const drawn = Array.from({ length: total - found.length }, () => random.rand())
    for (const place of found) p[place] = 0
    const totals = runningTotals(p)
    found.push(...new Set(drawn.map((x) => placeIn(totals, x))))
  }
  return found
}

/** Two parameters and a size, which broadcast: `loc`, `scale`, or `low`, `high`. */
function pairDraw(size: Value, first: Value, second: Value, next: (x: number, y: number) => number): Value {
  const [a, b] = [asArray(first), asArray(second)]
  if (a.ndim === 0 && b.ndim === 0) return draw(sizeFrom(size), () => next(float(first), float(second)))
  const shape = sizeFrom(size) ?? broadcastShapes([a.shape, b.shape])
  const views = [a, b].map((array) => broadcastView(array, shape))
  if (views.some((view) => view === null))
    throw valueError('Output size is not compatible with broadcast dimensions of inputs.')
  const [x, y] = views.map((view) => doublesOf(view!))
  let i = 0
  return draw(shape, () => next(x![i]!, y![i++]!))
}

function seeded(session: Session, value: Value): LegacyRandom {
  if (value === null) return session.random
  const number = int(value)
  if (number < 0 || number > 0xffffffff) throw valueError('Seed must be between 0 and 2**32 - 1')
  return new LegacyRandom(number)
}

function checkScale(scale: Value): void {
  if (doublesOf(asArray(scale)).some((value) => value < 0)) throw valueError('scale < 0')
}

const uniformDraws = sessionFn('size=None', ({ random }, size) => draw(sizeFrom(size), () => random.rand()))

export const randomFunctions: Readonly<Record<string, NumpyFunction>> = {
  seed: sessionFn('seed=None', (session, value) => {
    session.random = seeded(session, value)
    return null
  }),
  rand: sessionFn('*sizes', ({ random }, sizes) => draw(dimensions(sizes), () => random.rand())),
  random: uniformDraws,
  random_sample: uniformDraws,
  randn: sessionFn('*sizes', ({ random }, sizes) => draw(dimensions(sizes), () => random.randn())),
  standard_normal: sessionFn('size=None', ({ random }, size) => draw(sizeFrom(size), () => random.randn())),
  normal: sessionFn('loc=0.0, scale=1.0, size=None', ({ random }, loc, scale, size) => {
    checkScale(scale)
    return pairDraw(size, loc, scale, (mean, spread) => mean + spread * random.randn())
  }),
  uniform: sessionFn('low=0.0, high=1.0, size=None', ({ random }, low, high, size) =>
    pairDraw(size, low, high, (from, to) => from + (to - from) * random.rand()),
  ),
  randint: sessionFn('low, high=None, size=None, dtype=None', ({ random }, low, high, size, dtype) =>
    randint(random, low, high, size, dtype),
  ),
  choice: sessionFn('a, size=None, replace=True, p=None', ({ random }, a, size, replace, p) =>
    choice(random, a, size, truthOf(replace), p),
  ),
  shuffle: sessionFn('x', ({ random }, x) => shuffleInPlace(random, x)),
  permutation: sessionFn('x', ({ random }, x) => permutation(random, x)),
}
