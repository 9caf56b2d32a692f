/**
 * The glyphs figures are written with: IBM Plex Sans, shipped with the program, since a machine may have no fonts.
 * Its figures are all of one width, so numbers stand below each other. Loaded when first needed.
 */

import { readFileSync } from 'node:fs'
import { parse, type Font } from 'opentype.js'
import { LoupeError } from '../../shared/errors.ts'
import { fillContours, type Mask } from './fill.ts'
import { unpackWoff } from './woff.ts'

export type Weight = 'regular' | 'bold'

/** A glyph at one size, ready to be laid on a canvas: the mask's place relative to the pen on the baseline. */
export interface Glyph extends Mask {
  readonly left: number
  readonly top: number
}

/** Horizontal places within a pixel that a glyph is drawn for. */
export const subpixels = 4

const weights: Record<Weight, string> = { regular: '400', bold: '600' }
/** Searched in this order; all but the first are read only for text that needs them. */
const scripts = ['latin', 'latin-ext', 'greek', 'cyrillic'] as const
type Script = (typeof scripts)[number]

/** One file of the font. */
export interface FontFace {
  readonly script: Script
  readonly weight: Weight
}

/** Characters and masks kept at most: names of pictures and classes may be in any letters. */
const mostKept = 8192

const fonts = new Map<string, Font>()
const places: Readonly<Record<Weight, Map<string, Placed>>> = { regular: new Map(), bold: new Map() }
let kept = 0

/** Where the glyph of a character is; index 0 is the box that stands for one that is nowhere. */
interface Placed {
  readonly font: Font
  readonly index: number
  readonly script: Script
  /** How far the pen moves, in units of the font. */
  readonly width: number
  /** For each size in pixels its masks, one for each place within a pixel. */
  readonly masks: Map<number, Glyph[]>
}

function loadFont(face: FontFace): Font {
  const name = `${face.script} ${face.weight}`
  let font = fonts.get(name)
  if (!font) {
    font = parse(unpackWoff(readFont(face)))
    fonts.set(name, font)
  }
  return font
}

/** The bytes of a WOFF file. The build copies `assets` beside the bundle. */
export function readFont({ script, weight }: FontFace): Buffer {
  const file = `plex-sans-${script}-${weights[weight]}.woff`
  try {
    return readFileSync(new URL(`./assets/${file}`, import.meta.url))
  } catch (error) {
    throw new LoupeError(
      'internal',
      `The font ${file} is missing from this installation; install LayerLoupe again.`,
      {},
      { cause: error },
    )
  }
}

/** Characters as wide as they are high in the fonts that have them. */
const square =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\u{1f300}-\u{1faff}\u{20000}-\u{3ffff}]/u

/** Characters that only change the one before them. */
const attached = /[\p{M}\p{Cf}]/u

/** The font that has a character; for one that none has, the first, whose glyph 0 is a box. */
function place(character: string, weight: Weight): Placed {
  let found = places[weight].get(character)
  if (!found) {
    makeRoom()
    found = find(character, weight)
    places[weight].set(character, found)
  }
  return found
}

function find(character: string, weight: Weight): Placed {
  for (const script of scripts) {
    const font = loadFont({ script, weight })
    const index = font.charToGlyphIndex(character)
    if (index > 0) return { font, index, script, width: widthOf(font, index), masks: new Map() }
  }
  const font = loadFont({ script: scripts[0], weight })
  const width = attached.test(character) ? 0 : square.test(character) ? font.unitsPerEm : widthOf(font, 0)
  return { font, index: 0, script: scripts[0], width, masks: new Map() }
}

function widthOf(font: Font, index: number): number {
  return font.glyphs.get(index).advanceWidth ?? 0
}

function makeRoom(): void {
  if (++kept <= mostKept) return
  places.regular.clear()
  places.bold.clear()
  kept = 1
}

/** Whether a character has a glyph of its own. */
export function hasGlyph(character: string): boolean {
  return place(character, 'regular').index > 0
}

/** The font file that has a glyph for a character, if there is one. */
export function fontOf(character: string, weight: Weight): FontFace | undefined {
  const { index, script } = place(character, weight)
  return index > 0 ? { script, weight } : undefined
}

/** What a font file is called in an SVG figure. */
export function fontFamily(script: Script): string {
  return script === 'latin' ? 'LayerLoupe Sans' : `LayerLoupe Sans ${script}`
}

/** How far the pen moves, in pixels. */
export function advance(character: string, size: number, weight: Weight): number {
  const { font, width } = place(character, weight)
  return (width * size) / font.unitsPerEm
}

/** A character's mask at a size in pixels, `shift` subpixels to the right. */
export function glyphMask(character: string, size: number, weight: Weight, shift: number): Glyph {
  const { font, index, masks } = place(character, weight)
  let ofSize = masks.get(size)
  if (!ofSize) masks.set(size, (ofSize = []))
  let glyph = ofSize[shift]
  if (!glyph) {
    makeRoom()
    glyph = rasterise(flatten(font.glyphs.get(index).getPath(shift / subpixels, 0, size).commands))
    ofSize[shift] = glyph
  }
  return glyph
}

type Command = ReturnType<ReturnType<Font['glyphs']['get']>['getPath']>['commands'][number]

/** Straight pieces a curve is cut into: finer than can be seen at the sizes of a figure. */
const pieces = 6

function flatten(commands: readonly Command[]): number[][] {
  const contours: number[][] = []
  let points: number[] = []
  for (const command of commands) {
    if (command.type === 'M') contours.push((points = [command.x, command.y]))
    else if (command.type === 'L') points.push(command.x, command.y)
    else if (command.type !== 'Z') addCurve(points, command)
  }
  return contours
}

function addCurve(points: number[], command: Extract<Command, { type: 'Q' | 'C' }>): void {
  const x0 = points[points.length - 2]!
  const y0 = points[points.length - 1]!
  const { x1, y1, x, y } = command
  for (let i = 1; i <= pieces; i++) {
    const t = i / pieces
    const s = 1 - t
    if (command.type === 'Q') {
      points.push(s * s * x0 + 2 * s * t * x1 + t * t * x, s * s * y0 + 2 * s * t * y1 + t * t * y)
    } else {
      const [a, b, c, d] = [s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t]
      points.push(a * x0 + b * x1 + c * command.x2 + d * x, a * y0 + b * y1 + c * command.y2 + d * y)
    }
  }
}

function rasterise(contours: readonly number[][]): Glyph {
  let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const points of contours) {
    for (let i = 0; i < points.length; i += 2) {
      minX = Math.min(minX, points[i]!)
      maxX = Math.max(maxX, points[i]!)
      minY = Math.min(minY, points[i + 1]!)
      maxY = Math.max(maxY, points[i + 1]!)
    }
  }
  if (maxX < minX) return { left: 0, top: 0, width: 0, height: 0, coverage: new Uint8Array(0) }
  const left = Math.floor(minX)
  const top = Math.floor(minY)
  for (const points of contours) {
    for (let i = 0; i < points.length; i += 2) {
      points[i]! -= left
      points[i + 1]! -= top
    }
  }
  // One column more than is covered: the last one takes what edges add to their right.
  return { left, top, ...fillContours(contours, Math.ceil(maxX) - left + 1, Math.ceil(maxY) - top) }
}
