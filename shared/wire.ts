/**
 * One binary form for values with typed arrays in them, used wherever a value leaves a process as bytes:
 * a little-endian uint32 length, that many bytes of JSON (typed arrays replaced by references), padding to 8,
 * then the arrays, each padded to 8.
 */

import { LoupeError } from './errors.ts'

export const wireType = 'application/x-layerloupe'
/** A stream of frames. */
export const streamType = 'application/x-layerloupe-stream'

const kinds = { u8: Uint8Array, f32: Float32Array, f64: Float64Array } as const
type Kind = keyof typeof kinds
type Carried = InstanceType<(typeof kinds)[Kind]>

/** JSON has no such numbers; a stage may well have them. */
const specials: Record<string, number> = { nan: NaN, inf: Infinity, '-inf': -Infinity, '-0': -0 }

function kindOf(value: unknown): Kind | undefined {
  if (value instanceof Uint8Array) return 'u8'
  if (value instanceof Float32Array) return 'f32'
  if (value instanceof Float64Array) return 'f64'
  return undefined
}

function padded(length: number): number {
  return Math.ceil(length / 8) * 8
}

export function encodeWire(value: unknown): Uint8Array<ArrayBuffer> {
  const arrays: Carried[] = []
  const text = JSON.stringify(value, function (this: Record<string, unknown>, key, item: unknown) {
    // `item` is already what toJSON made of it, and Node's Buffer, a Uint8Array, has one.
    const array = this[key]
    const kind = kindOf(array)
    if (kind) {
      arrays.push(array as Carried)
      return { $array: kind, index: arrays.length - 1, length: (array as Carried).length }
    }
    return writeNumber(item)
  })
  const json = new TextEncoder().encode(text)
  const bodies = arrays.map((array) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength))
  const start = padded(4 + json.length)
  const bytes = new Uint8Array(bodies.reduce((sum, body) => sum + padded(body.length), start))
  new DataView(bytes.buffer).setUint32(0, json.length, true)
  bytes.set(json, 4)
  let at = start
  for (const body of bodies) {
    bytes.set(body, at)
    at += padded(body.length)
  }
  return bytes
}

/** The inverse of encodeWire for untrusted bytes; throws `bad-request` where they are not of that form. */
export function decodeWire(bytes: Uint8Array): unknown {
  if (bytes.length < 4) throw malformed()
  // Not slice(): that of Node's Buffer is a view of the same bytes, aligned no better.
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes)
  const length = new DataView(aligned.buffer, aligned.byteOffset).getUint32(0, true)
  if (4 + length > aligned.length) throw malformed()
  let at = padded(4 + length)
  let next = 0
  try {
    const value: unknown = JSON.parse(
      new TextDecoder('utf-8', { fatal: true }).decode(aligned.subarray(4, 4 + length)),
      (_key, item: unknown) => {
        if (typeof item !== 'object' || item === null) return item
        if (!('$array' in item)) return readNumber(item)
        const { $array: kind, index, length: count } = item as { $array: Kind; index: number; length: number }
        const constructor = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined
        // References come in the order of the bodies (JSON.parse revives in document order).
        if (!constructor || index !== next || !Number.isSafeInteger(count) || count < 0) throw malformed()
        const byteLength = count * constructor.BYTES_PER_ELEMENT
        if (at + byteLength > aligned.length) throw malformed()
        const array = new constructor(aligned.buffer as ArrayBuffer, aligned.byteOffset + at, count)
        at += padded(byteLength)
        next++
        return array
      },
    )
    return value
  } catch (error) {
    if (error instanceof LoupeError) throw error
    throw malformed()
  }
}

/** A value with its length (a little-endian uint32) before it, for streams of values; `undefined` is a length of 0. */
export function encodeFrame(value: unknown): Uint8Array<ArrayBuffer> {
  const body = value === undefined ? new Uint8Array(0) : encodeWire(value)
  const bytes = new Uint8Array(4 + body.length)
  new DataView(bytes.buffer).setUint32(0, body.length, true)
  bytes.set(body, 4)
  return bytes
}

function writeNumber(item: unknown): unknown {
  if (typeof item !== 'number' || (Number.isFinite(item) && !Object.is(item, -0))) return item
  const special = Object.keys(specials).find((name) => Object.is(specials[name], item))
  return special ? { $number: special } : item
}

function readNumber(item: object): unknown {
  if (!('$number' in item)) return item
  const name = String(item.$number)
  if (!Object.hasOwn(specials, name)) throw malformed()
  return specials[name]
}

function malformed(): LoupeError {
  return new LoupeError('bad-request', 'The message is damaged: it is not of the form LayerLoupe sends.')
}
