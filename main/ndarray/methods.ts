/** What stands behind the dot of an array: methods (their first parameter is the array) and attributes. */

import type { NDArray } from './array.ts'
import { Scalar, scalarAt, unwrap, zeros } from './array.ts'
import { int, ints, truthOf } from './arguments.ts'
import { assign, checkWriteable, valueFor } from './assign.ts'
import { viewAs } from './bytes.ts'
import { asArray } from './convert.ts'
import { asDType, canCast, type DType } from './dtype.ts'
import { choose, choosing, compress } from './choosing.ts'
import { clip, into } from './elementwise.ts'
import { NumpyError, typeError, valueError } from './errors.ts'
import { getItem, nonzero } from './indexing.ts'
import { linear } from './linearFunctions.ts'
import { reductions } from './reductions.ts'
import { copyIn, flatten, ravel, reshape, swapAxes, transpose } from './shape.ts'
import { searching } from './searching.ts'
import { shaping } from './shaping.ts'
import { fn, type NumpyFunction } from './signature.ts'
import { argsort, sort } from './sort.ts'
import { elementwise } from './elementwise.ts'
import { creation } from './creation.ts'
import { normalAxis } from './ufunc.ts'
import { checkItems, intTuple, sequence, Tuple, type Value } from './values.ts'

/** Sizes or axes, given one by one or as one tuple. */
function several(rest: Value): number[] {
  const list = rest as Value[]
  return list.length === 1 ? ints(list[0]) : list.map(int)
}

function nestedList(a: NDArray, place = a.offset, axis = 0): Value {
  if (axis === a.ndim) return scalarAt(a, place).item()
  return Array.from({ length: a.shape[axis]! }, (_, i) => nestedList(a, place + i * a.steps[axis]!, axis + 1))
}

function item(a: NDArray, rest: readonly Value[]): Value {
  if (rest.length === 0) {
    if (a.size !== 1) throw valueError('can only convert an array of size 1 to a Python scalar')
    return (getItem(ravel(a), 0n) as Scalar).item()
  }
  const flat = rest.length === 1 && sequence(rest[0]) === null && a.ndim !== 1
  const found = getItem(flat ? ravel(a) : a, rest.length === 1 ? rest[0] : new Tuple(rest))
  if (!(found instanceof Scalar)) throw valueError('incorrect number of indices for array')
  return found.item()
}

const same = (table: Readonly<Record<string, NumpyFunction>>, names: string) =>
  Object.fromEntries(names.split(' ').map((name) => [name, table[name]!]))

/** One of an array's numbers has its methods too. */
const self = (value: Value) => asArray(value)

export const methods: Readonly<Record<string, NumpyFunction>> = {
  ...same(reductions, 'sum prod mean std var min max any all argmax argmin cumsum cumprod'),
  ...same(shaping, 'ravel squeeze swapaxes repeat take'),
  ...same(choosing, 'put'),
  choose: fn('a, choices', (a, choices) => choose(a, choices)),
  compress: fn('a, condition, axis=None', (a, condition, axis) => compress(condition, a, axis)),
  ...same(searching, 'searchsorted'),
  ...same(creation, 'diagonal'),
  ...same(linear, 'dot trace'),
  ...same(elementwise, 'round'),
  reshape: fn("a, *shape, order='C'", (a, shape, order) => reshape(self(a), several(shape), order)),
  transpose: fn('a, *axes', (a, axes) => {
    const list = axes as Value[]
    return transpose(self(a), list.length === 0 || list[0] === null ? null : several(axes))
  }),
  flatten: fn("a, order='C'", (a, order) => flatten(self(a), order)),
  copy: fn("a, order='C'", (a, order) => (a instanceof Scalar ? a : copyIn(self(a), order))),
  astype: fn("a, dtype, order='K', casting='unsafe', subok=True, copy=True", (a, type, order, casting, _, copy) =>
    astype(a, asDType(type), order, String(casting), truthOf(copy)),
  ),
  view: fn('a, dtype=None', (a, dtype) =>
    a instanceof Scalar ? unwrap(viewAs(self(a), dtype)) : viewAs(self(a), dtype),
  ),
  tolist: fn('a', (a) => {
    checkItems(self(a).size)
    return nestedList(self(a))
  }),
  item: fn('a, *args', (a, rest) => item(self(a), rest as Value[])),
  fill: fn('a, value', (a, value) => {
    assign(self(a), valueFor(self(a), value))
    return null
  }),
  sort: fn('a, axis=-1, kind=None', (a, axis) => {
    checkWriteable(self(a))
    assign(self(a), sort(self(a), normalAxis(int(axis), self(a).ndim)))
    return null
  }),
  argsort: fn('a, axis=-1, kind=None', (a, axis) =>
    axis === null ? argsort(flatten(self(a)), 0) : argsort(self(a), normalAxis(int(axis), self(a).ndim)),
  ),
  nonzero: fn('a', (a) => new Tuple(nonzero(self(a)))),
  clip: fn('a, min=None, max=None, out=None', (a, min, max, out) => into(out, clip(a, min, max))),
  conj: fn('a', (a) => self(a)),
  conjugate: fn('a', (a) => self(a)),
}

function astype(given: Value, dtype: DType, order: Value, casting: string, copy: boolean): NDArray | Scalar {
  const a = asArray(given)
  if (!canCast(a.dtype, dtype, casting)) {
    const types = `from dtype('${a.dtype.name}') to dtype('${dtype.name}')`
    throw typeError(`Cannot cast array data ${types} according to the rule '${casting}'`)
  }
  if (!copy && a.dtype === dtype && a === given) return a
  const made = copyIn(a, order, dtype)
  return given instanceof Scalar ? unwrap(made) : made
}

export interface Attribute {
  readonly get: (a: NDArray) => Value
  readonly set?: (a: NDArray, value: Value) => void
}

export const attributes: Readonly<Record<string, Attribute>> = {
  shape: {
    get: (a) => intTuple(a.shape),
    set: (a, value) => {
      const made = reshape(a, ints(value))
      if (made.storage !== a.storage) {
        throw new NumpyError(
          'AttributeError',
          'Incompatible shape for in-place modification. Use `.reshape()` to make a copy with the desired shape.',
        )
      }
      a.shape = made.shape
      a.steps = made.steps
    },
  },
  ndim: { get: (a) => BigInt(a.ndim) },
  size: { get: (a) => BigInt(a.size) },
  dtype: { get: (a) => a.dtype },
  itemsize: { get: (a) => BigInt(a.itemsize) },
  nbytes: { get: (a) => BigInt(a.nbytes) },
  strides: { get: (a) => intTuple(a.strides) },
  base: { get: (a) => a.base },
  T: { get: (a) => a.transpose() },
  real: { get: (a) => a },
  imag: { get: (a) => zeros(a.shape, a.dtype) },
  mT: { get: (a) => swapAxes(a, -1, -2) },
}

/** What `for row in a` goes over. */
export function iterate(a: NDArray): (NDArray | Scalar)[] {
  if (a.ndim === 0) throw typeError('iteration over a 0-d array')
  checkItems(a.shape[0]!)
  return Array.from({ length: a.shape[0]! }, (_, i) => getItem(a, BigInt(i)))
}
