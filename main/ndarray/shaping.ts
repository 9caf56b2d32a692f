/** The functions of the namespace that change shapes, join, split, repeat and choose. */

import { doublesOf, fromFlat, type NDArray, sizeOf, unwrap } from './array.ts'
import { axes, axis, int, ints } from './arguments.ts'
import { assign, valueFor } from './assign.ts'
import { broadcastShapes } from './broadcast.ts'
import { asArray } from './convert.ts'
import { int64, optionalDType } from './dtype.ts'
import { indexError, typeError, valueError } from './errors.ts'
import { sliceRange } from './indexing.ts'
import * as join from './join.ts'
import { pad } from './pad.ts'
import * as shape from './shape.ts'
import { fn, type NumpyFunction } from './signature.ts'
import { Slice, tightShape, Tuple, type Value } from './values.ts'

/** With `axis=None` the elements in a row. */
function along(value: Value, given: Value): { a: NDArray; at: number } {
  const a = asArray(value)
  return given === null ? { a: shape.ravel(a), at: 0 } : { a, at: axis(given, a.ndim) }
}

function split(value: Value, sections: Value, given: Value, equal: boolean): NDArray[] {
  const a = asArray(value)
  if (a.ndim === 0) throw valueError('array_split only works on arrays of 1 or more dimensions')
  const at = axis(given, a.ndim)
  if (typeof sections !== 'bigint') return join.splitAt(a, ints(sections), at)
  if (equal && a.shape[at]! % int(sections) !== 0) throw valueError('array split does not result in an equal division')
  return join.splitInto(a, int(sections), at)
}

function atLeast(ndim: number): NumpyFunction {
  return fn('*arys', (given) => {
    const made = (given as Value[]).map((value) => shape.atLeast(asArray(value), ndim))
    return made.length === 1 ? made[0] : new Tuple(made)
  })
}

function take(value: Value, indices: Value, given: Value): Value {
  const { a, at } = along(value, given)
  const list = asArray(indices)
  if (list.dtype.kind === 'f' && list.size > 0) {
    throw typeError("Cannot cast array data from dtype('float64') to dtype('int64') according to the rule 'safe'")
  }
  const taken = join.take(a, Array.from(doublesOf(list)), at)
  return unwrap(shape.reshape(taken, [...a.shape.slice(0, at), ...list.shape, ...a.shape.slice(at + 1)]))
}

/** Which places of an axis a whole number, a slice or a list names. */
function places(object: Value, length: number): number[] {
  if (object instanceof Slice) {
    const { start, count, step } = sliceRange(object, length)
    return Array.from({ length: count }, (_, i) => start + i * step)
  }
  return ints(object).map((place) => {
    if (place < -length || place >= length)
      throw indexError(`index ${place} is out of bounds for axis 0 with size ${length}`)
    return place < 0 ? place + length : place
  })
}

function remove(value: Value, object: Value, given: Value): NDArray {
  const { a, at } = along(value, given)
  const gone = new Set(places(object, a.shape[at]!))
  const kept = Array.from({ length: a.shape[at]! }, (_, i) => i).filter((i) => !gone.has(i))
  return join.take(a, kept, at)
}

function insert(value: Value, object: Value, values: Value, given: Value): NDArray {
  const { a, at } = along(value, given)
  const length = a.shape[at]!
  const wanted = ints(object)
  for (const place of wanted) {
    if (place < -length || place > length)
      throw indexError(`index ${place} is out of bounds for axis ${at} with size ${length}`)
  }
  const before = wanted.map((place) => (place < 0 ? place + length : place))
  const added = valueFor(a, values)
  const single = before.length === 1
  const count =
    single && added.ndim > 0
      ? added.ndim === a.ndim
        ? added.shape[at]!
        : a.ndim === 1
          ? added.size
          : 1
      : before.length
  const places = single ? new Array<number>(count).fill(before[0]!) : before
  const lines = fromFlat(
    new Float64Array(sizeOf(a.shape.map((n, i) => (i === at ? count : n)))),
    a.dtype,
    a.shape.map((n, i) => (i === at ? count : n)),
  )
  assign(lines, added)
  const order = places.map((_, i) => i).sort((i, j) => places[i]! - places[j]! || i - j)
  const parts: NDArray[] = []
  let from = 0
  for (const i of order) {
    parts.push(join.span(a, at, from, places[i]! - from), join.span(lines, at, i, 1))
    from = places[i]!
  }
  return join.concatenate([...parts, join.span(a, at, from, length - from)], at, a.dtype)
}

