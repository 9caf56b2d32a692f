/** Products of vectors and matrices. Sums run one term after the other; BLAS, which NumPy asks, adds in another order. */

import { log as naturalLog } from '../../shared/log.ts'
import { doublesOf, flatOf, fromFlat, type NDArray, type Scalar, sizeOf, unwrap, wideOf, zeros } from './array.ts'
import { broadcastShapes, broadcastView } from './broadcast.ts'
import { asArray, asOperand } from './convert.ts'
import { bool, type DType, dtypes, floatFor, float64, promote, resultType } from './dtype.ts'
import { NumpyError, valueError } from './errors.ts'
import { type Flat, isWide, newWide, safe } from './storage.ts'
import { apply } from './ufunc.ts'
import { tightShape, type Value } from './values.ts'

/** Multiplications in one call, at most: it is not stopped on the way. */
const mostProducts = 1e9

/**
 * rows × inner times inner × columns, `count` times over: both C-ordered.
 * @throws MemoryError where these are too many multiplications
 */
function products(
  a: NDArray,
  b: NDArray,
  count: number,
  rows: number,
  inner: number,
  columns: number,
  dtype: DType,
): Flat {
  const all = count * rows * inner * columns
  if (all > mostProducts) {
    throw new NumpyError(
      'MemoryError',
      `this product needs ${all} multiplications; the lab does up to ${mostProducts} at once`,
    )
  }
  const single = dtype.kind === 'f' && dtype !== float64
  if (![flatOf(a), flatOf(b)].some(isWide)) {
    const [x, y] = [doublesOf(a), doublesOf(b)]
    const out = new Float64Array(count * rows * columns)
    for (let turn = 0; turn < count; turn++) {
      for (let row = 0; row < rows; row++) {
        const to = (turn * rows + row) * columns
        const line = (turn * rows + row) * inner
        let k = 0
        // Four terms at a time, still one after the other: a quarter of the reading and writing of sums.
        for (; k + 4 <= inner; k += 4) {
          const [a0, a1, a2, a3] = [x[line + k]!, x[line + k + 1]!, x[line + k + 2]!, x[line + k + 3]!]
          const y0 = (turn * inner + k) * columns
          const [y1, y2, y3] = [y0 + columns, y0 + 2 * columns, y0 + 3 * columns]
          if (single) {
            for (let j = 0; j < columns; j++) {
              const one = Math.fround(out[to + j]! + Math.fround(a0 * y[y0 + j]!))
              const two = Math.fround(one + Math.fround(a1 * y[y1 + j]!))
              const three = Math.fround(two + Math.fround(a2 * y[y2 + j]!))
              out[to + j] = Math.fround(three + Math.fround(a3 * y[y3 + j]!))
            }
            continue
          }
          for (let j = 0; j < columns; j++) {
            out[to + j] = out[to + j]! + a0 * y[y0 + j]! + a1 * y[y1 + j]! + a2 * y[y2 + j]! + a3 * y[y3 + j]!
          }
        }
        for (; k < inner; k++) {
          const left = x[line + k]!
          const from = (turn * inner + k) * columns
          if (single)
            for (let j = 0; j < columns; j++) out[to + j] = Math.fround(out[to + j]! + Math.fround(left * y[from + j]!))
          else for (let j = 0; j < columns; j++) out[to + j] = out[to + j]! + left * y[from + j]!
        }
      }
    }
    if (dtype.kind === 'f' || dtype === bool || out.every((value) => Math.abs(value) < safe)) return out
  }
  const unsigned = dtype.kind === 'u'
  const [x, y] = [wideOf(a, unsigned), wideOf(b, unsigned)]
  const out = newWide(unsigned, count * rows * columns)
  for (let i = 0; i < out.length; i++) {
    const [turn, row, column] = [Math.floor(i / (rows * columns)), Math.floor(i / columns) % rows, i % columns]
    let sum = 0n
    for (let k = 0; k < inner; k++) {
      sum += x[(turn * rows + row) * inner + k]! * y[(turn * inner + k) * columns + column]!
    }
    out[i] = sum
  }
  return out
}

