/** Coordinates of grids, and lists of places for indexing. */

import { checkShape, doublesOf, fromFlat, type NDArray, sizeOf, unwrap } from './array.ts'
import { float, int, ints, truthOf } from './arguments.ts'
import { broadcastShapes, broadcastView } from './broadcast.ts'
import { asArray, asOperand } from './convert.ts'
import { arange, linspace } from './creation.ts'
import { asDType, bool, type DType, int64, resultType } from './dtype.ts'
import { valueError } from './errors.ts'
import { nonzero } from './indexing.ts'
import { arraysOf, concatenate, stack } from './join.ts'
import { atLeast, expandDims, ravel } from './shape.ts'
import { fn, type NumpyFunction } from './signature.ts'
import { newDoubles } from './storage.ts'
import { apply } from './ufunc.ts'
import { checkItems, Imaginary, Slice, Tuple, type Value } from './values.ts'

/** A row laid along one axis of `ndim`. */
function laid(row: NDArray, ndim: number, at: number): NDArray {
  const axes = Array.from({ length: ndim }, (_, i) => i)
  return row.view(
    axes.map((i) => (i === at ? row.size : 1)),
    axes.map((i) => (i === at && row.ndim > 0 ? row.steps[0]! : 0)),
  )
}

function meshgrid(arrays: readonly Value[], indexing: string, sparse: boolean, copy: boolean): Tuple {
  if (indexing !== 'xy' && indexing !== 'ij') throw valueError("Valid values for `indexing` are 'xy' and 'ij'.")
  const rows = arrays.map((value) => ravel(asArray(value)))
  const order = rows.map((_, i) => (indexing === 'xy' && rows.length > 1 && i < 2 ? 1 - i : i))
  const shape = order.map((i) => rows[i]!.size)
  const grids = rows.map((row, i) => {
    const seen = laid(row, rows.length, order.indexOf(i))
    return sparse ? seen : broadcastView(seen, shape)!
  })
  return new Tuple(copy ? grids.map((grid) => grid.copy()) : grids)
}

/** Each row along its own axis; together they span the grid. */
function opened(rows: readonly NDArray[]): Tuple {
  return new Tuple(rows.map((row, at) => laid(row, rows.length, at)))
}

/** The same written out, one grid for each row. */
function filled(rows: readonly NDArray[]): NDArray {
  const shape = rows.map(({ size }) => size)
  return stack(
    rows.map((row, at) => broadcastView(laid(row, rows.length, at), shape)!),
    0,
  )
}

const upTo = (length: number) => arange(BigInt(length), null, null, null)

/** `np.ix_`: every pair of a row's place and a column's. */
function ix(lists: readonly Value[]): Tuple {
  return opened(
    lists.map((list) => {
      const a = asArray(list)
      if (a.ndim !== 1) throw valueError('Cross index must be 1 dimensional')
      if (a.size === 0) return fromFlat(new Float64Array(0), int64, [0])
      return a.dtype === bool ? nonzero(a)[0]! : a
    }),
  )
}

function triangle(rows: number, columns: number, keep: (row: number, column: number) => boolean): Tuple {
  checkShape([rows, columns], int64)
  const all = rows * columns
  let count = 0
  for (let i = 0; i < all; i++) if (keep(Math.floor(i / columns), i % columns)) count++
  const [first, second] = [new Float64Array(count), new Float64Array(count)]
  let next = 0
  for (let i = 0; i < all; i++) {
    const [row, column] = [Math.floor(i / columns), i % columns]
    if (!keep(row, column)) continue
    first[next] = row
    second[next++] = column
  }
  return new Tuple([fromFlat(first, int64, [count]), fromFlat(second, int64, [count])])
}

const lower = (n: number, k: number, m: number) => triangle(n, m, (row, column) => column <= row + k)
const upper = (n: number, k: number, m: number) => triangle(n, m, (row, column) => column >= row + k)

function sides(value: Value): readonly [number, number] {
  const { shape } = asArray(value)
  if (shape.length !== 2) throw valueError('input array must be 2-d')
  return shape as unknown as readonly [number, number]
}

const keys = (key: Value): readonly Value[] => (key instanceof Tuple ? key.items : [key])

/** A slice with a stop, from 0 and by 1 where nothing else is said. */
function written(part: Value): { start: Value; stop: Value; step: Value } {
  if (part instanceof Slice && part.stop !== null) {
    return { start: part.start ?? 0n, stop: part.stop, step: part.step ?? 1n }
  }
  throw valueError('np.mgrid and np.ogrid take slices with a stop, such as np.mgrid[0:3, 0:4]')
}

