/** A part of a stage: some channels of it, a rectangle of it, or both. */

import type { SavePart, StageSummary } from '../../shared/api.ts'
import { LoupeError } from '../../shared/errors.ts'
import { pictureShape, type Rect, type Tensor, type TensorData } from '../../shared/tensor.ts'
import { part as partOf, type Steps } from '../layers/steps.ts'
import { summarise } from './summary.ts'

/** Elements of a stage: rows and columns, and channels [first, end). */
interface Region {
  readonly rect: Rect
  readonly channels: readonly [first: number, end: number]
}

/** What of a stage of this shape `part` means; null: all of it. Throws `bad-request` where some of it lies outside. */
function regionOf(tensor: Pick<Tensor, 'shape'>, { channel, rect }: SavePart): Region | null {
  if (channel === undefined && rect === undefined) return null
  const [height, width, channels] = pictureShape(tensor.shape)
  const whole = { left: 0, top: 0, width, height }
  const { left, top, width: across, height: down } = rect ?? whole
  const inside = across > 0 && down > 0 && left + across <= width && top + down <= height
  if (!inside || (channel !== undefined && channel >= channels)) {
    throw new LoupeError(
      'bad-request',
      `That part lies outside the stage, which has ${height} rows, ${width} columns and ${channels} channels.`,
    )
  }
  return { rect: rect ?? whole, channels: channel === undefined ? [0, channels] : [channel, channel + 1] }
}

/** Elements copied between two steps. */
const pace = 100_000

/** The elements of a region as a tensor of their own: (rows, columns, channels), or (channels) of a vector. */
function* cut({ shape, data }: Tensor, { rect, channels: [first, end] }: Region): Steps<Tensor> {
  const [, width, channels] = pictureShape(shape)
  const count = end - first
  const across = rect.width * count
  const own = data.slice(0, rect.height * across)
  let since = 0
  for (let row = 0; row < rect.height; row++) {
    const from = ((rect.top + row) * width + rect.left) * channels + first
    if (count === channels) own.set(data.subarray(from, from + across), row * across)
    else copyChannels(data, from, channels, own, row * across, rect.width, count)
    if ((since += across) < pace) continue
    since = 0
    yield (row + 1) / rect.height
  }
  return { shape: shape.length === 1 ? [count] : [rect.height, rect.width, count], data: own }
}

/** `count` neighbouring channels of each of `columns` elements of a row. */
function copyChannels(
  data: TensorData,
  from: number,
  channels: number,
  own: TensorData,
  to: number,
  columns: number,
  count: number,
): void {
  for (let column = 0; column < columns; column++) {
    for (let channel = 0; channel < count; channel++) {
      own[to + column * count + channel] = data[from + column * channels + channel]!
    }
  }
}

interface CutStage {
  readonly summary: StageSummary
  readonly tensor: Tensor
  readonly part?: Region & { readonly whole: StageSummary }
}

/** A part of a stage with the statistics of its own numbers; all of it where `part` says no more. Throws as `regionOf`. */
export function* cutStage(summary: StageSummary, tensor: Tensor, part: SavePart): Steps<CutStage> {
  const region = regionOf(tensor, part)
  if (!region) return { summary, tensor }
  const own = yield* partOf(cut(tensor, region), 0, 0.5)
  const names = summary.channelNames.slice(...region.channels)
  const statistics = yield* partOf(summarise(own), 0.5, 1)
  return {
    tensor: own,
    summary: { ...summary, ...statistics, shape: own.shape, channelNames: names },
    part: { ...region, whole: summary },
  }
}
