/**
 * Elementwise functions over large arrays, a block at a time: numbers of few bytes are never all doubles at once, and the
 * usual operations have loops of their own, which are several times as fast as one that calls a function for each element.
 */

import { NDArray, sizeOf } from './array.ts'
import { type DType, dtypes } from './dtype.ts'
import { type Operation, operations } from './numbers.ts'
import { isWide, type Narrow, safe, Storage } from './storage.ts'
import { inWords } from './words.ts'

export interface Types {
  /** What the operands are converted to. */
  readonly input: DType
  readonly output: DType
}

/** Elements at a time: what is in hand stays in the processor's cache. */
const block = 1 << 13

/** `out[i] = x[i · sx] op y[i · sy]`; a step of 0 takes one number for all. */
type Loop = (x: Float64Array, y: Float64Array, out: Float64Array, sx: number, sy: number, count: number) => void

const common: Readonly<Record<string, Loop>> = {
  negative(x, _y, out, _sx, _sy, count) {
    for (let i = 0; i < count; i++) out[i] = -x[i]!
  },
  absolute(x, _y, out, _sx, _sy, count) {
    for (let i = 0; i < count; i++) out[i] = Math.abs(x[i]!)
  },
  square(x, _y, out, _sx, _sy, count) {
    for (let i = 0; i < count; i++) out[i] = x[i]! * x[i]!
  },
  sqrt(x, _y, out, _sx, _sy, count) {
    for (let i = 0; i < count; i++) out[i] = Math.sqrt(x[i]!)
  },
  logical_not(x, _y, out, _sx, _sy, count) {
    for (let i = 0; i < count; i++) out[i] = x[i] === 0 ? 1 : 0
  },
  add(x, y, out, sx, sy, count) {
    for (let i = 0; i < count; i++) out[i] = x[i * sx]! + y[i * sy]!
  },
  subtract(x, y, out, sx, sy, count) {
    for (let i = 0; i < count; i++) out[i] = x[i * sx]! - y[i * sy]!
  },
  multiply(x, y, out, sx, sy, count) {
    for (let i = 0; i < count; i++) out[i] = x[i * sx]! * y[i * sy]!
  },
  true_divide(x, y, out, sx, sy, count) {
    for (let i = 0; i < count; i++) out[i] = x[i * sx]! / y[i * sy]!
  },
  maximum(x, y, out, sx, sy, count) {
    for (let i = 0; i < count; i++) {
      const left = x[i * sx]!
      const right = y[i * sy]!
      out[i] = left >= right || left !== left ? left : right
    }
  },
  minimum(x, y, out, sx, sy, count) {
    for (let i = 0; i < count; i++) {
      const left = x[i * sx]!
      const right = y[i * sy]!
      out[i] = left <= right || left !== left ? left : right
    }
  },
  equal(x, y, out, sx, sy, count) {
    for (let i = 0; i < count; i++) out[i] = x[i * sx]! === y[i * sy]! ? 1 : 0
  },
  not_equal(x, y, out, sx, sy, count) {
    for (let i = 0; i < count; i++) out[i] = x[i * sx]! !== y[i * sy]! ? 1 : 0
  },
  less(x, y, out, sx, sy, count) {
    for (let i = 0; i < count; i++) out[i] = x[i * sx]! < y[i * sy]! ? 1 : 0
  },
  less_equal(x, y, out, sx, sy, count) {
    for (let i = 0; i < count; i++) out[i] = x[i * sx]! <= y[i * sy]! ? 1 : 0
  },
  greater(x, y, out, sx, sy, count) {
    for (let i = 0; i < count; i++) out[i] = x[i * sx]! > y[i * sy]! ? 1 : 0
  },
  greater_equal(x, y, out, sx, sy, count) {
    for (let i = 0; i < count; i++) out[i] = x[i * sx]! >= y[i * sy]! ? 1 : 0
  },
}

const integerRemainder = operations.remainder!.integer!
const [bitsOfBoth, bitsOfEither, bitsOfOne] = ['bitwise_and', 'bitwise_or', 'bitwise_xor'].map(
  (name) => operations[name]!.number,
) as [Operation['number'], Operation['number'], Operation['number']]
const powersOfTwo = Float64Array.from({ length: 64 }, (_, i) => 2 ** i)

