/**
 * Reductions over axes. Sums are added in NumPy's order: axes by their strides in memory, neighbours joined where they
 * lie without a gap; the innermost is added pairwise where it is summed away, all else one after the other.
 */

import { pairwiseSum, pairwiseSum32 } from '../../shared/pairwise.ts'
import type { Scalar } from './array.ts'
import { doublesOf, flatOf, fromFlat, type NDArray, placesOf, rowMajor, sizeOf, unwrap, wideOf } from './array.ts'
import { type DType, dtypes, float64, int64 } from './dtype.ts'
import { valueError } from './errors.ts'
import { type Flat, isWide, newWide, roundHalf } from './storage.ts'
import { axisOrder } from './ufunc.ts'

/** The shape that is left, and with `keepdims` the summed axes as 1. */
export function reducedShape(shape: readonly number[], axes: readonly number[], keepdims: boolean): number[] {
  return keepdims
    ? shape.map((length, axis) => (axes.includes(axis) ? 1 : length))
    : shape.filter((_, axis) => !axes.includes(axis))
}

export function allAxes(a: NDArray, axes: readonly number[] | null): readonly number[] {
  return axes ?? a.shape.map((_, axis) => axis)
}

/** The array with `axes` last, one row for each element of the result: C-ordered rows of `count`. */
export function rows(a: NDArray, axes: readonly number[]): { flat: Flat; count: number } {
  const kept = a.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis))
  const count = axes.reduce((product, axis) => product * a.shape[axis]!, 1)
  return { flat: flatOf(a.transpose([...kept, ...axes])), count }
}

/** The result of a reduction as NumPy gives it: a scalar where no axis is left. */
export function finish(values: Flat, dtype: DType, shape: readonly number[], from: DType = dtype): NDArray | Scalar {
  return unwrap(fromFlat(values, dtype, shape, from))
}

/** Whole numbers add up as 64-bit ones. */
export function sumType(dtype: DType): DType {
  if (dtype.kind === 'f') return dtype
  return dtype.kind === 'u' ? dtypes.uint64 : int64
}

/** A reduction over axes of the array, in memory order: rows of `inner` elements, each row for one place or many. */
interface Plan {
  readonly flat: Float64Array
  readonly inner: number
  /** How far apart the places of neighbours in a row are; 0 where the row is summed away. */
  readonly step: number
  /** The place in the result of each row's first element. */
  readonly targets: Int32Array
  /** Which elements take part; null for all. */
  readonly parts: Float64Array | null
}

/** The elements in the order in which NumPy visits them, with neighbouring axes that are summed away joined. */
function plan(a: NDArray, axes: readonly number[], mask: NDArray | null = null): Plan {
  const order = (axisOrder([a], a.ndim) ?? a.shape.map((_, axis) => axis)).filter((axis) => a.shape[axis] !== 1)
  const keptSteps = rowMajor(reducedShape(a.shape, axes, true))
  const ordered = (x: NDArray) =>
    x.view(
      order.map((axis) => a.shape[axis]!),
      order.map((axis) => x.steps[axis]!),
    )
  const view = ordered(a)
  const outer = order.map((axis, i) => ({
    length: view.shape[i]!,
    step: view.steps[i]!,
    to: axes.includes(axis) ? 0 : keptSteps[axis]!,
  }))
  const last = outer.pop()
  let inner = last?.length ?? 1
  if (last?.to === 0) {
    while (outer.at(-1)?.to === 0 && outer.at(-1)!.step === last.step * inner) inner *= outer.pop()!.length
  }
  const targets = placesOf(
    outer.map(({ length }) => length),
    outer.map(({ to }) => to),
    0,
  )
  return { flat: doublesOf(view), inner, step: last?.to ?? 0, targets, parts: mask && doublesOf(ordered(mask)) }
}

/** How many elements NumPy converts at a time where it must: sums of converted numbers are made in such parts. */
const bufferSize = 8192

