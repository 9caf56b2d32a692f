/** Windows of a stage as pixels, and pixels on a canvas. */

import type { TensorWindow } from '../../shared/api.ts'
import { colourTable, paintChannel, paintColour, type ColourScale, type ScaleName } from '../../shared/colour.ts'
import type { Rect } from '../../shared/tensor.ts'

/** What a picture shows: one channel (its number in the stage), or three channels as red, green and blue. */
export type Shown = number | 'colour'

export interface Pixels {
  readonly width: number
  readonly height: number
  /** Red, green, blue, alpha. */
  readonly rgba: Uint8ClampedArray<ArrayBuffer>
}

/** Paints one channel, or the first three as colour; elements from `count` on are left transparent. */
export function pixelsOf(window: TensorWindow, shown: Shown, scale: ColourScale, count?: number): Pixels {
  const [height, width] = window.shape
  const rgba = new Uint8ClampedArray(height * width * 4)
  if (shown === 'colour') paintColour(window, scale, rgba)
  else paintChannel(window, shown - window.channels[0], scale, rgba)
  if (count !== undefined) rgba.fill(0, count * 4)
  return { width, height, rgba }
}

/** A vector as rows of `columns` values, so that it can be painted; the places after its end are zeros. */
export function wrapped(window: TensorWindow, columns: number): TensorWindow {
  const count = window.channels[1] - window.channels[0]
  const rows = Math.ceil(count / columns)
  const data = new Float64Array(rows * columns)
  data.set(window.data)
  const rect = { left: 0, top: 0, width: columns, height: rows }
  return { rect, channels: [0, 1], step: 1, shape: [rows, columns, 1], data }
}

/** The colours of a scale from its highest value (top) to its lowest, one pixel wide. */
export function scalePixels(name: ScaleName, height = 256): Pixels {
  const table = colourTable(name)
  const rgba = new Uint8ClampedArray(height * 4)
  const last = table.length / 3 - 1
  for (let row = 0; row < height; row++) {
    const at = Math.round(((height - 1 - row) / (height - 1)) * last) * 3
    rgba.set([table[at]!, table[at + 1]!, table[at + 2]!, 255], row * 4)
  }
  return { width: 1, height, rgba }
}

/** A canvas that holds the pixels, to be drawn at any size. */
export function bitmapOf(pixels: Pixels): OffscreenCanvas {
  const bitmap = new OffscreenCanvas(pixels.width, pixels.height)
  bitmap.getContext('2d')!.putImageData(new ImageData(pixels.rgba, pixels.width, pixels.height), 0, 0)
  return bitmap
}

export interface Placement {
  /** What part of the stage the bitmap shows, and how many elements one of its pixels stands for. */
  readonly rect: Rect
  readonly step: number
  /** Device pixels an element takes, and where element (0, 0) lies. */
  readonly scale: number
  readonly x: number
  readonly y: number
}

let enlarged: OffscreenCanvas | undefined

/**
 * Draws a bitmap where its part of the stage belongs. Elements larger than a pixel keep crisp edges and equal sizes:
 * at fractional scales they are first enlarged to the next whole number and then averaged down, since nearest-neighbour
 * alone would make some wider than others. Elements smaller than a pixel are averaged.
 */
export function drawBitmap(canvas: HTMLCanvasElement, bitmap: OffscreenCanvas, place: Placement): void {
  const context = canvas.getContext('2d')!
  context.clearRect(0, 0, canvas.width, canvas.height)
  const pixel = place.scale * place.step
  const left = place.x + place.rect.left * place.scale
  const top = place.y + place.rect.top * place.scale
  // Only the part that is seen, in whole pixels of the bitmap.
  const x0 = Math.max(0, Math.floor(-left / pixel))
  const y0 = Math.max(0, Math.floor(-top / pixel))
  const x1 = Math.min(bitmap.width, Math.ceil((canvas.width - left) / pixel))
  const y1 = Math.min(bitmap.height, Math.ceil((canvas.height - top) / pixel))
  if (x1 <= x0 || y1 <= y0) return
  // The last block may stand for fewer elements, but it is drawn as wide as the others: cut it at the rectangle's edge.
  context.save()
  context.beginPath()
  context.rect(Math.round(left), Math.round(top), ...edges(left, top, place))
  context.clip()
  const target = [left + x0 * pixel, top + y0 * pixel, (x1 - x0) * pixel, (y1 - y0) * pixel] as const
  const whole = Math.ceil(pixel - 1e-3)
  const fractional = pixel > 1 && whole - pixel > 1e-3 && pixel < 12
  context.imageSmoothingQuality = 'high'
  if (fractional) {
    enlarged ??= new OffscreenCanvas(1, 1)
    enlarged.width = (x1 - x0) * whole
    enlarged.height = (y1 - y0) * whole
    const large = enlarged.getContext('2d')!
    large.imageSmoothingEnabled = false
    large.drawImage(bitmap, x0, y0, x1 - x0, y1 - y0, 0, 0, enlarged.width, enlarged.height)
    context.imageSmoothingEnabled = true
    context.drawImage(enlarged, ...target)
  } else {
    context.imageSmoothingEnabled = pixel < 1
    context.drawImage(bitmap, x0, y0, x1 - x0, y1 - y0, ...target)
  }
  context.restore()
}

function edges(left: number, top: number, { rect, scale }: Placement): readonly [number, number] {
  return [
    Math.round(left + rect.width * scale) - Math.round(left),
    Math.round(top + rect.height * scale) - Math.round(top),
  ]
}