/** The numbers that a slice counts; with an imaginary step so many, the stop among them. */
function counted(part: Slice): NDArray {
  const { start, stop, step } = written(part)
  if (!(step instanceof Imaginary)) return arange(start, stop, step, null)
  return linspace(start, stop, BigInt(Math.trunc(step.imag)), true, null).a
}

/** The same as NumPy makes them for grids: the places 0, 1, 2, … times the step. */
function gridRow(part: Value, dtype: DType): NDArray {
  const { start, stop, step } = written(part)
  const reach = float(stop) - float(start)
  const count = step instanceof Imaginary ? Math.trunc(step.imag) : Math.ceil(reach / float(step))
  if (Number.isNaN(count) || Math.abs(count) === Infinity) throw valueError('a grid needs a step other than 0')
  const each = !(step instanceof Imaginary) ? step : count === 1 ? 1n : reach / (count - 1)
  const places = arange(BigInt(count), null, null, dtype)
  return asArray(apply('add', [apply('multiply', [places, each]), start]))
}

/** What `np.mgrid` and `np.ogrid` make of slices: rows of one type. */
function rowsOf(key: Value): NDArray[] {
  const numbers = keys(key)
    .map(written)
    .flatMap(({ start, stop, step }) => [start, stop, step instanceof Imaginary ? step.imag : step])
  const dtype = resultType([0n, ...numbers].map(asOperand))
  return keys(key).map((part) => gridRow(part, dtype))
}

/** One slice alone is one row. */
function gridAlone(key: Value): NDArray {
  const { start, stop, step } = written(key)
  return step instanceof Imaginary ? rowsOf(key)[0]! : arange(start, stop, step, null)
}

/** What stands behind `np.mgrid[…]` and its like. */
export const indexTricks: Readonly<Record<string, (key: Value) => Value>> = {
  mgrid: (key) => (key instanceof Tuple ? filled(rowsOf(key)) : gridAlone(key)),
  ogrid: (key) => (key instanceof Tuple ? opened(rowsOf(key)) : gridAlone(key)),
  r_: (key) =>
    concatenate(
      keys(key).map((part) => (part instanceof Slice ? counted(part) : atLeast(asArray(part), 1))),
      -1,
    ),
  c_: (key) =>
    concatenate(
      keys(key).map((part) => {
        const a = part instanceof Slice ? counted(part) : asArray(part)
        return a.ndim < 2 ? expandDims(atLeast(a, 1), [1]) : a
      }),
      -1,
    ),
  s_: (key) => key,
}

function multiIndex(lists: Value, dimensions: readonly number[]): Value {
  const places = arraysOf(lists)
  if (places.length !== dimensions.length) {
    throw valueError(`parameter multi_index must be a sequence of length ${dimensions.length}`)
  }
  const shape = broadcastShapes(places.map((one) => one.shape))
  const flat = places.map((one) => doublesOf(broadcastView(one, shape)!))
  const out = newDoubles(sizeOf(shape)).map((_, i) =>
    dimensions.reduce((sum, length, axis) => {
      const at = flat[axis]![i]!
      if (!(at >= 0 && at < length)) throw valueError('invalid entry in coordinates array')
      return sum * length + at
    }, 0),
  )
  return unwrap(fromFlat(out, int64, shape))
}

function indices(dimensions: Value, type: DType, sparse: boolean): Value {
  const rows = ints(dimensions).map((length) => arange(BigInt(length), null, null, type))
  return sparse ? opened(rows) : filled(rows)
}

export const grids: Readonly<Record<string, NumpyFunction>> = {
  meshgrid: fn("*xi, indexing='xy', sparse=False, copy=True", (arrays, indexing, sparse, copy) =>
    meshgrid(arrays as Value[], String(indexing), truthOf(sparse), truthOf(copy)),
  ),
  indices: fn('dimensions, dtype=None, sparse=False', (dimensions, type, sparse) =>
    indices(dimensions, type === null ? int64 : asDType(type), truthOf(sparse)),
  ),
  ix_: fn('*args', (args) => ix(args as Value[])),
  diag_indices: fn('n, ndim=2', (n, ndim) => {
    checkItems(int(ndim))
    return new Tuple(new Array<Value>(Math.max(int(ndim), 0)).fill(upTo(int(n))))
  }),
  tril_indices: fn('n, k=0, m=None', (n, k, m) => lower(int(n), int(k), int(m ?? n))),
  triu_indices: fn('n, k=0, m=None', (n, k, m) => upper(int(n), int(k), int(m ?? n))),
  tril_indices_from: fn('arr, k=0', (arr, k) => lower(sides(arr)[0], int(k), sides(arr)[1])),
  triu_indices_from: fn('arr, k=0', (arr, k) => upper(sides(arr)[0], int(k), sides(arr)[1])),
  ravel_multi_index: fn('multi_index, dims', (lists, dimensions) => multiIndex(lists, ints(dimensions))),
}
