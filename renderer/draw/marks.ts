/** Marks painted by hand, drawn over a picture before the engine has computed with them. */

import { colourOf, position, type ColourScale } from '../../shared/colour.ts'
import type { Mark } from '../../shared/layers/definition.ts'
import type { Placement, Shown } from './pixels.ts'

let layer: OffscreenCanvas | undefined

/** What cannot be known here (what was there before, a colour of which one channel is painted) stays as the picture has it. */
export function drawMarks(
  canvas: HTMLCanvasElement,
  marks: readonly Mark[],
  shown: Shown,
  scale: ColourScale,
  place: Omit<Placement, 'rect' | 'step'>,
): void {
  layer ??= new OffscreenCanvas(1, 1)
  layer.width = canvas.width
  layer.height = canvas.height
  const context = layer.getContext('2d')!
  for (const { row, column, height, width, channel, value } of marks) {
    if (channel !== null && shown !== 'colour' && channel !== shown) continue
    const [left, right] = [column, column + width].map((at) => Math.round(place.x + at * place.scale)) as [
      number,
      number,
    ]
    const [top, bottom] = [row, row + height].map((at) => Math.round(place.y + at * place.scale)) as [number, number]
    const rect = [left, top, right - left, bottom - top] as const
    context.clearRect(...rect)
    if (value === null || (shown === 'colour' && channel !== null)) continue
    context.fillStyle = `rgb(${colourFor(value, shown, channel, scale).join(' ')})`
    context.fillRect(...rect)
  }
  canvas.getContext('2d')!.drawImage(layer, 0, 0)
}

function colourFor(value: readonly number[], shown: Shown, channel: number | null, scale: ColourScale) {
  if (shown !== 'colour') return colourOf(value[channel === null ? shown : 0] ?? value[0]!, scale)
  return [0, 1, 2].map((c) => Math.round(position(value[c] ?? value[0]!, scale) * 255))
}