function append(arr: Value, values: Value, given: Value): NDArray {
  if (given === null) return join.concatenate([shape.ravel(asArray(arr)), shape.ravel(asArray(values))], 0)
  return join.concatenate([asArray(arr), asArray(values)], int(given))
}

function roll(value: Value, shift: Value, given: Value): NDArray {
  const a = asArray(value)
  if (given === null) return shape.reshape(join.roll(shape.ravel(a), int(shift), 0), a.shape)
  const at = ints(given).map((one) => axis(BigInt(one), a.ndim))
  const shifts = ints(shift)
  return at.reduce((rolled, one, i) => join.roll(rolled, shifts[shifts.length === 1 ? 0 : i]!, one), a)
}

function broadcastTo(value: Value, to: readonly number[]): NDArray {
  const a = asArray(value)
  if (to.some((length) => length < 0)) throw valueError('all elements of broadcast shape must be non-negative')
  const seen = join.broadcastTo(a, to)
  if (seen !== null) return seen
  throw valueError(
    a.ndim > to.length
      ? 'input operand has more dimensions than allowed by the axis remapping'
      : `operands could not be broadcast together with remapped shapes [original->remapped]: ${tightShape(a.shape)}  ` +
          `and requested shape ${tightShape(to)}`,
  )
}

function windows(x: Value, size: Value, given: Value): NDArray {
  const a = asArray(x)
  const at = given === null ? a.shape.map((_, i) => i) : ints(given).map((one) => axis(BigInt(one), a.ndim))
  return join.slidingWindows(a, ints(size), at)
}

const stacking = (work: (arrays: readonly NDArray[]) => NDArray) => fn('tup', (tup) => work(join.arraysOf(tup)))

const joining = fn('arrays, axis=0, out=None, *, dtype=None', (arrays, at, _out, dtype) =>
  at === null
    ? join.concatenate(join.arraysOf(arrays).map(shape.ravel), 0, optionalDType(dtype))
    : join.concatenate(join.arraysOf(arrays), int(at), optionalDType(dtype)),
)

const vertical = stacking((arrays) =>
  join.concatenate(
    arrays.map((a) => shape.atLeast(a, 2)),
    0,
  ),
)