/** Sums of floats, in NumPy's order. */
function floatSums(
  a: NDArray,
  axes: readonly number[],
  dtype: DType,
  initial: number,
  mask: NDArray | null,
): Float64Array {
  const { flat, inner, step, targets, parts } = plan(a, axes, mask)
  const out = new Float64Array(sizeOf(reducedShape(a.shape, axes, false))).fill(initial)
  const single = dtype !== float64
  const pairwise = single ? pairwiseSum32 : pairwiseSum
  const fit = single ? Math.fround : (x: number) => x
  const most = a.dtype === dtype ? inner : Math.min(inner, bufferSize)
  if (flat.length === 0) return out
  for (let row = 0, from = 0; row < targets.length; row++, from += inner) {
    const target = targets[row]!
    if (step !== 0) {
      if (parts !== null) addParts(flat, parts, out, { from, count: inner, target, step, fit })
      else if (single) {
        for (let i = 0, to = target; i < inner; i++, to += step) out[to] = Math.fround(out[to]! + flat[from + i]!)
      } else for (let i = 0, to = target; i < inner; i++, to += step) out[to] = out[to]! + flat[from + i]!
      continue
    }
    let total = out[target]!
    if (parts !== null) {
      // Each run of elements that take part is a sum of its own.
      for (let i = from; i < from + inner; i++) {
        const begin = i
        while (i < from + inner && parts[i] !== 0) i++
        if (i > begin) total = fit(total + pairwise(flat, begin, i - begin))
      }
    } else {
      for (let i = 0; i < inner; i += most) {
        total = fit(total + pairwise(flat, from + i, Math.min(most, inner - i)))
      }
    }
    out[target] = total
  }
  return dtype === dtypes.float16 ? out.map(roundHalf) : out
}

interface Row {
  readonly from: number
  readonly count: number
  readonly target: number
  readonly step: number
  readonly fit: (x: number) => number
}

function addParts(flat: Float64Array, parts: Float64Array, out: Float64Array, row: Row): void {
  const { from, count, target, step, fit } = row
  for (let i = 0, to = target; i < count; i++, to += step) {
    if (parts[from + i] !== 0) out[to] = fit(out[to]! + flat[from + i]!)
  }
}

function floatProducts(a: NDArray, axes: readonly number[], dtype: DType, initial: number): Float64Array {
  const { flat, inner, step, targets } = plan(a, axes)
  const out = new Float64Array(sizeOf(reducedShape(a.shape, axes, false))).fill(initial)
  const fit = dtype === float64 ? (x: number) => x : Math.fround
  for (let i = 0; i < flat.length; i++) {
    const to = targets[Math.floor(i / inner)]! + (i % inner) * step
    out[to] = fit(out[to]! * flat[i]!)
  }
  return out
}

/** Whether doubles hold every sum of so many numbers of this array. */
function sumsExactly(a: NDArray, flat: Float64Array, count: number): boolean {
  if (a.itemsize <= 2) return true
  let largest = 0
  for (let i = 0; i < flat.length; i++) {
    const size = Math.abs(flat[i]!)
    if (size > largest) largest = size
  }
  return largest * count <= Number.MAX_SAFE_INTEGER
}

/** Sums of whole numbers that doubles hold, in memory order; null where they might not. */
function exactSums(a: NDArray, axes: readonly number[], start: number): Float64Array | null {
  if (isWide(a.storage.data)) return null
  const { flat, inner, step, targets } = plan(a, axes)
  if (!sumsExactly(a, flat, flat.length) || !Number.isSafeInteger(start)) return null
  const out = new Float64Array(sizeOf(reducedShape(a.shape, axes, false))).fill(start)
  for (let row = 0, from = 0; row < targets.length && flat.length > 0; row++, from += inner) {
    const target = targets[row]!
    if (step !== 0) for (let i = 0, to = target; i < inner; i++, to += step) out[to] = out[to]! + flat[from + i]!
    else {
      let total = out[target]!
      for (let i = from; i < from + inner; i++) total += flat[i]!
      out[target] = total
    }
  }
  return out.every((total) => Number.isSafeInteger(total)) ? out : null
}

