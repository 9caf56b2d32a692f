/** Mountains by a lake at dusk: soft gradients, ridges, fine texture, and a reflection that is nearly a flip. */

import { cloudNoise, hex, hypot, mix, noise, render, scale, smooth, type Colour } from './raster.ts'

const shore = 0.66

/** Height of a ridge line (y from 0 to 1, down) at x. */
function ridge(x: number, base: number, height: number, frequency: number, seed: number): number {
  const rough = cloudNoise(x * frequency, seed * 7.3, seed, 7)
  const peaks = 1 - Math.abs(2 * cloudNoise(x * frequency * 0.5 + 9, seed, seed + 40, 5) - 1)
  return base - height * (0.45 * rough + 0.55 * peaks * peaks)
}

const ranges = [
  { base: 0.62, height: 0.38, frequency: 2.3, seed: 3, near: hex('#6b6a8f'), snow: 0.75 },
  { base: 0.65, height: 0.25, frequency: 3.1, seed: 11, near: hex('#4a4f78'), snow: 0.25 },
  { base: 0.67, height: 0.14, frequency: 4.7, seed: 23, near: hex('#2c3557'), snow: 0 },
] as const

function sky(x: number, y: number): Colour {
  const high = mix(hex('#27406e'), hex('#f2a65a'), smooth(0, 0.62, y))
  const glow = Math.exp(-((x - 0.68) ** 2 + (y - 0.44) ** 2) * 18)
  const sun = smooth(0.058, 0.054, hypot(x - 0.68, y - 0.42))
  const cloud = smooth(0.5, 0.75, cloudNoise(x * 3, y * 11, 5)) * smooth(0.5, 0.1, y)
  return mix(mix(mix(high, hex('#ffd9a0'), glow), hex('#fbe3d0'), cloud * 0.55), hex('#fff4d6'), sun)
}

function land(x: number, y: number): Colour {
  let colour = sky(x, y)
  for (const { base, height, frequency, seed, near, snow } of ranges) {
    const top = ridge(x, base, height, frequency, seed)
    if (y < top) continue
    const slope = ridge(x + 0.004, base, height, frequency, seed) - ridge(x - 0.004, base, height, frequency, seed)
    const grain = cloudNoise(x * 26 + y * 9, y * 34, seed + 70, 4)
    const light = 0.8 + 18 * slope * (0.4 + 0.6 * grain) + 0.35 * (grain - 0.5)
    const rock = scale(near, Math.min(1.5, Math.max(0.45, light)))
    const snowLine = smooth(0.12 + 0.07 * grain, 0.04, y - top) * smooth(0.45, 0.35, y - 0.05 * grain)
    const lit = mix(rock, hex('#ffe6d8'), snow * snowLine * Math.min(1, Math.max(0.2, light)))
    colour = mix(lit, hex('#e8a878'), 0.35 * smooth(0.02, 0.3, y - top))
  }
  return colour
}

/** Fir trees along the near shore. */
function isTree(x: number, y: number): boolean {
  for (let layer = 0; layer < 3; layer++) {
    const spacing = 0.021 + 0.006 * layer
    const index = Math.floor(x / spacing)
    for (let k = index - 1; k <= index + 1; k++) {
      const offset = noise(k, 1, 90 + layer)
      const foot = 0.665 + 0.012 * layer
      const tall = 0.04 + 0.075 * noise(k * 0.35, 5, 60 + layer) * noise(k, 3, 80 + layer) + 0.02 * layer
      const up = (foot - y) / tall
      if (up < 0 || up > 1) continue
      const saw = 1 - ((up * 6) % 1) * 0.45
      if (Math.abs(x - (k + offset) * spacing) < 0.012 * (1 - up) * saw) return true
    }
  }
  return false
}

export function landscape(): Uint8Array {
  const tree = hex('#141d2b')
  const scene = (x: number, y: number): Colour => (isTree(x, y) ? tree : land(x, y))
  return render((x, y) => {
    if (y < shore) return scene(x, y)
    const depth = (y - shore) / (1 - shore)
    const wave = (noise(x * 14, depth * 90, 31) - 0.5) * (0.004 + 0.03 * depth)
    const mirrored = scene(x + wave, Math.max(0, shore - (y - shore) * 0.95 + wave * 0.6))
    const sparkle = smooth(0.8, 0.95, noise(x * 40, depth * 160, 77)) * Math.exp(-((x - 0.68) ** 2) * 60) * 0.6
    return mix(mix(scale(mirrored, 0.82), hex('#1b2f4b'), 0.15 + 0.45 * depth), hex('#ffe2b0'), sparkle)
  }, 2)
}
