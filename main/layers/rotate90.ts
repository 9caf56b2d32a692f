import { rotate90 as definition } from '../../shared/layers/geometry.ts'
import type { SpecOf } from '../../shared/layers/index.ts'
import { pictureShape, type FloatData, type FloatDType, type Tensor, type TensorData } from '../../shared/tensor.ts'
import { distinct, eachMoved } from './explain.ts'
import { mirror } from './flip.ts'
import { byRows, partOfRow } from './rows.ts'
import type { Steps } from './steps.ts'

/**
 * one turn: out[y, x, c] = in[x, W − 1 − y, c];  two: in[H − 1 − y, W − 1 − x, c];  three: in[H − 1 − x, y, c]
 *
 * Counter-clockwise quarter turns, as `numpy.rot90(x, turns)`; negative turns go clockwise.
 */
export function* rotate90(input: Tensor, spec: SpecOf<'rotate90'>, dtype: FloatDType): Steps<Tensor<FloatData>> {
  const shape = definition.outputShape(input.shape, spec)
  const [height, width, channels] = pictureShape(input.shape)
  const turns = quarterTurns(spec)
  return yield* byRows(shape, dtype, (pixels, y, left) => {
    // The same number of pixels from the other end, where they come in the opposite order.
    const along = turns % 2 === 0 ? width : height
    const first = turns >= 2 ? along - left - pixels.length / channels : left
    if (turns % 2 === 0) pixels.set(partOfRow(input, turns === 0 ? y : height - 1 - y, first, pixels.length))
    else takeColumn(input.data, first, turns === 1 ? width - 1 - y : y, width, channels, pixels)
    if (turns >= 2) mirror(pixels, channels)
  })
}

/** Pixels of column x of a picture from row y downwards. */
function takeColumn(data: TensorData, y: number, x: number, width: number, channels: number, to: Float64Array): void {
  for (let at = 0, from = (y * width + x) * channels; at < to.length; at += channels, from += width * channels) {
    for (let c = 0; c < channels; c++) to[at + c] = data[from + c]!
  }
}

/** 0 to 3, counter-clockwise. */
function quarterTurns({ turns }: SpecOf<'rotate90'>): number {
  return ((turns % 4) + 4) % 4
}

export const rotate90Explanation = eachMoved<'rotate90'>(
  (input, spec, { row, column, channel }) => {
    const [height, width] = pictureShape(input)
    const turns = quarterTurns(spec)
    const sources = [
      { row, column },
      { row: column, column: width - 1 - row },
      { row: height - 1 - row, column: width - 1 - column },
      { row: height - 1 - column, column: row },
    ] as const
    const named = ['No turn', 'A quarter turn counter-clockwise', 'Half a turn', 'A quarter turn clockwise'] as const
    const source = sources[turns]!
    return {
      place: { ...source, channel },
      rule: `${named[turns]!}: what was at row ${source.row}, column ${source.column}.`,
    }
  },
  (input, spec, { rows, columns, channels }) => {
    const [height, width] = pictureShape(input)
    const turns = quarterTurns(spec)
    const mirrored = (places: readonly number[], n: number) => distinct(places.map((place) => n - 1 - place))
    if (turns === 0) return { rows, columns, channels }
    if (turns === 1) return { rows: columns, columns: mirrored(rows, width), channels }
    if (turns === 2) return { rows: mirrored(rows, height), columns: mirrored(columns, width), channels }
    return { rows: mirrored(columns, height), columns: rows, channels }
  },
)
