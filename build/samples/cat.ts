/** A striped cat looking at you: fur in all directions, round eyes, whiskers as thin lines. */

import { cloudNoise, hex, hypot, mix, noise, render, scale, smooth, toSegment, type Colour } from './raster.ts'

const whiskers: readonly (readonly [number, number, number, number])[] = [
  [0.42, 0.665, 0.13, 0.6],
  [0.42, 0.685, 0.11, 0.68],
  [0.42, 0.705, 0.14, 0.765],
]

/** Inside the ellipse: below 1. */
const ellipse = (x: number, y: number, cx: number, cy: number, rx: number, ry: number) =>
  hypot((x - cx) / rx, (y - cy) / ry)

/** Side of a triangle's tip: 1 inside the ear, 0 outside, soft between. */
function ear(x: number, y: number, inset: number): number {
  const left = (x - 0.205 - inset * 0.6) * 1.0 - (0.46 - y) * 0.08
  const slope = 0.475 - x - (y - 0.14) * 0.02 - inset
  const top = y - (0.1 + inset * 1.4) - Math.max(0, x - 0.245) * 0.82
  return smooth(-0.012, 0.012, Math.min(left, slope, top, 0.47 - y))
}

function fur(x: number, y: number): Colour {
  // Hairs run away from the nose.
  const angle = Math.atan2(y - 0.62, x - 0.5)
  const radius = hypot(x - 0.5, y - 0.62)
  const hair = noise(angle * 46, radius * 16, 12) * 0.6 + noise(angle * 120, radius * 34, 17) * 0.4
  const patch = cloudNoise(x * 5, y * 5, 21)
  const bend = 0.02 * Math.sin(y * 22) + 0.03 * (patch - 0.5)
  const brow = smooth(0.5, 0.9, Math.sin((Math.abs(x - 0.5) + bend) * 78) * 0.5 + 0.5) * smooth(0.47, 0.36, y)
  const cheek =
    smooth(0.45, 0.85, Math.sin((y + (Math.abs(x - 0.5) - 0.2) * 0.4 + bend) * 62) * 0.5 + 0.5) *
    smooth(0.2, 0.3, Math.abs(x - 0.5))
  const base = mix(hex('#d8a35f'), hex('#b4783c'), patch + 0.35 * (hair - 0.5))
  const striped = mix(base, hex('#5b3718'), Math.max(brow, cheek) * 0.85)
  const white = Math.max(
    smooth(1.1, 0.75, ellipse(x, y, 0.5, 0.76, 0.2, 0.15)),
    smooth(1.15, 0.8, ellipse(x, y, 0.5, 0.5, 0.045, 0.2)) * 0.85,
  )
  return scale(mix(striped, hex('#fbf3e6'), white), 0.74 + 0.42 * hair)
}

function eye(x: number, y: number, colour: Colour): Colour {
  const side = x < 0.5 ? -1 : 1
  const cx = 0.5 + side * 0.135
  const u = (x - cx) * side
  const v = y - 0.49 + u * 0.22
  const lid = hypot(u / 0.088, v / (v < 0 ? 0.062 : 0.056))
  if (lid > 1.22) return colour
  const rim = mix(hex('#2b1a10'), colour, smooth(1.06, 1.22, lid))
  const distance = hypot(u, v)
  const streak = noise(Math.atan2(v, u) * 14, distance * 30, 5)
  const iris = mix(
    mix(hex('#e8d24a'), hex('#5f9e4c'), smooth(0.02, 0.075, distance) + 0.35 * (streak - 0.5)),
    hex('#2d4a26'),
    smooth(0.07, 0.09, distance),
  )
  const pupil = smooth(1.1, 0.92, hypot(u / 0.02, v / 0.052))
  const shadow = smooth(-0.05, 0.0, v) * 0.4 + 0.6
  let inside = mix(scale(iris, shadow), hex('#0c0a0a'), pupil)
  inside = mix(inside, [1, 1, 1], smooth(0.015, 0.012, hypot(x - cx + 0.018, y - 0.466)))
  return mix(inside, rim, smooth(0.96, 1.04, lid))
}

export function cat(): Uint8Array {
  return render((x, y) => {
    const m = x < 0.5 ? x : 1 - x
    const bokeh = cloudNoise(x * 3.2, y * 3.2, 33, 3)
    let colour = mix(hex('#26413c'), hex('#7fa88b'), smooth(0.25, 0.8, bokeh + (0.5 - y) * 0.25))
    // Shoulders, ears, head, in the order they lie.
    const edge = 0.02 * (noise(x * 70, y * 70, 3) - 0.5)
    const shoulders = smooth(1.02, 0.98, ellipse(x, y, 0.5, 1.16, 0.44, 0.38) + edge * 2)
    const outerEar = ear(m + edge, y, 0)
    const face = Math.min(ellipse(x, y, 0.5, 0.55, 0.315, 0.285), ellipse(x, y, 0.5, 0.62, 0.335, 0.225))
    const head = smooth(1.02, 0.98, face + edge * 2)
    if (shoulders + outerEar + head > 0) {
      const coat = fur(x, y)
      colour = mix(colour, scale(coat, 0.72), shoulders)
      colour = mix(colour, scale(coat, 0.86), outerEar)
      colour = mix(colour, mix(hex('#e2a79b'), hex('#8d5145'), noise(x * 60, y * 18, 8)), ear(m, y, 0.042))
      colour = mix(colour, scale(coat, 1 - 0.32 * smooth(0.55, 1.05, face) - 0.12 * (x - 0.4)), head)
    }
    colour = eye(x, y, colour)
    // Nose and mouth.
    const nose = smooth(
      0.004,
      -0.004,
      Math.max(Math.abs(x - 0.5) - (0.048 - Math.max(0, y - 0.615) * 0.85), 0.607 - y, y - 0.66),
    )
    colour = mix(colour, mix(hex('#e59a94'), hex('#a8544f'), smooth(0.605, 0.66, y)), nose)
    const lip = Math.min(
      toSegment(x, y, 0.5, 0.655, 0.5, 0.7).distance,
      Math.abs(hypot(m - 0.458, y - 0.688) - 0.045) + (y < 0.69 || m < 0.41 ? 1 : 0),
    )
    colour = mix(colour, hex('#5b2f26'), smooth(0.006, 0.002, lip))
    for (const [ax, ay, bx, by] of whiskers) {
      const { distance, along } = toSegment(m, y - 0.03 * ((m - ax) / 0.3) ** 2, ax, ay, bx, by)
      colour = mix(colour, [1, 0.99, 0.95], smooth(0.0032, 0.001, distance + 0.0016 * along) * 0.95)
    }
    return colour
  }, 2)
}
