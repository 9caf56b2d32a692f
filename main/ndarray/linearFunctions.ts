/** The functions of the namespace for vectors and matrices. */

import { doublesOf, fromFlat, type NDArray, type Scalar, unwrap } from './array.ts'
import { axes, axis, int, ints, truthOf } from './arguments.ts'
import { asArray } from './convert.ts'
import { diagonal } from './creation.ts'
import { einsum } from './einsum.ts'
import { float64, optionalDType } from './dtype.ts'
import { into } from './elementwise.ts'
import { valueError } from './errors.ts'
import { determinant, dot, inverse, matmul, outer, solve, tensordot } from './linalg.ts'
import { max, min, sum } from './reductions.ts'
import { sumType, sumValues } from './reduce.ts'
import { ravel, reshape, swapAxes } from './shape.ts'
import { fn, type NumpyFunction } from './signature.ts'
import { apply } from './ufunc.ts'
import { sequence, type Value } from './values.ts'

function inner(left: Value, right: Value): NDArray | Scalar {
  const [a, b] = [asArray(left), asArray(right)]
  if (a.ndim === 0 || b.ndim === 0) return apply('multiply', [left, right])
  return dot(a, b.ndim === 1 ? b : swapAxes(b, -1, -2))
}

function contract(left: Value, right: Value, given: Value): NDArray | Scalar {
  const [a, b] = [asArray(left), asArray(right)]
  const pair = sequence(given)
  if (pair === null) {
    const n = int(given)
    if (n > Math.min(a.ndim, b.ndim)) throw valueError('shape-mismatch for sum')
    const count = Array.from({ length: n }, (_, i) => i)
    return unwrap(
      tensordot(
        a,
        b,
        count.map((i) => a.ndim - n + i),
        count,
      ),
    )
  }
  const [first, second] = [ints(pair[0]), ints(pair[1])]
  return unwrap(
    tensordot(
      a,
      b,
      first.map((i) => axis(BigInt(i), a.ndim)),
      second.map((i) => axis(BigInt(i), b.ndim)),
    ),
  )
}

function trace(value: Value, offset: number, type: Value): NDArray | Scalar {
  const a = asArray(value)
  const line = diagonal(a, offset, 0, 1)
  const dtype = optionalDType(type) ?? sumType(a.dtype)
  return unwrap(fromFlat(sumValues(line, [line.ndim - 1], dtype), dtype, line.shape.slice(0, -1)))
}

function norm(x: Value, ord: Value, along: Value, keepdims: boolean): NDArray | Scalar {
  const a = asArray(x)
  const real = asArray(apply('add', [a, 0.0]))
  const over = axes(along, a.ndim)
  const root = (value: NDArray, at: typeof over) => {
    return apply('sqrt', [sum(asArray(apply('multiply', [value, value])), at, null, keepdims)])
  }
  if (ord === null || ord === 'fro') {
    // The whole array as one vector: NumPy takes the dot product of it with itself.
    if (over === null && !keepdims) return apply('sqrt', [dot(ravel(real), ravel(real))])
    return root(real, over)
  }
  const vector = a.ndim === 1 || over?.length === 1
  if (!vector) throw valueError("matrix norms other than 'fro' are not part of the lab")
  const size = asArray(apply('absolute', [real]))
  const order = Number(ord)
  if (order === Infinity) return max(size, over, keepdims)
  if (order === -Infinity) return min(size, over, keepdims)
  if (order === 2) return root(real, over)
  const total = (value: Value) => sum(asArray(value), over, null, keepdims)
  if (order === 0) return apply('add', [total(apply('not_equal', [size, 0.0])), 0.0])
  if (order === 1) return total(size)
  return apply('power', [total(apply('power', [size, order])), 1 / order])
}

function kron(left: Value, right: Value): NDArray | Scalar {
  const [a, b] = [asArray(left), asArray(right)]
  const ndim = Math.max(a.ndim, b.ndim)
  const long = (x: NDArray) => [...new Array<number>(ndim - x.ndim).fill(1), ...x.shape]
  const [p, q] = [long(a), long(b)]
  const x = a.copy().view(
    p.flatMap((n) => [n, 1]),
    expand(p, true),
  )
  const y = b.copy().view(
    q.flatMap((n) => [1, n]),
    expand(q, false),
  )
  const product = asArray(apply('multiply', [x, y]))
  return unwrap(
    fromFlat(
      doublesOf(product).slice(),
      product.dtype,
      p.map((n, i) => n * q[i]!),
    ),
  )
}

/** Steps of a C-ordered shape with an axis of length 1 after (before) each of its own. */
function expand(shape: readonly number[], after: boolean): number[] {
  let step = shape.reduce((product, n) => product * n, 1)
  return shape.flatMap((n) => {
    step /= Math.max(n, 1)
    return after ? [step, 0] : [0, step]
  })
}

/** By squares, in NumPy's order. */
function matrixPower(value: Value, n: number): NDArray | Scalar {
  const a = asArray(value)
  if (n < 0) return matrixPower(inverse(a), -n)
  if (n === 0) return identity(a)
  if (n === 3) return matmul(matmul(a, a), a)
  let power: NDArray | Scalar | null = null
  let square: NDArray | Scalar = a.copy()
  for (let left = n; ; square = matmul(square, square)) {
    if (left % 2 === 1) power = power === null ? square : matmul(power, square)
    left = Math.floor(left / 2)
    if (power !== null && left === 0) return power
  }
}

function identity(a: NDArray): NDArray {
  const n = a.shape[0] ?? 0
  const values = Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0))
  return fromFlat(values, a.dtype, [n, n], float64)
}

export const linear: Readonly<Record<string, NumpyFunction>> = {
  dot: fn('a, b, out=None', (a, b, out) => into(out, dot(a, b))),
  matmul: fn('x1, x2, out=None', (a, b, out) => into(out, matmul(a, b))),
  vdot: fn('a, b', (a, b) => dot(ravel(asArray(a)), reshape(ravel(asArray(b)), [asArray(a).size]))),
  inner: fn('a, b', inner),
  outer: fn('a, b', outer),
  tensordot: fn('a, b, axes=2', contract),
  einsum: fn('subscripts, *operands', (subscripts, operands) => einsum(String(subscripts), operands as Value[])),
  kron: fn('a, b', kron),
  trace: fn('a, offset=0, dtype=None', (a, offset, dtype) => trace(a, int(offset), dtype)),
  'linalg.norm': fn('x, ord=None, axis=None, keepdims=False', (x, ord, at, keepdims) =>
    norm(x, ord, at, truthOf(keepdims)),
  ),
  'linalg.det': fn('a', determinant),
  'linalg.inv': fn('a', inverse),
  'linalg.solve': fn('a, b', solve),
  'linalg.matrix_power': fn('a, n', (a, n) => matrixPower(a, int(n))),
}
