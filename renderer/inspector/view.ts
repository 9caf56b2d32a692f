/** What the views of all kinds of formula share. */

import { colourOf, inkOn, type ColourScale } from '../../shared/colour.ts'
import type { Explanation, Formula, Page, Place, Reading, ResizePass } from '../../shared/explain.ts'
import type { Rect } from '../../shared/tensor.ts'
import { columnFormat, exact } from '../draw/columns.ts'
import { formatValue } from '../draw/format.ts'
import type { InspectorState } from '../state/inspector.svelte.ts'
import { wrapColumns } from '../state/layout.ts'
import type { Source } from '../state/source.ts'

/** The stages a formula is about, as pictures. */
export interface Sources {
  /** What the formula reads: a stage or the photo. */
  readonly from: Source | null
  /** Where its terms stand in a picture: what it reads, or the picture a vector was. */
  readonly picture: Source | null
  readonly output: Source | null
  /** What a source, or one channel of it, is painted with. */
  readonly scaleOf: (source: Source, channel?: number) => ColourScale
}

export interface ViewProps<K extends Formula['kind']> {
  readonly formula: Extract<Formula, { readonly kind: K }>
  readonly explanation: Explanation
  readonly inspector: InspectorState
  readonly sources: Sources
}

/** One number as text: all its digits, or six. */
export function writer(all: boolean): (value: number) => string {
  return all ? exact : (value) => formatValue(value)
}

/** How a column of these numbers is written. */
export function columnWriter(values: Iterable<number>, all: boolean, digits = 5): (value: number) => string {
  return columnFormat(values, all ? 'exact' : digits)
}

/** `row 3, column 5, Sobel x`; a vector's name or element. Where all have one channel it need not be said. */
export function placeText(place: Place, source: Source | null, channels = true): string {
  if (!source) return `row ${place.row}, column ${place.column}`
  if (source.form !== 'picture') return source.channelNames[place.channel] ?? `element ${place.channel}`
  const at = `row ${place.row}, column ${place.column}`
  if (!channels || source.channels === 1) return at
  return `${at}, ${source.channelNames[place.channel] ?? `channel ${place.channel}`}`
}

/** Where a reading stands, in the picture if it has a place there; padding stands nowhere. */
export function readingText({ place, picture }: Reading, sources: Sources, channels = true): string {
  if (place === null) return 'padding'
  return picture ? placeText(picture, sources.picture, channels) : placeText(place, sources.from, channels)
}

/** The place of a reading in `Sources.picture`. */
export function pictured({ place, picture }: Reading): Place | null {
  return picture ?? place
}

/** Whether a page is the whole list, in the layer's order. */
export function isWhole(page: Page<unknown>): boolean {
  return page.order === 'layer' && page.first === 0 && page.items.length === page.total
}

export function paint(value: number, scale: ColourScale): { readonly colour: string; readonly ink: string } {
  const colour = colourOf(value, scale)
  return { colour: `rgb(${colour.join(' ')})`, ink: inkOn(colour) }
}

/** What one part is of a whole, as `7.6 %`. */
export function percent(part: number, whole: number): string {
  const share = (part / whole) * 100
  return Number.isFinite(share) ? `${formatValue(share, 3)} %` : '–'
}

/** Columns of a source drawn as a small picture: its own, or those a vector is wrapped into. */
export function pictureColumns({ form, channels, width }: Pick<Source, 'form' | 'channels' | 'width'>): number {
  return form === 'picture' ? width : Math.min(channels, wrapColumns(channels))
}

/** Where a place lies in that small picture. */
export function rectOf(place: Place, source: Pick<Source, 'form' | 'channels' | 'width'>): Rect {
  if (source.form === 'picture') return { left: place.column, top: place.row, width: 1, height: 1 }
  const columns = pictureColumns(source)
  return { left: place.channel % columns, top: Math.floor(place.channel / columns), width: 1, height: 1 }
}

/** All places a formula reads, as far as they are told; none where it reads a whole vector. */
export function placesRead({ formula, from }: Explanation): readonly Place[] {
  const of = (readings: readonly Reading[]) => readings.flatMap(({ place }) => place ?? [])
  switch (formula.kind) {
    case 'sum':
      return from.shape.length === 3 ? of(formula.terms.items) : []
    case 'maximum':
      return of(formula.candidates.items)
    case 'function':
    case 'move':
      return of([formula.reading])
    case 'softmax':
      return []
    case 'photo':
      return formula.samples.flatMap(({ resize }) => (resize.kind === 'copy' ? [resize.place] : tapsRead(resize.pass)))
  }
}

/** Of rows and columns that are independent of each other, every row once and the columns of one. */
function tapsRead({ taps }: ResizePass): readonly Place[] {
  const columns = taps.items[0]?.pass?.taps.items.map(({ place }) => place.column)
  if (!columns) return taps.items.map(({ place }) => place)
  return taps.items.flatMap(({ place }) => columns.map((column) => ({ ...place, column })))
}

/** The rectangle round places of a picture. */
export function around(places: readonly Place[]): Rect | null {
  if (places.length === 0) return null
  let [top, left, bottom, right] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const { row, column } of places) {
    top = Math.min(top, row)
    left = Math.min(left, column)
    bottom = Math.max(bottom, row)
    right = Math.max(right, column)
  }
  return { left, top, width: right - left + 1, height: bottom - top + 1 }
}
