/** How one element came about, as a figure: what was read, the arithmetic with its numbers, the value. Knows no layer. */

import type { StageSummary } from '../../shared/api.ts'
import type { Explanation, Place } from '../../shared/explain.ts'
import { usualFigure, type FigureOptions } from '../../shared/figures.ts'
import { isApart, scaledStage, scaleOf, type Range } from '../../shared/scales.ts'
import { formatShape, type Shape } from '../../shared/tensor.ts'
import { below, beside, line, paragraph } from './box.ts'
import { cellBox, scaleBar } from './figureCells.ts'
import { formulaBody } from './figureFormulaKinds.ts'
import { nothing, type FormulaContext } from './figureFormulaParts.ts'
import { bodyStyle, formatExactly, quietStyle, smallStyle, titleStyle } from './figureStyle.ts'
import { hasGlyph } from './glyphs.ts'
import type { Figure } from './surface.ts'
import { characters, ellipsise } from './text.ts'

/** An element with what is known of the stage it is of, and of what its formula reads (null: the photo). */
export interface ExplainedElement {
  readonly image: string
  readonly explanation: Explanation
  readonly output: StageSummary
  readonly input: StageSummary | null
}

const margin = 28
const room = 720
const mostNameWidth = 260

/** The formula of any element; `everywhere` as in `lookOf`. Long lists are cut, and say how many more there are. */
export function drawFormula(
  element: ExplainedElement,
  options: FigureOptions = usualFigure,
  everywhere: Range | null = null,
): Figure {
  const { explanation, output, image } = element
  const { place, shape, value, stage } = explanation
  const context = contextOf(element, options, everywhere)
  const { box, notes } = formulaBody(explanation.formula, context)
  const told = notes.filter(({ of }) => options[of])
  const name = output.channelNames[place.channel]
  const named = name === undefined ? '' : ` · ${written(name, `channel ${place.channel}`)}`
  const title = `${explanation.title} · ${placeText(place, shape)}${named}`
  const detail = `${formatShape(shape)} · ${explanation.dtype} · stage ${stage} of ${written(image, 'the picture')}`
  const scale = scaleOf(scaledStage(output), options.scales, everywhere, place.channel)
  const equals = line('=', { ...titleStyle, size: 22 })
  const cell = cellBox({ value }, scale, options.elementSize)
  const number = line(formatExactly(value), { ...bodyStyle, size: 16, weight: 'bold' })
  const bar = beside([{ ...nothing, width: equals.width }, scaleBar(scale, cell.width)], 12)
  const result = below([beside([equals, cell, number], 12), ...(options.scaleBar ? [bar] : [])], 8)
  const header = options.labels ? [below([line(title, titleStyle), line(detail, quietStyle)], 2)] : []
  const footer =
    told.length > 0
      ? [
          below(
            told.map(({ text }) => paragraph(text, Math.max(room, box.width), smallStyle)),
            4,
          ),
        ]
      : []
  const all = below([...header, box, result, ...footer], 22)
  return {
    title: `${title}: ${formatExactly(value)}`,
    width: all.width + 2 * margin,
    height: all.height + 2 * margin,
    draw(surface) {
      all.draw(surface, margin, margin)
    },
  }
}

function contextOf(
  { explanation, input }: ExplainedElement,
  options: FigureOptions,
  everywhere: Range | null,
): FormulaContext {
  const { from, unflattened } = explanation
  const scaled = input && scaledStage(input)
  const channelName = (channel: number) => {
    const name = input?.channelNames[channel]
    return name === undefined ? null : written(name, `channel ${channel}`)
  }
  return {
    explanation,
    options,
    apart: scaled !== null && isApart(scaled, options.scales),
    inputScale: (channel) =>
      scaled
        ? scaleOf(scaled, options.scales, everywhere, channel)
        : { name: options.scales.names.light, from: 0, to: 255 },
    channelName,
    where({ place, picture }) {
      if (place === null) return 'padding'
      if (picture === null || unflattened === null) {
        const name = from.shape.length === 1 ? channelName(place.channel) : null
        return name ?? placeText(place, from.shape)
      }
      return `row ${picture.row}, column ${picture.column}, channel ${picture.channel}`
    },
  }
}

/** A name somebody has given, cut to a length; something else where it has letters that cannot be drawn. */
function written(name: string, otherwise: string): string {
  return characters(name).every(hasGlyph) ? ellipsise(name, mostNameWidth, bodyStyle) : otherwise
}

function placeText({ row, column, channel }: Place, shape: Shape): string {
  if (shape.length === 1) return `element ${channel}`
  return `row ${row}, column ${column}${shape[2] === 1 ? '' : `, channel ${channel}`}`
}
