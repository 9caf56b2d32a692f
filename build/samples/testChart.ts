/** A chart of what kernels look for: gratings in four directions, a star, a checkerboard, ramps, dots and a slanted edge. */

import { hex, hypot, mix, render, smooth, type Colour } from './raster.ts'

const paper = hex('#f7f3ea')
const ink = hex('#1d2433')
const accents = ['#c8553d', '#2f6690', '#588157', '#e0a030'].map(hex)

/** One of nine fields; u and v from 0 to 1 within it. */
type Field = (u: number, v: number) => Colour

const stripes = (angle: number, count: number, colour: Colour): Field => {
  const turn = (angle * Math.PI) / 180
  return (u, v) => {
    const along = (u - 0.5) * Math.cos(turn) + (v - 0.5) * Math.sin(turn)
    return Math.sin(along * count * 2 * Math.PI) > 0 ? colour : paper
  }
}

const star: Field = (u, v) => {
  const angle = Math.atan2(v - 0.5, u - 0.5)
  if (hypot(u - 0.5, v - 0.5) > 0.46) return paper
  return Math.sin(angle * 18) > 0 ? ink : paper
}

const board: Field = (u, v) => {
  const dark = (Math.floor(u * 6) + Math.floor(v * 6)) % 2 === 0
  return dark ? mix(accents[1]!, accents[0]!, u) : mix(paper, accents[3]!, v * 0.6)
}

const ramps: Field = (u, v) => {
  const row = Math.floor(v * 4)
  const t = row % 2 === 0 ? u : Math.floor(u * 8) / 7
  return mix(row < 2 ? ink : accents[1]!, row < 2 ? paper : accents[3]!, t)
}

const dots: Field = (u, v) => {
  const column = Math.floor(u * 5)
  const row = Math.floor(v * 5)
  const radius = 0.06 + 0.08 * ((column + row) / 8)
  const distance = hypot(u * 5 - column - 0.5, v * 5 - row - 0.5) / 5
  return distance < radius * 0.62 ? accents[(column + 2 * row) % 4]! : paper
}

const edges: Field = (u, v) => {
  const blur = 0.002 + 0.22 * smooth(0, 1, v)
  return mix(ink, paper, smooth(-blur, blur, u - 0.5 - (v - 0.5) * 0.18))
}

const fields: readonly Field[] = [
  stripes(0, 8, ink),
  star,
  stripes(90, 8, accents[0]!),
  board,
  edges,
  dots,
  stripes(45, 10, accents[1]!),
  ramps,
  stripes(135, 10, accents[2]!),
]

export function testChart(): Uint8Array {
  const gap = 0.024
  const field = (1 - 4 * gap) / 3
  return render((x, y) => {
    const column = Math.floor((x - gap / 2) / (field + gap))
    const row = Math.floor((y - gap / 2) / (field + gap))
    const u = (x - gap - column * (field + gap)) / field
    const v = (y - gap - row * (field + gap)) / field
    if (column < 0 || column > 2 || row < 0 || row > 2 || u < 0 || u > 1 || v < 0 || v > 1) return hex('#e6dfd0')
    return fields[row * 3 + column]!(u, v)
  }, 4)
}
