/** Lines of text on a canvas. */

import { blendMask, type Canvas } from './canvas.ts'
import { advance, glyphMask, hasGlyph, subpixels, type Weight } from './glyphs.ts'
import type { Colour, Paint } from './surface.ts'

export interface TextStyle {
  /** Height of the font in pixels. */
  readonly size: number
  readonly weight: Weight
  readonly colour: Paint
}

export type Align = 'left' | 'centre' | 'right'

/** Width in pixels. */
export function measureText(text: string, style: Pick<TextStyle, 'size' | 'weight'>): number {
  let width = 0
  for (const character of characters(text)) width += advance(character, style.size, style.weight)
  return width
}

/** Writes one line with its baseline at `baseline`; `x` is its left end, middle or right end. */
export function drawText(
  canvas: Canvas,
  text: string,
  x: number,
  baseline: number,
  style: Omit<TextStyle, 'colour'> & { readonly colour: Colour },
  align: Align = 'left',
): void {
  let pen = align === 'left' ? x : x - measureText(text, style) / (align === 'centre' ? 2 : 1)
  for (const character of characters(text)) {
    const width = advance(character, style.size, style.weight)
    if (width === 0 && !hasGlyph(character)) continue
    const steps = Math.round(pen * subpixels)
    const pixel = Math.floor(steps / subpixels)
    const glyph = glyphMask(character, style.size, style.weight, steps - pixel * subpixels)
    blendMask(
      canvas,
      glyph.coverage,
      glyph.width,
      glyph.height,
      pixel + glyph.left,
      Math.round(baseline) + glyph.top,
      style.colour,
    )
    pen += width
  }
}

const segmenter = new Intl.Segmenter()

/** The text, or as much of its beginning as fits `width` with an ellipsis after it. */
export function ellipsise(text: string, width: number, style: Pick<TextStyle, 'size' | 'weight'>): string {
  if (measureText(text, style) <= width) return text
  const characters = Array.from(segmenter.segment(text), ({ segment }) => segment)
  while (characters.length > 0) {
    characters.pop()
    const shorter = `${characters.join('').trimEnd()}…`
    if (measureText(shorter, style) <= width) return shorter
  }
  return '…'
}

/**
 * What is written of a text. Control characters would print as boxes and become spaces; letters and their accents become
 * one character.
 */
export function characters(text: string): readonly string[] {
  if (/^[ -~]*$/.test(text)) return text.split('')
  return Array.from(text.replace(/\p{Cc}/gu, ' ').normalize('NFC'))
}
