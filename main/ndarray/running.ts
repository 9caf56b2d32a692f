/** Running sums and products along an axis: each element after the one before it, in the type of the result. */

import { cast, doublesOf, fromFlat, type NDArray, wideOf } from './array.ts'
import { type DType, dtypes } from './dtype.ts'
import { isWide, roundHalf } from './storage.ts'
import { exact } from './ufunc.ts'

/** An array of the same shape, of `dtype`: of each element the total of those up to it. */
export function runningTotals(a: NDArray, axis: number, dtype: DType, product: boolean): NDArray {
  const length = a.shape[axis]!
  const step = a.shape.slice(axis + 1).reduce((all, n) => all * n, 1)
  const given = cast(a, dtype)
  if (!isWide(given.storage.data)) {
    const flat = doublesOf(given)
    addUp(flat, step, length, product, dtype)
    if (dtype.kind === 'f' || dtype.kind === 'b' || exact(flat)) {
      return fromFlat(flat, dtype, a.shape)
    }
  }
  const wide = wideOf(cast(a, dtype), dtype.kind === 'u')
  for (let i = 0; i < wide.length; i++) {
    if (i % (step * length) < step) continue
    wide[i] = product ? wide[i - step]! * wide[i]! : wide[i - step]! + wide[i]!
  }
  return fromFlat(wide, dtype, a.shape)
}

/** In place, in C order: what is before an element on the axis lies `step` before it. */
function addUp(flat: Float64Array, step: number, length: number, product: boolean, dtype: DType): void {
  const fit = dtype === dtypes.float32 ? Math.fround : dtype === dtypes.float16 ? roundHalf : null
  for (let start = 0; start < flat.length; start += step * length) {
    const end = start + step * length
    if (fit !== null) {
      for (let i = start + step; i < end; i++) {
        flat[i] = fit(product ? flat[i - step]! * flat[i]! : flat[i - step]! + flat[i]!)
      }
    } else if (product) for (let i = start + step; i < end; i++) flat[i]! *= flat[i - step]!
    else for (let i = start + step; i < end; i++) flat[i]! += flat[i - step]!
  }
}
