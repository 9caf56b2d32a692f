/** What is had by a name of an array or of NumPy's and subscripted itself: `a.flat`, `a.flags`, `np.mgrid`. */

import { columnMajor, dtypes, fromFlat, getItem, NDArray, placesOf, put, Scalar, Slice } from '../ndarray/index.ts'
import { truth } from './comparing.ts'
import { raised } from './errors.ts'
import { LabObject, PyIterator, type Value } from './values.ts'

/** `a.flat`: all elements in C order, to be read and written however they lie in memory. */
export class FlatIterator extends PyIterator {
  override readonly typeName = 'numpy.flatiter'
  readonly #array: NDArray
  /** Made when first needed: whoever writes `a.flat[i]` in a loop makes as many of these as there are elements. */
  #made: Int32Array | null = null
  #next = 0

  constructor(array: NDArray) {
    super()
    this.#array = array
  }

  get #places(): Int32Array {
    const { shape, steps, offset } = this.#array
    return (this.#made ??= placesOf(shape, steps, offset))
  }

  get length(): number {
    return this.#array.size
  }

  override get bytes(): number {
    return this.#made?.byteLength ?? 0
  }

  next(): Value | undefined {
    if (this.#next >= this.length) return undefined
    return new Scalar(this.#array.dtype, this.#array.at(this.#places[this.#next++]!))
  }

  override item(key: Value): Value {
    const { storage, contiguous } = this.#array
    if (contiguous) {
      const found = getItem(this.#array.view([this.length], [1]), key)
      return found instanceof NDArray ? found.copy() : found
    }
    // All that lies behind the array, in a row.
    const memory = new NDArray(storage, [storage.data.length])
    return getItem(memory, getItem(this.#inRow(Float64Array.from(this.#places)), key))
  }

  override setItem(key: Value, value: Value): void {
    const places =
      typeof key === 'bigint' ? key : getItem(this.#inRow(Float64Array.from({ length: this.length }, (_, i) => i)), key)
    put(this.#array, places, value)
  }

  #inRow(numbers: Float64Array): NDArray {
    return fromFlat(numbers, dtypes.int64, [numbers.length])
  }
}

export function fillFlat(array: NDArray, value: Value): void {
  new FlatIterator(array).setItem(new Slice(), value)
}

/** Arrays that programs have made read-only. */
const taken = new WeakSet<NDArray>()

/** `a.flags`: how an array lies in memory; `writeable` can be taken away. */
export class Flags extends LabObject {
  readonly typeName = 'numpy.flagsobj'
  readonly #array: NDArray

  constructor(array: NDArray) {
    super()
    this.#array = array
  }

  override attribute(name: string): Value | undefined {
    const a = this.#array
    switch (name) {
      case 'c_contiguous':
      case 'contiguous':
        return a.contiguous
      case 'f_contiguous':
      case 'fortran':
        return columnMajor(a)
      case 'owndata':
        return a.base === null
      case 'writeable':
        return a.writeable
      case 'aligned':
        return true
      case 'writebackifcopy':
        return false
      default:
        return undefined
    }
  }

  override item(key: Value): Value {
    const found = typeof key === 'string' && key === key.toUpperCase() ? this.attribute(key.toLowerCase()) : undefined
    if (found === undefined) throw raised('KeyError', 'Unknown flag')
    return found
  }

  override setItem(key: Value, value: Value): void {
    if (key !== 'WRITEABLE') throw raised('KeyError', 'Unknown flag')
    this.setAttribute('writeable', value)
  }

  override setAttribute(name: string, value: Value): boolean {
    if (name !== 'writeable') return false
    const a = this.#array
    // Only what a program took away itself comes back: the stages of a run stay as they are.
    if (truth(value) && !a.writeable && !taken.has(a)) {
      throw raised('ValueError', 'cannot set WRITEABLE flag to True of this array')
    }
    if (!truth(value) && a.writeable) taken.add(a)
    a.writeable = truth(value)
    return true
  }

  override describe(): string {
    const names = ['C_CONTIGUOUS', 'F_CONTIGUOUS', 'OWNDATA', 'WRITEABLE', 'ALIGNED', 'WRITEBACKIFCOPY']
    return names.map((name) => `  ${name} : ${this.item(name) === true ? 'True' : 'False'}\n`).join('')
  }
}

/** `np.mgrid` and its like: what they make of what stands in their square brackets. */
export class IndexTrick extends LabObject {
  readonly typeName: string
  readonly #make: (key: Value) => Value

  constructor(name: string, make: (key: Value) => Value) {
    super()
    this.typeName = `numpy.${name}`
    this.#make = make
  }

  override item(key: Value): Value {
    return this.#make(key)
  }
}