/** `a @ b`: matrices in the last two axes, all axes before them broadcast. */
export function matmul(left: Value, right: Value): NDArray | Scalar {
  const [a, b] = [asArray(left), asArray(right)]
  for (const [at, operand] of [a, b].entries()) {
    if (operand.ndim === 0) {
      throw valueError(
        `matmul: Input operand ${at} does not have enough dimensions (has 0, gufunc core with signature ` +
          `(n?,k),(k,m?)->(n?,m?) requires 1)`,
      )
    }
  }
  const x = a.ndim === 1 ? a.view([1, ...a.shape], [0, ...a.steps]) : a
  const y = b.ndim === 1 ? b.view([...b.shape, 1], [...b.steps, 0]) : b
  const [rows, inner] = x.shape.slice(-2) as [number, number]
  const [other, columns] = y.shape.slice(-2) as [number, number]
  if (inner !== other) {
    throw valueError(
      'matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature ' +
        `(n?,k),(k,m?)->(n?,m?) (size ${other} is different from ${inner})`,
    )
  }
  const batch = broadcastShapes([x.shape.slice(0, -2), y.shape.slice(0, -2)])
  const dtype = promote(a.dtype, b.dtype)
  const wholeX = broadcastView(x, [...batch, rows, inner])!
  const wholeY = broadcastView(y, [...batch, inner, columns])!
  const flat = products(wholeX, wholeY, sizeOf(batch), rows, inner, columns, dtype)
  const shape = [...batch, ...(a.ndim === 1 ? [] : [rows]), ...(b.ndim === 1 ? [] : [columns])]
  return unwrap(fromFlat(flat, dtype, shape))
}

/** Sums over pairs of axes of the two: what is left of the first, then of the second. */
export function tensordot(a: NDArray, b: NDArray, axesA: readonly number[], axesB: readonly number[]): NDArray {
  if (axesA.length !== axesB.length || axesA.some((axis, i) => a.shape[axis] !== b.shape[axesB[i]!])) {
    throw valueError('shape-mismatch for sum')
  }
  const keepA = a.shape.map((_, axis) => axis).filter((axis) => !axesA.includes(axis))
  const keepB = b.shape.map((_, axis) => axis).filter((axis) => !axesB.includes(axis))
  const [x, y] = [a.transpose([...keepA, ...axesA]), b.transpose([...axesB, ...keepB])]
  const shapeA = keepA.map((axis) => a.shape[axis]!)
  const shapeB = keepB.map((axis) => b.shape[axis]!)
  const inner = axesA.reduce((product, axis) => product * a.shape[axis]!, 1)
  const dtype = promote(a.dtype, b.dtype)
  return fromFlat(products(x, y, 1, sizeOf(shapeA), inner, sizeOf(shapeB), dtype), dtype, [...shapeA, ...shapeB])
}

export function dot(left: Value, right: Value): NDArray | Scalar {
  const [a, b] = [asArray(left), asArray(right)]
  if (a.ndim === 0 || b.ndim === 0) return apply('multiply', [left, right])
  const axisB = b.ndim === 1 ? 0 : b.ndim - 2
  if (a.shape[a.ndim - 1] !== b.shape[axisB]) {
    throw valueError(
      `shapes ${tightShape(a.shape)} and ${tightShape(b.shape)} not aligned: ` +
        `${a.shape[a.ndim - 1]!} (dim ${a.ndim - 1}) != ${b.shape[axisB]!} (dim ${axisB})`,
    )
  }
  return unwrap(tensordot(a, b, [a.ndim - 1], [axisB]))
}

export function outer(left: Value, right: Value): NDArray {
  const [a, b] = [asOperand(left), asOperand(right)]
  const [x, y] = [a.array.size, b.array.size]
  const dtype = resultType([a, b])
  return fromFlat(products(a.array, b.array, 1, x, 1, y, dtype), dtype, [x, y])
}

