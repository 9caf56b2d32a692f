/** Histograms: how many elements lie in which bin. */

import { doublesOf, fromFlat, NDArray, Scalar, unwrap } from './array.ts'
import { int, truthOf } from './arguments.ts'
import { asArray } from './convert.ts'
import { linspace } from './creation.ts'
import { float64, int64 } from './dtype.ts'
import { typeError, valueError } from './errors.ts'
import { fn, type NumpyFunction } from './signature.ts'
import { newDoubles } from './storage.ts'
import { searchSorted } from './sort.ts'
import { apply } from './ufunc.ts'
import { sequence, Tuple, type Value } from './values.ts'

function extremes(value: Value, given: Value): { low: number; high: number } {
  if (given !== null) {
    const pair = doublesOf(asArray(given))
    if (pair.length !== 2) throw valueError('range must be a pair of numbers: the lowest and the highest')
    const [low, high] = pair as unknown as readonly [number, number]
    if (low > high) throw valueError('max must be larger than min in range parameter.')
    if (!Number.isFinite(high - low)) throw valueError(`supplied range of [${low}, ${high}] is not finite`)
    return low === high ? { low: low - 0.5, high: high + 0.5 } : { low, high }
  }
  const flat = doublesOf(asArray(value))
  if (flat.length === 0) return { low: 0, high: 1 }
  let [first, last] = [flat[0]!, flat[0]!]
  for (const x of flat) {
    if (!Number.isFinite(x)) throw valueError(`autodetected range of [${first}, ${last}] is not finite`)
    first = Math.min(first, x)
    last = Math.max(last, x)
  }
  return first === last ? { low: first - 0.5, high: last + 0.5 } : { low: first, high: last }
}

/** Edges of so many equal bins, or those given; and how many elements (or what weight) each bin has. */
function histogram(value: Value, bins: Value, given: Value, density: boolean, weights: Value): Tuple {
  const flat = doublesOf(asArray(value))
  const w = weights === null ? null : doublesOf(asArray(weights))
  if (w !== null && w.length !== flat.length) throw valueError('weights should have the same shape as a.')
  const edges = edgesOf(value, bins, given)
  const at = doublesOf(edges)
  const last = Math.max(at.length - 1, 0)
  const counts = newDoubles(last)
  flat.forEach((x, i) => {
    const bin = binOf(at, x)
    if (bin >= 0) counts[bin]! += w === null ? 1 : w[i]!
  })
  if (!density) return new Tuple([fromFlat(counts, w === null ? int64 : asArray(weights).dtype, [last]), edges])
  const total = counts.reduce((sum, count) => sum + count, 0)
  const heights = counts.map((count, i) => count / (at[i + 1]! - at[i]!) / total)
  return new Tuple([fromFlat(heights, float64, [heights.length]), edges])
}

/** Which of the bins, of which the last one takes both its edges; −1 for none. */
function binOf(at: Float64Array, x: number): number {
  if (!(x >= at[0]! && x <= at.at(-1)!)) return -1
  let [low, high] = [0, at.length - 1]
  while (high - low > 1) {
    const middle = (low + high) >>> 1
    if (at[middle]! <= x) low = middle
    else high = middle
  }
  return low
}

function edgesOf(value: Value, bins: Value, given: Value): NDArray {
  if (typeof bins === 'string') {
    throw valueError(`bins chosen by a rule ('${bins}') are not part of the lab: give their number or their edges`)
  }
  if (bins instanceof Scalar || typeof bins === 'bigint') return equalEdges(value, int(bins), given)
  const edges = asArray(bins)
  if (edges.ndim !== 1) throw valueError('`bins` must be 1d, when an array')
  const at = doublesOf(edges)
  if (at.some((edge, i) => i > 0 && edge < at[i - 1]!))
    throw valueError('`bins` must increase monotonically, when an array')
  return edges
}

