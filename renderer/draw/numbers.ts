/** Numbers in the pixels: every element that is wide enough shows its value on its own colour. */

import type { TensorWindow } from '../../shared/api.ts'
import { colourOf, inkOn, position, type ColourScale } from '../../shared/colour.ts'
import { formatValue } from './format.ts'
import type { Placement, Shown } from './pixels.ts'

/** CSS pixels an element takes when its number begins to show, and when it stands there fully. */
const numbersFrom = 34
const numbersFull = 44
/** Width of a digit of the font, as a share of its size. */
const digit = 0.602
const largestFont = 14
const smallestFont = 9
const most = 10

/** How strongly numbers show: they come with the zoom, or where motion is not wanted, at once. */
export function numbersOpacity(scale: number, still: boolean): number {
  if (scale < numbersFrom) return 0
  return still ? 1 : Math.min(1, (scale - numbersFrom + 2) / (numbersFull - numbersFrom))
}

/** The value in at most so many characters, as exact as that allows; `…` where not even one digit would be true. */
export function fitted(value: number, characters: number): string {
  for (let digits = 6; digits >= 1; digits--) {
    // A zero before the point says nothing, and where there is room for few digits its place is wanted for one.
    const text = formatValue(value, digits).replace(/^(−?)0\./, characters < 6 ? '$1.' : '$&')
    if (text.length <= characters) return text
  }
  return '…'
}

export interface NumberedWindow {
  readonly window: TensorWindow
  readonly shown: Shown
  readonly scale: ColourScale
  /** Elements from here on (in row-major order) are none. */
  readonly count: number
}

export function drawNumbers(
  canvas: HTMLCanvasElement,
  { window, shown, scale, count }: NumberedWindow,
  place: Placement & { readonly ratio: number; readonly opacity: number },
): void {
  if (window.step !== 1) return
  const context = canvas.getContext('2d')!
  const [rows, columns, channels] = window.shape
  const size = place.scale
  const lines = shown === 'colour' ? 3 : 1
  const room = size - 6 * place.ratio
  const font = Math.min(
    largestFont * place.ratio,
    Math.max(smallestFont * place.ratio, room / (5 * digit)),
    room / (lines * 1.15),
  )
  const characters = Math.min(most, Math.floor(room / (font * digit)))
  if (characters < 2) return
  context.save()
  context.globalAlpha = place.opacity
  context.font = `${font}px ui-monospace, "SF Mono", "JetBrains Mono", "DejaVu Sans Mono", Consolas, monospace`
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  const left = place.x + place.rect.left * size
  const top = place.y + place.rect.top * size
  const from = (start: number) => Math.max(0, Math.floor(-start / size))
  const end = (start: number, all: number, of: number) => Math.min(of, Math.ceil((all - start) / size))
  for (let row = from(top); row < end(top, canvas.height, rows); row++) {
    for (let column = from(left); column < end(left, canvas.width, columns); column++) {
      const at = (row * columns + column) * channels
      if (row * columns + column >= count) continue
      const first = shown === 'colour' ? 0 : shown - window.channels[0]
      const values = Array.from(window.data.subarray(at + first, at + first + lines))
      context.fillStyle = inkOn(painted(values, scale))
      values.forEach((value, line) => {
        const y = top + (row + 0.5) * size + (line - (lines - 1) / 2) * font * 1.15
        context.fillText(fitted(value, characters), left + (column + 0.5) * size, y)
      })
    }
  }
  context.restore()
}

/** The colour an element is painted with. */
function painted(values: readonly number[], scale: ColourScale): readonly [number, number, number] {
  const special = values.find((value) => !Number.isFinite(value))
  if (values.length < 3 || special !== undefined) return colourOf(special ?? values[0]!, scale)
  const [red, green, blue] = values.map((value) => Math.round(position(value, scale) * 255))
  return [red!, green!, blue!]
}
