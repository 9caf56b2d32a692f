import { crop as definition } from '../../shared/layers/geometry.ts'
import type { SpecOf } from '../../shared/layers/index.ts'
import { pictureShape, type FloatData, type FloatDType, type Tensor } from '../../shared/tensor.ts'
import { eachMoved } from './explain.ts'
import { byRows, rowOf } from './rows.ts'
import type { Steps } from './steps.ts'

/**
 * out[y, x, c] = in[y + top, x + left, c]
 *
 * As `x[top : top + height, left : left + width]` in NumPy.
 */
export function* crop(input: Tensor, spec: SpecOf<'crop'>, dtype: FloatDType): Steps<Tensor<FloatData>> {
  const shape = definition.outputShape(input.shape, spec)
  const [, width, channels] = pictureShape(shape)
  const left = spec.left * channels
  return yield* byRows(shape, dtype, (row, y) => {
    row.set(rowOf(input, y + spec.top).subarray(left, left + width * channels))
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
