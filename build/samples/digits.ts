/** Ten digits as if written by hand on squared paper: the strokes that the first networks learned to read. */

import { cloudNoise, hex, hypot, mix, noise, render, smooth, toSegment } from './raster.ts'

type Point = readonly [x: number, y: number]

/** Strokes of each digit as control points of a smooth curve, in a box from 0 to 1. */
const strokes: readonly (readonly (readonly Point[])[])[] = [
  [
    [
      [0.55, 0.06],
      [0.25, 0.2],
      [0.18, 0.6],
      [0.42, 0.94],
      [0.72, 0.8],
      [0.82, 0.4],
      [0.62, 0.08],
      [0.45, 0.1],
    ],
  ],
  [
    [
      [0.3, 0.28],
      [0.45, 0.2],
      [0.58, 0.06],
      [0.56, 0.5],
      [0.52, 0.95],
    ],
  ],
  [
    [
      [0.2, 0.26],
      [0.38, 0.06],
      [0.7, 0.12],
      [0.7, 0.4],
      [0.4, 0.72],
      [0.16, 0.92],
      [0.45, 0.86],
      [0.85, 0.92],
    ],
  ],
  [
    [
      [0.22, 0.14],
      [0.5, 0.04],
      [0.74, 0.18],
      [0.62, 0.42],
      [0.4, 0.47],
      [0.7, 0.54],
      [0.8, 0.76],
      [0.52, 0.96],
      [0.18, 0.86],
    ],
  ],
  [
    [
      [0.52, 0.06],
      [0.34, 0.36],
      [0.16, 0.62],
      [0.5, 0.62],
      [0.86, 0.6],
    ],
    [
      [0.66, 0.36],
      [0.64, 0.66],
      [0.6, 0.97],
    ],
  ],
  [
    [
      [0.3, 0.1],
      [0.27, 0.3],
      [0.24, 0.46],
      [0.5, 0.4],
      [0.78, 0.56],
      [0.74, 0.84],
      [0.44, 0.97],
      [0.16, 0.86],
    ],
    [
      [0.3, 0.1],
      [0.52, 0.1],
      [0.8, 0.06],
    ],
  ],
  [
    [
      [0.66, 0.05],
      [0.36, 0.24],
      [0.2, 0.6],
      [0.34, 0.92],
      [0.66, 0.9],
      [0.76, 0.66],
      [0.52, 0.52],
      [0.26, 0.68],
    ],
  ],
  [
    [
      [0.16, 0.14],
      [0.46, 0.11],
      [0.82, 0.08],
      [0.62, 0.44],
      [0.44, 0.72],
      [0.38, 0.97],
    ],
    [
      [0.36, 0.54],
      [0.54, 0.52],
      [0.74, 0.5],
    ],
  ],
  [
    [
      [0.68, 0.16],
      [0.46, 0.05],
      [0.26, 0.22],
      [0.44, 0.44],
      [0.72, 0.66],
      [0.66, 0.92],
      [0.34, 0.94],
      [0.24, 0.7],
      [0.5, 0.48],
      [0.72, 0.28],
      [0.66, 0.12],
    ],
  ],
  [
    [
      [0.74, 0.26],
      [0.52, 0.06],
      [0.26, 0.2],
      [0.3, 0.46],
      [0.56, 0.48],
      [0.74, 0.26],
      [0.74, 0.6],
      [0.62, 0.97],
    ],
  ],
]

/** Points of the Catmull-Rom curve through the control points. */
function curve(points: readonly Point[]): Point[] {
  const at = (index: number) => points[Math.min(Math.max(index, 0), points.length - 1)]!
  const result: Point[] = []
  for (let index = 0; index < points.length - 1; index++) {
    const [a, b, c, d] = [at(index - 1), at(index), at(index + 1), at(index + 2)]
    for (let step = 0; step < 10; step++) {
      const t = step / 10
      const along = (axis: 0 | 1) =>
        0.5 *
        (2 * b[axis] +
          (c[axis] - a[axis]) * t +
          (2 * a[axis] - 5 * b[axis] + 4 * c[axis] - d[axis]) * t * t +
          (3 * b[axis] - a[axis] - 3 * c[axis] + d[axis]) * t * t * t)
      result.push([along(0), along(1)])
    }
  }
  result.push(at(points.length - 1))
  return result
}

