/** NumPy's .npy files, version 1.0, as `numpy.save` writes them: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html */

import { LoupeError } from '../../shared/errors.ts'
import { dtypeOf, elementCount, type DType, type Shape, type Tensor } from '../../shared/tensor.ts'

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59] as const
/** Magic, two bytes of version, two of header length. */
const preamble = 10
const alignment = 64
/** NumPy leaves room for the first axis to grow to this many digits without moving the data. */
const growthDigits = 21

const descriptors: Record<DType, string> = { uint8: '|u1', float32: '<f4', float64: '<f8' }
const arrays = { '|u1': Uint8Array, '<f4': Float32Array, '<f8': Float64Array } as const

/** The bytes `numpy.save` writes for a C-contiguous array of this shape and dtype (little endian, as all our platforms are). */
export function encodeNpy(tensor: Tensor): Uint8Array<ArrayBuffer> {
  const { header, data } = npyParts(tensor)
  const bytes = new Uint8Array(header.length + data.length)
  bytes.set(header)
  bytes.set(data, header.length)
  return bytes
}

/** The same bytes in two parts, of which `data` is the tensor's own. */
export function npyParts({ shape, data }: Tensor): { readonly header: Uint8Array; readonly data: Uint8Array } {
  if (elementCount(shape) !== data.length) {
    throw new LoupeError('internal', `A tensor of shape (${shape.join(', ')}) cannot hold ${data.length} values.`)
  }
  return {
    header: encodeHeader(shape, descriptors[dtypeOf(data)]),
    data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  }
}

function encodeHeader(shape: Shape, descriptor: string): Uint8Array {
  // Python writes a tuple of one with a comma: (2,).
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`
  const dictionary = `{'descr': '${descriptor}', 'fortran_order': False, 'shape': ${tuple}, }`
  const growth = shape.length > 0 ? growthDigits - String(shape[0]).length : 0
  const length = Math.ceil((preamble + dictionary.length + growth + 1) / alignment) * alignment
  const bytes = new Uint8Array(length).fill(0x20)
  bytes.set(magic)
  bytes.set([1, 0, (length - preamble) & 255, (length - preamble) >> 8], magic.length)
  bytes.set(new TextEncoder().encode(dictionary), preamble)
  bytes[length - 1] = 0x0a
  return bytes
}

/**
 * Reads version 1.0 files of uint8, little-endian float32 and float64 in C order.
 * Everything else is refused with `bad-request` saying what was found.
 */
export function decodeNpy(bytes: Uint8Array): Tensor {
  if (bytes.length < preamble || magic.some((byte, i) => bytes[i] !== byte)) throw refused('it does not begin as one')
  if (bytes[6] !== 1 || bytes[7] !== 0) {
    throw refused(`it is of version ${bytes[6]}.${bytes[7]}, and only version 1.0 is read`)
  }
  const start = preamble + bytes[8]! + bytes[9]! * 256
  if (start > bytes.length) throw refused('it ends inside its header')
  const { descriptor, shape } = parseHeader(new TextDecoder('latin1').decode(bytes.subarray(preamble, start)))
  const constructor = arrays[descriptor]
  const byteLength = elementCount(shape) * constructor.BYTES_PER_ELEMENT
  if (bytes.length - start !== byteLength) {
    throw refused(
      `its shape (${shape.join(', ')}) needs ${byteLength} bytes of data, but it holds ${bytes.length - start}`,
    )
  }
  // A copy of its own, since a view must begin at a multiple of the element's size (the slice of a Buffer is none).
  const { buffer } = new Uint8Array(bytes.subarray(start))
  return { shape, data: new constructor(buffer) }
}

function parseHeader(text: string): { descriptor: keyof typeof arrays; shape: number[] } {
  const found = /^\{'descr': '([^']*)', 'fortran_order': (True|False), 'shape': \(([\d, ]*)\), \} *\n$/.exec(text)
  if (!found) throw refused('its header is not of the form NumPy writes for a plain array')
  const [, descriptor, fortran, axes] = found
  if (!Object.hasOwn(arrays, descriptor!)) {
    throw refused(`its dtype ${descriptor} is not uint8, float32 or float64 (little endian)`)
  }
  if (fortran === 'True') throw refused('it is in Fortran order; save it with numpy.ascontiguousarray')
  const shape = axes!
    .split(',')
    .filter((axis) => axis.trim() !== '')
    .map(Number)
  if (!shape.every(Number.isSafeInteger) || !Number.isSafeInteger(elementCount(shape))) {
    throw refused(`its shape (${axes}) is not one`)
  }
  return { descriptor: descriptor as keyof typeof arrays, shape }
}

function refused(reason: string): LoupeError {
  return new LoupeError('bad-request', `The .npy file cannot be read: ${reason}.`)
}
