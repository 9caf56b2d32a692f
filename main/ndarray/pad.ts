/** `np.pad`: one axis after the other, so that the corners are the last axis's. */

import { checkShape, type NDArray, Scalar, zeros } from './array.ts'
import { assign, valueFor } from './assign.ts'
import { broadcastView } from './broadcast.ts'
import { asArray, fromNested } from './convert.ts'
import { linspace } from './creation.ts'
import { typeError, valueError } from './errors.ts'
import { concatenate, repeat, span, take } from './join.ts'
import { ranks } from './ranks.ts'
import { reductions } from './reductions.ts'
import { Session } from './session.ts'
import { flip, moveAxes, reshape } from './shape.ts'
import { callFunction, type NumpyFunction } from './signature.ts'
import { apply } from './ufunc.ts'
import { tightShape, type Value } from './values.ts'

/** Before and after, for each axis, from one number, a pair, or a pair for each axis. */
function pairs(value: Value, ndim: number): NDArray[][] {
  const given = fromNested(value)
  const seen = broadcastView(given, [ndim, 2])
  if (seen === null) {
    throw valueError(
      'operands could not be broadcast together with remapped shapes [original->remapped]: ' +
        `${tightShape(given.shape)}  and requested shape (${ndim},2)`,
    )
  }
  return Array.from({ length: ndim }, (_, axis) =>
    [0, 1].map((side) => seen.view([], [], axis * seen.steps[0]! + side * seen.steps[1]!)),
  )
}

/** Which element of an axis of `length` stands at `at`, which may be before its start or after its end. */
function source(mode: string, at: number, length: number): number {
  const around = (period: number) => ((at % period) + period) % period
  switch (mode) {
    case 'edge':
      return Math.min(Math.max(at, 0), length - 1)
    case 'wrap':
      return around(length)
    case 'symmetric': {
      const place = around(2 * length)
      return place < length ? place : 2 * length - 1 - place
    }
    case 'reflect': {
      if (length === 1) return 0
      const place = around(2 * length - 2)
      return place < length ? place : 2 * length - 2 - place
    }
    default:
      throw valueError(`mode '${mode}' is not supported`)
  }
}

function constant(a: NDArray, widths: readonly number[][], values: NDArray[][]): NDArray {
  const out = zeros(
    a.shape.map((length, axis) => length + widths[axis]![0]! + widths[axis]![1]!),
    a.dtype,
  )
  let inner = out
  widths.forEach(([before], axis) => (inner = span(inner, axis, before!, a.shape[axis]!)))
  assign(inner, a)
  widths.forEach(([before, after], axis) => {
    const [first, last] = values[axis]!
    assign(span(out, axis, 0, before!), first!)
    assign(span(out, axis, out.shape[axis]! - after!, after!), last!)
  })
  return out
}

/** One number for each line along an axis: what the modes that are named after it fill with. */
const summaries: ReadonlyMap<string, NumpyFunction> = new Map([
  ['maximum', reductions.max!],
  ['minimum', reductions.min!],
  ['mean', reductions.mean!],
  ['median', ranks.median!],
])

function summarised(a: NDArray, axis: number, called: NumpyFunction): NDArray {
  const found = asArray(callFunction('pad', called, new Session(), [a], { axis: BigInt(axis), keepdims: true }))
  return a.dtype.integral && !found.dtype.integral ? asArray(apply('rint', [found])) : found
}

/** From the edge in equal steps to a number. */
function ramp(edge: NDArray, end: NDArray, axis: number, count: number): NDArray {
  const steps = linspace(end, edge, BigInt(count), false, edge.dtype).a
  const moved = moveAxes(steps, [0], [axis + 1])
  return reshape(
    moved.copy(),
    edge.shape.map((length, i) => (i === axis ? count : length)),
  )
}

interface PadOptions {
  readonly mode: string
  /** Of `constant`. */
  readonly values: Value
  /** Of `linear_ramp`. */
  readonly ends: Value
}

export function pad(a: NDArray, width: Value, { mode, values, ends }: PadOptions): NDArray {
  const widths = pairs(width, a.ndim).map((pair) =>
    pair.map((number) => {
      if (!number.dtype.integral) throw typeError('`pad_width` must be of integral type.')
      const count = Number(number.at(number.offset))
      if (count < 0) throw valueError("index can't contain negative values")
      return count
    }),
  )
  const scalars = (given: Value) =>
    pairs(given, a.ndim).map((pair) =>
      pair.map((value) => valueFor(a, new Scalar(value.dtype, value.at(value.offset)))),
    )
  checkShape(
    a.shape.map((length, axis) => length + widths[axis]![0]! + widths[axis]![1]!),
    a.dtype,
  )
  if (mode === 'constant') return constant(a, widths, scalars(values))
  if (mode === 'empty') return constant(a, widths, scalars(0n))
  const summary = summaries.get(mode)
  if (!summary && mode !== 'linear_ramp') source(mode, 0, 1)
  let padded = a.copy()
  widths.forEach(([before, after], axis) => {
    const length = a.shape[axis]!
    if (before === 0 && after === 0) return
    if (length === 0) {
      throw valueError(`can't extend empty axis ${axis} using modes other than 'constant' or 'empty'`)
    }
    if (!summary && mode !== 'linear_ramp') {
      const places = Array.from({ length: length + before! + after! }, (_, i) => source(mode, i - before!, length))
      padded = take(padded, places, axis)
      return
    }
    const sides = [before!, after!].map((count, side) => {
      if (summary) return repeat(summarised(padded, axis, summary), [count], axis)
      const edge = span(padded, axis, side === 0 ? 0 : length - 1, 1)
      const made = ramp(edge, scalars(ends)[axis]![side]!, axis, count)
      return side === 0 ? made : flip(made, [axis])
    })
    padded = concatenate([sides[0]!, padded, sides[1]!], axis, a.dtype)
  })
  return padded
}
