/** What figures are drawn on. The layout is made once; a surface puts it into pixels (raster.ts) or elements (svg.ts). */

import type { FigureTheme } from '../../shared/figures.ts'
import type { Align, TextStyle } from './text.ts'

export type Colour = readonly [red: number, green: number, blue: number]

/** What a colour is for; each theme has its own. */
export type Role = 'ink' | 'muted' | 'hairline' | 'faint' | 'plot' | 'histogram' | 'accent'
export type Paint = Role | Colour

export interface Palette extends Readonly<Record<Role, Colour>> {
  /** The background; null: none. */
  readonly paper: Colour | null
}

export const palettes: Readonly<Record<FigureTheme, Palette>> = {
  light: {
    paper: [255, 255, 255],
    ink: [26, 26, 24],
    muted: [98, 98, 94],
    hairline: [214, 214, 209],
    faint: [240, 240, 237],
    plot: [250, 250, 248],
    histogram: [158, 158, 154],
    accent: [58, 111, 196],
  },
  dark: {
    paper: [24, 25, 28],
    ink: [236, 236, 232],
    muted: [170, 170, 165],
    hairline: [66, 68, 73],
    faint: [43, 45, 50],
    plot: [31, 32, 36],
    histogram: [112, 114, 119],
    accent: [98, 152, 236],
  },
  // One grey with a contrast above 4.5 to white and to black, since nobody knows on what it will lie.
  transparent: {
    paper: null,
    ink: [118, 118, 118],
    muted: [118, 118, 118],
    hairline: [150, 150, 150],
    faint: [190, 190, 190],
    plot: [190, 190, 190],
    histogram: [140, 140, 140],
    accent: [46, 117, 204],
  },
}

export function colourIn(palette: Palette, paint: Paint): Colour {
  return typeof paint === 'string' ? palette[paint] : paint
}

/** All lengths are in pixels of the drawing; what lies outside is cut off. */
export interface Surface {
  /** Fills whole pixels. */
  rect(left: number, top: number, width: number, height: number, paint: Paint): void
  /** Fills a polygon of x, y, x, y, …. */
  polygon(points: readonly number[], paint: Paint): void
  /** Opaque RGBA pixels, each as a square of `scale` × `scale`. */
  picture(rgba: Uint8Array, width: number, height: number, left: number, top: number, scale: number): void
  /** One line with its baseline at `baseline`; `x` is its left end, middle or right end. Returns its width. */
  text(text: string, x: number, baseline: number, style: TextStyle, align?: Align): number
  /** Whether every character has a glyph here. */
  canWrite(text: string): boolean
}

/** A drawing of a known size, ready for any surface. */
export interface Figure {
  readonly width: number
  readonly height: number
  /** What it shows, in words, for those who do not see it. */
  readonly title: string
  draw(surface: Surface): void
}

/** A frame one pixel wide just outside the rectangle. */
export function frame(
  surface: Surface,
  left: number,
  top: number,
  width: number,
  height: number,
  paint: Paint = 'hairline',
): void {
  surface.rect(left - 1, top - 1, width + 2, 1, paint)
  surface.rect(left - 1, top + height, width + 2, 1, paint)
  surface.rect(left - 1, top, 1, height, paint)
  surface.rect(left + width, top, 1, height, paint)
}