/** A short straight piece of a stroke, with half the nib's width there. */
interface Piece {
  readonly from: Point
  readonly to: Point
  readonly radius: number
}

const places: readonly (readonly [digit: number, x: number, y: number, size: number, slant: number])[] = [
  [3, 0.07, 0.07, 0.25, 0.1],
  [1, 0.36, 0.05, 0.25, 0.14],
  [4, 0.62, 0.08, 0.26, 0.05],
  [1, 0.04, 0.39, 0.2, 0.08],
  [5, 0.24, 0.38, 0.23, 0.12],
  [9, 0.5, 0.37, 0.23, 0.06],
  [2, 0.74, 0.4, 0.21, 0.16],
  [6, 0.06, 0.69, 0.23, 0.09],
  [7, 0.3, 0.68, 0.22, 0.13],
  [8, 0.53, 0.69, 0.24, 0.07],
  [0, 0.77, 0.7, 0.2, 0.1],
]

const pieces: readonly Piece[] = places.flatMap(([digit, left, top, size, slant]) =>
  strokes[digit]!.flatMap((points) => {
    const line = curve(
      points.map(([x, y]): Point => [left + (x * 0.72 + (0.5 - y) * slant + 0.05) * size, top + y * size]),
    )
    return line.slice(1).map((to, index): Piece => {
      const from = line[index]!
      // A broad nib: thick downwards, thin across, never quite even.
      const steep = Math.abs(to[1] - from[1]) / (hypot(to[0] - from[0], to[1] - from[1]) || 1)
      return { from, to, radius: 0.0065 + 0.0075 * steep + 0.0015 * noise(from[0] * 60, from[1] * 60, 4) }
    })
  }),
)

/** Pieces that may touch a cell of a grid over the page, so that a point asks few of them. */
const cells = 32
const byCell: readonly (readonly Piece[])[] = Array.from({ length: cells * cells }, (_, cell) => {
  const x = ((cell % cells) + 0.5) / cells
  const y = (Math.floor(cell / cells) + 0.5) / cells
  return pieces.filter(({ from, to }) => toSegment(x, y, ...from, ...to).distance < 0.75 / cells + 0.02)
})

export function digits(): Uint8Array {
  const paper = hex('#fbf7ec')
  const grid = hex('#a9c6dd')
  const margin = hex('#d98880')
  const ink = hex('#1f2f6b')
  return render((x, y) => {
    const fibre = cloudNoise(x * 90, y * 90, 9, 3) - 0.5
    const shade = 1 - 0.1 * ((x - 0.4) ** 2 + (y - 0.4) ** 2) + 0.05 * fibre
    let colour = mix(paper, [0, 0, 0], 1 - shade)
    const cell = 1 / 20
    const line = Math.min(Math.abs((((x + 0.01) / cell) % 1) - 0.5), Math.abs((((y + 0.006) / cell) % 1) - 0.5))
    colour = mix(colour, grid, smooth(0.028, 0.012, line) * 0.55)
    colour = mix(colour, margin, smooth(0.0025, 0.001, Math.abs(x - 0.965)) * 0.7)
    let cover = 0
    for (const { from, to, radius } of byCell[Math.floor(y * cells) * cells + Math.floor(x * cells)]!) {
      const { distance } = toSegment(x, y, ...from, ...to)
      cover = Math.max(cover, smooth(radius + 0.0015, radius - 0.0015, distance))
    }
    return mix(colour, ink, cover * (0.88 + 0.2 * fibre))
  }, 3)
}
