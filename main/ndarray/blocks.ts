/**
 * Elementwise functions over large arrays, a block at a time: numbers of few bytes are never all doubles at once, and the
 * usual operations have loops of their own, which are several times as fast as one that calls a function for each element.
 */

import { NDArray } from './array.ts'
import { type DType, dtypes } from './dtype.ts'
import type { Operation } from './numbers.ts'
import { isWide, Storage } from './storage.ts'

/** Elements at a time: what is in hand stays in the processor's cache. */
const block = 1 << 13

/** `out[i] = x[i · sx] op y[i · sy]`; a step of 0 takes one number for all. */
type Loop = (x: Float64Array, y: Float64Array, out: Float64Array, sx: number, sy: number, count: number) => void

const common: Readonly<Record<string, Loop>> = {
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

/** On whole numbers of up to 32 bits: their quotient is never rounded up to the next whole number. */
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
      out[i] = divisor === 0 ? 0 : left - Math.floor(left / divisor) * divisor
    }
  },
}

/** Calls the operation for each element: for those without a loop of their own. */
function calling(number: Operation['number']): Loop {
  return (x, y, out, sx, sy, count) => {
    for (let i = 0; i < count; i++) out[i] = number(x[i * sx]!, y[i * sy]!)
  }
}

/** Whether doubles hold every result on whole numbers of up to 16 bits. */
function staysExact(name: string): boolean {
  return name !== 'power' && name !== 'left_shift' && name !== 'float_power'
}

/**
 * The result, in C order, over operands of one shape (or single numbers); null where this is no such case: 64-bit or 32-bit
 * whole numbers, which may need more than a double, float16, and what is small anyway.
 */
export function inBlocks(
  name: string,
  operation: Operation,
  input: DType,
  output: DType,
  operands: readonly { readonly array: NDArray }[],
  shape: readonly number[],
): NDArray | null {
  const size = shape.reduce((product, length) => product * length, 1)
  if (size < block) return null
  const views = operands.map(({ array }) => array)
  const many = views.filter((view) => view.size !== 1)
  // Compared as 64-bit whole numbers, small ones are still doubles.
  const types = [operation.type === 'compare' ? output : input, output, ...many.map(({ dtype }) => dtype)]
  const fits = types.every(
    ({ wide, name: type }) => !wide && type !== 'float16' && type !== 'int32' && type !== 'uint32',
  )
  if (!fits || (input.integral && !staysExact(name))) return null
  if (views.some((view) => view.size === 1 && isWide(view.storage.data))) return null
  if (!many.every((view) => view.size === size)) return null
  const number = input.integral ? (operation.integer ?? operation.number) : operation.number
  const loop = common[name] ?? (input.integral ? whole[name] : undefined) ?? calling(number)
  const storage = Storage.zeros(output, size)
  const target = storage.data as Float64Array
  const direct = output === dtypes.float64
  const made = new Float64Array(direct ? 0 : block)
  const [first, second] = views.map((view) => (view.size === 1 || view.contiguous ? view : view.copy()))
  const [left, right] = [reader(first!, input), reader(second ?? first!, input)]
  for (let from = 0; from < size; from += block) {
    const count = Math.min(block, size - from)
    const out = direct ? target.subarray(from, from + count) : made
    loop(left.at(from, count), right.at(from, count), out, left.step, right.step, count)
    if (direct) continue
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
