/** Pictures of stages with labels, legends and arrows: what is saved beside the numbers. */

import type { StageSummary } from '../../shared/api.ts'
import type { Tensor } from '../../shared/tensor.ts'
import type { Canvas } from './canvas.ts'
import { encodePng } from './index.ts'

export { drawEvolution } from './figureEvolution.ts'
export { drawStage } from './figureStage.ts'

/** A stage with all its numbers. */
export interface FinishedStage {
  readonly summary: StageSummary
  readonly tensor: Tensor
}

/** A canvas as a PNG file. */
export function figurePng(canvas: Canvas): Promise<Uint8Array> {
  return encodePng(canvas.pixels, { width: canvas.width, height: canvas.height, channels: 3 })
}
