/** Pictures of stages with labels, legends and arrows: what is saved beside the numbers. */

import type { Canvas } from './canvas.ts'
import { encodePng } from './index.ts'

export { drawEvolution } from './figureEvolution.ts'
export { drawStage, type FinishedStage } from './figureStage.ts'

/** A canvas as a PNG file. */
export function figurePng(canvas: Canvas): Promise<Uint8Array> {
  return encodePng(canvas.pixels, { width: canvas.width, height: canvas.height, channels: 3 })
}
