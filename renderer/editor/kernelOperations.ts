/** What can be done to the numbers of one kernel as a whole, and to all kernels of a layer. */

import { LegacyRandom } from '../../shared/random.ts'
import type { Kernels, KernelShape } from '../../shared/layers/definition.ts'

export type Matrix = readonly (readonly number[])[]

export function sumOf(matrix: Matrix): number {
  return matrix.flat().reduce((sum, value) => sum + value, 0)
}

/** The sum of absolute values: by how much it can enlarge what goes in. */
export function gainOf(matrix: Matrix): number {
  return matrix.flat().reduce((sum, value) => sum + Math.abs(value), 0)
}

/** So that it adds up to 1; null where it adds up to nothing. */
export function normalised(matrix: Matrix): Matrix | null {
  const sum = sumOf(matrix)
  return Math.abs(sum) < 1e-12 ? null : matrix.map((row) => row.map((value) => value / sum))
}

/** Rows as columns. */
export function transposed(matrix: Matrix): Matrix {
  return matrix[0]!.map((_, column) => matrix.map((row) => row[column]!))
}

/** Left and right change places. */
export function mirrored(matrix: Matrix): Matrix {
  return matrix.map((row) => row.toReversed())
}

/** Top and bottom change places. */
export function flipped(matrix: Matrix): Matrix {
  return matrix.toReversed()
}

/** A quarter turn clockwise. */
export function rotated(matrix: Matrix): Matrix {
  return mirrored(transposed(matrix))
}

/** Row after row from `numpy.random.randn` after `numpy.random.seed(seed)`. */
export function random(rows: number, columns: number, seed: number): Matrix {
  const generator = new LegacyRandom(seed)
  return Array.from({ length: rows }, () => Array.from({ length: columns }, () => generator.randn()))
}

export const symmetries = ['none', 'sides', 'ends', 'both'] as const
export type Symmetry = (typeof symmetries)[number]

/** One number put in, and in the places that mirror it: across the middle column, the middle row, or both. */
export function withCell(matrix: Matrix, row: number, column: number, value: number, symmetry: Symmetry): Matrix {
  const rows = symmetry === 'ends' || symmetry === 'both' ? [row, matrix.length - 1 - row] : [row]
  const width = matrix[0]!.length
  const columns = symmetry === 'sides' || symmetry === 'both' ? [column, width - 1 - column] : [column]
  return matrix.map((line, y) => (rows.includes(y) ? line.map((old, x) => (columns.includes(x) ? value : old)) : line))
}

export function shapeOf(kernels: Kernels): KernelShape {
  return [kernels.length, kernels[0]?.length ?? 0, kernels[0]?.[0]?.length ?? 0, kernels[0]?.[0]?.[0]?.length ?? 0]
}

export function kernelAt(kernels: Kernels, filter: number, channel: number): Matrix {
  return kernels[filter]!.map((row) => row.map((tap) => tap[channel]!))
}

/** All kernels with another one for a filter, in one channel or (null) in all. */
export function withKernel(kernels: Kernels, filter: number, channel: number | null, matrix: Matrix): Kernels {
  return kernels.map((kernel, f) =>
    f !== filter
      ? kernel
      : kernel.map((row, y) =>
          row.map((tap, x) => tap.map((old, c) => (channel === null || c === channel ? matrix[y]![x]! : old))),
        ),
  )
}
