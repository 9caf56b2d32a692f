/** What the stage viewer can show: the original photo or a stage, as one thing with a shape, a scale and a way to read it. */

import type {
  Api,
  DifferenceSummary,
  Histogram,
  ImageInfo,
  RunId,
  StageOfRun,
  StageSummary,
  TensorStatistics,
  TensorWindow,
  WindowRequest,
} from '../../shared/api.ts'
import { chooseScale, type ColourScale } from '../../shared/colour.ts'
import { formOf, type Form } from '../../shared/scales.ts'
import { formatShape, pictureShape } from '../../shared/tensor.ts'

/** What is told of the numbers of a stage, or of an array that is none: neither names a layer. */
export interface SourceSummary extends TensorStatistics, Pick<StageSummary, 'picture'> {
  /** Which stage of its run; of an array of the lab, none that there is. */
  readonly index: number
  /** Of its numbers: `uint8`, `float64`; an array of the lab has more. */
  readonly dtype: string
}

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
  /** Of one stage minus another: the difference in numbers. */
  readonly difference?: DifferenceSummary
  /** Null for the original. */
  readonly summary: SourceSummary | null
  /** The answer to `read` where it is here already; null where it has to be asked for. */
  readonly inHand: (request: WindowRequest) => TensorWindow | null
  readonly read: (request: WindowRequest, signal: AbortSignal) => Promise<TensorWindow>
  /** Counts how its values are spread; null where the summary tells it. */
  readonly count: ((signal: AbortSignal) => Promise<Histogram>) | null
}

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
    inHand: () => null,
    read: (request, signal) => api.call('images.read', { image: image.id, ...request }, { signal }),
    count: (signal) => api.call('images.histogram', { image: image.id }, { signal }),
  }
}

/** One stage of a run, of which `preview` has come with the news of it. */
export function stageSource(api: Api, run: RunId, summary: StageSummary, preview?: TensorWindow): Source {
  const [height, width, channels] = pictureShape(summary.shape)
  const whole = { rect: { left: 0, top: 0, width, height }, channels: [0, channels] as const }
  const inHand = (request: WindowRequest) => (preview ? partOf(preview, { ...whole, ...request }) : null)
  return {
    key: `run:${run}:${summary.index}`,
    title: summary.title,
    shapeText: formatShape(summary.shape),
    form: formOf(height, width, channels),
    height,
    width,
    channels,
    channelNames: summary.channelNames,
    scale: chooseScale(summary),
    colour: summary.picture === 'light' && channels === 3,
    summary,
    inHand,
    read: async (request, signal) =>
      inHand(request) ?? (await api.call('stages.read', { run, stage: summary.index, ...request }, { signal })),
    count: null,
  }
}

/** A window as part of one that holds the elements themselves; null where it does not lie in it, or is of means. */
function partOf(
  window: TensorWindow,
  request: Required<Pick<WindowRequest, 'rect' | 'channels'>> & WindowRequest,
): TensorWindow | null {
  const { rect, channels, maxSize = Infinity } = request
  const [first, end] = channels
  const left = rect.left - window.rect.left
  const top = rect.top - window.rect.top
  const [rows, columns, depth] = window.shape
  const offset = first - window.channels[0]
  const inside = left >= 0 && top >= 0 && left + rect.width <= columns && top + rect.height <= rows
  if (window.step !== 1 || !inside || offset < 0 || end > window.channels[1]) return null
  if (Math.max(rect.width, rect.height) > maxSize) return null
  const count = end - first
  if (rect.width === columns && rect.height === rows && count === depth) return window
  const data = window.data.slice(0, rect.width * rect.height * count)
  for (let row = 0, to = 0; row < rect.height; row++) {
    for (let column = 0, from = ((top + row) * columns + left) * depth + offset; column < rect.width; column++) {
      for (let channel = 0; channel < count; channel++) data[to++] = window.data[from + channel]!
      from += depth
    }
  }
  return { rect, channels, step: 1, shape: [rect.height, rect.width, count], data }
}

/** A stage minus one of the same shape beside it, `summary` in numbers; zero is the middle of its colours. */
export function differenceSource(
  api: Api,
  of: StageOfRun,
  minus: StageOfRun,
  stage: Source & { readonly summary: SourceSummary },
  summary: DifferenceSummary,
  title = 'A − B',
): Source {
  const reach = Math.max(Math.abs(summary.min), Math.abs(summary.max)) || 1
  return {
    ...stage,
    key: `${stage.key}-run:${minus.run}:${minus.stage}`,
    title,
    scale: { name: 'red-blue', from: -reach, to: reach },
    colour: false,
    difference: summary,
    summary: { ...stage.summary, ...summary, picture: 'map' },
    inHand: () => null,
    read: (request, signal) => api.call('stages.read', { ...of, minus, ...request }, { signal }),
  }
}

/** `Sobel x`, `channel 3` where a channel has no name, `3` where a number of a vector has none. */
export function channelName(source: Pick<Source, 'channelNames' | 'form'>, channel: number): string {
  return source.channelNames[channel] ?? (source.form === 'picture' ? `channel ${channel}` : `${channel}`)
}
