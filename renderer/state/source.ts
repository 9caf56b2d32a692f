/** What the stage viewer can show: the original photo or a stage, as one thing with a shape, a scale and a way to read it. */

import type { Api, ImageInfo, RunId, StageSummary, TensorWindow, WindowRequest } from '../../shared/api.ts'
import { chooseScale, type ColourScale } from '../../shared/colour.ts'
import { formatShape, pictureShape } from '../../shared/tensor.ts'

/** `picture`: channels as pictures; `bars`: a short vector, a bar a number; `block`: a long vector, wrapped into rows. */
export type Form = 'picture' | 'bars' | 'block'

export interface Source {
  /** The same key means the same numbers. */
  readonly key: string
  readonly title: string
  /** `64×64×4`, or a photo's `451 × 300`. */
  readonly shapeText: string
  readonly form: Form
  readonly height: number
  readonly width: number
  readonly channels: number
  readonly channelNames: readonly string[]
  readonly scale: ColourScale
  /** Whether its three channels are the red, green and blue of a photo. */
  readonly colour: boolean
  /** Null for the original. */
  readonly summary: StageSummary | null
  readonly read: (request: WindowRequest, signal: AbortSignal) => Promise<TensorWindow>
}

const mostBars = 64
const photoChannels: Record<number, readonly string[]> = { 1: ['Grey'], 3: ['Red', 'Green', 'Blue'] }

/** The decoded photo: bytes, shown as they are. What lies under its transparent pixels makes another photo of it. */
export function originalSource(api: Api, image: ImageInfo, background = ''): Source {
  return {
    key: `image:${image.id}${image.hasAlpha ? background : ''}`,
    title: 'Original',
    shapeText: `${image.width} × ${image.height}`,
    form: 'picture',
    height: image.height,
    width: image.width,
    channels: image.channels,
    channelNames: photoChannels[image.channels]!,
    scale: { name: 'grey', from: 0, to: 255 },
    colour: image.channels === 3,
    summary: null,
    read: (request, signal) => api.call('images.read', { image: image.id, ...request }, { signal }),
  }
}

/** One stage of a run. */
export function stageSource(api: Api, run: RunId, summary: StageSummary): Source {
  const [height, width, channels] = pictureShape(summary.shape)
  return {
    key: `run:${run}:${summary.index}`,
    title: summary.title,
    shapeText: formatShape(summary.shape),
    form: height * width > 1 || channels === 1 ? 'picture' : channels <= mostBars ? 'bars' : 'block',
    height,
    width,
    channels,
    channelNames: summary.channelNames,
    scale: chooseScale(summary),
    colour: summary.picture === 'light' && channels === 3,
    summary,
    read: (request, signal) => api.call('stages.read', { run, stage: summary.index, ...request }, { signal }),
  }
}

/** `Sobel x`, `Channel 3` where a channel has no name, `3` where a number of a vector has none. */
export function channelName(source: Pick<Source, 'channelNames' | 'form'>, channel: number): string {
  return source.channelNames[channel] ?? (source.form === 'picture' ? `Channel ${channel}` : `${channel}`)
}
