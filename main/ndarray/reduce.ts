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
function rows(a: NDArray, axes: readonly number[]): { flat: Flat; count: number } {
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

const total32 = (x: number, y: number) => Math.fround(x + y)
const total64 = (x: number, y: number) => x + y
const product32 = (x: number, y: number) => Math.fround(x * y)
const product64 = (x: number, y: number) => x * y

/** A step of a reduction over axes of the array, in memory order. */
interface Plan {
  readonly flat: Float64Array
  readonly lengths: number[]
  readonly summed: boolean[]
  readonly targets: Int32Array
}

/** The elements in the order in which NumPy visits them, with neighbouring axes of one kind joined. */
function plan(a: NDArray, axes: readonly number[]): Plan {
  const order = (axisOrder([a], a.ndim) ?? a.shape.map((_, axis) => axis)).filter((axis) => a.shape[axis] !== 1)
  const keptSteps = rowMajor(reducedShape(a.shape, axes, true)).map((step, axis) => (axes.includes(axis) ? 0 : step))
  const view = a.view(
    order.map((axis) => a.shape[axis]!),
    order.map((axis) => a.steps[axis]!),
  )
  const targets = placesOf(
    view.shape,
    order.map((axis) => keptSteps[axis]!),
    0,
  )
  const lengths: number[] = []
  const summed: boolean[] = []
  const steps: number[] = []
  order.forEach((axis, i) => {
    const [length, step, sum] = [view.shape[i]!, view.steps[i]!, axes.includes(axis)]
    if (lengths.length > 0 && sum && summed.at(-1) && steps.at(-1) === step * length) {
      lengths[lengths.length - 1]! *= length
      steps[steps.length - 1] = step
    } else {
      lengths.push(length)
      summed.push(sum)
      steps.push(step)
    }
  })
  return { flat: doublesOf(view), lengths, summed, targets }
}

/** How many elements NumPy converts at a time where it must: sums of converted numbers are made in such parts. */
const bufferSize = 8192

/** Sums of floats, in NumPy's order. */
function floatSums(a: NDArray, axes: readonly number[], dtype: DType, initial: number): Float64Array {
  const { flat, lengths, summed, targets } = plan(a, axes)
  const out = new Float64Array(sizeOf(reducedShape(a.shape, axes, false))).fill(initial)
  const single = dtype !== float64
  const add = single ? total32 : total64
  const inner = lengths.length > 0 && summed.at(-1) ? lengths.at(-1)! : 1
  const pairwise = single ? pairwiseSum32 : pairwiseSum
  const part = a.dtype === dtype ? inner : Math.min(inner, bufferSize)
  if (inner === 1) for (let i = 0; i < flat.length; i++) out[targets[i]!] = add(out[targets[i]!]!, flat[i]!)
  else {
    for (let row = 0; row < flat.length; row += inner) {
      const target = targets[row]!
      for (let from = 0; from < inner; from += part) {
        out[target] = add(out[target]!, pairwise(flat, row + from, Math.min(part, inner - from)))
      }
    }
  }
  return dtype === dtypes.float16 ? out.map(roundHalf) : out
}

function floatProducts(a: NDArray, axes: readonly number[], dtype: DType, initial: number): Float64Array {
  const { flat, targets } = plan(a, axes)
  const out = new Float64Array(sizeOf(reducedShape(a.shape, axes, false))).fill(initial)
  const multiply = dtype === float64 ? product64 : product32
  for (let i = 0; i < flat.length; i++) out[targets[i]!] = multiply(out[targets[i]!]!, flat[i]!)
  return out
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
export function sumValues(a: NDArray, axes: readonly number[] | null, dtype: DType, initial = 0): Flat {
  const over = allAxes(a, axes)
  return dtype.kind === 'f'
    ? floatSums(a, over, dtype, initial)
    : integerTotals(a, over, dtype, false, Math.trunc(initial))
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
