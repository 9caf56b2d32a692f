/**
 * The bytes behind arrays. Whole numbers of 64 bits are exact and fast: as long as all of them are below 2⁵³ in size
 * they are kept in a Float64Array, and computed as doubles, which is exact there; the first larger one turns the
 * memory, for all views of it, into a BigInt64Array (BigUint64Array).
 */

import { dtypes, type DType } from './dtype.ts'
import { NumpyError } from './errors.ts'

export type Wide = BigInt64Array | BigUint64Array

export type Narrow =
  Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | Float32Array | Float64Array

type Data = Narrow | Wide

/** Values on their way through a computation: doubles, or 64-bit whole numbers where doubles do not hold them. */
export type Flat = Float64Array | Wide

export const safe = 2 ** 53

export function isWide(values: Data): values is Wide {
  return values instanceof BigInt64Array || values instanceof BigUint64Array
}

/** No array is larger than this many elements: what is typed by mistake must not take the machine's memory. */
export const largestSize = 1 << 27

/** @throws MemoryError, and ValueError for a negative one */
export function checkSize(size: number): void {
  if (size < 0) throw new NumpyError('ValueError', 'negative dimensions are not allowed')
  if (size <= largestSize) return
  throw new NumpyError(
    'MemoryError',
    `Unable to allocate ${size} elements: the lab holds arrays of up to ${largestSize} elements`,
  )
}

/** Zeros, as doubles. @throws MemoryError */
export function newDoubles(size: number): Float64Array {
  checkSize(size)
  return new Float64Array(size)
}

/** Zeros, as 64-bit whole numbers. @throws MemoryError */
export function newWide(unsigned: boolean, size: number): Wide {
  checkSize(size)
  return unsigned ? new BigUint64Array(size) : new BigInt64Array(size)
}

function newData(dtype: DType, size: number): Narrow {
  checkSize(size)
  switch (dtype.name) {
    case 'bool':
    case 'uint8':
      return new Uint8Array(size)
    case 'int8':
      return new Int8Array(size)
    case 'int16':
      return new Int16Array(size)
    case 'uint16':
      return new Uint16Array(size)
    case 'int32':
      return new Int32Array(size)
    case 'uint32':
      return new Uint32Array(size)
    case 'float16':
    case 'float32':
      return new Float32Array(size)
    case 'int64':
    case 'uint64':
    case 'float64':
      return new Float64Array(size)
  }
}

export class Storage {
  readonly dtype: DType
  data: Data

  constructor(dtype: DType, data: Data) {
    this.dtype = dtype
    this.data = data
  }

  static zeros(dtype: DType, size: number): Storage {
    return new Storage(dtype, newData(dtype, size))
  }

  /** From now on with 64-bit whole numbers. */
  widen(): Wide {
    const { data } = this
    if (isWide(data)) return data
    const wide = newWide(this.dtype.kind === 'u', data.length)
    for (let i = 0; i < data.length; i++) wide[i] = BigInt(data[i]!)
    this.data = wide
    return wide
  }
}

/** Rounds to half precision, ties to even. */
export function roundHalf(x: number): number {
  if (x === 0 || !Number.isFinite(x)) return x
  const size = Math.abs(x)
  const exponent = Math.max(Math.floor(Math.log2(size)), -14)
  const unit = 2 ** (exponent - 10)
  const turns = size / unit
  const floor = Math.floor(turns)
  const rest = turns - floor
  const rounded = (rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor) * unit
  return Math.sign(x) * (rounded > 65504 ? Infinity : rounded)
}

function truncated(values: Float64Array, dtype: DType, whole: boolean): Storage {
  if (dtype.wide) {
    for (let i = 0; i < values.length; i++) {
      const value = Math.trunc(values[i]!) + 0
      if (!(Math.abs(value) < safe && (value >= 0 || dtype.kind === 'i'))) return widened(values, dtype)
      values[i] = value
    }
    return new Storage(dtype, values)
  }
  const storage = Storage.zeros(dtype, values.length)
  const data = storage.data as Narrow
  if (!whole && dtype.name === 'int32') {
    // What the processor gives for a number that has no place.
    for (let i = 0; i < values.length; i++) {
      const value = Math.trunc(values[i]!)
      data[i] = Math.abs(value) < 2 ** 31 ? value : -(2 ** 31)
    }
  } else data.set(values)
  return storage
}

function widened(values: Float64Array, dtype: DType): Storage {
  const wide = newWide(dtype.kind === 'u', values.length)
  for (let i = 0; i < values.length; i++) {
    const value = Math.trunc(values[i]!)
    const fits = Math.abs(value) < 2 ** 63 || (dtype.kind === 'u' && value > 0 && value < 2 ** 64)
    wide[i] = fits ? BigInt(value) : -(1n << 63n)
  }
  return new Storage(dtype, wide)
}

/**
 * Storage of `dtype` with these values: whole numbers wrap around, floats are rounded, or truncated to whole ones.
 * It takes the values over: the caller gives a copy that is its own.
 */
export function store(values: Flat, dtype: DType, from: DType): Storage {
  if (isWide(values)) {
    if (dtype.wide) {
      const wide = newWide(dtype.kind === 'u', values.length)
      let small = true
      const limit = BigInt(safe)
      for (let i = 0; i < values.length; i++) {
        wide[i] = values[i]!
        if (wide[i]! >= limit || wide[i]! <= -limit) small = false
      }
      return small ? new Storage(dtype, Float64Array.from(wide, Number)) : new Storage(dtype, wide)
    }
    const bits = dtype.itemsize * 8
    const narrow = Float64Array.from(values as ArrayLike<bigint>, (value) =>
      dtype.kind === 'f' || dtype.kind === 'b'
        ? Number(value)
        : Number(dtype.kind === 'u' ? BigInt.asUintN(bits, value) : BigInt.asIntN(bits, value)),
    )
    return store(narrow, dtype, dtype)
  }
  switch (dtype.kind) {
    case 'b': {
      const data = new Uint8Array(values.length)
      for (let i = 0; i < values.length; i++) data[i] = values[i] === 0 ? 0 : 1
      return new Storage(dtype, data)
    }
    case 'i':
    case 'u':
      return truncated(values, dtype, from.kind !== 'f')
    case 'f':
      if (dtype === dtypes.float64) return new Storage(dtype, values)
      if (dtype === dtypes.float32) return new Storage(dtype, new Float32Array(values))
      return new Storage(dtype, Float32Array.from(values, roundHalf))
  }
}