/** On whole numbers below 2⁵³: their quotient, rounded, is never the next whole number. */
const whole: Readonly<Record<string, Loop>> = {
  floor_divide(x, y, out, sx, sy, count) {
    for (let i = 0; i < count; i++) {
      const divisor = y[i * sy]!
      out[i] = divisor === 0 ? 0 : Math.floor(x[i * sx]! / divisor)
    }
  },
  remainder(x, y, out, sx, sy, count) {
    for (let i = 0; i < count; i++) {
      const left = x[i * sx]!
      const divisor = y[i * sy]!
      const multiple = divisor === 0 ? left : Math.floor(left / divisor) * divisor
      out[i] = Math.abs(multiple) < safe ? left - multiple : integerRemainder(left, divisor)
    }
  },
  bitwise_and(x, y, out, sx, sy, count) {
    for (let i = 0; i < count; i++) {
      const left = x[i * sx]!
      const right = y[i * sy]!
      out[i] = (left | 0) === left && (right | 0) === right ? left & right : bitsOfBoth(left, right)
    }
  },
  bitwise_or(x, y, out, sx, sy, count) {
    for (let i = 0; i < count; i++) {
      const left = x[i * sx]!
      const right = y[i * sy]!
      out[i] = (left | 0) === left && (right | 0) === right ? left | right : bitsOfEither(left, right)
    }
  },
  bitwise_xor(x, y, out, sx, sy, count) {
    for (let i = 0; i < count; i++) {
      const left = x[i * sx]!
      const right = y[i * sy]!
      out[i] = (left | 0) === left && (right | 0) === right ? left ^ right : bitsOfOne(left, right)
    }
  },
  invert(x, _y, out, _sx, _sy, count) {
    for (let i = 0; i < count; i++) out[i] = -1 - x[i]!
  },
  left_shift(x, y, out, sx, sy, count) {
    for (let i = 0; i < count; i++) {
      const by = y[i * sy]!
      out[i] = by < 0 || by > 63 ? 0 : x[i * sx]! * powersOfTwo[by]!
    }
  },
  right_shift(x, y, out, sx, sy, count) {
    for (let i = 0; i < count; i++) {
      const by = y[i * sy]!
      // A negative number is −1 in the end.
      out[i] = Math.floor(x[i * sx]! / powersOfTwo[by < 0 || by > 63 ? 63 : by]!)
    }
  },
}

/** Calls the operation for each element: for those without a loop of their own. */
function calling(number: Operation['number']): Loop {
  return (x, y, out, sx, sy, count) => {
    for (let i = 0; i < count; i++) out[i] = number(x[i * sx]!, y[i * sy]!)
  }
}

/** Whether doubles hold every result on whole numbers of this type. */
function staysExact(name: string, { itemsize }: DType): boolean {
  return itemsize <= 2 && name !== 'power' && name !== 'left_shift'
}

/** Whether doubles held the results, and 64 bits without a sign had none below 0; −0 becomes 0. */
function wholeNumbers(out: Float64Array, unsigned: boolean, count: number): boolean {
  for (let i = 0; i < count; i++) {
    const value = out[i]!
    if (!(value < safe && value > -safe) || (unsigned && value < 0)) return false
    out[i] = value + 0
  }
  return true
}

/**
 * The result, in C order, over operands of one shape or single numbers; null where this is no such case: float16, whole
 * numbers that need more than a double, and what is small anyway.
 */
export function inBlocks(
  name: string,
  operation: Operation,
  { input, output }: Types,
  operands: readonly NDArray[],
  shape: readonly number[],
): NDArray | null {
  const size = sizeOf(shape)
  if (size < block) return null
  const types = [input, output, ...operands.map(({ dtype }) => dtype)]
  if (types.some((type) => type === dtypes.float16 || (input.integral && !type.integral))) return null
  if (operands.some(({ storage }) => isWide(storage.data))) return null
  const views = operands.map((view) => (view.size === 1 || view.contiguous ? view : view.copy()))
  const words = inWords(name, input, views, shape, size)
  if (words !== null) return words
  const number = input.integral ? (operation.integer ?? operation.number) : operation.number
  const loop = common[name] ?? (input.integral ? whole[name] : undefined) ?? calling(number)
  const storage = Storage.zeros(output, size)
  const target = storage.data as Narrow
  const checked = output.integral && output.kind !== 'b' && !staysExact(name, input)
  const unsigned = output.wide && output.kind === 'u'
  const made = new Float64Array(target instanceof Float64Array ? 0 : block)
  const [first, second] = views
  const [left, right] = [reader(first!, input), reader(second ?? first!, input)]
  for (let from = 0; from < size; from += block) {
    const count = Math.min(block, size - from)
    const out = target instanceof Float64Array ? target.subarray(from, from + count) : made
    loop(left.at(from, count), right.at(from, count), out, left.step, right.step, count)
    if (checked && !wholeNumbers(out, unsigned, count)) return null
    if (target instanceof Float64Array) continue
    // More than one is true, as one is.
    if (output.kind === 'b') for (let i = 0; i < count; i++) out[i] = out[i] === 0 ? 0 : 1
    target.set(count === block ? out : out.subarray(0, count), from)
  }
  return new NDArray(storage, shape)
}

interface Reader {
  readonly step: number
  /** Elements from a place on, as doubles of type `input`; one for all where `step` is 0. */
  at(from: number, count: number): Float64Array
}

function reader({ storage, dtype, size, offset }: NDArray, input: DType): Reader {
  const data = storage.data as Float64Array
  const single = input === dtypes.float32 && dtype !== input && dtype.itemsize >= 4
  if (size === 1) {
    const value = data[offset]!
    const one = Float64Array.of(single ? Math.fround(value) : value)
    return { step: 0, at: () => one }
  }
  if (data instanceof Float64Array && !single) {
    return { step: 1, at: (from, count) => data.subarray(offset + from, offset + from + count) }
  }
  const scratch = new Float64Array(block)
  return {
    step: 1,
    at(from, count) {
      scratch.set(data.subarray(offset + from, offset + from + count))
      if (single) for (let i = 0; i < count; i++) scratch[i] = Math.fround(scratch[i]!)
      return scratch
    },
  }
}
