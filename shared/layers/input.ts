import * as v from 'valibot'
import { rounder, type FloatDType, type Shape } from '../tensor.ts'
import { finite, impossible, option, part, positiveInteger, type LayerDefinition } from './definition.ts'

const size = v.union([v.literal('original'), v.strictObject({ width: positiveInteger, height: positiveInteger })])
const positive = v.pipe(
  finite,
  v.check((n) => n > 0, 'must be more than 0'),
)
const range = v.variant('type', [
  v.strictObject({ type: v.literal('unit') }),
  v.strictObject({ type: v.literal('signed') }),
  v.strictObject({
    type: v.literal('standard'),
    mean: part(v.pipe(v.array(finite), v.minLength(1), v.maxLength(3)), 'Mean', 'One a channel, or one for all.', {
      start: [0.5],
    }),
    std: part(
      v.pipe(v.array(positive), v.minLength(1), v.maxLength(3)),
      'Deviation',
      'One a channel, or one for all.',
      {
        start: [0.5],
      },
    ),
  }),
])

export const inputSchema = v.strictObject({
  kind: v.literal('input'),
  size: option(size, { width: 64, height: 64 }, 'Size', 'Width and height the photo is resized to, or its own.', {
    labels: { original: 'Its own', given: 'Resized' },
  }),
  filter: option(
    v.picklist(['nearest', 'bilinear', 'bicubic', 'lanczos']),
    'bicubic',
    'Resize filter',
    'How new pixels are mixed from old ones, exactly as Pillow does.',
  ),
  colour: option(
    v.picklist(['mean', 'luma', 'rgb']),
    'mean',
    'Colour',
    'Grey as the mean of the channels, grey as BT.601 luma, or three channels.',
    { labels: { mean: 'Grey, mean', luma: 'Grey, luma', rgb: 'RGB' } },
  ),
  range: option(
    range,
    { type: 'unit' },
    'Range',
    'Bytes to [0, 1], to [−1, 1], or to [0, 1] less a mean and divided by a standard deviation per channel.',
    { labels: { unit: '0 to 1', signed: '−1 to 1', standard: 'Mean and deviation' } },
  ),
  profile: option(
    v.picklist(['ignore', 'srgb']),
    'ignore',
    'Colour profile',
    'Take the samples as they are stored, or convert an embedded profile to sRGB first.',
    { labels: { ignore: 'As stored', srgb: 'To sRGB' } },
  ),
  background: option(
    v.pipe(v.string(), v.regex(/^#[0-9a-f]{6}$/i, 'must be a colour such as #ffffff')),
    '#ffffff',
    'Background',
    'The colour laid under transparent pixels.',
  ),
})
export type InputSpec = v.InferOutput<typeof inputSchema>

export const input: LayerDefinition<InputSpec> = {
  kind: 'input',
  schema: inputSchema,
  picture: 'light',
  group: 'first',
  title: () => 'Input',
  /** Takes the shape of the decoded photo (height, width, 1 or 3). */
  outputShape(photo: Shape, spec) {
    const channels = spec.colour === 'rgb' ? 3 : 1
    if (spec.range.type === 'standard') {
      for (const [name, values] of [
        ['mean', spec.range.mean],
        ['std', spec.range.std],
      ] as const) {
        if (values.length !== 1 && values.length !== channels) {
          throw impossible(
            `${values.length} values of ${name} are given for ${channels} channel${channels > 1 ? 's' : ''}`,
          )
        }
      }
    }
    if (spec.size === 'original') return [photo[0]!, photo[1]!, channels]
    return [spec.size.height, spec.size.width, channels]
  },
  channelNames: (output) => (output[2] === 3 ? ['Red', 'Green', 'Blue'] : ['Grey']),
  ofByte: ({ range }, byte, channel) => scaledByte(range, byte, channel, 'float64'),
}

/** A byte in the units of the input stage, each operation rounded to `dtype`. */
export function scaledByte(range: InputSpec['range'], byte: number, channel: number, dtype: FloatDType): number {
  const round = rounder(dtype)
  if (range.type === 'unit') return round(byte / 255)
  if (range.type === 'signed') return round(round(byte / 127.5) - 1)
  const average = round(range.mean[channel % range.mean.length]!)
  const deviation = round(range.std[channel % range.std.length]!)
  return round(round(round(byte / 255) - average) / deviation)
}
