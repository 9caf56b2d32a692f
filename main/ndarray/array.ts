/** The array: a window, by shape and strides, on storage that other arrays may look at too. */

import { type DType, dtypes } from './dtype.ts'
import { NumpyError } from './errors.ts'
import {
  checkSize,
  type Flat,
  isWide,
  largestSize,
  type Narrow,
  newDoubles,
  newWide,
  Storage,
  store,
  type Wide,
} from './storage.ts'
import { shapeText } from './values.ts'

export function sizeOf(shape: readonly number[]): number {
  let size = 1
  for (const length of shape) size *= length
  return size
}

/** Steps in elements of a C-ordered array. */
export function rowMajor(shape: readonly number[]): number[] {
  const steps = new Array<number>(shape.length)
  let step = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    steps[axis] = step
    step *= Math.max(shape[axis]!, 1)
  }
  return steps
}

export class NDArray {
  readonly storage: Storage
  readonly dtype: DType
  /** Replaced as a whole when Python sets `a.shape`. */
  shape: readonly number[]
  /** Strides in elements; `strides` has them in bytes. */
  steps: readonly number[]
  readonly offset: number
  /** The array whose memory this one looks at; null where it is its own. */
  readonly base: NDArray | null
  /** False for arrays that may only be read: broadcast views, the stages of a run. */
  writeable = true

  constructor(
    storage: Storage,
    shape: readonly number[],
    steps: readonly number[] = rowMajor(shape),
    offset = 0,
    base: NDArray | null = null,
  ) {
    this.storage = storage
    this.dtype = storage.dtype
    this.shape = shape
    this.steps = steps
    this.offset = offset
    this.base = base
    if (base !== null) this.writeable = base.writeable
  }

  get ndim(): number {
    return this.shape.length
  }

  get size(): number {
    return sizeOf(this.shape)
  }

  get itemsize(): number {
    return this.dtype.itemsize
  }

  get nbytes(): number {
    return this.size * this.dtype.itemsize
  }

  get strides(): number[] {
    return this.steps.map((step) => step * this.dtype.itemsize)
  }

  /** In C order without gaps. */
  get contiguous(): boolean {
    let step = 1
    for (let axis = this.shape.length - 1; axis >= 0; axis--) {
      const length = this.shape[axis]!
      if (length === 0) return true
      if (length !== 1 && this.steps[axis] !== step) return false
      step *= length
    }
    return true
  }

  /** Another window on the same memory; `offset` in elements from the start of this one. */
  view(shape: readonly number[], steps: readonly number[], offset = 0): NDArray {
    const view = new NDArray(this.storage, shape, steps, this.offset + offset, this.base ?? this)
    view.writeable = this.writeable
    return view
  }

  /** A C-ordered copy. */
  copy(): NDArray {
    const { data } = this.storage
    // Whole numbers of 64 bits may become narrower again.
    if (isWide(data)) return fromFlat(ownFlat(this), this.dtype, this.shape)
    const made = new NDArray(Storage.zeros(this.dtype, this.size), this.shape)
    copyRows(this, made, data, made.storage.data as typeof data)
    return made
  }

  transpose(order: readonly number[] = this.shape.map((_, axis) => this.ndim - 1 - axis)): NDArray {
    return this.view(
      order.map((axis) => this.shape[axis]!),
      order.map((axis) => this.steps[axis]!),
    )
  }

  /** The element at a place in storage (not counted from `offset`). */
  at(place: number): number | bigint {
    return this.storage.data[place]!
  }
}

/** One number with its dtype: what indexing an element gives. */
export class Scalar {
  readonly dtype: DType
  /** A bigint only where a double does not hold a 64-bit whole number. */
  readonly value: number | bigint

  constructor(dtype: DType, value: number | bigint) {
    this.dtype = dtype
    this.value = value
  }

  /** As Python's own number: what `.item()` gives. */
  item(): bigint | number | boolean {
    if (this.dtype.kind === 'b') return this.value !== 0
    if (this.dtype.kind === 'f') return Number(this.value)
    return BigInt(this.value)
  }

  toArray(): NDArray {
    const flat: Flat =
      typeof this.value === 'bigint'
        ? this.dtype.kind === 'u'
          ? BigUint64Array.of(this.value)
          : BigInt64Array.of(this.value)
        : Float64Array.of(this.value)
    return fromFlat(flat, this.dtype, [])
  }
}

/** @throws ValueError for a negative size, MemoryError for one that is too large */
export function checkShape(shape: readonly number[], dtype: DType): void {
  if (shape.some((length) => length < 0)) throw new NumpyError('ValueError', 'negative dimensions are not allowed')
  if (shape.length > 64) {
    throw new NumpyError('ValueError', `maximum supported dimension for an ndarray is 64, found ${shape.length}`)
  }
  if (sizeOf(shape) > largestSize) {
    throw new NumpyError(
      'MemoryError',
      `Unable to allocate an array with shape ${shapeText(shape)} and data type ${dtype.name}: ` +
        `the lab holds arrays of up to ${largestSize} elements`,
    )
  }
}

export function zeros(shape: readonly number[], dtype: DType = dtypes.float64): NDArray {
  checkShape(shape, dtype)
  return new NDArray(Storage.zeros(dtype, sizeOf(shape)), shape)
}

/** An array of these values, which it takes over; they are of `from` and become `dtype`. */
export function fromFlat(values: Flat, dtype: DType, shape: readonly number[], from: DType = dtype): NDArray {
  return new NDArray(store(values, dtype, from), shape)
}

