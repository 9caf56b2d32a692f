/**
 * Bits of truth values and of whole numbers of up to 32 bits, over large arrays: the 32 bits of a word of memory at once,
 * be they one number or four.
 */

import { NDArray } from './array.ts'
import type { DType } from './dtype.ts'
import { type Narrow, Storage } from './storage.ts'

type Bits = Int32Array | Uint8Array

/** `out[i] = x[i] op y[i · step]`; a step of 0 takes the same bits for all. */
type Loop = (x: Bits, y: Bits, out: Bits, step: number) => void

const and: Loop = (x, y, out, step) => {
  for (let i = 0; i < out.length; i++) out[i] = x[i]! & y[i * step]!
}
const or: Loop = (x, y, out, step) => {
  for (let i = 0; i < out.length; i++) out[i] = x[i]! | y[i * step]!
}
const xor: Loop = (x, y, out, step) => {
  for (let i = 0; i < out.length; i++) out[i] = x[i]! ^ y[i * step]!
}

const ofWhole: Readonly<Record<string, Loop>> = { bitwise_and: and, bitwise_or: or, bitwise_xor: xor, invert: xor }

const ofTruth: Readonly<Record<string, Loop>> = {
  ...ofWhole,
  logical_and: and,
  logical_or: or,
  logical_xor: xor,
  logical_not: xor,
}

/**
 * The result, in C order, over C-ordered operands of this shape or single numbers; null where the function, or one of the
 * types, is another.
 */
export function inWords(
  name: string,
  dtype: DType,
  operands: readonly NDArray[],
  shape: readonly number[],
  size: number,
): NDArray | null {
  const loop = (dtype.kind === 'b' ? ofTruth : ofWhole)[name]
  if (loop === undefined || dtype.wide) return null
  // A truth value is a byte, 0 or 1, as these numbers are.
  const fits = (a: NDArray) => a.dtype === dtype || (a.dtype.kind === 'b' && dtype.itemsize === 1)
  if (operands.some((a) => a.size > 1 && !fits(a))) return null
  const [first, second] = operands
  const [x, y] = second?.size === size ? [second, first!] : [first!, second]
  const step = y?.size === size ? 1 : 0
  const left = bytesOf(x)
  const right =
    step === 1 ? bytesOf(y!) : repeated(y === undefined ? turning(dtype) : (y.at(y.offset) as number), dtype)
  const storage = Storage.zeros(dtype, size)
  const out = new Uint8Array(storage.data.buffer)
  const words = out.length >> 2
  loop(wordsOf(left, words), wordsOf(right, step === 1 ? words : 1), wordsOf(out, words), step)
  const from = words * 4
  if (from < out.length) loop(left.subarray(from), right.subarray(from * step), out.subarray(from), 1)
  return new NDArray(storage, shape)
}

/** What turns each bit of a number, and a truth value into the other. */
function turning(dtype: DType): number {
  return dtype.kind === 'b' ? 1 : -1
}

/** A word of this number, as often as it has room. */
function repeated(value: number, dtype: DType): Uint8Array {
  const data = Storage.zeros(dtype, 4 / dtype.itemsize).data as Narrow
  return new Uint8Array(data.fill(value).buffer)
}

/** The bytes of an array in C order, from a whole word on. */
function bytesOf(a: NDArray): Uint8Array {
  const start = a.storage.data.byteOffset + a.offset * a.itemsize
  if (a.contiguous && start % 4 === 0) return new Uint8Array(a.storage.data.buffer, start, a.size * a.itemsize)
  return new Uint8Array(a.copy().storage.data.buffer)
}

function wordsOf(bytes: Uint8Array, count: number): Int32Array {
  return new Int32Array(bytes.buffer, bytes.byteOffset, count)
}
