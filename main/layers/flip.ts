import { flip as definition } from '../../shared/layers/geometry.ts'
import type { SpecOf } from '../../shared/layers/index.ts'
import { pictureShape, type FloatData, type FloatDType, type Tensor } from '../../shared/tensor.ts'
import { distinct, eachMoved } from './explain.ts'
import { byRows, partOfRow } from './rows.ts'
import type { Steps } from './steps.ts'

/**
 * horizontal: out[y, x, c] = in[y, W − 1 − x, c];  vertical: out[y, x, c] = in[H − 1 − y, x, c]
 *
 * As `numpy.fliplr` and `numpy.flipud`.
 */
export function* flip(input: Tensor, spec: SpecOf<'flip'>, dtype: FloatDType): Steps<Tensor<FloatData>> {
  const shape = definition.outputShape(input.shape, spec)
  const [height, width, channels] = pictureShape(shape)
  return yield* byRows(shape, dtype, (pixels, y, left) => {
    if (spec.direction === 'vertical') pixels.set(partOfRow(input, height - 1 - y, left, pixels.length))
    else {
      pixels.set(partOfRow(input, y, width - left - pixels.length / channels, pixels.length))
      mirror(pixels, channels)
    }
  })
}

/** Puts pixels of a row in the opposite order, the channels of each in the same. */
export function mirror(row: Float64Array, channels: number): void {
  for (let left = 0, right = row.length - channels; left < right; left += channels, right -= channels) {
    for (let c = 0; c < channels; c++) {
      const value = row[left + c]!
      row[left + c] = row[right + c]!
      row[right + c] = value
    }
  }
}

export const flipExplanation = eachMoved<'flip'>(
  (input, { direction }, place) => {
    const [height, width] = pictureShape(input)
    return direction === 'horizontal'
      ? {
          place: { ...place, column: width - 1 - place.column },
          rule: `Left and right change sides: column ${width} − 1 − ${place.column} of the same row.`,
        }
      : {
          place: { ...place, row: height - 1 - place.row },
          rule: `Top and bottom change sides: row ${height} − 1 − ${place.row} of the same column.`,
        }
  },
  (input, { direction }, output) => {
    const [height, width] = pictureShape(input)
    return direction === 'horizontal'
      ? { ...output, columns: distinct(output.columns.map((column) => width - 1 - column)) }
      : { ...output, rows: distinct(output.rows.map((row) => height - 1 - row)) }
  },
)
