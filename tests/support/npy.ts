/**
 * A reader of NumPy's .npy files for tests, independent of the product's own.
 * Format: numpy/lib/format.py, versions 1 and 2.
 */

import { readFileSync } from 'node:fs'

export interface Npy {
  /** The type as in the header, without its byte order: `f8`, `u1`. */
  readonly type: string
  readonly shape: readonly number[]
  /** The values in row-major order. */
  readonly data: Float64Array | Float32Array | Uint8Array | Int32Array | Int8Array | BigInt64Array
}

const constructors = {
  f4: Float32Array,
  f8: Float64Array,
  i1: Int8Array,
  i4: Int32Array,
  i8: BigInt64Array,
  u1: Uint8Array,
  b1: Uint8Array,
} as const

export function readNpy(file: string): Npy {
  return parseNpy(readFileSync(file))
}

export function parseNpy(bytes: Uint8Array): Npy {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const magic = String.fromCharCode(...bytes.subarray(1, 6))
  if (bytes[0] !== 0x93 || magic !== 'NUMPY') throw new Error('not an .npy file')
  const major = bytes[6]
  if (major !== 1 && major !== 2) throw new Error(`.npy version ${major} is not read here`)
  const start = major === 1 ? 10 : 12
  const body = start + (major === 1 ? view.getUint16(8, true) : view.getUint32(8, true))
  const header = String.fromCharCode(...bytes.subarray(start, body))
  const type = /'descr': '[<|]([a-z]\d)'/.exec(header)?.[1]
  const axes = /'shape': \(([^)]*)\)/.exec(header)?.[1]
  const fortran = /'fortran_order': (True|False)/.exec(header)?.[1] === 'True'
  if (type === undefined || axes === undefined || !(type in constructors)) throw new Error(`cannot read ${header}`)
  const shape = axes.split(',').flatMap((axis) => (axis.trim() === '' ? [] : [Number(axis)]))
  const count = shape.reduce((product, axis) => product * axis, 1)
  const constructor = constructors[type as keyof typeof constructors]
  // A copy, so that the values are aligned wherever they begin (the slice of a Buffer would not be one).
  const copy = new Uint8Array(bytes.subarray(body, body + count * constructor.BYTES_PER_ELEMENT))
  const data = new constructor(copy.buffer, 0, count)
  return { type, shape, data: fortran ? rowMajor(data, shape) : data }
}

function rowMajor<T extends Npy['data']>(data: T, shape: readonly number[]): T {
  const ordered = data.slice() as T
  for (let to = 0; to < data.length; to++) {
    let rest = to
    let from = 0
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const step = shape.slice(0, axis).reduce((product, n) => product * n, 1)
      from += (rest % shape[axis]!) * step
      rest = Math.floor(rest / shape[axis]!)
    }
    ordered[to] = data[from]!
  }
  return ordered
}
