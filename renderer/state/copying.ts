/** What is seen of a stage, for the clipboard: as a picture, or as its numbers. */

import { inertText } from '../../shared/batchTable.ts'
import type { Api } from '../../shared/api.ts'
import { LoupeError } from '../../shared/errors.ts'
import type { FigureOptions, FigureSubject } from '../../shared/figures.ts'
import { formatNumberExactly } from '../../shared/tensor.ts'
import { channelOnShow, rectOnShow, regionOnShow } from './saveSubject.ts'
import type { ViewerState } from './viewer.svelte.ts'

/** Milliseconds of writing before the window is let do something else. */
const slice = 8

/** More numbers than this are saved as a file, not pasted. */
const mostNumbers = 1_000_000

/** The stage on show as PNG: of what is zoomed into, what is seen; of one channel shown alone, that. */
export async function pictureOf(
  api: Api,
  view: ViewerState,
  run: string | null,
  figure: FigureOptions,
): Promise<Uint8Array> {
  const { source, choices } = view
  if (!source?.summary || source.difference || run === null) {
    throw new LoupeError(
      'bad-request',
      'Choose a stage first: pictures of stages can be copied, not the photo or a difference.',
    )
  }
  const region = regionOnShow(view)
  const subject: FigureSubject = {
    type: 'stage',
    stage: source.summary.index,
    ...(choices.solo === null ? {} : { channel: choices.solo }),
    ...(region ? { rect: region.rect } : {}),
  }
  const { bytes } = await api.call('figures.draw', { run, subject, format: 'png', figure })
  return bytes
}

/**
 * What is seen of a channel, a line a row, tabs between columns, every digit: the channel with the cursor, or the first
 * one; all three of a colour one below the other. A vector is a line an element, with its name where it has one.
 */
export async function numbersOf(view: ViewerState): Promise<string> {
  const { source, plan, choices, hover } = view
  if (!source || !plan) throw new LoupeError('bad-request', 'There is nothing on show to be copied.')
  if (source.form !== 'picture') {
    const [first] = plan.channels
    const { data } = await source.read({ channels: plan.channels }, new AbortController().signal)
    const line = (value: number, i: number) => {
      const name = source.channelNames[first + i]
      return `${name === undefined ? first + i : inertText(plain(name))}\t${formatNumberExactly(value)}\n`
    }
    return Array.from(data, line).join('')
  }
  const rect = rectOnShow(view)
  const tile = choices.solo ?? hover?.tile ?? plan.tiles[0] ?? 0
  const first = tile === 'colour' ? 0 : (channelOnShow(view)?.index ?? 0)
  const channels = [first, tile === 'colour' ? 3 : first + 1] as const
  const count = rect.width * rect.height * (channels[1] - first)
  if (count > mostNumbers) {
    throw new LoupeError(
      'bad-request',
      `${count.toLocaleString('en')} numbers are too many to be pasted. Zoom in, or save them as CSV.`,
    )
  }
  const maxSize = Math.max(rect.width, rect.height)
  const { data, shape } = await source.read({ rect, channels, maxSize }, new AbortController().signal)
  const [rows, columns, depth] = shape
  let text = ''
  let until = performance.now() + slice
  for (let channel = 0; channel < depth; channel++) {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        text +=
          formatNumberExactly(data[(row * columns + column) * depth + channel]!) + (column < columns - 1 ? '\t' : '\n')
      }
      if (performance.now() < until) continue
      await new Promise((resolve) => setTimeout(resolve))
      until = performance.now() + slice
    }
  }
  return text
}

/** A name that may hold what separates columns and lines. */
function plain(name: string): string {
  return name.replace(/[\t\r\n]+/g, ' ')
}
