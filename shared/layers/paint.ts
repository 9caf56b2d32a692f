/** Painting over elements by hand: what changes below, and what does not, shows what the network makes of them. */

import * as v from 'valibot'
import type { Shape } from '../tensor.ts'
import {
  finite,
  impossible,
  option,
  part,
  positiveInteger,
  requirePicture,
  wholeNumber,
  type LayerDefinition,
  type Mark,
} from './definition.ts'

/** Enough for a picture of 64 × 64 element by element, and few enough that each change is read and kept at once. */
export const mostMarks = 4096

const values = v.union([
  v.pipe(v.array(finite), v.minLength(1)),
  v.pipe(
    finite,
    v.transform((value): number[] => [value]),
  ),
])
const mark = v.strictObject({
  row: part(wholeNumber, 'Row', 'First row, counted from 0.'),
  column: part(wholeNumber, 'Column', 'First column, counted from 0.'),
  height: v.optional(part(positiveInteger, 'Height', 'Rows.'), 1),
  width: v.optional(part(positiveInteger, 'Width', 'Columns.'), 1),
  channel: v.optional(v.nullable(part(wholeNumber, 'Channel', 'The only channel painted; all if null.')), null),
  value: part(v.nullable(values), 'Value', 'One a channel, or one for all; null: as it was.'),
})

export const paintSchema = v.strictObject({
  kind: v.literal('paint'),
  marks: option(
    v.pipe(v.array(mark), v.maxLength(mostMarks)),
    [],
    'Marks',
    'Rectangles of elements and what they are painted with, in the units of the layer above; later ones cover earlier ones.',
    { noun: 'mark' },
  ),
})
export type PaintSpec = v.InferOutput<typeof paintSchema>

export const paint: LayerDefinition<PaintSpec> = {
  kind: 'paint',
  schema: paintSchema,
  picture: 'light',
  group: 'photo',
  title: ({ marks }) => (marks.length === 0 ? 'Paint' : `Paint ${marks.length} mark${marks.length === 1 ? '' : 's'}`),
  outputShape(input, { marks }) {
    const [height, width, channels] = requirePicture(input, 'paint')
    for (const [index, mark] of marks.entries()) {
      if (!inside(mark, input)) {
        throw impossible(
          `mark ${index} (${span('row', mark.row, mark.height)}, ${span('column', mark.column, mark.width)}) does not lie inside a ${height}×${width} input`,
        )
      }
      if (mark.channel !== null && mark.channel >= channels) {
        throw impossible(`mark ${index} paints channel ${mark.channel}, but there are ${channels} channels, from 0`)
      }
      const wanted = mark.channel === null ? channels : 1
      if (mark.value !== null && mark.value.length !== 1 && mark.value.length !== wanted) {
        throw impossible(
          `mark ${index} gives ${mark.value.length} values for ${wanted} channel${wanted === 1 ? '' : 's'}`,
        )
      }
    }
    return input
  },
  /** What lies outside is cut off, and what is for other channels left out. */
  fit(spec, input) {
    if (input.length !== 3) return spec
    const [height, width, channels] = input as [number, number, number]
    const marks = spec.marks.flatMap((mark) => {
      const { row, column, channel, value } = mark
      const rows = Math.min(mark.height, height - row)
      const columns = Math.min(mark.width, width - column)
      const wanted = channel === null ? channels : 1
      if (rows < 1 || columns < 1 || (channel !== null && channel >= channels)) return []
      if (value !== null && value.length !== 1 && value.length !== wanted) return []
      return [{ ...mark, height: rows, width: columns }]
    })
    return { ...spec, marks }
  },
  marks: 'marks',
}

function inside({ row, column, height, width }: Mark, input: Shape): boolean {
  return row + height <= input[0]! && column + width <= input[1]!
}

function span(axis: string, first: number, count: number): string {
  return count === 1 ? `${axis} ${first}` : `${axis}s ${first} to ${first + count - 1}`
}
