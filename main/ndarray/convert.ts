/** From Python's values to arrays. */

import { cast, checkShape, fromFlat, NDArray, Scalar, sizeOf } from './array.ts'
import { bool, checkRange, type DType, dtypes, float64, int64, promote, type Weak } from './dtype.ts'
import { NumpyError, typeError, valueError } from './errors.ts'
import type { Flat } from './storage.ts'
import { hasToArray, sequence, tightShape, type Value } from './values.ts'

export interface Operand {
  readonly array: NDArray
  readonly dtype: DType
  readonly weak: Weak
}

function leafType(value: Value): { dtype: DType; weak: Weak } | null {
  if (typeof value === 'bigint') return { dtype: int64, weak: 'int' }
  if (typeof value === 'number') return { dtype: float64, weak: 'float' }
  if (typeof value === 'boolean') return { dtype: bool, weak: null }
  return value instanceof Scalar ? { dtype: value.dtype, weak: null } : null
}

function wideArray(numbers: readonly (number | bigint)[], dtype: DType): Flat {
  if (dtype.kind === 'f') return Float64Array.from(numbers, Number)
  const big = numbers.some((value) => typeof value === 'bigint' && !Number.isSafeInteger(Number(value)))
  if (!big) return Float64Array.from(numbers, Number)
  return dtype.name === 'uint64'
    ? BigUint64Array.from(numbers.map((value) => BigInt(value)))
    : BigInt64Array.from(numbers.map((value) => BigInt(value)))
}

function leafNumber(value: Value, dtype: DType | null): number | bigint {
  if (typeof value === 'bigint') {
    if (dtype !== null) checkRange(value, dtype)
    return value
  }
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value !== 'number') return (value as Scalar).value
  if (dtype !== null && (dtype.kind === 'i' || dtype.kind === 'u') && !Number.isFinite(value)) {
    throw Number.isNaN(value)
      ? valueError('cannot convert float NaN to integer')
      : new NumpyError('OverflowError', 'cannot convert float infinity to integer')
  }
  return value
}

const refused = (value: Value) =>
  typeError(
    typeof value === 'string'
      ? 'arrays of text are not part of the lab: only numbers and truth values'
      : 'arrays of objects are not part of the lab: only numbers and truth values',
  )

interface Nest {
  readonly shape: number[]
  readonly leaves: Value[]
  dtype: DType | null
}

function inhomogeneous(shape: readonly number[]): Error {
  return valueError(
    `setting an array element with a sequence. The requested array has an inhomogeneous shape after ${shape.length} ` +
      `dimensions. The detected shape was ${tightShape(shape).replaceAll(',', ', ').replace(', )', ',)')} + ` +
      'inhomogeneous part.',
  )
}

/** Follows the first items down for the shape, then takes all leaves, which must agree with it. */
function collect(value: Value, depth: number, nest: Nest): void {
  const inner = hasToArray(value) && !(value instanceof Scalar) ? value.toArray() : value
  if (inner instanceof NDArray) {
    const flat = inner.copy()
    if (depth + inner.ndim !== nest.shape.length || inner.shape.some((n, axis) => n !== nest.shape[depth + axis])) {
      throw inhomogeneous(nest.shape.slice(0, depth))
    }
    for (let i = 0; i < flat.size; i++) nest.leaves.push(new Scalar(inner.dtype, flat.at(i)))
    nest.dtype = nest.dtype === null ? inner.dtype : promote(nest.dtype, inner.dtype)
    return
  }
  const items = sequence(inner)
  if (items === null) {
    const type = leafType(inner)
    if (type === null) throw refused(inner)
    if (depth !== nest.shape.length) throw inhomogeneous(nest.shape.slice(0, depth))
    const wide = typeof inner === 'bigint' && inner >= 1n << 63n
    const dtype = wide ? unsigned(inner) : type.dtype
    nest.dtype = nest.dtype === null ? dtype : promote(nest.dtype, dtype)
    nest.leaves.push(inner)
    return
  }
  if (depth >= nest.shape.length || items.length !== nest.shape[depth]) {
    throw inhomogeneous(nest.shape.slice(0, Math.min(depth, nest.shape.length)))
  }
  for (const item of items) collect(item, depth + 1, nest)
}

function unsigned(value: bigint): DType {
  checkRange(value, dtypes.uint64)
  return dtypes.uint64
}

function shapeOf(value: Value): number[] {
  const shape: number[] = []
  for (let inner = value; ;) {
    if (hasToArray(inner) && !(inner instanceof Scalar)) inner = inner.toArray()
    if (inner instanceof NDArray) return [...shape, ...inner.shape]
    const items = sequence(inner)
    if (items === null) return shape
    shape.push(items.length)
    if (shape.length > 64) throw valueError('setting an array element with a sequence.')
    if (items.length === 0) return shape
    inner = items[0]
  }
}

/**
 * An array of its own from numbers in lists: `np.array`. Without `dtype` the narrowest that holds all, as NumPy chooses:
 * bool, int64, float64, or what the arrays within have.
 * @throws ValueError for rows of unequal length, TypeError for what is no number
 */
export function fromNested(value: Value, dtype: DType | null = null): NDArray {
  if (value instanceof NDArray) return dtype === null ? value.copy() : cast(value, dtype)
  if (hasToArray(value) && !(value instanceof Scalar)) return fromNested(value.toArray(), dtype)
  const nest: Nest = { shape: shapeOf(value), leaves: [], dtype: null }
  checkShape(nest.shape, dtype ?? float64)
  collect(value, 0, nest)
  const own = nest.dtype ?? float64
  const target = dtype ?? own
  const numbers = nest.leaves.map((leaf) => leafNumber(leaf, dtype))
  if (nest.leaves.length !== sizeOf(nest.shape)) throw inhomogeneous(nest.shape.slice(0, 1))
  return fromFlat(wideArray(numbers, own), target, nest.shape, own)
}

/** The value as an array; one that is an array already is given back as it is: `np.asarray`. */
export function asArray(value: Value): NDArray {
  if (value instanceof NDArray) return value
  return fromNested(value)
}

/** An operand of an elementwise operation: Python's own numbers are weak. */
export function asOperand(value: Value): Operand {
  if (value instanceof NDArray) return { array: value, dtype: value.dtype, weak: null }
  const type = leafType(value)
  const array = fromNested(value)
  return { array, dtype: array.dtype, weak: type === null ? null : type.weak }
}
