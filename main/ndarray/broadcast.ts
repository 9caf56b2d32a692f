/** NumPy's broadcasting: shapes meet from the right, and a length of 1 repeats. */

import type { NDArray } from './array.ts'
import { valueError } from './errors.ts'
import { tightShape } from './values.ts'

/** The common shape, or null where there is none. */
export function commonShape(shapes: readonly (readonly number[])[]): number[] | null {
  const ndim = Math.max(0, ...shapes.map((shape) => shape.length))
  const common = new Array<number>(ndim).fill(1)
  for (const shape of shapes) {
    const skip = ndim - shape.length
    for (let axis = 0; axis < shape.length; axis++) {
      const length = shape[axis]!
      if (length === 1 || length === common[axis + skip]) continue
      if (common[axis + skip] !== 1) return null
      common[axis + skip] = length
    }
  }
  return common
}

/** @throws ValueError "operands could not be broadcast together with shapes (3,) (4,) " */
export function broadcastShapes(shapes: readonly (readonly number[])[]): number[] {
  const common = commonShape(shapes)
  if (common !== null) return common
  throw valueError(
    `operands could not be broadcast together with shapes ${shapes.map((shape) => `${tightShape(shape)} `).join('')}`,
  )
}

/** A view of the wanted shape, repeated axes having stride 0; null where the shapes do not meet. */
export function broadcastView(a: NDArray, shape: readonly number[]): NDArray | null {
  const skip = shape.length - a.ndim
  if (skip < 0) return null
  const steps = new Array<number>(shape.length).fill(0)
  for (let axis = 0; axis < a.ndim; axis++) {
    if (a.shape[axis] === shape[axis + skip]) steps[axis + skip] = a.steps[axis]!
    else if (a.shape[axis] !== 1) return null
  }
  return a.view(shape, steps)
}
