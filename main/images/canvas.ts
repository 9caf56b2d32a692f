/** A small drawing surface of our own: red, green, blue bytes, so that a picture is the same on every machine. */

export type Colour = readonly [red: number, green: number, blue: number]

export interface Canvas {
  readonly width: number
  readonly height: number
  /** height × width × 3. */
  readonly pixels: Uint8Array
}

/** A white canvas. */
export function createCanvas(width: number, height: number): Canvas {
  return { width, height, pixels: new Uint8Array(width * height * 3).fill(255) }
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
  const { pixels } = canvas
  const x0 = Math.max(0, Math.round(left))
  const x1 = Math.min(canvas.width, Math.round(left + width))
  const y0 = Math.max(0, Math.round(top))
  const y1 = Math.min(canvas.height, Math.round(top + height))
  if (x1 <= x0 || y1 <= y0) return
  const first = (y0 * canvas.width + x0) * 3
  const end = first + (x1 - x0) * 3
  for (let at = first; at < end; at += 3) {
    pixels[at] = red
    pixels[at + 1] = green
    pixels[at + 2] = blue
  }
  for (let y = y0 + 1; y < y1; y++) pixels.copyWithin((y * canvas.width + x0) * 3, first, end)
}

/** A frame one pixel wide just outside the rectangle. */
export function strokeAround(
  canvas: Canvas,
  left: number,
  top: number,
  width: number,
  height: number,
  colour: Colour,
): void {
  fillRect(canvas, left - 1, top - 1, width + 2, 1, colour)
  fillRect(canvas, left - 1, top + height, width + 2, 1, colour)
  fillRect(canvas, left - 1, top, 1, height, colour)
  fillRect(canvas, left + width, top, 1, height, colour)
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
  const { pixels } = canvas
  const rowLength = width * scale * 3
  for (let y = 0, from = 0; y < height; y++) {
    const start = ((top + y * scale) * canvas.width + left) * 3
    for (let x = 0, to = start; x < width; x++, from += 4) {
      const red = rgba[from]!
      const green = rgba[from + 1]!
      const blue = rgba[from + 2]!
      for (let n = 0; n < scale; n++, to += 3) {
        pixels[to] = red
        pixels[to + 1] = green
        pixels[to + 2] = blue
      }
    }
    for (let n = 1; n < scale; n++) {
      pixels.copyWithin(start + n * canvas.width * 3, start, start + rowLength)
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
  [red, green, blue]: Colour,
): void {
  const { pixels } = canvas
  for (let y = Math.max(0, -top); y < height && top + y < canvas.height; y++) {
    for (let x = Math.max(0, -left); x < width && left + x < canvas.width; x++) {
      const alpha = coverage[y * width + x]!
      if (alpha === 0) continue
      const at = ((top + y) * canvas.width + left + x) * 3
      pixels[at] = mix(pixels[at]!, red, alpha)
      pixels[at + 1] = mix(pixels[at + 1]!, green, alpha)
      pixels[at + 2] = mix(pixels[at + 2]!, blue, alpha)
    }
  }
}

function mix(under: number, over: number, alpha: number): number {
  return Math.round(under + ((over - under) * alpha) / 255)
}

/** The colour of one pixel. */
export function pixelAt(canvas: Canvas, x: number, y: number): Colour {
  const at = (y * canvas.width + x) * 3
  return [canvas.pixels[at]!, canvas.pixels[at + 1]!, canvas.pixels[at + 2]!]
}
