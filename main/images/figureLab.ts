/** What a program of the array lab shows, as a picture: panels in a grid, each with its title and its range. */

import type { LabDrawing, LabDrawnPanel } from '../../shared/lab.ts'
import { formatNumber, smallStyle, titleStyle, tinyStyle } from './figureStyle.ts'
import { figurePng } from './raster.ts'
import { frame, type Figure } from './surface.ts'
import { ellipsise, measureText } from './text.ts'

const gap = 24
const margin = 24
/** Small arrays are enlarged, an element a square, until a side is about this long. */
const wanted = 240
const narrowest = 160

function scaleOf({ width, height }: LabDrawnPanel): number {
  return Math.max(1, Math.floor(wanted / Math.max(1, width, height)))
}

/** Where columns or rows begin, and how far they go together. */
function places(sizes: readonly number[]): { readonly starts: readonly number[]; readonly total: number } {
  let total = 0
  const starts = sizes.map((size) => {
    const start = total
    if (size > 0) total += size + gap
    return start
  })
  return { starts, total: Math.max(0, total - gap) }
}

/** Pixels of the panels are drawn as they are, or as whole squares; nothing is smoothed. */
function drawLab({ title, rows, columns, panels }: LabDrawing): Figure {
  const titleRoom = panels.some((panel) => panel.title !== '') ? 22 : 0
  const rangeRoom = panels.some(({ range }) => range !== null) ? 20 : 0
  const heading = title === '' ? 0 : 36
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(
      0,
      ...panels
        .filter((panel) => panel.column === column)
        .map((panel) => Math.max(narrowest, panel.width * scaleOf(panel))),
    ),
  )
  const heights = Array.from({ length: rows }, (_, row) =>
    Math.max(
      0,
      ...panels
        .filter((panel) => panel.row === row)
        .map((panel) => panel.height * scaleOf(panel) + titleRoom + rangeRoom),
    ),
  )
  const across = places(widths)
  const down = places(heights)
  const width = 2 * margin + Math.max(across.total, title === '' ? 0 : Math.min(600, measureText(title, titleStyle)))
  return {
    width: Math.ceil(width),
    height: 2 * margin + heading + down.total,
    title: title || 'Pictures of a program',
    draw(surface) {
      if (title !== '') surface.text(ellipsise(title, width - 2 * margin, titleStyle), margin, margin + 18, titleStyle)
      for (const panel of panels) {
        const room = widths[panel.column] ?? 0
        const left = margin + (across.starts[panel.column] ?? 0)
        const top = margin + heading + (down.starts[panel.row] ?? 0)
        const scale = scaleOf(panel)
        const [wide, high] = [panel.width * scale, panel.height * scale]
        if (panel.title !== '') surface.text(ellipsise(panel.title, room, smallStyle), left, top + 13, smallStyle)
        surface.picture(panel.rgba, panel.width, panel.height, left, top + titleRoom, scale)
        frame(surface, left, top + titleRoom, wide, high)
        if (panel.range) {
          const text = `${formatNumber(panel.range[0])} to ${formatNumber(panel.range[1])}`
          surface.text(ellipsise(text, room, tinyStyle), left, top + titleRoom + high + 15, tinyStyle)
        }
      }
    },
  }
}

/** The figure as a PNG file. */
export async function labPng(figure: LabDrawing): Promise<Uint8Array> {
  return figurePng(drawLab(figure))
}
