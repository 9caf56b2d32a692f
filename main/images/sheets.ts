/** Sheets of small pictures: all images of a batch, and those that excite a channel most and least. */

import { createCanvas, strokeAround, type Canvas } from './canvas.ts'
import { bodyStyle, formatNumber, hairline, quietStyle, smallStyle, tinyStyle, titleStyle } from './figureStyle.ts'
import { keepBytes, sharp } from './sharp.ts'
import { drawText, ellipsise } from './text.ts'

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

/** A page of pictures in rows, each with its lines under it. */
export async function drawSheet(title: string, detail: string, entries: readonly SheetEntry[]): Promise<Canvas> {
  const lines = Math.max(0, ...entries.map((entry) => entry.lines.length))
  const cellHeight = side + lines * lineHeight + gap
  const across = Math.min(columns, Math.max(narrowest, entries.length))
  const canvas = createCanvas(
    2 * margin + across * side + (across - 1) * gap,
    margin + header + Math.max(1, Math.ceil(entries.length / columns)) * cellHeight + margin - gap,
  )
  drawHeading(canvas, title, detail)
  for (const [index, entry] of entries.entries()) {
    const left = margin + (index % columns) * (side + gap)
    const top = margin + header + Math.floor(index / columns) * cellHeight
    await drawEntry(canvas, left, top, entry)
  }
  return canvas
}

function drawHeading(canvas: Canvas, title: string, detail: string): void {
  drawText(canvas, ellipsise(title, canvas.width - 2 * margin, titleStyle), margin, margin + 16, titleStyle)
  drawText(canvas, ellipsise(detail, canvas.width - 2 * margin, quietStyle), margin, margin + 38, quietStyle)
}

async function drawEntry(canvas: Canvas, left: number, top: number, { thumbnail, lines }: SheetEntry): Promise<void> {
  const { data, info } = await sharp(thumbnail, { limitInputPixels: 4 * side * side })
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  const pixels = keepBytes(data)
  const x = left + Math.floor((side - info.width) / 2)
  const y = top + Math.floor((side - info.height) / 2)
  for (let row = 0; row < info.height; row++) {
    const from = row * info.width * 3
    canvas.pixels.set(pixels.subarray(from, from + info.width * 3), ((y + row) * canvas.width + x) * 3)
  }
  strokeAround(canvas, x, y, info.width, info.height, hairline)
  lines.forEach((line, i) => {
    const style = i === 0 ? smallStyle : tinyStyle
    drawText(canvas, ellipsise(line, side, style), left, top + side + 13 + i * lineHeight, style)
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
): Promise<Canvas> {
  const block = kept * (side + gap) - gap
  const between = 3 * gap
  const rowHeight = 26 + side + 2 * lineHeight + gap
  const canvas = createCanvas(2 * margin + 2 * block + between, margin + header + channels.length * rowHeight + margin)
  drawHeading(canvas, title, detail)
  for (const [index, { name, most, least }] of channels.entries()) {
    const top = margin + header + index * rowHeight
    for (const [entries, left, what] of [
      [most, margin, 'largest mean'],
      [least, margin + block + between, 'smallest mean'],
    ] as const) {
      drawText(canvas, ellipsise(`${name}: ${what}`, block, bodyStyle), left, top + 14, bodyStyle)
      for (const [at, entry] of entries.entries()) {
        const lines = [...entry.lines, formatNumber(entry.value)]
        await drawEntry(canvas, left + at * (side + gap), top + 26, { ...entry, lines })
      }
    }
  }
  return canvas
}
