/** Rings that get finer outwards: every direction, and every frequency up to the finest a pixel grid can hold. */

import { hex, mix, render, smooth } from './raster.ts'

export function zonePlate(): Uint8Array {
  const dark = hex('#12263f')
  const light = hex('#fdf6e3')
  const warm = hex('#e4572e')
  const cool = hex('#2a9d8f')
  return render((x, y) => {
    const dx = x - 0.5
    const dy = y - 0.5
    const squared = dx * dx + dy * dy
    // Phase π·r²/λ²: at the edge's middle a ring is four pixels wide.
    const wave = 0.5 + 0.5 * Math.cos(Math.PI * squared * 256)
    const tint = mix(cool, warm, 0.5 + 0.5 * Math.sin(Math.atan2(dy, dx) * 2))
    return mix(dark, mix(light, tint, smooth(0.02, 0.3, squared) * 0.75), wave)
  }, 4)
}
