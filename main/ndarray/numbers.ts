/** The elementwise operations on one number or two, as NumPy's loops define them. */

import { powerOf } from './power.ts'

type Type = 'common' | 'divide' | 'float' | 'compare' | 'bits' | 'logic' | 'test' | 'shift' | 'same'

export interface Operation {
  readonly inputs: 1 | 2
  /**
   * Of what type the result is: the common one; a float one (`divide`: float64 for whole numbers, `float`: the narrowest
   * that holds them); bool (`compare`, `logic`, `test`); whole numbers only (`bits`, `shift`); the operand's (`same`).
   */
  readonly type: Type
  readonly number: (x: number, y: number) => number
  /** On 64-bit whole numbers, where doubles do not hold operands or result. */
  readonly wide?: (x: bigint, y: bigint) => bigint
  /** On whole numbers, where it differs from `number`. */
  readonly integer?: (x: number, y: number) => number
  /** False for truth values: the message says what to do instead. */
  readonly refusesBool?: string
  /** Truth values are computed as int8. */
  readonly widensBool?: boolean
}

function floorDivide(x: number, y: number): number {
  if (y === 0) return x / y
  const rest = x % y
  const towardsZero = (x - rest) / y
  const quotient = rest !== 0 && y < 0 !== rest < 0 ? towardsZero - 1 : towardsZero
  if (quotient === 0) return x / y < 0 || Object.is(x / y, -0) ? -0 : 0
  const floor = Math.floor(quotient)
  return quotient - floor > 0.5 ? floor + 1 : floor
}

function remainder(x: number, y: number): number {
  if (y === 0) return NaN
  const rest = x % y
  if (rest === 0) return y < 0 || Object.is(y, -0) ? -0 : 0
  return y < 0 !== rest < 0 ? (Number.isFinite(y) ? rest + y : y) : rest
}

function integerFloorDivide(x: number, y: number): number {
  // The quotient of two safe integers, rounded, may reach the next whole number; the remainder is exact.
  return y === 0 ? 0 : (x - integerRemainder(x, y)) / y
}

function integerRemainder(x: number, y: number): number {
  if (y === 0) return 0
  const rest = x % y
  return rest !== 0 && y < 0 !== rest < 0 ? rest + y : rest + 0
}

function wideRemainder(x: bigint, y: bigint): bigint {
  if (y === 0n) return 0n
  const rest = x % y
  return rest !== 0n && y < 0n !== rest < 0n ? rest + y : rest
}

function integerPower(x: number, y: number): number {
  let result = 1
  let base = x
  for (let left = y; left > 0;) {
    if (left % 2 === 1) result *= base
    left = Math.floor(left / 2)
    if (left > 0) base *= base
  }
  return result
}

function widePower(x: bigint, y: bigint): bigint {
  let result = 1n
  let base = x
  for (let left = y; left > 0n; left >>= 1n) {
    if (left & 1n) result = BigInt.asIntN(64, result * base)
    base = BigInt.asIntN(64, base * base)
  }
  return result
}

export function roundEven(x: number): number {
  if (!Number.isFinite(x)) return x
  const floor = Math.floor(x)
  const rest = x - floor
  if (rest === 0) return x
  const rounded = rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor
  return rounded === 0 && x < 0 ? -0 : rounded
}

function floatPower(x: number, y: number): number {
  if (y === 2) return x * x
  if (x === 1) return 1
  if (x === -1 && Math.abs(y) === Infinity) return 1
  return powerOf(x, y)
}

