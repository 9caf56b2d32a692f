/** Layers that move or pad pixels without mixing them, and `brighten`. */

import * as v from 'valibot'
import {
  finite,
  impossible,
  option,
  positiveInteger,
  requirePicture,
  wholeNumber,
  type LayerDefinition,
} from './definition.ts'

export const cropSchema = v.strictObject({
  kind: v.literal('crop'),
  top: option(wholeNumber, 0, 'Top', 'First row kept, counted from 0.'),
  left: option(wholeNumber, 0, 'Left', 'First column kept, counted from 0.'),
  height: option(positiveInteger, 32, 'Height', 'Rows kept.'),
  width: option(positiveInteger, 32, 'Width', 'Columns kept.'),
})
export type CropSpec = v.InferOutput<typeof cropSchema>

export const crop: LayerDefinition<CropSpec> = {
  kind: 'crop',
  schema: cropSchema,
  picture: 'light',
  group: 'photo',
  title: (spec) => `Crop ${spec.height}×${spec.width}`,
  outputShape(input, spec) {
    const [height, width, channels] = requirePicture(input, 'crop')
    if (spec.top + spec.height > height || spec.left + spec.width > width) {
      throw impossible(
        `rows ${spec.top} to ${spec.top + spec.height - 1} and columns ${spec.left} to ${spec.left + spec.width - 1} do not lie inside a ${height}×${width} input`,
      )
    }
    return [spec.height, spec.width, channels]
  },
}

export const padSchema = v.strictObject({
  kind: v.literal('pad'),
  top: option(wholeNumber, 1, 'Top', 'Rows added above.'),
  right: option(wholeNumber, 1, 'Right', 'Columns added on the right.'),
  bottom: option(wholeNumber, 1, 'Bottom', 'Rows added below.'),
  left: option(wholeNumber, 1, 'Left', 'Columns added on the left.'),
  mode: option(
    v.picklist(['constant', 'edge', 'reflect']),
    'constant',
    'Mode',
    'Fill with one value, repeat the edge, or mirror without repeating the edge.',
  ),
  value: option(finite, 0, 'Value', 'What constant padding fills with.'),
})
export type PadSpec = v.InferOutput<typeof padSchema>

export const pad: LayerDefinition<PadSpec> = {
  kind: 'pad',
  schema: padSchema,
  picture: 'light',
  group: 'photo',
  title: (spec) => `Pad ${spec.mode}`,
  outputShape(input, spec) {
    const [height, width, channels] = requirePicture(input, 'pad')
    const tooTall = Math.max(spec.top, spec.bottom) >= height
    if (spec.mode === 'reflect' && (tooTall || Math.max(spec.left, spec.right) >= width)) {
      throw impossible(`reflecting needs fewer padded rows and columns than the ${height}×${width} input has`)
    }
    return [height + spec.top + spec.bottom, width + spec.left + spec.right, channels]
  },
}

export const flipSchema = v.strictObject({
  kind: v.literal('flip'),
  direction: option(
    v.picklist(['horizontal', 'vertical']),
    'horizontal',
    'Direction',
    'Horizontal swaps left and right; vertical swaps top and bottom.',
  ),
})
export type FlipSpec = v.InferOutput<typeof flipSchema>

export const flip: LayerDefinition<FlipSpec> = {
  kind: 'flip',
  schema: flipSchema,
  picture: 'light',
  group: 'photo',
  title: (spec) => `Flip ${spec.direction}`,
  outputShape: (input) => requirePicture(input, 'flip'),
}

export const rotate90Schema = v.strictObject({
  kind: v.literal('rotate90'),
  turns: option(
    v.pipe(v.number(), v.integer(), v.minValue(-1000), v.maxValue(1000)),
    1,
    'Quarter turns',
    'Counter-clockwise quarter turns, as numpy.rot90; negative turns clockwise.',
  ),
})
export type Rotate90Spec = v.InferOutput<typeof rotate90Schema>

export const rotate90: LayerDefinition<Rotate90Spec> = {
  kind: 'rotate90',
  schema: rotate90Schema,
  picture: 'light',
  group: 'photo',
  title: (spec) => `Rotate ${spec.turns * 90}°`.replace('-', '−'),
  outputShape(input, spec) {
    const [height, width, channels] = requirePicture(input, 'rotate90')
    return spec.turns % 2 === 0 ? [height, width, channels] : [width, height, channels]
  },
}

export const brightenSchema = v.strictObject({
  kind: v.literal('brighten'),
  amount: option(finite, 0.2, 'Amount', 'Added to every value, in the units of the input stage (0.2 is 51 of 255).', {
    slider: { from: -1, to: 1, step: 0.01 },
  }),
  low: option(finite, 0, 'Lowest', 'Results below are raised to this.'),
  high: option(finite, 1, 'Highest', 'Results above are lowered to this.'),
})
export type BrightenSpec = v.InferOutput<typeof brightenSchema>

export const brighten: LayerDefinition<BrightenSpec> = {
  kind: 'brighten',
  schema: brightenSchema,
  picture: 'light',
  group: 'photo',
  title: (spec) => `Brighten ${spec.amount < 0 ? '−' : '+'}${Math.abs(spec.amount)}`,
  outputShape(input, spec) {
    if (spec.low >= spec.high) throw impossible(`the lowest value ${spec.low} is not below the highest ${spec.high}`)
    return input
  },
}
