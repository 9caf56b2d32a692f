/** The same elements in another shape: views wherever the memory allows. */

import { cast, fromFlat, NDArray, ownFlat, rowMajor, sizeOf } from './array.ts'
import { valueError } from './errors.ts'
import type { DType } from './dtype.ts'
import { newDoubles } from './storage.ts'
import { axisOrder, normalAxis } from './ufunc.ts'
import type { Value } from './values.ts'

/** As NumPy's message has it: an unknown first length is left out, another is a newaxis. */
function askedShape(shape: readonly number[]): string {
  const known = shape[0] === -1 ? shape.slice(1) : shape
  const text = known.map((length) => (length === -1 ? 'newaxis' : String(length))).join(',')
  return `(${text}${shape.length === 1 ? ',' : ''})`
}

/** The shape asked for, with its one −1 worked out. */
function wanted(a: NDArray, shape: readonly number[]): number[] {
  const unknown = shape.filter((length) => length === -1).length
  if (unknown > 1) throw valueError('can only specify one unknown dimension')
  if (shape.some((length) => length < -1)) throw valueError('negative dimensions not allowed')
  const known = shape.reduce((product, length) => (length === -1 ? product : product * length), 1)
  const fits = unknown === 0 ? known === a.size : known !== 0 && a.size % known === 0
  if (!fits) throw valueError(`cannot reshape array of size ${a.size} into shape ${askedShape(shape)}`)
  return shape.map((length) => (length === -1 ? a.size / known : length))
}

/** Steps of the new shape on the same memory, or null where no steps do. */
function stepsFor(a: NDArray, shape: readonly number[]): number[] | null {
  if (a.contiguous) return rowMajor(shape)
  const lengths = a.shape.filter((length) => length !== 1)
  const old = a.steps.filter((_, axis) => a.shape[axis] !== 1)
  const steps = new Array<number>(shape.length).fill(0)
  let [i, j] = [0, 0]
  while (i < lengths.length && j < shape.length) {
    let [from, to] = [lengths[i]!, shape[j]!]
    const [firstOld, firstNew] = [i, j]
    while (from !== to) {
      if (to < from) to *= shape[++j]!
      else from *= lengths[++i]!
    }
    for (let axis = firstOld; axis < i; axis++) if (old[axis] !== lengths[axis + 1]! * old[axis + 1]!) return null
    steps[j] = old[i]!
    for (let axis = j; axis > firstNew; axis--) steps[axis - 1] = steps[axis]! * shape[axis]!
    i++
    j++
  }
  const last = j > 0 ? steps[j - 1]! : 1
  for (; j < shape.length; j++) steps[j] = last
  return steps
}

/** In Fortran's order, the first axis fastest, without gaps. */
export function columnMajor(a: NDArray): boolean {
  return a.transpose().contiguous
}

/**
 * Whether `order` asks for Fortran's order, the first axis fastest; `'A'`: where the elements lie so.
 * @throws ValueError for what is no order
 */
function columnsFirst(order: Value, a: NDArray | null): boolean {
  const given = order ?? 'C'
  const name = typeof given === 'string' ? given.toUpperCase() : ''
  if (!['C', 'F', 'A', 'K'].includes(name)) {
    throw valueError(`order must be one of 'C', 'F', 'A', or 'K' (got '${typeof given === 'string' ? given : '?'}')`)
  }
  return name === 'F' || (name !== 'C' && a !== null && columnMajor(a) && !a.contiguous)
}

/** A new array in Fortran's order, where that is asked for; `make` is given its shape. */
export function ordered(shape: readonly number[], order: Value, make: (shape: readonly number[]) => NDArray): NDArray {
  if (!columnsFirst(order, null)) return make(shape)
  const { storage, steps } = make(shape.toReversed())
  return new NDArray(storage, shape, steps.toReversed())
}

/** A copy as `order` says; `'K'`: with its axes in memory as they are. */
export function copyIn(a: NDArray, order: Value, dtype: DType = a.dtype): NDArray {
  const columns = columnsFirst(order, a)
  const axes = columns ? a.shape.map((_, axis) => a.ndim - 1 - axis) : order === 'K' ? axisOrder([a], a.ndim) : null
  if (axes === null) return dtype === a.dtype ? a.copy() : cast(a, dtype)
  const { storage, steps } = cast(a.transpose(axes), dtype)
  const own = a.shape.map((_, axis) => steps[axes.indexOf(axis)]!)
  return new NDArray(storage, a.shape, own)
}

export function reshape(a: NDArray, to: readonly number[], order: Value = 'C'): NDArray {
  if (columnsFirst(order, a)) return reshape(a.transpose(), wanted(a, to).toReversed()).transpose()
  const shape = wanted(a, to)
  if (a.size === 0) return a.view(shape, rowMajor(shape))
  const steps = stepsFor(a, shape)
  return steps === null ? fromFlat(ownFlat(a), a.dtype, shape) : a.view(shape, steps)
}

/** All elements in a row: a view where they lie in C order, a copy otherwise. */
export function ravel(a: NDArray, order: Value = 'C'): NDArray {
  if (columnsFirst(order, a)) return ravel(a.transpose())
  return a.contiguous ? a.view([a.size], [1]) : flatten(a)
}

