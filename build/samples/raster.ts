/** A picture as a function of position: small tools to draw with. Colours are red, green, blue from 0 to 1. */

export const side = 512

export type Colour = readonly [red: number, green: number, blue: number]
/** Colour at (x, y): x to the right and y down, both from 0 to 1. */
export type Shader = (x: number, y: number) => Colour

/** Bytes (512 × 512 × 3) of a shader; each pixel is the mean of samples × samples points in it. */
export function render(shader: Shader, samples = 3): Uint8Array {
  const bytes = new Uint8Array(side * side * 3)
  const points = samples * samples
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      let red = 0
      let green = 0
      let blue = 0
      for (let point = 0; point < points; point++) {
        const x = (column + ((point % samples) + 0.5) / samples) / side
        const y = (row + (Math.floor(point / samples) + 0.5) / samples) / side
        const colour = shader(x, y)
        red += clamp(colour[0])
        green += clamp(colour[1])
        blue += clamp(colour[2])
      }
      const at = (row * side + column) * 3
      bytes[at] = Math.round((red / points) * 255)
      bytes[at + 1] = Math.round((green / points) * 255)
      bytes[at + 2] = Math.round((blue / points) * 255)
    }
  }
  return bytes
}

export function clamp(value: number): number {
  return value < 0 ? 0 : value > 1 ? 1 : value
}

/** `from` at 0, `to` at 1. */
export function mix(from: Colour, to: Colour, amount: number): Colour {
  const t = clamp(amount)
  return [from[0] + (to[0] - from[0]) * t, from[1] + (to[1] - from[1]) * t, from[2] + (to[2] - from[2]) * t]
}

export function scale(colour: Colour, factor: number): Colour {
  return [colour[0] * factor, colour[1] * factor, colour[2] * factor]
}

/** `#rrggbb` as a colour. */
export function hex(text: string): Colour {
  const value = Number.parseInt(text.slice(1), 16)
  return [(value >> 16) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255]
}

/** 0 below `from`, 1 above `to`, smooth between. */
export function smooth(from: number, to: number, value: number): number {
  const t = clamp((value - from) / (to - from))
  return t * t * (3 - 2 * t)
}

/** A number from 0 to 1 for a lattice point, always the same one. */
function lattice(x: number, y: number, seed: number): number {
  let h = Math.imul(x, 374761393) ^ Math.imul(y, 668265263) ^ Math.imul(seed, 2147483647)
  h = Math.imul(h ^ (h >>> 13), 1274126177)
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296
}

/** Smooth noise from 0 to 1 with features of size 1. */
export function noise(x: number, y: number, seed: number): number {
  const column = Math.floor(x)
  const row = Math.floor(y)
  const u = smooth(0, 1, x - column)
  const v = smooth(0, 1, y - row)
  const top = lattice(column, row, seed) * (1 - u) + lattice(column + 1, row, seed) * u
  const bottom = lattice(column, row + 1, seed) * (1 - u) + lattice(column + 1, row + 1, seed) * u
  return top * (1 - v) + bottom * v
}

/** Noise of several sizes, each half as large and half as strong as the one before; from 0 to 1. */
export function cloudNoise(x: number, y: number, seed: number, octaves = 5): number {
  let sum = 0
  let strength = 0.5
  let size = 1
  for (let octave = 0; octave < octaves; octave++) {
    sum += strength * noise(x * size, y * size, seed + octave)
    strength /= 2
    size *= 2
  }
  return sum / (1 - 2 ** -octaves)
}

/** Distance from (x, y) to the line from (ax, ay) to (bx, by), and how far along it the nearest point is (0 to 1). */
export function toSegment(x: number, y: number, ax: number, ay: number, bx: number, by: number) {
  const dx = bx - ax
  const dy = by - ay
  const along = clamp(((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1))
  return { distance: Math.hypot(x - ax - along * dx, y - ay - along * dy), along }
}
