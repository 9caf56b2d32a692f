/** Element types and how two of them meet: NumPy 2's promotion (NEP 50). */

import { NumpyError, typeError } from './errors.ts'
import type { Value } from './values.ts'

export type DTypeName =
  | 'bool'
  | 'int8'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'uint8'
  | 'uint16'
  | 'uint32'
  | 'uint64'
  | 'float16'
  | 'float32'
  | 'float64'

/** b: truth value, i: signed, u: unsigned, f: floating point. */
export type Kind = 'b' | 'i' | 'u' | 'f'

export class DType {
  readonly name: DTypeName
  readonly kind: Kind
  readonly itemsize: number

  constructor(name: DTypeName, kind: Kind, itemsize: number) {
    this.name = name
    this.kind = kind
    this.itemsize = itemsize
  }

  /** A whole number, or a truth value. */
  get integral(): boolean {
    return this.kind !== 'f'
  }

  /** Too wide for a double: whole numbers of 64 bits. */
  get wide(): boolean {
    return this.itemsize === 8 && this.kind !== 'f'
  }
}

export const dtypes: Readonly<Record<DTypeName, DType>> = {
  bool: new DType('bool', 'b', 1),
  int8: new DType('int8', 'i', 1),
  int16: new DType('int16', 'i', 2),
  int32: new DType('int32', 'i', 4),
  int64: new DType('int64', 'i', 8),
  uint8: new DType('uint8', 'u', 1),
  uint16: new DType('uint16', 'u', 2),
  uint32: new DType('uint32', 'u', 4),
  uint64: new DType('uint64', 'u', 8),
  float16: new DType('float16', 'f', 2),
  float32: new DType('float32', 'f', 4),
  float64: new DType('float64', 'f', 8),
}

export const { bool, int8, int64, float64 } = dtypes

/** `np.uint8` and its kind: a class that makes scalars and stands for its dtype. */
export class ScalarType {
  readonly name: string
  readonly dtype: DType

  constructor(name: string, dtype: DType) {
    this.name = name
    this.dtype = dtype
  }
}

/** np.uint8, np.int_, …; by the name in the namespace. The class's own name is `type.name`. */
export const scalarTypes: Readonly<Record<string, ScalarType>> = (() => {
  const own = Object.fromEntries(Object.entries(dtypes).map(([name, dtype]) => [name, new ScalarType(name, dtype)]))
  const other = (name: DTypeName) => own[name]!
  return {
    ...own,
    bool_: other('bool'),
    int_: other('int64'),
    intp: other('int64'),
    longlong: other('int64'),
    uint: other('uint64'),
    byte: other('int8'),
    ubyte: other('uint8'),
    short: other('int16'),
    ushort: other('uint16'),
    intc: other('int32'),
    uintc: other('uint32'),
    half: other('float16'),
    single: other('float32'),
    double: other('float64'),
  }
})()

const codes: Readonly<Record<string, DTypeName>> = {
  '?': 'bool',
  b1: 'bool',
  b: 'int8',
  i1: 'int8',
  h: 'int16',
  i2: 'int16',
  i: 'int32',
  i4: 'int32',
  l: 'int64',
  q: 'int64',
  i8: 'int64',
  B: 'uint8',
  u1: 'uint8',
  H: 'uint16',
  u2: 'uint16',
  I: 'uint32',
  u4: 'uint32',
  L: 'uint64',
  Q: 'uint64',
  u8: 'uint64',
  e: 'float16',
  f2: 'float16',
  f: 'float32',
  f4: 'float32',
  d: 'float64',
  f8: 'float64',
  int: 'int64',
  float: 'float64',
}

/**
 * What `dtype=` was given: a DType, a ScalarType, its name, or any object with a `dtype` (Python's int, float and bool).
 * @throws TypeError as NumPy does
 */