function integerTotals(a: NDArray, axes: readonly number[], dtype: DType, product: boolean, start: number): Flat {
  const { flat, count } = rows(a, axes)
  const size = sizeOf(reducedShape(a.shape, axes, false))
  if (!isWide(flat)) {
    const out = new Float64Array(size).fill(start)
    let safe = true
    for (let row = 0; row < size && safe; row++) {
      let total = start
      const end = (row + 1) * count
      for (let i = row * count; i < end; i++) {
        total = product ? total * flat[i]! : total + flat[i]!
        if (!(total <= Number.MAX_SAFE_INTEGER && total >= -Number.MAX_SAFE_INTEGER)) {
          safe = false
          break
        }
      }
      out[row] = total + 0
    }
    if (safe) return out
  }
  const unsigned = dtype.kind === 'u'
  const kept = a.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis))
  const values = wideOf(a.transpose([...kept, ...axes]), unsigned)
  const out = newWide(unsigned, size)
  for (let row = 0; row < size; row++) {
    out[row] = BigInt(start)
    for (let i = row * count; i < (row + 1) * count; i++) {
      out[row] = product ? out[row]! * values[i]! : out[row]! + values[i]!
    }
  }
  return out
}

/** The sum over these axes (null: all) and `initial`, as values of `dtype`, in C order of what is left. */
export function sumValues(
  a: NDArray,
  axes: readonly number[] | null,
  dtype: DType,
  initial = 0,
  mask: NDArray | null = null,
): Flat {
  const over = allAxes(a, axes)
  if (dtype.kind === 'f') return floatSums(a, over, dtype, initial, mask)
  const start = Math.trunc(initial)
  return exactSums(a, over, start) ?? integerTotals(a, over, dtype, false, start)
}

export function productValues(a: NDArray, axes: readonly number[] | null, dtype: DType, initial = 1): Flat {
  const over = allAxes(a, axes)
  return dtype.kind === 'f'
    ? floatProducts(a, over, dtype, initial)
    : integerTotals(a, over, dtype, true, Math.trunc(initial))
}

/** A reduction of each row to one number: extremes, any, all, positions. */
export function perRow(
  a: NDArray,
  axes: readonly number[] | null,
  reduce: (values: Flat, from: number, count: number) => number | bigint,
): Flat {
  const over = allAxes(a, axes)
  const { flat, count } = rows(a, over)
  const size = sizeOf(reducedShape(a.shape, over, false))
  const results = Array.from({ length: size }, (_, row) => reduce(flat, row * count, count))
  if (!results.some((value) => typeof value === 'bigint')) return Float64Array.from(results, Number)
  return a.dtype.kind === 'u' ? BigUint64Array.from(results.map(BigInt)) : BigInt64Array.from(results.map(BigInt))
}

/** The largest (smallest) of each row, or NaN where there is one; of equal ones the first. */
export function extremeValues(a: NDArray, axes: readonly number[] | null, largest: boolean): Flat {
  const over = allAxes(a, axes)
  const place = extreme(largest)
  if (isWide(a.storage.data)) return perRow(a, over, (flat, from, count) => flat[from + place(flat, from, count)]!)
  const { flat, inner, step, targets } = plan(a, over)
  const out = new Float64Array(sizeOf(reducedShape(a.shape, over, false))).fill(largest ? -Infinity : Infinity)
  // The other way round with the sign turned; NaN stays what it is.
  const sign = largest ? 1 : -1
  if (!largest) out.fill(-Infinity)
  for (let row = 0, from = 0; row < targets.length && flat.length > 0; row++, from += inner) {
    const target = targets[row]!
    for (let i = 0, to = target; i < inner; i++, to += step) {
      const value = sign * flat[from + i]!
      if (value > out[to]! || value !== value) out[to] = value
    }
  }
  return largest ? out : out.map((value) => -value)
}

/** The place, within its row, of the largest (smallest) element; the first of equal ones, or the first NaN. */
export function extreme(largest: boolean): (values: Flat, from: number, count: number) => number {
  return (values, from, count) => {
    let best = from
    for (let i = from; i < from + count; i++) {
      const value = values[i]!
      if (value !== value) return i - from
      if (largest ? value > values[best]! : value < values[best]!) best = i
    }
    return best - from
  }
}

/** @throws ValueError for an array with nothing to choose from */
export function checkNotEmpty(a: NDArray, axes: readonly number[] | null, name: string): void {
  const count = allAxes(a, axes).reduce((product, axis) => product * a.shape[axis]!, 1)
  if (count === 0) throw valueError(`zero-size array to reduction operation ${name} which has no identity`)
}
