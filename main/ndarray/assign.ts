/** Writing into arrays: the value is broadcast and cast; overlapping memory is written as if the value were a copy. */

import { copyRows, flatOf, NDArray, placesOf, Scalar, scatter } from './array.ts'
import { broadcastView } from './broadcast.ts'
import { fromNested } from './convert.ts'
import { type DType, dtypes } from './dtype.ts'
import { typeError, valueError } from './errors.ts'
import { isWide } from './storage.ts'
import { hasToArray, tightShape, type Value } from './values.ts'

/** @throws ValueError for an array that may only be read */
export function checkWriteable(a: NDArray): void {
  if (!a.writeable) throw valueError('assignment destination is read-only')
}

/** `view[...] = source`. */
export function assign(view: NDArray, source: NDArray): void {
  checkWriteable(view)
  // Leading axes of length 1 that the target does not have are dropped, as NumPy does.
  let from = source
  while (from.ndim > view.ndim && from.shape[0] === 1) from = from.view(from.shape.slice(1), from.steps.slice(1))
  const seen = broadcastView(from, view.shape)
  if (seen === null) {
    throw valueError(
      `could not broadcast input array from shape ${tightShape(source.shape)} into shape ${tightShape(view.shape)}`,
    )
  }
  write(view, seen)
}

/** Whether a typed array of this type takes these numbers as NumPy casts them. */
function convertsAlike(from: DType, to: DType): boolean {
  if (from === to) return true
  if (to.kind === 'f') return to !== dtypes.float16
  return from.integral && to.kind !== 'b' && to !== dtypes.uint64
}

/** All elements of an array into another of the same shape, cast to its dtype. */
export function write(target: NDArray, source: NDArray): void {
  const [from, to] = [source.storage.data, target.storage.data]
  if (from.buffer !== to.buffer && !isWide(from) && !isWide(to) && convertsAlike(source.dtype, target.dtype)) {
    copyRows(source, target, from, to)
    return
  }
  scatter(target, placesOf(target.shape, target.steps, target.offset), flatOf(source).slice(), source.dtype)
}

/** The value to be written into an array of this dtype: Python's own numbers, in lists too, must have a place in it. */
export function valueFor(target: NDArray, value: Value): NDArray {
  if (value instanceof NDArray || value instanceof Scalar || hasToArray(value)) return fromNested(value)
  if (value === null && target.dtype.integral) {
    throw typeError("int() argument must be a string, a bytes-like object or a real number, not 'NoneType'")
  }
  // As NumPy has it: nothing is not a number.
  return fromNested(value ?? NaN, target.dtype)
}

/** One element, without any array made for it. */
export function writeElement(a: NDArray, place: number, value: number): boolean {
  const { data } = a.storage
  if (isWide(data) || !a.writeable) return false
  if (a.dtype.name === 'float64' || a.dtype.name === 'float32') {
    data[place] = value
    return true
  }
  return false
}
