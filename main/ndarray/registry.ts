/** The namespace: all functions by their name after `np.`, and the constants. */

import { NDArray, scalarAt, Scalar } from './array.ts'
import { axis, int, ints, truthOf } from './arguments.ts'
import { asArray } from './convert.ts'
import { bits } from './bits.ts'
import { choosing } from './choosing.ts'
import { creation } from './creation.ts'
import { differences } from './differences.ts'
import { grids } from './grids.ts'
import { histograms } from './histograms.ts'
import { asDType, canCast, type DType, dtypes, integerRange, promote, resultType } from './dtype.ts'
import { elementwise } from './elementwise.ts'
import { asOperand } from './convert.ts'
import { valueError } from './errors.ts'
import { linear } from './linearFunctions.ts'
import { arrayText, repr, str } from './print.ts'
import { randomFunctions } from './random.ts'
import { nanReductions } from './nanReductions.ts'
import { ranks } from './ranks.ts'
import { reductions } from './reductions.ts'
import { searching } from './searching.ts'
import type { PrintOptions } from './session.ts'
import { shaping } from './shaping.ts'
import { fn, type NumpyFunction, sessionFn } from './signature.ts'
import { checkItems, intTuple, Tuple, type Value } from './values.ts'
import { placesOf, sizeOf } from './array.ts'

export { attributes, iterate, methods } from './methods.ts'

/** All places of an array, as tuples of whole numbers. */
function places(shape: readonly number[]): Tuple[] {
  const size = sizeOf(shape)
  checkItems(size)
  if (size === 0) return []
  let all: number[][] = [[]]
  for (const length of shape) all = all.flatMap((place) => Array.from({ length }, (_, i) => [...place, i]))
  return all.map(intTuple)
}

function* elements(a: NDArray): Generator<{ place: number; at: number }> {
  let at = 0
  for (const place of placesOf(a.shape, a.steps, a.offset)) if (at < sizeOf(a.shape)) yield { place, at: at++ }
}

/** What np.iinfo and np.finfo tell: attributes by name. */
export class TypeInfo {
  readonly fields: Readonly<Record<string, Value>>

  constructor(fields: Readonly<Record<string, Value>>) {
    this.fields = fields
  }
}

function integers(type: Value): TypeInfo {
  const dtype = asDType(type instanceof NDArray || type instanceof Scalar ? type.dtype : type)
  if (dtype.kind !== 'i' && dtype.kind !== 'u') throw valueError(`Invalid integer data type '${dtype.kind}'.`)
  return new TypeInfo({ ...integerRange(dtype), bits: BigInt(dtype.itemsize * 8), dtype })
}

function floats(type: Value): TypeInfo {
  const dtype = asDType(type instanceof NDArray || type instanceof Scalar ? type.dtype : type)
  const digits = dtype === dtypes.float64 ? 52 : dtype === dtypes.float32 ? 23 : 10
  if (dtype.kind !== 'f') throw valueError(`data type <class 'numpy.${dtype.name}'> not inexact`)
  const exponent = dtype === dtypes.float64 ? 1023 : dtype === dtypes.float32 ? 127 : 15
  const max = new Scalar(dtype, (2 - 2 ** -digits) * 2 ** exponent)
  const min = new Scalar(dtype, -max.value)
  const tiny = new Scalar(dtype, 2 ** (1 - exponent))
  return new TypeInfo({ max, min, tiny, eps: new Scalar(dtype, 2 ** -digits), bits: BigInt(dtype.itemsize * 8), dtype })
}

function resultOf(values: readonly Value[]): DType {
  const types = values.map((value) => {
    if (value instanceof NDArray || value instanceof Scalar || typeof value !== 'object') {
      return typeof value === 'string' ? { dtype: asDType(value), weak: null } : asOperand(value)
    }
    return { dtype: asDType(value), weak: null }
  })
  return resultType(types)
}

const signs = ['-', '+', ' '] as const
const modes = ['fixed', 'unique', 'maxprec', 'maxprec_equal'] as const

function setPrint(options: PrintOptions, given: Readonly<Partial<Record<keyof PrintOptions, Value>>>): void {
  for (const name of ['precision', 'threshold', 'edgeitems', 'linewidth'] as const) {
    const value = given[name] ?? null
    if (value === null) continue
    options[name] = typeof value === 'number' && name !== 'precision' ? value : int(value)
    if (name === 'precision' && options.precision < 0) throw valueError('precision must be at least 0')
  }
  const { suppress = null, sign = null, floatmode = null } = given
  if (suppress !== null) options.suppress = truthOf(suppress)
  for (const name of ['nanstr', 'infstr'] as const) if (typeof given[name] === 'string') options[name] = given[name]
  if (sign !== null) {
    const found = signs.find((known) => known === sign)
    if (found === undefined) throw valueError("sign option must be one of ' ', '+', or '-'")
    options.sign = found
  }
  if (floatmode !== null) {
    const found = modes.find((known) => known === floatmode)
    if (found === undefined) {
      throw valueError('floatmode option must be one of "fixed", "unique", "maxprec", "maxprec_equal"')
    }
    options.floatmode = found
  }
}

