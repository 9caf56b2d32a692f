/** How one stage is painted and what stands round it: the options of a figure, applied to that stage. */

import type { StageSummary } from '../../shared/api.ts'
import type { ColourScale } from '../../shared/colour.ts'
import { usualFigure, type FigureOptions } from '../../shared/figures.ts'
import { isApart, isTogether, scaledStage, scaleOf, type Range } from '../../shared/scales.ts'
import { elementCount, type Rect, type Tensor } from '../../shared/tensor.ts'

/** A stage with all its numbers, or a part of one. */
export interface FinishedStage {
  /** Of these numbers. */
  readonly summary: StageSummary
  readonly tensor: Tensor
  /** Of a part: the stage it was cut from, which its scale is still that of, and where it stands there. */
  readonly part?: {
    readonly whole: StageSummary
    readonly rect: Rect
    /** [first, end) */
    readonly channels: readonly [first: number, end: number]
  }
}

export interface Look extends Pick<FigureOptions, 'labels' | 'legend' | 'scaleBar' | 'elementSize'> {
  /** Whether the legend has one. */
  readonly histogram: boolean
  /** Of all channels, unless each has its own. */
  readonly scale: ColourScale
  /** Of one channel, counted in what is drawn. */
  readonly channelScale: (channel: number) => ColourScale
  /** Whether each channel has a scale of its own. */
  readonly apart: boolean
  /** Whether the scale is that of all stages of the run. */
  readonly together: boolean
  /** The number of the first channel that is drawn. */
  readonly firstChannel: number
}

/** `everywhere`: the range of all stages of the run, where they are to have one scale. */
export function lookOf(
  stage: FinishedStage,
  options: FigureOptions = usualFigure,
  everywhere: Range | null = null,
): Look {
  const { scales, labels, legend, scaleBar, elementSize } = options
  const whole = scaledStage(stage.part?.whole ?? stage.summary)
  const [first, end] = stage.part?.channels ?? [0, whole.channels]
  const channelScale = (channel: number) => scaleOf(whole, scales, everywhere, first + channel)
  const alone = end - first === 1
  const { nan, infinite, shape } = stage.summary
  // A scale no value is on would have an end that occurs nowhere.
  const finite = nan + infinite < elementCount(shape)
  return {
    labels,
    legend,
    histogram: legend && finite,
    scaleBar: scaleBar && finite,
    elementSize,
    scale: alone ? channelScale(0) : scaleOf(whole, scales, everywhere),
    channelScale,
    apart: !alone && isApart(whole, scales),
    together: isTogether(whole, scales),
    firstChannel: first,
  }
}