export function asDType(value: Value): DType {
  if (value instanceof DType) return value
  if (typeof value === 'string') {
    const code = /^[<=|]/.test(value) ? value.slice(1) : value
    // Only our own names: every object has a `constructor`.
    if (Object.hasOwn(codes, code)) return dtypes[codes[code]!]
    if (Object.hasOwn(scalarTypes, value)) return scalarTypes[value]!.dtype
    throw typeError(`data type '${value}' not understood`)
  }
  if (value === null) return float64
  if (typeof value === 'object' && 'dtype' in value) {
    const { dtype } = value
    if (dtype instanceof DType) return dtype
  }
  const told = typeof value === 'bigint' || typeof value === 'number' ? `'${value}'` : 'this value'
  throw typeError(`Cannot interpret ${told} as a data type`)
}

/** The dtype asked for, or null where nothing was. */
export function optionalDType(value: Value): DType | null {
  return value === null || value === undefined ? null : asDType(value)
}

/** The floating-point type that holds every number of a whole-number type (or the type itself). */
export function floatFor(dtype: DType): DType {
  if (dtype.kind === 'f') return dtype
  return dtype.itemsize === 1 ? dtypes.float16 : dtype.itemsize === 2 ? dtypes.float32 : dtypes.float64
}

function larger(a: DType, b: DType): DType {
  return a.itemsize >= b.itemsize ? a : b
}

/** The type that both are converted to: `np.promote_types`. */
export function promote(a: DType, b: DType): DType {
  if (a === b || b.kind === 'b') return a
  if (a.kind === 'b') return b
  if (a.kind === b.kind) return larger(a, b)
  if (a.kind === 'f' || b.kind === 'f') return larger(floatFor(a), floatFor(b))
  const [signed, unsigned] = a.kind === 'i' ? [a, b] : [b, a]
  if (signed.itemsize > unsigned.itemsize) return signed
  if (unsigned.itemsize === 8) return float64
  return unsigned.itemsize === 1 ? dtypes.int16 : unsigned.itemsize === 2 ? dtypes.int32 : int64
}

/**
 * Whether numbers of one type become another by this rule: `np.can_cast`.
 * @throws ValueError for what is no rule
 */
export function canCast(from: DType, to: DType, rule: string): boolean {
  const kinds = 'buif'
  switch (rule) {
    case 'unsafe':
      return true
    case 'no':
    case 'equiv':
      return from === to
    case 'safe':
      return promote(from, to) === to
    case 'same_kind':
      if (from.kind === 'i' && to.kind === 'u') return false
      return kinds.indexOf(from.kind) <= kinds.indexOf(to.kind)
    default:
      throw new NumpyError(
        'ValueError',
        `casting must be one of 'no', 'equiv', 'safe', 'same_kind', or 'unsafe' (got '${rule}')`,
      )
  }
}

/** A Python int or float bends to the type it meets; null for a value that has a type of its own. */
export type Weak = 'int' | 'float' | null

/** The type of the operands together, each with its own type and whether it is weak: `np.result_type`. */
export function resultType(operands: readonly { readonly dtype: DType; readonly weak: Weak }[]): DType {
  let strong: DType | null = null
  let weak: Weak = null
  for (const operand of operands) {
    if (operand.weak === null) strong = strong === null ? operand.dtype : promote(strong, operand.dtype)
    else if (weak !== 'float') weak = operand.weak
  }
  if (strong === null) return weak === 'float' ? float64 : int64
  if (weak === null || strong.kind === 'f') return strong
  return weak === 'float' ? float64 : strong.kind === 'b' ? int64 : strong
}

/** Smallest and largest number of a whole-number type. */
export function integerRange(dtype: DType): { min: bigint; max: bigint } {
  if (dtype.kind === 'b') return { min: 0n, max: 1n }
  const bits = BigInt(dtype.itemsize * 8)
  return dtype.kind === 'u'
    ? { min: 0n, max: (1n << bits) - 1n }
    : { min: -(1n << (bits - 1n)), max: (1n << (bits - 1n)) - 1n }
}

/** @throws OverflowError where a Python int has no place in a whole-number type */
export function checkRange(value: bigint, dtype: DType): void {
  if (dtype.kind !== 'i' && dtype.kind !== 'u') return
  const { min, max } = integerRange(dtype)
  if (value < min || value > max) {
    throw new NumpyError('OverflowError', `Python integer ${value.toString()} out of bounds for ${dtype.name}`)
  }
}

export function dtypeRepr(dtype: DType): string {
  return `dtype('${dtype.name}')`
}
