/** An array of the lab as something the stage viewer's own pictures can show. */

import type { WindowRequest } from '../../shared/api.ts'
import { chooseScale, type ColourScale } from '../../shared/colour.ts'
import type { LabRegion, LabSummary } from '../../shared/lab.ts'
import type { Region } from '../../shared/explain.ts'
import { formatShape, pictureShape } from '../../shared/tensor.ts'
import type { LabSession } from './labSession.svelte.ts'
import type { Source } from './source.ts'

/** An array that can be read: by its id in a session. */
export interface LabPicture {
  readonly id: string
  readonly title: string
  /** As NumPy has it, where that is known before it is read. */
  readonly shape?: readonly number[]
}

/**
 * Reads its summary first. Rejects where the array is no longer kept. `onnote` is told what the numbers of a part that is
 * read are not; null where they are the array's own.
 */
export async function labSource(
  session: LabSession,
  picture: LabPicture,
  signal: AbortSignal,
  onnote: (note: string | null) => void,
): Promise<Source> {
  const { id, title, shape } = picture
  const of = { session: await session.open(), value: id }
  const summary = await session.api.call('lab.summary', of, { signal })
  const [height, width, channels] = pictureShape(summary.shape.length === 2 ? [...summary.shape, 1] : summary.shape)
  const light = isLight(summary, channels)
  return {
    key: `lab:${of.session}:${id}`,
    title,
    shapeText: `${formatShape(shape ?? summary.shape)} ${summary.dtype}`,
    form: 'picture',
    height,
    width,
    channels,
    channelNames: namesOf(light, channels),
    scale: scaleOf(summary, light),
    colour: light && channels === 3,
    summary: { ...summary, index: ofNoRun, picture: light ? 'light' : 'map' },
    inHand: () => null,
    read: async (request: WindowRequest, abort) => {
      const window = await session.api.call('lab.read', { ...of, ...request }, { signal: abort })
      onnote(window.note)
      return window
    },
    count: null,
  }
}

/** Neither a stage of a run nor the photo before them. */
const ofNoRun = -2

/** Bytes are light, and so are three channels from 0 to 1, as Matplotlib takes them. */
function isLight({ dtype, min, max, nan, infinite }: LabSummary, channels: number): boolean {
  if (dtype === 'uint8') return true
  return channels === 3 && dtype.startsWith('float') && min >= 0 && max <= 1 && nan + infinite === 0
}

function scaleOf(summary: LabSummary, light: boolean): ColourScale {
  if (summary.dtype === 'uint8') return { name: 'grey', from: 0, to: 255 }
  if (summary.dtype === 'bool') return { name: 'viridis', from: 0, to: 1 }
  return chooseScale({ ...summary, picture: light ? 'light' : 'map' })
}

function namesOf(light: boolean, channels: number): readonly string[] {
  if (!light || channels < 3) return []
  return ['Red', 'Green', 'Blue', 'Alpha'].slice(0, channels)
}

/** Where the part of a picture lies. */
export type Part = Pick<Region, 'rect' | 'channels'>

/** What lies round the part of a picture that code names. */
export function regionPart({ rows, columns, channels }: LabRegion, picture: Pick<Source, 'channels'>): Part {
  const [left, right] = columns
  const [top, bottom] = rows
  const rect = { left, top, width: Math.max(1, right - left), height: Math.max(1, bottom - top) }
  return { rect, channels: channels ? [channels[0], channels[1]] : [0, picture.channels] }
}

/** `[10:20, 0:100:2, 1:2]`, as code takes it. */
export function describeRegion({ rows, columns, channels }: LabRegion): string {
  const span = ([start, stop, step]: LabRegion['rows']) => `${start}:${stop}${step > 1 ? `:${step}` : ''}`
  return `[${[rows, columns, ...(channels ? [channels] : [])].map(span).join(', ')}]`
}

/** `rows 10 to 19, column 5, channels 0 to 2`. */
export function regionWords({ rows, columns, channels }: LabRegion): string {
  const words = (what: string, [start, stop, step]: LabRegion['rows']) => {
    const last = start + Math.floor((stop - 1 - start) / step) * step
    if (last === start) return `${what} ${start}`
    return `${what}s ${start} to ${last}${step > 1 ? ` in steps of ${step}` : ''}`
  }
  const parts = [words('row', rows), words('column', columns), ...(channels ? [words('channel', channels)] : [])]
  return parts.join(', ')
}