/** Counts of pairs, a row for each bin of x. */
function histogram2d(x: Value, y: Value, bins: Value, range: Value, density: boolean): Tuple {
  const both = [x, y].map(asArray)
  const list = bins instanceof NDArray && bins.ndim === 1 ? [bins, bins] : sequence(bins)
  const ofBins = list?.length === 2 ? list : [bins, bins]
  const ranges = range === null ? [null, null] : (sequence(range) ?? [])
  const edges = both.map((values, i) => edgesOf(values, ofBins[i], ranges[i] ?? null))
  const [atX, atY] = edges.map(doublesOf)
  const [rows, columns] = [Math.max(atX!.length - 1, 0), Math.max(atY!.length - 1, 0)]
  const counts = newDoubles(rows * columns)
  const [allX, allY] = both.map(doublesOf)
  if (allX!.length !== allY!.length) throw valueError('x and y must have the same length.')
  allX!.forEach((one, i) => {
    const [row, column] = [binOf(atX!, one), binOf(atY!, allY![i]!)]
    if (row >= 0 && column >= 0) counts[row * columns + column]!++
  })
  const total = counts.reduce((sum, count) => sum + count, 0)
  const heights = density
    ? counts.map((count, i) => {
        const [row, column] = [Math.floor(i / columns), i % columns]
        return count / (atX![row + 1]! - atX![row]!) / (atY![column + 1]! - atY![column]!) / total
      })
    : counts
  return new Tuple([fromFlat(heights, float64, [rows, columns]), ...edges.map((one) => apply('add', [one, 0.0]))])
}

function equalEdges(value: Value, bins: number, given: Value): NDArray {
  if (bins < 1) throw valueError('`bins` must be positive, when an integer')
  const { low, high } = extremes(value, given)
  const { dtype } = asArray(value)
  const type = dtype.kind === 'f' ? dtype : float64
  return linspace(new Scalar(type, low), new Scalar(type, high), BigInt(bins + 1), true, type).a
}

function bincount(value: Value, weights: Value, minlength: number): NDArray {
  const a = asArray(value)
  if (!a.dtype.integral) {
    throw typeError("Cannot cast array data from dtype('float64') to dtype('int64') according to the rule 'safe'")
  }
  if (a.ndim !== 1) throw valueError('object too deep for desired array')
  const flat = doublesOf(a)
  const w = weights === null ? null : doublesOf(asArray(weights))
  if (flat.some((x) => x < 0)) throw valueError("'list' argument must have no negative elements")
  const size = flat.reduce((largest, x) => Math.max(largest, x + 1), minlength)
  if (size > 1 << 24) throw valueError('np.bincount counts up to 2**24 different numbers here')
  const counts = new Float64Array(size)
  flat.forEach((x, i) => (counts[x]! += w === null ? 1 : w[i]!))
  return fromFlat(counts, w === null ? int64 : float64, [size])
}

function digitize(x: Value, bins: Value, right: boolean): Value {
  const edges = asArray(bins)
  const at = doublesOf(edges)
  const falling = at.length > 1 && at[0]! > at[at.length - 1]!
  if (!falling) return unwrap(searchSorted(edges, asArray(x), !right))
  const reversed = fromFlat(at.slice().reverse(), float64, [at.length])
  return apply('subtract', [BigInt(at.length), searchSorted(reversed, asArray(x), right)])
}

export const histograms: Readonly<Record<string, NumpyFunction>> = {
  histogram: fn('a, bins=10, range=None, density=False, weights=None', (a, bins, range, density, weights) =>
    histogram(a, bins, range, truthOf(density), weights),
  ),
  histogram_bin_edges: fn('a, bins=10, range=None', edgesOf),
  histogram2d: fn('x, y, bins=10, range=None, density=False', (x, y, bins, range, density) =>
    histogram2d(x, y, bins, range, truthOf(density)),
  ),
  bincount: fn('x, weights=None, minlength=0', (x, weights, minlength) => bincount(x, weights, int(minlength))),
  digitize: fn('x, bins, right=False', (x, bins, right) => digitize(x, bins, truthOf(right))),
}
