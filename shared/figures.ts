/** How a picture is drawn for saving: one set of options for the window, the command line and every kind of figure. */

import * as v from 'valibot'
import type { Picture, SavePart } from './api.ts'
import type { Place } from './explain.ts'
import { scaleChoicesSchema, usualScales, type ScaleChoices } from './scales.ts'

export const figureThemes = ['light', 'dark', 'transparent'] as const
export type FigureTheme = (typeof figureThemes)[number]

export const mostMagnification = 8
export const mostElementSize = 128

const size = (most: number) => v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(most))

export const figureOptionsSchema = v.strictObject({
  theme: v.picklist(figureThemes),
  labels: v.boolean(),
  legend: v.boolean(),
  scaleBar: v.boolean(),
  magnification: size(mostMagnification),
  elementSize: v.nullable(size(mostElementSize)),
  scales: scaleChoicesSchema,
})

export interface FigureOptions {
  /** `transparent`: no background, and a grey that can be read on white and on black. */
  readonly theme: FigureTheme
  /** What things are called: titles, names, shapes and statistics. Without these three, the picture alone is left. */
  readonly labels: boolean
  /**
   * What explains the picture: how often the values occur (the histogram), what the colours mean that are on no scale,
   * and the sentences that say which scale it is and what is reduced or cut.
   */
  readonly legend: boolean
  /** Which value a colour or a length stands for: the bar of colours and the axes, with their numbers. */
  readonly scaleBar: boolean
  /** Pixels of the file for each pixel of the drawing: a whole number, so that elements stay square and crisp. */
  readonly magnification: number
  /** Pixels an element of a stage is wide and high; null: what fills its place. */
  readonly elementSize: number | null
  readonly scales: ScaleChoices
}

export const usualFigure: FigureOptions = {
  theme: 'light',
  labels: true,
  legend: true,
  scaleBar: true,
  magnification: 1,
  elementSize: null,
  scales: usualScales,
}

export const figureFormats = ['png', 'svg'] as const
export type FigureFormat = (typeof figureFormats)[number]

/** What one picture is of: a stage or a part of one, all stages side by side, or how one element came about. */
export type FigureSubject =
  | ({ readonly type: 'stage'; readonly stage: number } & Omit<SavePart, 'stage'>)
  | { readonly type: 'evolution' }
  | ({ readonly type: 'formula'; readonly stage: number } & Place)

export interface FigureRequest {
  readonly subject: FigureSubject
  readonly format: FigureFormat
  /** `usualFigure` if left out. */
  readonly figure?: FigureOptions
}

export interface DrawnFigure extends Picture {
  /** What to call the file. */
  readonly name: string
  /** Pixels of the file. */
  readonly width: number
  readonly height: number
}