const flag = (value: boolean) => (value ? 1 : 0)
const big = (value: boolean) => (value ? 1n : 0n)
const float = (number: (x: number) => number): Operation => ({ inputs: 1, type: 'float', number })
const float2 = (number: (x: number, y: number) => number): Operation => ({ inputs: 2, type: 'float', number })
const rounding = (number: (x: number) => number): Operation => ({
  inputs: 1,
  type: 'same',
  number,
  integer: (x) => x,
  wide: (x) => x,
})
const test = (number: (x: number) => boolean): Operation => ({
  inputs: 1,
  type: 'test',
  number: (x) => flag(number(x)),
})
const compare = (number: (x: number, y: number) => boolean, wide: (x: bigint, y: bigint) => boolean): Operation => ({
  inputs: 2,
  type: 'compare',
  number: (x, y) => flag(number(x, y)),
  wide: (x, y) => big(wide(x, y)),
})
const logic = (number: (x: boolean, y: boolean) => boolean): Operation => ({
  inputs: 2,
  type: 'logic',
  number: (x, y) => flag(number(x !== 0, y !== 0)),
})
/** On whole numbers of up to 53 bits, as doubles: the lower 32 bits, and those above them. */
const bits = (number: (x: number, y: number) => number, wide: (x: bigint, y: bigint) => bigint): Operation => ({
  inputs: 2,
  type: 'bits',
  number: (x, y) =>
    (x | 0) === x && (y | 0) === y
      ? number(x, y)
      : number(Math.floor(x / 2 ** 32), Math.floor(y / 2 ** 32)) * 2 ** 32 + (number(x | 0, y | 0) >>> 0),
  wide,
})

const subtractBool =
  'numpy boolean subtract, the `-` operator, is not supported, use the bitwise_xor, the `^` operator, or the ' +
  'logical_xor function instead.'
const negativeBool =
  'The numpy boolean negative, the `-` operator, is not supported, use the `~` operator or the logical_not function instead.'

const twoNumbers: Readonly<Record<string, Operation>> = {
  add: { inputs: 2, type: 'common', number: (x, y) => x + y, wide: (x, y) => x + y },
  subtract: {
    inputs: 2,
    type: 'common',
    number: (x, y) => x - y,
    wide: (x, y) => x - y,
    refusesBool: subtractBool,
  },
  multiply: { inputs: 2, type: 'common', number: (x, y) => x * y, integer: (x, y) => x * y + 0, wide: (x, y) => x * y },
  true_divide: { inputs: 2, type: 'divide', number: (x, y) => x / y },
  floor_divide: {
    inputs: 2,
    type: 'common',
    number: floorDivide,
    integer: integerFloorDivide,
    wide: (x, y) => (y === 0n ? 0n : (x - wideRemainder(x, y)) / y),
    widensBool: true,
  },
  remainder: {
    inputs: 2,
    type: 'common',
    number: remainder,
    integer: integerRemainder,
    wide: wideRemainder,
    widensBool: true,
  },
  fmod: {
    inputs: 2,
    type: 'common',
    number: (x, y) => x % y,
    integer: (x, y) => (y === 0 ? 0 : (x % y) + 0),
    wide: (x, y) => (y === 0n ? 0n : x % y),
    widensBool: true,
  },
  power: {
    inputs: 2,
    type: 'common',
    number: floatPower,
    integer: integerPower,
    wide: widePower,
    widensBool: true,
  },
  maximum: {
    inputs: 2,
    type: 'common',
    number: (x, y) => (x >= y || x !== x ? x : y),
    wide: (x, y) => (x > y ? x : y),
  },
  minimum: {
    inputs: 2,
    type: 'common',
    number: (x, y) => (x <= y || x !== x ? x : y),
    wide: (x, y) => (x < y ? x : y),
  },
  fmax: {
    inputs: 2,
    type: 'common',
    number: (x, y) => (x >= y || y !== y ? x : y),
    wide: (x, y) => (x > y ? x : y),
  },
  fmin: {
    inputs: 2,
    type: 'common',
    number: (x, y) => (x <= y || y !== y ? x : y),
    wide: (x, y) => (x < y ? x : y),
  },
  arctan2: float2((x, y) => Math.atan2(x, y)),
  hypot: float2((x, y) => Math.hypot(x, y)),
  logaddexp: float2((x, y) => (x === y ? x + Math.LN2 : Math.max(x, y) + Math.log1p(Math.exp(-Math.abs(x - y))))),
  copysign: float2((x, y) => (y < 0 || Object.is(y, -0) ? -Math.abs(x) : Math.abs(x))),
  equal: compare(
    (x, y) => x === y,
    (x, y) => x === y,
  ),
  not_equal: compare(
    (x, y) => x !== y,
    (x, y) => x !== y,
  ),
  less: compare(
    (x, y) => x < y,
    (x, y) => x < y,
  ),
  less_equal: compare(
    (x, y) => x <= y,
    (x, y) => x <= y,
  ),
  greater: compare(
    (x, y) => x > y,
    (x, y) => x > y,
  ),
  greater_equal: compare(
    (x, y) => x >= y,
    (x, y) => x >= y,
  ),
  logical_and: logic((x, y) => x && y),
  logical_or: logic((x, y) => x || y),
  logical_xor: logic((x, y) => x !== y),
  bitwise_and: bits(
    (x, y) => x & y,
    (x, y) => x & y,
  ),
  bitwise_or: bits(
    (x, y) => x | y,
    (x, y) => x | y,
  ),
  bitwise_xor: bits(
    (x, y) => x ^ y,
    (x, y) => x ^ y,
  ),
  left_shift: {
    inputs: 2,
    type: 'shift',
    number: (x, y) => (y < 0 || y > 63 ? 0 : x * 2 ** y),
    wide: (x, y) => (y < 0n || y > 63n ? 0n : x << y),
  },
  right_shift: {
    inputs: 2,
    type: 'shift',
    number: (x, y) => (y < 0 || y > 63 ? (x < 0 ? -1 : 0) : Math.floor(x / 2 ** y)),
    wide: (x, y) => (y < 0n || y > 63n ? (x < 0n ? -1n : 0n) : x >> y),
  },
}

