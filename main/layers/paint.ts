import type { Mark } from '../../shared/layers/definition.ts'
import { paint as definition } from '../../shared/layers/paint.ts'
import type { SpecOf } from '../../shared/layers/index.ts'
import {
  elementCount,
  pictureShape,
  rounder,
  type FloatData,
  type FloatDType,
  type Tensor,
} from '../../shared/tensor.ts'
import { elementwise } from './elementwise.ts'
import { flatIndex, StepNotes, type LayerExplanation } from './explain.ts'
import { part, type Steps } from './steps.ts'

/** Elements between two yields. */
const perStep = 1 << 16

/**
 * out[y, x, c] = the value of the last mark over (y, x, c); in[y, x, c] where there is none, or it has none
 *
 * In float32 the values painted are float32 numbers.
 */
export function* paint(input: Tensor, spec: SpecOf<'paint'>, dtype: FloatDType): Steps<Tensor<FloatData>> {
  const shape = definition.outputShape(input.shape, spec)
  const [, width, channels] = pictureShape(input.shape)
  const size = (mark: Mark) => mark.height * mark.width * channels
  const elements = elementCount(shape)
  const piece = Math.max(1, Math.floor(perStep / channels))
  const all = spec.marks.reduce((sum, mark) => sum + size(mark), elements)
  const output = yield* part(
    elementwise(input, shape, dtype, () => {}),
    0,
    elements / all,
  )
  let done = output.data.length
  let since = 0
  for (const mark of spec.marks) {
    for (let y = mark.row; y < mark.row + mark.height; y++) {
      for (let x = 0; x < mark.width; x += piece) {
        const count = Math.min(piece, mark.width - x)
        paintRow(output.data, input.data, mark, (y * width + mark.column + x) * channels, count, channels)
        since += count * channels
        if (since < perStep) continue
        yield (done + since) / all
        done += since
        since = 0
      }
    }
  }
  return output
}

/** `count` pixels of a row of a mark; `first` is the flat index of their first element. */
function paintRow(
  output: FloatData,
  input: Tensor['data'],
  { channel, value }: Mark,
  first: number,
  count: number,
  channels: number,
): void {
  const end = first + count * channels
  const from = channel ?? 0
  const to = channel === null ? channels : channel + 1
  for (let pixel = first; pixel < end; pixel += channels) {
    for (let c = from; c < to; c++) {
      output[pixel + c] = value === null ? input[pixel + c]! : valueIn(value, c - from)
    }
  }
}

/** The value of a mark in the channel with this number among those it paints. */
function valueIn(value: readonly number[], number: number): number {
  return value[value.length === 1 ? 0 : number]!
}

export const paintExplanation: LayerExplanation<'paint'> = {
  // eslint-disable-next-line require-yield -- nothing to prepare
  *explain(input, { marks }, dtype) {
    const round = rounder(dtype)
    return (place) => {
      const from = flatIndex(input.shape, place)
      const was = input.data[from]!
      const last = marks.findLastIndex((mark) => covers(mark, place))
      const mark = marks[last]
      if (!mark?.value) {
        return { kind: 'move', from, input: was, rule: 'The same element: it is not painted over.', value: was }
      }
      const painted = valueIn(mark.value, place.channel - (mark.channel ?? 0))
      const notes = new StepNotes()
      notes.note(`Painted over by mark ${last}`, painted, painted)
      notes.store(painted, dtype)
      return { kind: 'function', from, input: was, steps: notes.steps, slope: 0, replaced: true, value: round(painted) }
    }
  },
  // An element that is painted over still stands where it stood, as one of weight 0 does.
  reach: (_input, _spec, output) => output,
}

function covers({ row, column, height, width, channel }: Mark, place: Parameters<typeof flatIndex>[1]): boolean {
  return (
    place.row >= row &&
    place.row < row + height &&
    place.column >= column &&
    place.column < column + width &&
    (channel === null || channel === place.channel)
  )
}
