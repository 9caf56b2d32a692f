/** `np.gradient`: slopes of second order within, of first or second order at both ends, between places at any distance. */

import { doublesOf, type NDArray, Scalar, zeros } from './array.ts'
import { int, ints } from './arguments.ts'
import { assign } from './assign.ts'
import { asArray } from './convert.ts'
import { dtypes } from './dtype.ts'
import { typeError, valueError } from './errors.ts'
import { span } from './join.ts'
import { fn, type NumpyFunction } from './signature.ts'
import { apply, normalAxis } from './ufunc.ts'
import { Tuple, type Value } from './values.ts'

const plus = (a: Value, b: Value) => apply('add', [a, b])
const minus = (a: Value, b: Value) => apply('subtract', [a, b])
const times = (a: Value, b: Value) => apply('multiply', [a, b])
const over = (a: Value, b: Value) => apply('true_divide', [a, b])
const negative = (a: Value) => apply('negative', [a])

/** A number of Python's own, which leaves the array its type. */
const weak = (value: Value) => typeof value === 'number' || typeof value === 'bigint'

/** The distances between places that were given for an axis; one number where they are all the same. */
function distances(given: Value, length: number): Value {
  const places = asArray(given)
  if (places.ndim === 0) return given
  if (places.ndim !== 1) throw valueError('distances must be either scalars or 1d')
  if (places.size !== length) {
    throw valueError('when 1d, distances must match the length of the corresponding dimension')
  }
  const real = asArray(places.dtype.integral ? plus(places, 0.0) : places)
  const count = Math.max(length - 1, 0)
  const steps = asArray(minus(span(real, 0, Math.min(1, length), count), span(real, 0, 0, count)))
  const flat = doublesOf(steps)
  return flat.every((step) => step === flat[0]) && count > 0 ? new Scalar(steps.dtype, flat[0]!) : steps
}

/** One number or one for each axis. */
function distancesOf(a: NDArray, axes: readonly number[], rest: readonly Value[]): readonly Value[] {
  if (rest.length === 0) return axes.map(() => 1.0)
  if (rest.length === 1 && asArray(rest[0]).ndim === 0) return axes.map(() => rest[0])
  if (rest.length !== axes.length) throw typeError('invalid number of arguments')
  return axes.map((axis, i) => distances(rest[i], a.shape[axis]!))
}

/** What three neighbours count for. */
type Weights = readonly [Value, Value, Value]

/** Between neighbours at distances of `before` and `after` each. */
function withinWeights(before: Value, after: Value): Weights {
  const both = plus(before, after)
  return [
    over(negative(after), times(before, both)),
    over(minus(after, before), times(before, after)),
    over(before, times(after, both)),
  ]
}

/** At the first of three, from the distances between them. */
function firstWeights(first: Value, second: Value): Weights {
  const both = plus(first, second)
  return [
    over(negative(plus(times(2.0, first), second)), times(first, both)),
    over(both, times(first, second)),
    over(negative(first), times(second, both)),
  ]
}

/** At the last of three. */
function lastWeights(first: Value, second: Value): Weights {
  const both = plus(first, second)
  return [
    over(second, times(first, both)),
    over(negative(plus(second, first)), times(first, second)),
    over(plus(times(2.0, second), first), times(second, both)),
  ]
}

function slope(a: NDArray, axis: number, steps: Value, order: number): NDArray {
  const length = a.shape[axis]!
  if (length < order + 1) {
    throw valueError(
      'Shape of array too small to calculate a numerical gradient, at least (edge_order + 1) elements are required.',
    )
  }
  const out = zeros(a.shape, a.dtype)
  const part = (from: number, count: number) => span(a, axis, from, count)
  const set = (from: number, count: number, values: Value) => assign(span(out, axis, from, count), asArray(values))
  const weighed = ([x, y, z]: Weights, from: number, count: number) =>
    plus(plus(times(x, part(from, count)), times(y, part(from + 1, count))), times(z, part(from + 2, count)))
  const list = asArray(steps)
  const even = list.ndim === 0
  const step = (i: number): Value => (even ? steps : new Scalar(list.dtype, doublesOf(list)[i]!))
  if (even)
    set(
      1,
      length - 2,
      over(minus(part(2, length - 2), part(0, length - 2)), weak(steps) ? 2 * Number(steps) : times(2.0, steps)),
    )
  else {
    // Along the axis, the same for all others.
    const laid = (values: Value) => {
      const row = asArray(values)
      return row.view(
        a.shape.map((_, i) => (i === axis ? row.size : 1)),
        a.shape.map((_, i) => (i === axis ? row.steps[0]! : 0)),
      )
    }
    const weights = withinWeights(span(list, 0, 0, length - 2), span(list, 0, 1, length - 2))
    set(1, length - 2, weighed(weights.map(laid) as unknown as Weights, 0, length - 2))
  }
  if (order === 1) {
    set(0, 1, over(minus(part(1, 1), part(0, 1)), step(0)))
    set(length - 1, 1, over(minus(part(length - 1, 1), part(length - 2, 1)), step(length - 2)))
  } else {
    const scaled = (weights: readonly number[]) =>
      weights.map((weight) => (weak(steps) ? weight / Number(steps) : over(weight, steps))) as unknown as Weights
    set(0, 1, weighed(even ? scaled([-1.5, 2, -0.5]) : firstWeights(step(0), step(1)), 0, 1))
    const last = even ? scaled([0.5, -2, 1.5]) : lastWeights(step(length - 3), step(length - 2))
    set(length - 1, 1, weighed(last, length - 3, 1))
  }
  return out
}

function gradient(f: Value, rest: readonly Value[], given: Value, order: number): Value {
  const values = asArray(f)
  const a = values.dtype.kind === 'f' ? values : asArray(apply('add', [values, 0.0], dtypes.float64))
  const axes = given === null ? a.shape.map((_, i) => i) : ints(given).map((axis) => normalAxis(axis, a.ndim))
  if (new Set(axes).size !== axes.length) throw valueError('repeated axis')
  const steps = distancesOf(a, axes, rest)
  if (order > 2) throw valueError("'edge_order' greater than 2 not supported")
  const slopes = axes.map((axis, i) => slope(a, axis, steps[i], order))
  return slopes.length === 1 ? slopes[0] : new Tuple(slopes)
}

export const gradients: Readonly<Record<string, NumpyFunction>> = {
  gradient: fn('f, *varargs, axis=None, edge_order=1', (f, rest, given, order) =>
    gradient(f, rest as Value[], given, int(order)),
  ),
}