/** The places in storage of all elements, in C order. */
export function placesOf(shape: readonly number[], steps: readonly number[], offset: number): Int32Array {
  const size = sizeOf(shape)
  checkSize(size)
  const places = new Int32Array(size)
  places[0] = offset
  let filled = Math.min(size, 1)
  // From the last axis to the first: what is filled so far, again and again a step further.
  for (let axis = shape.length - 1; axis >= 0 && size > 0; axis--) {
    const length = shape[axis]!
    const step = steps[axis]!
    const block = filled
    for (let turn = 1; turn < length; turn++) {
      const shift = turn * step
      for (let i = 0; i < block; i++) places[filled++] = places[i]! + shift
    }
  }
  return places
}

/**
 * All elements into an array of the same shape, a row of the last axis at a time; typed arrays convert as they do. Not
 * for memory that overlaps.
 */
export function copyRows(from: NDArray, to: NDArray, source: Narrow, target: Narrow): void {
  const { shape, size } = from
  if (size === 0) return
  if (from.contiguous && to.contiguous) {
    target.set(source.subarray(from.offset, from.offset + size), to.offset)
    return
  }
  const length = shape.at(-1) ?? 1
  const [read, write] = [from.steps.at(-1) ?? 0, to.steps.at(-1) ?? 0]
  const outer = shape.slice(0, -1)
  const starts = placesOf(outer, from.steps.slice(0, -1), from.offset)
  const ends = placesOf(outer, to.steps.slice(0, -1), to.offset)
  // A view for a few elements costs more than it saves.
  const whole = read === 1 && write === 1 && length >= 32
  for (let row = 0; row < starts.length; row++) {
    const [start, end] = [starts[row]!, ends[row]!]
    if (whole) target.set(source.subarray(start, start + length), end)
    else for (let i = 0, at = start, put = end; i < length; i++, at += read, put += write) target[put] = source[at]!
  }
}

function gather(a: NDArray): Flat {
  const { data } = a.storage
  const { size, ndim } = a
  if (isWide(data)) {
    const places = placesOf(a.shape, a.steps, a.offset)
    const out = newWide(a.dtype.kind === 'u', size)
    for (let i = 0; i < size; i++) out[i] = data[places[i]!]!
    return out
  }
  const out = newDoubles(size)
  if (size === 0) return out
  if (a.contiguous) {
    out.set(data.subarray(a.offset, a.offset + size))
    return out
  }
  if (ndim <= 2) {
    const [rows, columns] = ndim === 2 ? [a.shape[0]!, a.shape[1]!] : [1, ndim === 1 ? a.shape[0]! : 1]
    const down = ndim === 2 ? a.steps[0]! : 0
    const right = ndim === 0 ? 0 : a.steps[ndim - 1]!
    let i = 0
    for (let row = 0; row < rows; row++) {
      let place = a.offset + row * down
      for (let column = 0; column < columns; column++, place += right) out[i++] = data[place]!
    }
    return out
  }
  const places = placesOf(a.shape, a.steps, a.offset)
  for (let i = 0; i < size; i++) out[i] = data[places[i]!]!
  return out
}

/** All elements in C order, to be read only: they may be the array's own. */
export function flatOf(a: NDArray): Flat {
  const { data } = a.storage
  if ((data instanceof Float64Array || isWide(data)) && a.contiguous) return data.subarray(a.offset, a.offset + a.size)
  return gather(a)
}

/** All elements in C order, for the caller to change. */
export function ownFlat(a: NDArray): Flat {
  const flat = flatOf(a)
  return flat.buffer === a.storage.data.buffer ? flat.slice() : flat
}

/** All elements as doubles, to be read only; whole numbers past 2⁵³ are rounded. */
export function doublesOf(a: NDArray): Float64Array {
  const flat = flatOf(a)
  return isWide(flat) ? Float64Array.from(flat as ArrayLike<bigint>, Number) : flat
}

/** All elements of a whole-number array as 64-bit ones, for the caller to change. */
export function wideOf(a: NDArray, unsigned: boolean): Wide {
  const flat = flatOf(a)
  const out = newWide(unsigned, flat.length)
  for (let i = 0; i < flat.length; i++) out[i] = BigInt(flat[i]!)
  return out
}

/** Writes values (of type `from`) to these places of an array's storage: cast to its dtype. */
export function scatter(a: NDArray, places: Int32Array, values: Flat, from: DType): void {
  const source = store(values, a.dtype, from).data
  const { data } = a.storage
  if (isWide(source) || isWide(data)) {
    const target = a.storage.widen()
    for (let i = 0; i < places.length; i++) target[places[i]!] = BigInt(source[i]!)
    return
  }
  for (let i = 0; i < places.length; i++) data[places[i]!] = source[i]!
}

/** A copy with another dtype: floats are truncated to whole numbers, which wrap around. */
export function cast(a: NDArray, dtype: DType): NDArray {
  return fromFlat(ownFlat(a), dtype, a.shape, a.dtype)
}

export function scalarAt(a: NDArray, place: number): Scalar {
  return new Scalar(a.dtype, a.at(place))
}

/** A 0-d array becomes its scalar, as every function of NumPy returns it. */
export function unwrap(a: NDArray): NDArray | Scalar {
  return a.ndim === 0 ? scalarAt(a, a.offset) : a
}
