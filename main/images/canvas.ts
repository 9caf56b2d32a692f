/** A small drawing surface of our own: bytes of colour, so that a picture is the same on every machine. */

import type { Colour } from './surface.ts'

export interface Canvas {
  readonly width: number
  readonly height: number
  /** Red, green, blue; with a fourth, how opaque it is. */
  readonly channels: 3 | 4
  /** height × width × channels. */
  readonly pixels: Uint8Array
}

/** A canvas of one colour; null: a transparent one. Its pixels are in `memory`, if there is any. */
export function createCanvas(
  width: number,
  height: number,
  paper: Colour | null = [255, 255, 255],
  memory?: Uint8Array,
): Canvas {
  const channels = paper === null ? 4 : 3
  const length = width * height * channels
  // All of it is written at once: it need not be zeros before.
  const pixels = memory?.subarray(0, length) ?? new Uint8Array(Buffer.allocUnsafeSlow(length).buffer)
  const canvas: Canvas = { width, height, channels, pixels }
  const [red, green, blue] = paper ?? [0, 0, 0]
  if (red === green && green === blue) pixels.fill(red)
  else fillRect(canvas, 0, 0, width, height, [red, green, blue])
  return canvas
}

/** Fills whole pixels; what lies outside the canvas is left out. */
export function fillRect(
  canvas: Canvas,
  left: number,
  top: number,
  width: number,
  height: number,
  [red, green, blue]: Colour,
): void {
  const { pixels, channels } = canvas
  const x0 = Math.max(0, Math.round(left))
  const x1 = Math.min(canvas.width, Math.round(left + width))
  const y0 = Math.max(0, Math.round(top))
  const y1 = Math.min(canvas.height, Math.round(top + height))
  if (x1 <= x0 || y1 <= y0) return
  const first = (y0 * canvas.width + x0) * channels
  const end = first + (x1 - x0) * channels
  const stride = canvas.width * channels
  // One row at a time is a call for each, which a column of a few pixels is not worth.
  const direct = x1 - x0 < 16 ? y1 : y0 + 1
  for (let y = y0, row = 0; y < direct; y++, row += stride) {
    for (let at = first + row; at < end + row; at += channels) {
      pixels[at] = red
      pixels[at + 1] = green
      pixels[at + 2] = blue
      if (channels === 4) pixels[at + 3] = 255
    }
  }
  for (let y = direct; y < y1; y++) pixels.copyWithin(first + (y - y0) * stride, first, end)
}

/** Copies opaque RGBA pixels, each as a square of `scale` × `scale`; the result must lie inside the canvas. */
export function drawPixels(
  canvas: Canvas,
  rgba: Uint8Array,
  width: number,
  height: number,
  left: number,
  top: number,
  scale: number,
): void {
  const { pixels, channels } = canvas
  const rowLength = width * scale * channels
  for (let y = 0, from = 0; y < height; y++) {
    const start = ((top + y * scale) * canvas.width + left) * channels
    for (let x = 0, to = start; x < width; x++, from += 4) {
      const red = rgba[from]!
      const green = rgba[from + 1]!
      const blue = rgba[from + 2]!
      for (let n = 0; n < scale; n++, to += channels) {
        pixels[to] = red
        pixels[to + 1] = green
        pixels[to + 2] = blue
        if (channels === 4) pixels[to + 3] = 255
      }
    }
    for (let n = 1; n < scale; n++) {
      pixels.copyWithin(start + n * canvas.width * channels, start, start + rowLength)
    }
  }
}

/** Lays a colour over the canvas where `coverage` (0 to 255, height × width) says so, clipped to the canvas. */
export function blendMask(
  canvas: Canvas,
  coverage: Uint8Array,
  width: number,
  height: number,
  left: number,
  top: number,
  colour: Colour,
): void {
  const { pixels, channels } = canvas
  const [red, green, blue] = colour
  const first = Math.max(0, -left)
  const end = Math.min(width, canvas.width - left)
  for (let y = Math.max(0, -top); y < height && top + y < canvas.height; y++) {
    let at = ((top + y) * canvas.width + left + first) * channels
    for (let x = first; x < end; x++, at += channels) {
      const alpha = coverage[y * width + x]!
      if (alpha === 0) continue
      if (channels === 4) {
        blendOver(pixels, at, colour, alpha)
      } else {
        pixels[at] = between(pixels[at]!, red, alpha)
        pixels[at + 1] = between(pixels[at + 1]!, green, alpha)
        pixels[at + 2] = between(pixels[at + 2]!, blue, alpha)
      }
    }
  }
}

/** `share` 255ths of the way from one byte to another, rounded: a division by 255, exact for 16 bits. */
function between(under: number, over: number, share: number): number {
  return Math.imul(255 * under + (over - under) * share + 127, 0x8081) >>> 23
}

/** On a pixel that may be transparent itself. */
function blendOver(pixels: Uint8Array, at: number, colour: Colour, alpha: number): void {
  const opacity = alpha + pixels[at + 3]! * (1 - alpha / 255)
  for (let i = 0; i < 3; i++) pixels[at + i] = mix(pixels[at + i]!, colour[i]!, alpha / opacity)
  pixels[at + 3] = Math.round(opacity)
}

function mix(under: number, over: number, share: number): number {
  return Math.round(under + (over - under) * share)
}

/** The colour of one pixel. */
export function pixelAt(canvas: Canvas, x: number, y: number): Colour {
  const at = (y * canvas.width + x) * canvas.channels
  return [canvas.pixels[at]!, canvas.pixels[at + 1]!, canvas.pixels[at + 2]!]
}
