/** Pictures of stages with labels, legends and arrows: what is saved beside the numbers. */

export { drawEvolution, smallPhoto } from './figureEvolution.ts'
export { drawFormula } from './figureFormula.ts'
export type { FinishedStage } from './figureLook.ts'
export { drawStage } from './figureStage.ts'
export { figureBytes, figureIcon, figurePng } from './raster.ts'
export type { Figure } from './surface.ts'
export { figureSvg } from './svg.ts'
