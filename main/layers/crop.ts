import { crop as definition } from '../../shared/layers/geometry.ts'
import type { SpecOf } from '../../shared/layers/index.ts'
import type { FloatData, FloatDType, Tensor } from '../../shared/tensor.ts'
import { eachMoved } from './explain.ts'
import { byRows, partOfRow } from './rows.ts'
import type { Steps } from './steps.ts'

/**
 * out[y, x, c] = in[y + top, x + left, c]
 *
 * As `x[top : top + height, left : left + width]` in NumPy.
 */
export function* crop(input: Tensor, spec: SpecOf<'crop'>, dtype: FloatDType): Steps<Tensor<FloatData>> {
  const shape = definition.outputShape(input.shape, spec)
  return yield* byRows(shape, dtype, (pixels, y, left) => {
    pixels.set(partOfRow(input, y + spec.top, left + spec.left, pixels.length))
  })
}

export const cropExplanation = eachMoved<'crop'>(
  (_input, { top, left }, { row, column, channel }) => ({
    place: { row: row + top, column: column + left, channel },
    rule: `What is kept begins at row ${top}, column ${left} of the input.`,
  }),
  (_input, { top, left }, { rows, columns, channels }) => ({
    rows: rows.map((row) => row + top),
    columns: columns.map((column) => column + left),
    channels,
  }),
)
