/** Figures that say how they were asked for. */

import type { DrawnFigure, FigureRequest } from '../../shared/figures.ts'

export function fakeFigure({ subject, format, figure }: FigureRequest): DrawnFigure {
  return {
    type: format === 'png' ? 'image/png' : 'image/svg+xml',
    bytes: new TextEncoder().encode(JSON.stringify({ subject, figure })),
    name: `photo-${subject.type}.${format}`,
    width: 640,
    height: 480,
  }
}
