/** Numbers as bits and as text in other bases. */

import { doublesOf, fromFlat } from './array.ts'
import { axis, int } from './arguments.ts'
import { asArray } from './convert.ts'
import { dtypes } from './dtype.ts'
import { typeError, valueError } from './errors.ts'
import { ravel } from './shape.ts'
import { newDoubles } from './storage.ts'
import { fn, type NumpyFunction } from './signature.ts'
import type { Value } from './values.ts'

/** The axis last, in rows; what each row becomes has another length. */
function alongRows(value: Value, given: Value, length: (count: number) => number, row: RowWork): Value {
  const a = given === null ? ravel(asArray(value)) : asArray(value)
  const at = given === null ? 0 : axis(given, a.ndim)
  const rest = a.shape.map((_, i) => i).filter((i) => i !== at)
  const flat = doublesOf(a.transpose([...rest, at]))
  const count = a.shape[at]!
  const made = length(count)
  const rows = count === 0 ? 0 : flat.length / count
  const out = newDoubles(rows * made)
  for (let i = 0; i < rows; i++) {
    row(flat.subarray(i * count, (i + 1) * count), out.subarray(i * made, (i + 1) * made))
  }
  const moved = fromFlat(out, dtypes.uint8, [...rest.map((i) => a.shape[i]!), made])
  const back = a.shape.map((_, i) => (i === at ? a.ndim - 1 : i < at ? i : i - 1))
  return moved.transpose(back).copy()
}

type RowWork = (from: Float64Array, to: Float64Array) => void

function unpack(value: Value, given: Value): Value {
  if (asArray(value).dtype !== dtypes.uint8) throw typeError('Expected an input array of unsigned byte data type')
  return alongRows(
    value,
    given,
    (count) => count * 8,
    (from, to) => {
      for (let i = 0; i < to.length; i++) to[i] = (from[i >> 3]! >> (7 - (i & 7))) & 1
    },
  )
}

function pack(value: Value, given: Value): Value {
  if (!asArray(value).dtype.integral) throw typeError('Expected an input array of integer or boolean data type')
  return alongRows(
    value,
    given,
    (count) => Math.ceil(count / 8),
    (from, to) => {
      from.forEach((bit, i) => (to[i >> 3]! += bit === 0 ? 0 : 1 << (7 - (i & 7))))
    },
  )
}

const bigOf = (number: Value) => (typeof number === 'bigint' ? number : BigInt(int(number)))

/** @throws ValueError for more digits than a text of the lab has */
function digitsIn(count: number): number {
  if (count > 100_000) throw valueError('the lab writes up to 100000 digits')
  return count
}

/** Base 2; a negative number with a width as its two's complement, without one with a sign. */
function binary(number: bigint, width: Value): string {
  const digits = (number < 0n ? -number : number).toString(2)
  if (number >= 0n || width === null)
    return (number < 0n ? '-' : '') + digits.padStart(width === null ? 0 : digitsIn(int(width)), '0')
  const bits = digitsIn(int(width))
  if (-number > 1n << BigInt(bits - 1)) {
    throw valueError(`Insufficient bit width=${bits} provided for binwidth=${(-number - 1n).toString(2).length + 1}`)
  }
  return BigInt.asUintN(bits, number).toString(2).padStart(bits, '1')
}

export const bits: Readonly<Record<string, NumpyFunction>> = {
  packbits: fn('a, axis=None', pack),
  unpackbits: fn('a, axis=None', unpack),
  binary_repr: fn('num, width=None', (number, width) => binary(bigOf(number), width)),
  base_repr: fn('number, base=2, padding=0', (number, base, padding) => {
    const radix = int(base)
    if (radix > 36) throw valueError('Bases greater than 36 not handled in base_repr.')
    if (radix < 2) throw valueError('Bases less than 2 not handled in base_repr.')
    const value = bigOf(number)
    const zeros = '0'.repeat(digitsIn(Math.max(value === 0n ? int(padding) - 1 : int(padding), 0)))
    return (value < 0n ? '-' : '') + zeros + (value < 0n ? -value : value).toString(radix).toUpperCase()
  }),
}