function squareMatrix(a: NDArray): number {
  if (a.ndim !== 2) {
    throw new NumpyError('LinAlgError', `${a.ndim}-dimensional array given. Array must be two-dimensional`)
  }
  if (a.shape[0] !== a.shape[1]) throw new NumpyError('LinAlgError', 'Last 2 dimensions of the array must be square')
  return a.shape[0]!
}

/** The C library's, where it is one of the numbers that are not denormal. */
function logOf(size: number): number {
  return size >= 2 ** -1022 && size < Infinity ? naturalLog(size) : Math.log(size)
}

/** Gaussian elimination with the largest pivot of each column, on a and the right-hand sides; gives the sign and the logarithm of the determinant. */
function eliminate(a: Float64Array, n: number, b: Float64Array, columns: number): { sign: number; log: number } {
  let [sign, log] = [1, 0]
  for (let k = 0; k < n; k++) {
    let pivot = k
    for (let i = k + 1; i < n; i++) if (Math.abs(a[i * n + k]!) > Math.abs(a[pivot * n + k]!)) pivot = i
    if (a[pivot * n + k] === 0) return { sign: 0, log: -Infinity }
    if (pivot !== k) {
      sign = -sign
      for (let j = 0; j < n; j++) [a[k * n + j], a[pivot * n + j]] = [a[pivot * n + j]!, a[k * n + j]!]
      for (let j = 0; j < columns; j++) {
        ;[b[k * columns + j], b[pivot * columns + j]] = [b[pivot * columns + j]!, b[k * columns + j]!]
      }
    }
    if (a[k * n + k]! < 0) sign = -sign
    log += logOf(Math.abs(a[k * n + k]!))
    for (let i = k + 1; i < n; i++) {
      const factor = a[i * n + k]! / a[k * n + k]!
      for (let j = k; j < n; j++) a[i * n + j]! -= factor * a[k * n + j]!
      for (let j = 0; j < columns; j++) b[i * columns + j]! -= factor * b[k * columns + j]!
    }
  }
  for (let k = n - 1; k >= 0; k--) {
    for (let j = 0; j < columns; j++) {
      let sum = b[k * columns + j]!
      for (let i = k + 1; i < n; i++) sum -= a[k * n + i]! * b[i * columns + j]!
      b[k * columns + j] = sum / a[k * n + k]!
    }
  }
  return { sign, log }
}

function resultFloat(a: NDArray): DType {
  return floatFor(a.dtype) === dtypes.float32 && a.dtype.kind === 'f' ? dtypes.float32 : float64
}

export function determinant(value: Value): Scalar | NDArray {
  const a = asArray(value)
  const n = squareMatrix(a)
  const { sign, log } = eliminate(doublesOf(a).slice(), n, new Float64Array(0), 0)
  // As NumPy has it: from the logarithm, so that −2 may be −2.0000000000000004.
  return unwrap(fromFlat(Float64Array.of(sign * Math.exp(log)), resultFloat(a), []))
}

/** x of a · x = b. */
export function solve(left: Value, right: Value): NDArray {
  const [a, b] = [asArray(left), asArray(right)]
  const n = squareMatrix(a)
  if (b.ndim === 0 || b.ndim > 2 || b.shape[0] !== n) {
    throw valueError(
      'solve: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature (m,m),(m,n)->(m,n) ' +
        `(size ${b.shape[0] ?? 0} is different from ${n})`,
    )
  }
  const out = doublesOf(b).slice()
  if (eliminate(doublesOf(a).slice(), n, out, b.size / Math.max(n, 1)).sign === 0) {
    throw new NumpyError('LinAlgError', 'Singular matrix')
  }
  return fromFlat(out, resultFloat(a), b.shape)
}

export function inverse(value: Value): NDArray {
  const a = asArray(value)
  const n = squareMatrix(a)
  const one = zeros([n, n], float64)
  for (let i = 0; i < n; i++) one.storage.data[i * n + i] = 1
  return solve(a, one)
}