export function flatten(a: NDArray, order: Value = 'C'): NDArray {
  if (columnsFirst(order, a)) return flatten(a.transpose())
  return fromFlat(ownFlat(a), a.dtype, [a.size])
}

/** @throws ValueError "axes don't match array", "repeated axis in transpose" */
export function transpose(a: NDArray, axes: readonly number[] | null): NDArray {
  if (axes === null) return a.transpose()
  if (axes.length !== a.ndim) throw valueError("axes don't match array")
  const order = axes.map((axis) => normalAxis(axis, a.ndim))
  if (new Set(order).size !== order.length) throw valueError('repeated axis in transpose')
  return a.transpose(order)
}

export function swapAxes(a: NDArray, first: number, second: number): NDArray {
  const order = a.shape.map((_, axis) => axis)
  const [x, y] = [normalAxis(first, a.ndim), normalAxis(second, a.ndim)]
  ;[order[x], order[y]] = [order[y]!, order[x]!]
  return a.transpose(order)
}

export function moveAxes(a: NDArray, from: readonly number[], to: readonly number[]): NDArray {
  const [source, target] = [from, to].map((list) => list.map((axis) => normalAxis(axis, a.ndim)))
  if (source!.length !== target!.length) {
    throw valueError('`source` and `destination` arguments must have the same number of elements')
  }
  const order = a.shape.map((_, axis) => axis).filter((axis) => !source!.includes(axis))
  const pairs = target!.map((at, i) => [at, source![i]!] as const).sort((p, q) => p[0] - q[0])
  for (const [at, axis] of pairs) order.splice(at, 0, axis)
  return a.transpose(order)
}

export function expandDims(a: NDArray, axes: readonly number[]): NDArray {
  const ndim = a.ndim + axes.length
  const at = axes.map((axis) => normalAxis(axis, ndim))
  if (new Set(at).size !== at.length) throw valueError('repeated axis')
  let next = 0
  const source = Array.from({ length: ndim }, (_, axis) => (at.includes(axis) ? -1 : next++))
  return a.view(
    source.map((axis) => (axis < 0 ? 1 : a.shape[axis]!)),
    source.map((axis) => (axis < 0 ? 0 : a.steps[axis]!)),
  )
}

export function squeeze(a: NDArray, axes: readonly number[] | null): NDArray {
  if (axes?.some((axis) => a.shape[axis] !== 1)) {
    throw valueError('cannot select an axis to squeeze out which has size not equal to one')
  }
  const keep = a.shape
    .map((_, axis) => axis)
    .filter((axis) => (axes === null ? a.shape[axis] !== 1 : !axes.includes(axis)))
  return a.view(
    keep.map((axis) => a.shape[axis]!),
    keep.map((axis) => a.steps[axis]!),
  )
}

/** A view with these axes (null: all) run backwards. */
export function flip(a: NDArray, axes: readonly number[] | null): NDArray {
  const turned = (axis: number) => a.shape[axis]! > 0 && (axes === null || axes.includes(axis))
  const offset = a.steps.reduce((sum, step, axis) => sum + (turned(axis) ? step * (a.shape[axis]! - 1) : 0), 0)
  return a.view(
    a.shape,
    a.steps.map((step, axis) => (turned(axis) ? -step : step)),
    offset,
  )
}

/** Quarter turns from the first axis towards the second: views. */
export function rot90(a: NDArray, turns: number, axes: readonly number[]): NDArray {
  if (axes.length !== 2) throw valueError('len(axes) must be 2.')
  const [first, second] = axes.map((axis) => normalAxis(axis, a.ndim)) as [number, number]
  if (first === second) throw valueError('Axes must be different.')
  switch (((turns % 4) + 4) % 4) {
    case 1:
      return swapAxes(flip(a, [second]), first, second)
    case 2:
      return flip(flip(a, [first]), [second])
    case 3:
      return flip(swapAxes(a, first, second), [second])
    default:
      return a.view(a.shape, a.steps)
  }
}

/** At least `ndim` axes; two axes take a row, three a row of one channel, as NumPy does. */
export function atLeast(a: NDArray, ndim: number): NDArray {
  if (a.ndim >= ndim) return a
  if (ndim === 3 && a.ndim > 0) return expandDims(a, a.ndim === 1 ? [0, 2] : [2])
  return expandDims(
    a,
    Array.from({ length: ndim - a.ndim }, (_, axis) => axis),
  )
}

/** The elements again and again until the shape is full: `np.resize`. */
export function refill(a: NDArray, shape: readonly number[]): NDArray {
  const flat = ownFlat(a)
  const size = sizeOf(shape)
  const out = flat.slice(0, 0).constructor === Float64Array ? newDoubles(size) : null
  if (out === null) throw valueError('np.resize takes whole numbers below 2**53')
  for (let i = 0; i < size && flat.length > 0; i++) out[i] = Number(flat[i % flat.length]!)
  return fromFlat(out, a.dtype, shape)
}
