/** A picture as a function of position: small tools to draw with. Colours are red, green, blue from 0 to 1. */

export const side = 512

export type Colour = readonly [red: number, green: number, blue: number]
/** Colour at (x, y): x to the right and y down, both from 0 to 1. */
export type Shader = (x: number, y: number) => Colour

/** A pixel this close (in bytes) to all its neighbours has no edge in it that one point would miss. */
const flat = 6

/** Bytes (512 × 512 × 3) of a shader; a pixel at an edge is the mean of samples × samples points in it. */
export function render(shader: Shader, samples = 3): Uint8Array {
  const centres = new Float32Array(side * side * 3)
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const colour = shader((column + 0.5) / side, (row + 0.5) / side)
      for (let k = 0; k < 3; k++) centres[(row * side + column) * 3 + k] = clamp(colour[k]!) * 255
    }
  }
  const differs = (at: number, row: number, column: number) => {
    if (row < 0 || row >= side || column < 0 || column >= side) return false
    const there = (row * side + column) * 3
    return [0, 1, 2].some((k) => Math.abs(centres[at + k]! - centres[there + k]!) > flat)
  }
  const bytes = new Uint8Array(side * side * 3)
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const at = (row * side + column) * 3
      const atEdge =
        differs(at, row - 1, column) ||
        differs(at, row + 1, column) ||
        differs(at, row, column - 1) ||
        differs(at, row, column + 1)
      const colour = atEdge ? meanOf(shader, row, column, samples) : centres.subarray(at, at + 3)
      for (let k = 0; k < 3; k++) bytes[at + k] = Math.round(colour[k]!)
    }
  }
  return bytes
}

/** The mean of a pixel's samples × samples points, from 0 to 255. */
function meanOf(shader: Shader, row: number, column: number, samples: number): Colour {
  let [red, green, blue] = [0, 0, 0]
  for (let point = 0; point < samples * samples; point++) {
    const x = (column + ((point % samples) + 0.5) / samples) / side
    const y = (row + (Math.floor(point / samples) + 0.5) / samples) / side
    const colour = shader(x, y)
    red += clamp(colour[0])
    green += clamp(colour[1])
    blue += clamp(colour[2])
  }
  return scale([red, green, blue], 255 / samples ** 2)
}

function clamp(value: number): number {
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

const parsed = new Map<string, Colour>()

/** `#rrggbb` as a colour; parsed once, as shaders ask for the same ones at every point. */
export function hex(text: string): Colour {
  const known = parsed.get(text)
  if (known) return known
  const value = Number.parseInt(text.slice(1), 16)
  const colour: Colour = [(value >> 16) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255]
  parsed.set(text, colour)
  return colour
}

/** √(x² + y² + z²); Math.hypot also guards against overflow, which costs ten times as much. */
export function hypot(x: number, y: number, z = 0): number {
  return Math.sqrt(x * x + y * y + z * z)
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
  return { distance: hypot(x - ax - along * dx, y - ay - along * dy), along }
}