const oneNumber: Readonly<Record<string, Operation>> = {
  negative: {
    inputs: 1,
    type: 'same',
    number: (x) => -x,
    integer: (x) => 0 - x,
    wide: (x) => -x,
    refusesBool: negativeBool,
  },
  positive: { inputs: 1, type: 'same', number: (x) => x, wide: (x) => x },
  absolute: { inputs: 1, type: 'same', number: Math.abs, wide: (x) => (x < 0n ? -x : x) },
  fabs: float(Math.abs),
  sign: {
    inputs: 1,
    type: 'same',
    number: (x) => (x !== x ? x : x > 0 ? 1 : x < 0 ? -1 : 0),
    wide: (x) => (x > 0n ? 1n : x < 0n ? -1n : 0n),
  },
  square: { inputs: 1, type: 'same', number: (x) => x * x, wide: (x) => x * x },
  reciprocal: {
    inputs: 1,
    type: 'same',
    number: (x) => 1 / x,
    integer: (x) => (x === 0 ? 0 : Math.trunc(1 / x) + 0),
    wide: (x) => (x === 1n || x === -1n ? x : 0n),
  },
  invert: { inputs: 1, type: 'bits', number: (x) => -1 - x, wide: (x) => ~x },
  logical_not: test((x) => x === 0),
  isnan: test((x) => x !== x),
  isinf: test((x) => x === Infinity || x === -Infinity),
  isfinite: test(Number.isFinite),
  signbit: test((x) => x < 0 || Object.is(x, -0)),
  floor: rounding(Math.floor),
  ceil: rounding(Math.ceil),
  trunc: rounding(Math.trunc),
  rint: float(roundEven),
  sqrt: float(Math.sqrt),
  cbrt: float(Math.cbrt),
  exp: float(Math.exp),
  exp2: float((x) => 2 ** x),
  expm1: float(Math.expm1),
  log: float(Math.log),
  log2: float(Math.log2),
  log10: float(Math.log10),
  log1p: float(Math.log1p),
  sin: float(Math.sin),
  cos: float(Math.cos),
  tan: float(Math.tan),
  arcsin: float(Math.asin),
  arccos: float(Math.acos),
  arctan: float(Math.atan),
  sinh: float(Math.sinh),
  cosh: float(Math.cosh),
  tanh: float(Math.tanh),
  arcsinh: float(Math.asinh),
  arccosh: float(Math.acosh),
  arctanh: float(Math.atanh),
  deg2rad: float((x) => x * (Math.PI / 180)),
  rad2deg: float((x) => x * (180 / Math.PI)),
}

export const operations: Readonly<Record<string, Operation>> = { ...twoNumbers, ...oneNumber }
