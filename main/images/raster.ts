/** Figures as pixels. */

import { LoupeError } from '../../shared/errors.ts'
import { usualFigure, type FigureOptions } from '../../shared/figures.ts'
import { blendMask, createCanvas, drawPixels, fillRect, type Canvas } from './canvas.ts'
import { encodeDrawing } from './drawnPng.ts'
import { encodeIcon, encodePng } from './encode.ts'
import { fillContours } from './fill.ts'
import { hasGlyph } from './glyphs.ts'
import { colourIn, palettes, type Colour, type Figure, type Palette, type Surface } from './surface.ts'
import { characters, drawText, measureText } from './text.ts'

type Look = Pick<FigureOptions, 'theme' | 'magnification'>

/** More than this opens in few programs, and is more memory than a figure is worth. */
const mostPixels = 160_000_000

/** Its pixels are in `memory`, if there is any. Throws `bad-request` where the picture would be too large to be opened. */
export function rasterise(figure: Figure, { theme, magnification }: Look = usualFigure, memory?: Uint8Array): Canvas {
  const width = figure.width * magnification
  const height = figure.height * magnification
  if (width * height > mostPixels) {
    throw new LoupeError(
      'bad-request',
      `The picture would be ${width}×${height} pixels, too large to be opened. Choose a smaller scale, or SVG.`,
    )
  }
  const palette = palettes[theme]
  const canvas = createCanvas(width, height, palette.paper, memory)
  figure.draw(rasterSurface(canvas, palette, magnification))
  return canvas
}

/** Bytes the pixels of a figure take, at most, while it is made. */
export function figureBytes(
  { width, height }: Figure,
  { magnification }: Pick<Look, 'magnification'> = usualFigure,
): number {
  return width * height * magnification ** 2 * 4
}

/** Bytes of a figure drawn and encoded here and now; a larger one is encoded by another thread, not to hold up this one. */
const mostDrawn = 6 << 20
/** Where those are drawn, one after the other. */
let board: Uint8Array | undefined

/** A figure as a PNG file. Throws as `rasterise` does. */
export async function figurePng(figure: Figure, look: Look = usualFigure): Promise<Uint8Array> {
  if (figureBytes(figure, look) > mostDrawn) {
    const canvas = rasterise(figure, look)
    return encodePng(canvas.pixels, canvas)
  }
  board ??= new Uint8Array(Buffer.allocUnsafeSlow(mostDrawn).buffer)
  return encodeDrawing(rasterise(figure, look, board))
}

/** A figure as a small PNG, at most `height` pixels high. Throws as `rasterise` does. */
export async function figureIcon(figure: Figure, look: Look, height: number): Promise<Uint8Array> {
  const canvas = rasterise(figure, look)
  return encodeIcon(canvas.pixels, canvas, height)
}

function rasterSurface(canvas: Canvas, palette: Palette, m: number): Surface {
  return {
    rect(left, top, width, height, paint) {
      // The edges are rounded before they are enlarged: a line is as thick everywhere.
      const [x, y] = [Math.round(left), Math.round(top)]
      const [across, down] = [Math.round(left + width) - x, Math.round(top + height) - y]
      fillRect(canvas, x * m, y * m, across * m, down * m, colourIn(palette, paint))
    },
    polygon(points, paint) {
      fillPolygon(
        canvas,
        points.map((value) => value * m),
        colourIn(palette, paint),
      )
    },
    picture(rgba, width, height, left, top, scale) {
      drawPixels(canvas, rgba, width, height, left * m, top * m, scale * m)
    },
    text(text, x, baseline, style, align) {
      const enlarged = { ...style, size: style.size * m, colour: colourIn(palette, style.colour) }
      drawText(canvas, text, x * m, Math.round(baseline) * m, enlarged, align)
      return measureText(text, style)
    },
    canWrite: (text) => characters(text).every(hasGlyph),
  }
}

function fillPolygon(canvas: Canvas, points: readonly number[], colour: Colour): void {
  const xs = points.filter((_, i) => i % 2 === 0)
  const ys = points.filter((_, i) => i % 2 === 1)
  const left = Math.floor(Math.min(...xs))
  const top = Math.floor(Math.min(...ys))
  // One column more than is covered: the last one takes what edges add to their right.
  const width = Math.ceil(Math.max(...xs)) - left + 2
  const height = Math.ceil(Math.max(...ys)) - top
  const moved = points.map((value, i) => value - (i % 2 === 0 ? left : top))
  const mask = fillContours([moved], width, height)
  blendMask(canvas, mask.coverage, mask.width, mask.height, left, top, colour)
}
