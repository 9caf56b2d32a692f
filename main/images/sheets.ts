/** Sheets of small pictures: all images of a batch, and those that excite a channel most and least. */

import { usualFigure, type FigureOptions } from '../../shared/figures.ts'
import { bodyStyle, formatNumber, quietStyle, smallStyle, tinyStyle, titleStyle } from './figureStyle.ts'
import { keepBytes, sharp } from './sharp.ts'
import { frame, type Figure, type Surface } from './surface.ts'
import { ellipsise } from './text.ts'

/** A small encoded picture and what is written under it. */
export interface SheetEntry {
  readonly thumbnail: Uint8Array
  readonly lines: readonly string[]
}

const margin = 28
const header = 56
const side = 96
const gap = 16
const lineHeight = 15
const columns = 10
const rows = 20
/** Columns of the narrowest sheet: its heading has to fit. */
const narrowest = 5
/** Pictures on one sheet. */
export const sheetPictures = columns * rows

/** Of how figures look, what there is on a sheet: its small pictures have no scale, and no more pixels than are drawn. */
type SheetLook = Pick<FigureOptions, 'labels'>

/** A page of pictures in rows, each with its lines under it; without labels the pictures alone. */
export async function drawSheet(
  title: string,
  detail: string,
  entries: readonly SheetEntry[],
  { labels }: SheetLook = usualFigure,
): Promise<Figure> {
  const lines = labels ? Math.max(0, ...entries.map((entry) => entry.lines.length)) : 0
  const cellHeight = side + lines * lineHeight + gap
  const across = Math.min(columns, Math.max(labels ? narrowest : 1, entries.length))
  const width = 2 * margin + across * side + (across - 1) * gap
  const first = margin + (labels ? header : 0)
  const height = first + Math.max(1, Math.ceil(entries.length / columns)) * cellHeight + margin - gap
  const decoded = await Promise.all(entries.map(decodeEntry))
  return {
    width,
    height,
    title: `${title}, ${detail}`,
    draw(surface) {
      if (labels) drawHeading(surface, width, title, detail)
      for (const [index, entry] of decoded.entries()) {
        const left = margin + (index % columns) * (side + gap)
        const top = first + Math.floor(index / columns) * cellHeight
        drawEntry(surface, left, top, entry, labels)
      }
    },
  }
}

function drawHeading(surface: Surface, width: number, title: string, detail: string): void {
  surface.text(ellipsise(title, width - 2 * margin, titleStyle), margin, margin + 16, titleStyle)
  surface.text(ellipsise(detail, width - 2 * margin, quietStyle), margin, margin + 38, quietStyle)
}

interface DecodedEntry {
  readonly rgba: Uint8Array
  readonly width: number
  readonly height: number
  readonly lines: readonly string[]
}

async function decodeEntry({ thumbnail, lines }: SheetEntry): Promise<DecodedEntry> {
  const { data, info } = await sharp(thumbnail, { limitInputPixels: 4 * side * side })
    // They come from a file; as they are made, they fit.
    .resize(side, side, { fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .removeAlpha()
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { rgba: keepBytes(data), width: info.width, height: info.height, lines }
}

function drawEntry(surface: Surface, left: number, top: number, entry: DecodedEntry, labels: boolean): void {
  const { rgba, width, height, lines } = entry
  const x = left + Math.floor((side - width) / 2)
  const y = top + Math.floor((side - height) / 2)
  surface.picture(rgba, width, height, x, y, 1)
  frame(surface, x, y, width, height)
  if (!labels) return
  lines.forEach((line, i) => {
    const style = i === 0 ? smallStyle : tinyStyle
    surface.text(ellipsise(line, side, style), left, top + side + 13 + i * lineHeight, style)
  })
}

/** One channel and the pictures at its two ends. */
export interface ExtremesRow {
  readonly name: string
  readonly most: readonly (SheetEntry & { readonly value: number })[]
  readonly least: readonly (SheetEntry & { readonly value: number })[]
}

/** A row a channel: on the left the pictures with its largest mean, on the right those with its smallest. */
export async function drawExtremes(
  title: string,
  detail: string,
  channels: readonly ExtremesRow[],
  kept: number,
  { labels }: SheetLook = usualFigure,
): Promise<Figure> {
  const block = kept * (side + gap) - gap
  const between = 3 * gap
  const named = labels ? 26 : 0
  const rowHeight = named + side + (labels ? 2 * lineHeight : 0) + gap
  const first = margin + (labels ? header : 0)
  const width = 2 * margin + 2 * block + between
  const decode = (entries: ExtremesRow['most']) =>
    Promise.all(entries.map((entry) => decodeEntry({ ...entry, lines: [...entry.lines, formatNumber(entry.value)] })))
  const rows = await Promise.all(
    channels.map(async ({ name, most, least }) => ({ name, most: await decode(most), least: await decode(least) })),
  )
  return {
    width,
    height: first + channels.length * rowHeight + margin - (labels ? 0 : gap),
    title: `${title}, ${detail}`,
    draw(surface) {
      if (labels) drawHeading(surface, width, title, detail)
      for (const [index, { name, most, least }] of rows.entries()) {
        const top = first + index * rowHeight
        for (const [entries, left, what] of [
          [most, margin, 'largest mean'],
          [least, margin + block + between, 'smallest mean'],
        ] as const) {
          if (labels) surface.text(ellipsise(`${name}: ${what}`, block, bodyStyle), left, top + 14, bodyStyle)
          entries.forEach((entry, at) => drawEntry(surface, left + at * (side + gap), top + named, entry, labels))
        }
      }
    },
  }
}
