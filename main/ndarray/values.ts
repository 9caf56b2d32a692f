/**
 * Python's values as this room takes and gives them: int is a bigint, float a number, bool a boolean, str a string,
 * None null, a list a JavaScript array, a tuple a `Tuple`. Any other iterable object is read as a sequence, and an
 * object with `toArray` (a picture) as the array it gives.
 */

import type { NDArray } from './array.ts'
import { NumpyError, typeError } from './errors.ts'

export type Value = unknown

export class Tuple {
  readonly items: readonly Value[]

  constructor(items: readonly Value[]) {
    this.items = items
  }

  get length(): number {
    return this.items.length
  }

  [Symbol.iterator](): Iterator<Value> {
    return this.items[Symbol.iterator]()
  }
}

/**
 * `start:stop:step` between square brackets; null where nothing was written. What is no whole number is for np.mgrid and its
 * like: all else asks for `boundsOf`.
 */
export class Slice {
  readonly start: Value
  readonly stop: Value
  readonly step: Value

  constructor(start: Value = null, stop: Value = null, step: Value = null) {
    this.start = start
    this.stop = stop
    this.step = step
  }
}

export interface Bounds {
  readonly start: bigint | null
  readonly stop: bigint | null
  readonly step: bigint | null
}

/** @throws TypeError for bounds that are no whole numbers */
export function boundsOf({ start, stop, step }: Slice): Bounds {
  const bound = (value: Value): bigint | null => {
    if (value === null || typeof value === 'bigint') return value
    throw typeError('slice indices must be integers or None or have an __index__ method')
  }
  return { start: bound(start), stop: bound(stop), step: bound(step) }
}

/** `5j`, an imaginary number: as the step of a slice, how many points np.mgrid and its like take. */
export class Imaginary {
  readonly imag: number

  constructor(imag: number) {
    this.imag = imag
  }
}

class EllipsisType {
  readonly kind = 'ellipsis'
}

/** Python's `...`. */
export const ellipsis = new EllipsisType()

export interface ToArray {
  toArray(): NDArray
}

export function hasToArray(value: Value): value is ToArray {
  return typeof value === 'object' && value !== null && 'toArray' in value && typeof value.toArray === 'function'
}

/** Values of Python's, each an object, that are made at once. */
const mostItems = 1 << 23

/** @throws MemoryError */
export function checkItems(count: number): void {
  if (count > mostItems) throw tooMany(mostItems)
}

function tooMany(most: number): Error {
  return new NumpyError('MemoryError', `more than ${most} values are too many for the lab to make at once`)
}

/** The items of a list, tuple or other iterable; null for what is none (strings too). */
export function sequence(value: Value): readonly Value[] | null {
  if (Array.isArray(value)) return value as Value[]
  if (value instanceof Tuple) return value.items
  if (typeof value === 'object' && value !== null && Symbol.iterator in value) {
    const items: Value[] = []
    for (const item of value as Iterable<Value>) {
      items.push(item)
      if (items.length > mostItems) throw tooMany(mostItems)
    }
    return items
  }
  return null
}

/** (2, 3) or (2,): a tuple of sizes as Python writes it. */
export function shapeText(shape: readonly number[]): string {
  return shape.length === 1 ? `(${shape[0]!},)` : `(${shape.join(', ')})`
}

/** The same without spaces, as NumPy's messages write it: (2,3). */
export function tightShape(shape: readonly number[]): string {
  return shape.length === 1 ? `(${shape[0]!},)` : `(${shape.join(',')})`
}

export function intTuple(numbers: readonly number[]): Tuple {
  return new Tuple(numbers.map(BigInt))
}