export const shaping: Readonly<Record<string, NumpyFunction>> = {
  reshape: fn("a, shape, order='C'", (a, to, order) => shape.reshape(asArray(a), ints(to), order)),
  ravel: fn("a, order='C'", (a, order) => shape.ravel(asArray(a), order)),
  transpose: fn('a, axes=None', (a, order) => shape.transpose(asArray(a), order === null ? null : ints(order))),
  permute_dims: fn('a, axes=None', (a, order) => shape.transpose(asArray(a), order === null ? null : ints(order))),
  swapaxes: fn('a, axis1, axis2', (a, first, second) => shape.swapAxes(asArray(a), int(first), int(second))),
  moveaxis: fn('a, source, destination', (a, from, to) => shape.moveAxes(asArray(a), ints(from), ints(to))),
  rollaxis: fn('a, axis, start=0', (value, from, start) => {
    const a = asArray(value)
    const [at, to] = [axis(from, a.ndim), int(start) < 0 ? int(start) + a.ndim : int(start)]
    return shape.moveAxes(a, [at], [at < to ? to - 1 : to])
  }),
  expand_dims: fn('a, axis', (a, at) => shape.expandDims(asArray(a), ints(at))),
  squeeze: fn('a, axis=None', (value, at) => {
    const a = asArray(value)
    return shape.squeeze(a, axes(at, a.ndim))
  }),
  atleast_1d: atLeast(1),
  atleast_2d: atLeast(2),
  atleast_3d: atLeast(3),
  flip: fn('m, axis=None', (value, at) => {
    const m = asArray(value)
    return shape.flip(m, axes(at, m.ndim))
  }),
  flipud: fn('m', (value) => {
    const m = asArray(value)
    if (m.ndim < 1) throw valueError('Input must be >= 1-d.')
    return shape.flip(m, [0])
  }),
  fliplr: fn('m', (value) => {
    const m = asArray(value)
    if (m.ndim < 2) throw valueError('Input must be >= 2-d.')
    return shape.flip(m, [1])
  }),
  rot90: fn('m, k=1, axes=None', (m, k, plane) =>
    shape.rot90(asArray(m), int(k), plane === null ? [0, 1] : ints(plane)),
  ),
  roll: fn('a, shift, axis=None', roll),
  resize: fn('a, new_shape', (a, to) => shape.refill(asArray(a), ints(to))),
  concatenate: joining,
  concat: joining,
  stack: fn('arrays, axis=0', (arrays, at) => join.stack(join.arraysOf(arrays), int(at))),
  vstack: vertical,
  row_stack: vertical,
  hstack: stacking(join.hstack),
  dstack: stacking((arrays) =>
    join.concatenate(
      arrays.map((a) => shape.atLeast(a, 3)),
      2,
    ),
  ),
  column_stack: stacking(join.columnStack),
  tile: fn('A, reps', (a, reps) => join.tile(asArray(a), ints(reps))),
  repeat: fn('a, repeats, axis=None', (value, repeats, at) => {
    const chosen = along(value, at)
    return join.repeat(chosen.a, ints(repeats), chosen.at)
  }),
  append: fn('arr, values, axis=None', append),
  delete: fn('arr, obj, axis=None', remove),
  insert: fn('arr, obj, values, axis=None', insert),
  split: fn('ary, indices_or_sections, axis=0', (a, parts, at) => split(a, parts, at, true)),
  array_split: fn('ary, indices_or_sections, axis=0', (a, parts, at) => split(a, parts, at, false)),
  vsplit: fn('ary, indices_or_sections', (a, parts) => split(a, parts, 0n, true)),
  hsplit: fn('ary, indices_or_sections', (a, parts) => split(a, parts, asArray(a).ndim > 1 ? 1n : 0n, true)),
  dsplit: fn('ary, indices_or_sections', (a, parts) => split(a, parts, 2n, true)),
  take: fn('a, indices, axis=None', take),
  pad: fn("array, pad_width, mode='constant', *, constant_values=0, end_values=0", (a, width, mode, values, ends) =>
    pad(asArray(a), width, { mode: String(mode), values, ends }),
  ),
  broadcast_to: fn('array, shape', (a, to) => broadcastTo(a, ints(to))),
  broadcast_arrays: fn('*args', (args) => {
    const arrays = (args as Value[]).map(asArray)
    const common = broadcastShapes(arrays.map((a) => a.shape))
    return new Tuple(arrays.map((a) => broadcastTo(a, common)))
  }),
  broadcast_shapes: fn('*args', (args) => new Tuple(broadcastShapes((args as Value[]).map(ints)).map(BigInt))),
  unravel_index: fn('indices, shape', (indices, to) => {
    const list = asArray(indices)
    let below = sizeOf(ints(to))
    return new Tuple(
      ints(to).map((length) => {
        below /= length
        return unwrap(
          fromFlat(
            doublesOf(list).map((i) => Math.floor(i / below) % length),
            int64,
            list.shape,
          ),
        )
      }),
    )
  }),
  'lib.stride_tricks.sliding_window_view': fn('x, window_shape, axis=None', windows),
}
