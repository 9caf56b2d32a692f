/**
 * Python's values as this room takes and gives them: int is a bigint, float a number, bool a boolean, str a string,
 * None null, a list a JavaScript array, a tuple a `Tuple`. Any other iterable object is read as a sequence, and an
 * object with `toArray` (a picture) as the array it gives.
 */

import type { NDArray } from './array.ts'
import { NumpyError } from './errors.ts'

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

/** `start:stop:step` between square brackets; null where nothing was written. */
export class Slice {
  readonly start: bigint | null
  readonly stop: bigint | null
  readonly step: bigint | null

  constructor(start: bigint | null = null, stop: bigint | null = null, step: bigint | null = null) {
    this.start = start
    this.stop = stop
    this.step = step
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
