/** One picture of a run, on the side that holds the tensors. */

import { usualFigure, type DrawnFigure, type FigureRequest } from '../../shared/figures.ts'
import { stageFileStem } from '../../shared/pipeline.ts'
import { rangeOfAll, scaledStage } from '../../shared/scales.ts'
import type { Explanation, Place, TermsRequest } from '../../shared/explain.ts'
import type { Tensor } from '../../shared/tensor.ts'
import { cutStage } from '../pipeline/region.ts'
import type { RunStep } from '../pipeline/run.ts'
import { drive } from './drive.ts'
import type { RequestContext, RunSource } from './protocol.ts'

/** Where the pixels, the stages and the arithmetic come from. */
export interface DrawingReader {
  readonly photo: () => Promise<Tensor<Uint8Array>>
  readonly compute: (
    wanted: { readonly first: number; readonly last: number },
    onStep: (step: RunStep) => void,
  ) => Promise<void>
  readonly explain: (element: {
    readonly stage: number
    readonly place: Place
    readonly terms: TermsRequest
  }) => Promise<Explanation>
}

/** So many terms are told at once; of longer sums a formula shows the largest. */
const termsTold = 4096

/** Throws what computing and drawing throw. */
export async function drawOne(
  request: RunSource & FigureRequest & { readonly iconHeight?: number },
  context: RequestContext,
  reader: DrawingReader,
): Promise<DrawnFigure> {
  const { subject, figure: options = usualFigure, image, pipeline, iconHeight } = request
  const format = iconHeight === undefined ? request.format : 'png'
  const { drawEvolution, drawFormula, drawStage, figureIcon, figurePng, figureSvg } =
    await import('../images/figure.ts')
  const { baseName, regionSuffix, safeName } = await import('../export/index.ts')
  const end = request.stages.length - 1
  const last = subject.type === 'evolution' ? end : subject.stage
  // The scale of all stages has to know all of them.
  const all = subject.type === 'evolution' || options.scales.mode === 'stages'
  const wanted = all ? { first: 0, last: end } : { first: Math.max(0, last - 1), last }
  const stages: Pick<Extract<RunStep, { type: 'stage' }>, 'summary' | 'tensor'>[] = []
  await reader.compute(wanted, (step) => {
    if (step.type === 'stage') stages.push({ summary: step.summary, tensor: step.tensor })
  })
  const everywhere = rangeOfAll(stages.map(({ summary }) => scaledStage(summary)))
  const stageAt = (index: number) => stages.find(({ summary }) => summary.index === index)!
  const draw = async () => {
    switch (subject.type) {
      case 'evolution': {
        const run = { image: image.info, original: await reader.photo(), pipeline, stages }
        return { figure: drawEvolution(run, options), stem: 'evolution' }
      }
      case 'stage': {
        const { summary, tensor } = stageAt(subject.stage)
        const cut = await drive(cutStage(summary, tensor, subject), context.signal)
        const stem = stageFileStem(summary.index, summary.kind) + regionSuffix(subject)
        return { figure: drawStage(cut, options, everywhere), stem }
      }
      case 'formula': {
        const { stage, row, column, channel } = subject
        const explanation = await reader.explain({
          stage,
          place: { row, column, channel },
          terms: { limit: termsTold },
        })
        const { from, shape } = explanation
        const element = {
          image: image.info.name,
          explanation,
          output: stageAt(stage).summary,
          input: from.stage === null ? null : stageAt(from.stage).summary,
        }
        const place = shape.length === 1 ? `element${channel}` : `row${row}-column${column}-channel${channel}`
        const stem = `${stageFileStem(stage, explanation.kind)}-${place}`
        return { figure: drawFormula(element, options, everywhere), stem }
      }
    }
  }
  const { figure, stem } = await draw()
  const bytes = await (format === 'svg'
    ? figureSvg(figure, options)
    : iconHeight === undefined
      ? figurePng(figure, options)
      : figureIcon(figure, options, iconHeight))
  return {
    type: format === 'png' ? 'image/png' : 'image/svg+xml',
    bytes,
    name: safeName(`${baseName(image.info.name)}-${stem}.${format}`),
    width: figure.width * options.magnification,
    height: figure.height * options.magnification,
  }
}
