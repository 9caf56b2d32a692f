/** A ball, a cube, a cup and a ring on a checked cloth: smooth shading, straight and curved edges, cast shadows. */

import { cloudNoise, hex, hypot, mix, render, scale, smooth, type Colour } from './raster.ts'

type Vector = readonly [x: number, y: number, z: number]

const dot = (a: Vector, b: Vector) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
const unit = (v: Vector): Vector => {
  const n = hypot(...v)
  return [v[0] / n, v[1] / n, v[2] / n]
}
const along = (from: Vector, direction: Vector, t: number): Vector => [
  from[0] + direction[0] * t,
  from[1] + direction[1] * t,
  from[2] + direction[2] * t,
]

/** Signed distances (positive outside) of the things on the table; y is up, the cloth is y = 0. */
function ball(x: number, y: number, z: number): number {
  return hypot(x + 0.85, y - 0.62, z - 0.1) - 0.62
}

function cube(x: number, y: number, z: number): number {
  const turn = 0.6
  const u = (x - 0.72) * Math.cos(turn) - (z - 0.55) * Math.sin(turn)
  const w = (x - 0.72) * Math.sin(turn) + (z - 0.55) * Math.cos(turn)
  const dx = Math.abs(u) - 0.4
  const dy = Math.abs(y - 0.45) - 0.4
  const dz = Math.abs(w) - 0.4
  return hypot(Math.max(dx, 0), Math.max(dy, 0), Math.max(dz, 0)) + Math.min(Math.max(dx, dy, dz), 0) - 0.05
}

function cup(x: number, y: number, z: number): number {
  const radius = hypot(x - 0.1, z + 0.95)
  const wall = 0.36 + 0.07 * Math.min(Math.max(y, 0), 1)
  const outside = Math.max(radius - wall, Math.abs(y - 0.47) - 0.45)
  const inside = Math.max(radius - wall + 0.05, -(y - 0.1))
  const body = Math.max(outside, -inside) * 0.9 - 0.015
  const handle = hypot(hypot(x - 0.1 - 0.42, (y - 0.5) * 0.85) - 0.24, z + 0.95) - 0.055
  return Math.min(body, Math.max(handle, -(radius - wall + 0.02)))
}

function ring(x: number, y: number, z: number): number {
  return hypot(hypot(x - 0.05, z - 1.25) - 0.3, y - 0.1) - 0.1
}

const things = [ball, cube, cup, ring] as const

const cloth = things.length

function distanceTo(p: Vector): number {
  const [x, y, z] = p
  return Math.min(y, ball(x, y, z), cube(x, y, z), cup(x, y, z), ring(x, y, z))
}

/** Which thing is nearest; `cloth` where none is nearer than the table. */
function thingAt(p: Vector): number {
  const distances = [...things.map((thing) => thing(...p)), p[1]]
  return distances.indexOf(Math.min(...distances))
}

function normal(p: Vector, thing: number): Vector {
  const f = (p: Vector) => (thing === cloth ? p[1] : things[thing]!(...p))
  const e = 0.0008
  return unit([
    f([p[0] + e, p[1], p[2]]) - f([p[0] - e, p[1], p[2]]),
    f([p[0], p[1] + e, p[2]]) - f([p[0], p[1] - e, p[2]]),
    f([p[0], p[1], p[2] + e]) - f([p[0], p[1], p[2] - e]),
  ])
}

/** Where a ray meets something, or undefined. */
function march(from: Vector, direction: Vector, far: number): Vector | undefined {
  let t = 0.01
  for (let step = 0; step < 110 && t < far; step++) {
    const p = along(from, direction, t)
    const distance = distanceTo(p)
    if (distance < 0.0008 * t) return p
    t += distance
  }
  return undefined
}

/** 1 in the light, 0 in shadow, between at its soft edge. */
function lightReaching(p: Vector, towards: Vector): number {
  let light = 1
  let t = 0.03
  for (let step = 0; step < 44 && t < 6; step++) {
    const distance = distanceTo(along(p, towards, t))
    if (distance < 0.001) return 0
    light = Math.min(light, (9 * distance) / t)
    t += Math.max(distance, 0.02)
  }
  return light
}

const eye: Vector = [0.1, 2.35, 5.1]
const lamp = unit([-0.62, 0.95, 0.5])
const wall = hex('#d9c7a8')

function paint(p: Vector, thing: number): Colour {
  if (thing === 0) return mix(hex('#d1362b'), hex('#b02418'), cloudNoise(p[0] * 4, p[1] * 4, 2))
  if (thing === 1) {
    const grain = Math.sin((p[1] * 14 + cloudNoise(p[0] * 3 + p[2] * 3, p[1] * 9, 8) * 6) * 2)
    return mix(hex('#c98f4e'), hex('#8a5424'), 0.5 + 0.5 * grain)
  }
  if (thing === 2) return Math.abs(p[1] - 0.62) < 0.06 || Math.abs(p[1] - 0.45) < 0.02 ? hex('#28589c') : hex('#eef1f2')
  if (thing === 3) return hex('#e9b32a')
  const checked = (Math.floor(p[0] * 2.2 + 50) + Math.floor(p[2] * 2.2 + 50)) % 2 === 0
  const weave = 0.94 + 0.06 * Math.sin(p[0] * 120) * Math.sin(p[2] * 120)
  return scale(checked ? hex('#f1ece0') : hex('#4f7c78'), weave)
}

function shade(p: Vector, thing: number, from: Vector): Colour {
  const n = normal(p, thing)
  const towards = along(p, n, 0.004)
  const direct = Math.max(0, dot(n, lamp)) * lightReaching(towards, lamp)
  const ambient = 0.28 + 0.14 * n[1]
  // Corners get less of the light that comes from everywhere.
  const open = Math.min(1, 0.35 + (distanceTo(along(p, n, 0.22)) / 0.22) * 0.65)
  const half = unit([lamp[0] - from[0], lamp[1] - from[1], lamp[2] - from[2]])
  const gloss = [0.7, 0.1, 0.5, 0.9, 0][thing]! * Math.max(0, dot(n, half)) ** 60 * (direct > 0 ? 1 : 0)
  const colour = paint(p, thing)
  const lit = scale(colour, ambient * open + direct * 0.85)
  return [lit[0] * 1.04 + gloss, lit[1] + gloss, lit[2] * 0.94 + gloss]
}

export function stillLife(): Uint8Array {
  const target: Vector = [0, 0.42, 0.15]
  const forward = unit([target[0] - eye[0], target[1] - eye[1], target[2] - eye[2]])
  const right = unit([-forward[2], 0, forward[0]])
  const up: Vector = [
    right[1] * forward[2] - right[2] * forward[1],
    right[2] * forward[0] - right[0] * forward[2],
    right[0] * forward[1] - right[1] * forward[0],
  ]
  return render((x, y) => {
    const u = (x - 0.5) * 0.82
    const v = (0.5 - y) * 0.82
    const ray = unit([
      forward[0] * 1.25 + right[0] * u + up[0] * v,
      forward[1] * 1.25 + right[1] * u + up[1] * v,
      forward[2] * 1.25 + right[2] * u + up[2] * v,
    ])
    const back = scale(wall, 0.78 + 0.25 * (1 - y) - 0.25 * x)
    const p = march(eye, ray, 16)
    if (!p) return back
    return mix(shade(p, thingAt(p), ray), back, smooth(-2.2, -3.6, p[2]))
  }, 2)
}
