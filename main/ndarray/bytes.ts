/** `a.view(dtype)`: the same memory, read as numbers of another type. */

import { flatOf, NDArray, rowMajor } from './array.ts'
import { asDType, type DType } from './dtype.ts'
import { NumpyError, valueError } from './errors.ts'
import { type Narrow, Storage } from './storage.ts'
import type { Value } from './values.ts'

/** The types whose memory is what it is in NumPy: whole numbers of 64 bits are doubles here, and half floats single ones. */
const kinds = {
  bool: Uint8Array,
  uint8: Uint8Array,
  int8: Int8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  float32: Float32Array,
  float64: Float64Array,
}

function kindOf({ name }: DType): (typeof kinds)[keyof typeof kinds] {
  const kind = Object.hasOwn(kinds, name) ? kinds[name as keyof typeof kinds] : undefined
  if (kind !== undefined) return kind
  throw notHere(`reading the bytes of ${name}, or bytes as ${name},`)
}

const notHere = (what: string) => new NumpyError('NotImplementedError', `${what} is not part of the lab`)

/** Shape and steps, in elements of `size` bytes, of an array with another number of them in the last axis. */
function relaid({ shape, steps, itemsize, size: count }: NDArray, size: number) {
  const last = shape.length - 1
  if (size === itemsize) return { shape, steps }
  if (last < 0) throw valueError('Changing the dtype of a 0d array is only supported if the itemsize is unchanged')
  if (shape[last] !== 1 && count !== 0 && steps[last] !== 1) {
    throw valueError('To change to a dtype of a different size, the last axis must be contiguous')
  }
  const length = (shape[last]! * itemsize) / size
  if (!Number.isInteger(length)) {
    throw valueError(
      'When changing to a larger dtype, its size must be a divisor of the total size in bytes of the last axis of the array.',
    )
  }
  const made = shape.with(last, length)
  // Where there is nothing to step over, any step will do.
  const scaled = steps.map((step, axis) => (made[axis] === 1 ? 1 : (step * itemsize) / size))
  return { shape: made, steps: count === 0 ? rowMajor(made) : scaled.with(last, 1) }
}

/** @throws NotImplementedError for types, and places in memory, that the lab cannot read so */
export function viewAs(a: NDArray, type: Value): NDArray {
  const dtype = type === null ? a.dtype : asDType(type)
  if (dtype === a.dtype) return a.view(a.shape, a.steps)
  kindOf(a.dtype)
  const [Kind, size] = [kindOf(dtype), dtype.itemsize]
  const { shape, steps } = relaid(a, size)
  const data = a.storage.data as Narrow
  const offset = (a.offset * a.itemsize) / size
  if (![data.byteOffset / size, offset, ...steps].every(Number.isInteger)) {
    throw notHere(`reading ${dtype.name} where none begins`)
  }
  const storage = new Storage(
    dtype,
    new Kind(data.buffer as ArrayBuffer, data.byteOffset, Math.floor(data.byteLength / size)),
  )
  const view = new NDArray(storage, shape, steps, offset, a.base ?? a)
  view.writeable = a.writeable
  if (dtype.kind === 'b' && flatOf(view).some((byte: number | bigint) => byte > 1)) {
    throw notHere('reading bytes other than 0 and 1 as truth values')
  }
  return view
}
