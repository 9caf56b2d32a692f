/** A part of a stage: some channels of it, a rectangle of it, or both. */

import type { SavePart, StageSummary } from '../../shared/api.ts'
import { LoupeError } from '../../shared/errors.ts'
import { pictureShape, type Rect, type Tensor } from '../../shared/tensor.ts'
import type { Steps } from '../layers/steps.ts'
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

/** The elements of a region as a tensor of their own: (rows, columns, channels), or (channels) of a vector. */
function cut(tensor: Tensor, { rect, channels: [first, end] }: Region): Tensor {
  const [, width, channels] = pictureShape(tensor.shape)
  const count = end - first
  const shape = tensor.shape.length === 1 ? [count] : [rect.height, rect.width, count]
  const data = tensor.data.slice(0, rect.height * rect.width * count)
  let to = 0
  for (let row = rect.top; row < rect.top + rect.height; row++) {
    for (let column = rect.left; column < rect.left + rect.width; column++) {
      const from = (row * width + column) * channels + first
      data.set(tensor.data.subarray(from, from + count), to)
      to += count
    }
  }
  return { shape, data }
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
  const own = cut(tensor, region)
  const names = summary.channelNames.slice(...region.channels)
  const statistics = yield* summarise(own)
  return {
    tensor: own,
    summary: { ...summary, ...statistics, shape: own.shape, channelNames: names },
    part: { ...region, whole: summary },
  }
}
