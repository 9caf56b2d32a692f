/** Differences between neighbours, and what is made of them. */

import type { NDArray, Scalar } from './array.ts'
import { axis, int } from './arguments.ts'
import { broadcastView } from './broadcast.ts'
import { asArray } from './convert.ts'
import { bool } from './dtype.ts'
import { valueError } from './errors.ts'
import { gradients } from './gradient.ts'
import { concatenate, span, take } from './join.ts'
import { sum } from './reductions.ts'
import { flatten } from './shape.ts'
import { fn, type NumpyFunction } from './signature.ts'
import { apply } from './ufunc.ts'
import type { Value } from './values.ts'

/** What is put before or after; one number stands for a slice of it. */
function beside(value: Value, a: NDArray, at: number): NDArray {
  const given = asArray(value)
  if (given.ndim > 0) return given
  return broadcastView(
    given,
    a.shape.map((length, i) => (i === at ? 1 : length)),
  )!
}

function diff(value: Value, n: number, given: Value, prepend: Value = null, append: Value = null): NDArray | Scalar {
  let a = asArray(value)
  if (a.ndim === 0) throw valueError('diff requires input that is at least one dimensional')
  if (n < 0) throw valueError(`order must be non-negative but got ${n}`)
  const at = axis(given, a.ndim)
  const parts = [prepend, a, append].filter((part) => part !== null)
  if (parts.length > 1)
    a = concatenate(
      parts.map((part) => beside(part, a, at)),
      at,
    )
  // Of nothing, nothing is left, however many turns there are.
  for (let turn = 0; turn < n && (turn === 0 || a.size > 0); turn++) {
    const count = Math.max(a.shape[at]! - 1, 0)
    const [after, before] = [span(a, at, Math.min(1, a.shape[at]!), count), span(a, at, 0, count)]
    a = asArray(apply(a.dtype === bool ? 'not_equal' : 'subtract', [after, before]))
  }
  return a
}

/** The area under straight lines between the points. */
function trapezoid(y: Value, x: Value, dx: Value, given: Value): NDArray | Scalar {
  const a = asArray(y)
  const at = axis(given, a.ndim)
  let widths: Value = dx
  if (x !== null) {
    const places = asArray(x)
    const steps = asArray(diff(places, 1, places.ndim === 1 ? -1n : given))
    widths =
      places.ndim === 1
        ? steps.view(
            a.shape.map((_, i) => (i === at ? steps.size : 1)),
            a.shape.map((_, i) => (i === at ? steps.steps[0]! : 0)),
          )
        : steps
  }
  const count = Math.max(a.shape[at]! - 1, 0)
  const both = apply('add', [span(a, at, 1, count), span(a, at, 0, count)])
  return sum(asArray(apply('true_divide', [apply('multiply', [widths, both]), 2.0])), [at], null, false)
}

/** The vector at right angles to both. */
function cross(left: Value, right: Value): NDArray | Scalar {
  const [a, b] = [asArray(left), asArray(right)]
  if (a.shape.at(-1) !== 3 || b.shape.at(-1) !== 3) {
    throw valueError(
      `Both input arrays must be (arrays of) 3-dimensional vectors, but they are ${a.shape.at(-1) ?? 0} and ${b.shape.at(-1) ?? 0} dimensional instead.`,
    )
  }
  const turned = (v: NDArray, places: readonly number[]) => take(v, places, v.ndim - 1)
  return apply('subtract', [
    apply('multiply', [turned(a, [1, 2, 0]), turned(b, [2, 0, 1])]),
    apply('multiply', [turned(a, [2, 0, 1]), turned(b, [1, 2, 0])]),
  ])
}

export const differences: Readonly<Record<string, NumpyFunction>> = {
  diff: fn('a, n=1, axis=-1, prepend=None, append=None', (a, n, given, prepend, append) =>
    diff(a, int(n), given, prepend, append),
  ),
  ediff1d: fn('ary', (a) => diff(flatten(asArray(a)), 1, -1n)),
  ...gradients,
  trapezoid: fn('y, x=None, dx=1.0, axis=-1', trapezoid),
  cross: fn('a, b', cross),
}
