/**
 * Zoom and pan. The view is kept relative to the picture, so that it means the same place on stages of other sizes:
 * `magnification` times the fitting scale, centred on (x, y) in fractions of the width and height.
 */

import type { Rect, Size } from '../../shared/tensor.ts'

export interface View {
  readonly magnification: number
  readonly x: number
  readonly y: number
}

export interface Point {
  readonly x: number
  readonly y: number
}

export const fitted: View = { magnification: 1, x: 0.5, y: 0.5 }
const largestElement = 96

/**
 * CSS pixels an element takes when the whole picture fits the box. Whole device pixels where that costs little,
 * because elements of unequal size would draw lines that are not there.
 */
export function fitScale(box: Size, picture: Size, ratio: number): number {
  const exact = Math.min(box.width / picture.width, box.height / picture.height)
  // A box made to measure may be a rounding error too small.
  const whole = Math.floor(exact * ratio + 1e-6) / ratio
  return whole >= exact * 0.8 ? whole : exact
}

/** CSS pixels an element takes now. */
export function scaleOf(view: View, box: Size, picture: Size, ratio: number): number {
  return fitScale(box, picture, ratio) * view.magnification
}

/** Where the picture's top left corner lies in the box, in CSS pixels. */
export function originOf(view: View, box: Size, picture: Size, scale: number): Point {
  return { x: box.width / 2 - view.x * picture.width * scale, y: box.height / 2 - view.y * picture.height * scale }
}

/** Keeps the picture in the box: centred where it is smaller, no empty edge where it is larger. */
export function clampView(view: View, box: Size, picture: Size, ratio: number): View {
  const fit = fitScale(box, picture, ratio)
  const smallest = Math.min(1, 1 / fit)
  const largest = Math.max(1, largestElement / fit)
  const magnification = Math.min(largest, Math.max(smallest, view.magnification))
  const scale = fit * magnification
  return {
    magnification,
    x: clampCentre(view.x, box.width / (picture.width * scale)),
    y: clampCentre(view.y, box.height / (picture.height * scale)),
  }
}

/** `visible`: the share of the picture the box can show. */
function clampCentre(centre: number, visible: number): number {
  return visible >= 1 ? 0.5 : Math.min(1 - visible / 2, Math.max(visible / 2, centre))
}

/** Zooms by a factor; what lies under `point` (CSS pixels in the box) stays there. */
export function zoomAt(view: View, factor: number, point: Point, box: Size, picture: Size, ratio: number): View {
  const before = scaleOf(view, box, picture, ratio)
  const wanted = clampView({ ...view, magnification: view.magnification * factor }, box, picture, ratio)
  const after = scaleOf(wanted, box, picture, ratio)
  const shift = (offset: number, size: number) => (offset / before - offset / after) / size
  return clampView(
    {
      magnification: wanted.magnification,
      x: view.x + shift(point.x - box.width / 2, picture.width),
      y: view.y + shift(point.y - box.height / 2, picture.height),
    },
    box,
    picture,
    ratio,
  )
}

/** Moves the picture by CSS pixels. */
export function panBy(view: View, dx: number, dy: number, box: Size, picture: Size, ratio: number): View {
  const scale = scaleOf(view, box, picture, ratio)
  return clampView(
    { ...view, x: view.x - dx / (picture.width * scale), y: view.y - dy / (picture.height * scale) },
    box,
    picture,
    ratio,
  )
}

/** Where a point of the box lies, in elements; it may be beside the picture. */
export function spotAt(
  view: View,
  point: Point,
  box: Size,
  picture: Size,
  ratio: number,
): { readonly row: number; readonly column: number } {
  const scale = scaleOf(view, box, picture, ratio)
  const origin = originOf(view, box, picture, scale)
  return { row: Math.floor((point.y - origin.y) / scale), column: Math.floor((point.x - origin.x) / scale) }
}

/** The element under a point of the box, or null beside the picture. */
export function elementAt(...where: Parameters<typeof spotAt>): ReturnType<typeof spotAt> | null {
  const [, , , picture] = where
  const { row, column } = spotAt(...where)
  return column >= 0 && row >= 0 && column < picture.width && row < picture.height ? { row, column } : null
}

/** The whole elements the box shows, with a margin (in boxes) around them, inside the picture. */
export function visibleRect(view: View, box: Size, picture: Size, ratio: number, margin = 0): Rect {
  const scale = scaleOf(view, box, picture, ratio)
  const origin = originOf(view, box, picture, scale)
  const range = (start: number, room: number, size: number): readonly [number, number] => {
    const from = Math.max(0, Math.floor((-start - room * margin) / scale))
    const to = Math.min(size, Math.ceil((room * (1 + margin) - start) / scale))
    return [Math.min(from, size - 1), Math.max(to, Math.min(from, size - 1) + 1)]
  }
  const [left, right] = range(origin.x, box.width, picture.width)
  const [top, bottom] = range(origin.y, box.height, picture.height)
  return { left, top, width: right - left, height: bottom - top }
}

/** Moves the view as little as needed for an element to be seen whole. */
export function reveal(view: View, row: number, column: number, box: Size, picture: Size, ratio: number): View {
  const scale = scaleOf(view, box, picture, ratio)
  const origin = originOf(view, box, picture, scale)
  const need = (start: number, room: number) => (start < 0 ? -start : start + scale > room ? room - start - scale : 0)
  const dx = need(origin.x + column * scale, box.width)
  const dy = need(origin.y + row * scale, box.height)
  return dx === 0 && dy === 0 ? view : panBy(view, dx, dy, box, picture, ratio)
}
