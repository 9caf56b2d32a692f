/** How the bytes of a file are made once its turn has come, and how much memory that takes. */

import type { FigureOptions } from '../../shared/figures.ts'
import { figureBytes, figurePng, figureSvg, type Figure } from '../images/figure.ts'

interface Making<Make> {
  /** Bytes of memory a picture takes meanwhile. */
  readonly bytes: number
  readonly make: Make
}

/** A file that is written as it is made, or is there already. */
export function plain<Make>(make: Make): () => Making<Make> {
  return () => ({ bytes: 0, make })
}

/** A picture is laid out first: that tells how much memory its pixels will take. */
export function pngOf(draw: () => Figure, look: FigureOptions): () => Making<() => Promise<Uint8Array>> {
  return () => {
    const drawn = draw()
    return { bytes: figureBytes(drawn, look), make: () => figurePng(drawn, look) }
  }
}

/** What is in an SVG is as large as the drawing, however large it is shown. */
export function svgOf(draw: () => Figure, look: FigureOptions): () => Making<() => Promise<Uint8Array>> {
  return () => {
    const drawn = draw()
    return { bytes: figureBytes(drawn), make: () => figureSvg(drawn, look) }
  }
}