const printing: Readonly<Record<string, NumpyFunction>> = {
  set_printoptions: sessionFn(
    'precision=None, threshold=None, edgeitems=None, linewidth=None, suppress=None, nanstr=None, infstr=None, *, sign=None, floatmode=None',
    ({ print }, precision, threshold, edgeitems, linewidth, suppress, nanstr, infstr, sign, floatmode) => {
      setPrint(print, { precision, threshold, edgeitems, linewidth, suppress, nanstr, infstr, sign, floatmode })
      return null
    },
  ),
  array2string: sessionFn(
    "a, max_line_width=None, precision=None, suppress_small=None, separator=' ', prefix='', *, threshold=None, edgeitems=None, suffix='', sign=None, floatmode=None",
    (
      { print },
      a,
      linewidth,
      precision,
      suppress,
      separator,
      prefix,
      threshold,
      edgeitems,
      suffix,
      sign,
      floatmode,
    ) => {
      const options = { ...print }
      setPrint(options, { precision, threshold, edgeitems, linewidth, suppress, sign, floatmode })
      return arrayText(asArray(a), options, String(separator), String(prefix), String(suffix))
    },
  ),
  array_str: sessionFn('a', (session, a) => str(asArray(a), session)),
  array_repr: sessionFn('arr', (session, a) => repr(asArray(a), session)),
}

const facts: Readonly<Record<string, NumpyFunction>> = {
  shape: fn('a', (a) => intTuple(asArray(a).shape)),
  ndim: fn('a', (a) => BigInt(asArray(a).ndim)),
  size: fn('a, axis=None', (value, along) => {
    const a = asArray(value)
    return BigInt(along === null ? a.size : a.shape[axis(along, a.ndim)]!)
  }),
  iinfo: fn('type', integers),
  finfo: fn('dtype', floats),
  dtype: fn('dtype', asDType),
  result_type: fn('*arrays_and_dtypes', (values) => resultOf(values as Value[])),
  can_cast: fn("from_, to, casting='safe'", (from, to, casting) =>
    canCast(
      from instanceof NDArray || from instanceof Scalar ? from.dtype : asDType(from),
      asDType(to),
      String(casting),
    ),
  ),
  promote_types: fn('type1, type2', (a, b) => promote(asDType(a), asDType(b))),
  isscalar: fn(
    'element',
    (value) => value instanceof Scalar || ['bigint', 'number', 'boolean', 'string'].includes(typeof value),
  ),
  shares_memory: fn('a, b', (a, b) => overlap(asArray(a), asArray(b))),
  may_share_memory: fn('a, b', (a, b) => asArray(a).storage.data.buffer === asArray(b).storage.data.buffer),
  ndindex: fn('*shape', (shape) => places((shape as Value[]).flatMap(ints))),
  ndenumerate: fn('arr', (arr) => {
    const a = asArray(arr)
    const all = places(a.shape)
    return [...elements(a)].map(({ place, at }) => new Tuple([all[at], scalarAt(a, place)]))
  }),
  nditer: fn('op', (op) => {
    const a = asArray(op)
    checkItems(a.size)
    return [...elements(a)].map(({ place }) => a.view([], [], place - a.offset))
  }),
}

/** Whether one element's memory is the other's too. */
function overlap(a: NDArray, b: NDArray): boolean {
  if (a.storage.data.buffer !== b.storage.data.buffer || a.size === 0 || b.size === 0) return false
  const own = new Set(units(a, Math.min(a.itemsize, b.itemsize)))
  return units(b, Math.min(a.itemsize, b.itemsize)).some((place) => own.has(place))
}

/** The places of all elements in units of so many bytes. */
function units(a: NDArray, bytes: number): Int32Array {
  const each = a.itemsize / bytes
  const scaled = a.steps.map((step) => step * each)
  return placesOf([...a.shape, each], [...scaled, 1], a.offset * each)
}

const random = Object.fromEntries(Object.entries(randomFunctions).map(([name, one]) => [`random.${name}`, one]))

export const numpy: Readonly<Record<string, NumpyFunction>> = {
  ...creation,
  ...grids,
  ...elementwise,
  ...reductions,
  ...nanReductions,
  ...ranks,
  ...shaping,
  ...searching,
  ...choosing,
  ...differences,
  ...histograms,
  ...bits,
  ...linear,
  ...printing,
  ...facts,
  ...random,
}

export const constants: Readonly<Record<string, Value>> = {
  pi: Math.PI,
  e: Math.E,
  euler_gamma: 0.5772156649015329,
  inf: Infinity,
  nan: NaN,
  newaxis: null,
  True_: new Scalar(dtypes.bool, 1),
  False_: new Scalar(dtypes.bool, 0),
}
