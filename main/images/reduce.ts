/** Making tensors smaller for a picture: every value shown is the mean over the area it stands for. */

import type { Paintable } from '../../shared/colour.ts'
import { giveBack, takeWorkspace, type Workspace } from '../simd/index.ts'

/** An axis in parts: boundary i of them lies at edges[i] / unit, both whole numbers. */
export interface Parts {
  readonly edges: Float64Array
  readonly unit: number
}

/** 0 … n in `count` equal parts, whose boundaries are not necessarily whole. */
export function equalParts(n: number, count: number): Parts {
  return { edges: Float64Array.from({ length: count + 1 }, (_, i) => i * n), unit: count }
}

/** Parts `step` long, the last one as long as is left. */
export function blocks(n: number, step: number): Parts {
  return { edges: Float64Array.from({ length: Math.ceil(n / step) + 1 }, (_, i) => Math.min(i * step, n)), unit: 1 }
}

/**
 * Means of some channels over the rectangles between the given row and column boundaries: elements a boundary cuts
 * count by the share that lies inside. Not-a-number and infinities make the means they are in the same.
 */
export function areaMeans(
  source: Paintable,
  channels: readonly [first: number, end: number],
  rows: Parts,
  columns: Parts,
): Paintable {
  const { shape, data } = source
  const [first, end] = channels
  const count = end - first
  const size = [rows.edges.length - 1, columns.edges.length - 1, count] as const
  const isWhole = data instanceof Uint8Array && count === shape[2] && sumsFit(rows)
  return {
    shape: size,
    data: isWhole ? meansOfBytes(data, shape, rows, columns) : meansOf(source, first, count, rows, columns),
  }
}

function meansOf({ shape, data }: Paintable, first: number, count: number, rows: Parts, columns: Parts): Float64Array {
  const [, width, depth] = shape
  const across = (columns.edges.length - 1) * count
  const means = new Float64Array((rows.edges.length - 1) * across)
  const sums = new Float64Array(width * count)
  for (let y = 0, to = 0; to < means.length; y++, to += across) {
    const top = rows.edges[y]! / rows.unit
    const bottom = rows.edges[y + 1]! / rows.unit
    sums.fill(0)
    for (let row = Math.floor(top); row < bottom; row++) {
      const share = shareOf(row, row + 1, top, bottom)
      for (let i = 0, at = row * width * depth + first; i < sums.length; i += count, at += depth) {
        for (let c = 0; c < count; c++) sums[i + c]! += data[at + c]! * share
      }
    }
    meansOfRow(sums, count, columns, bottom - top, means, to)
  }
  return means
}

/** Bytes of rows added at once, but always two rows. */
const someBytes = 1 << 20

/** Whether weighted rows of bytes have sums of 32 bits. */
function sumsFit({ edges, unit }: Parts): boolean {
  return unit < 2 ** 23 && edges.every((edge, i) => i === 0 || 255 * (edge - edges[i - 1]!) < 2 ** 31)
}

/** A photo has them by the million. The shares are counted in parts of an element, so that every sum is exact. */
function meansOfBytes(
  data: Uint8Array,
  [, width, depth]: Paintable['shape'],
  rows: Parts,
  columns: Parts,
): Float64Array {
  const across = (columns.edges.length - 1) * depth
  const means = new Float64Array((rows.edges.length - 1) * across)
  const workspace = takeWorkspace()
  const length = width * depth
  const table = depth === 3 ? putColumns(workspace, columns) : undefined
  const mostRows = Math.max(2, Math.floor(someBytes / length))
  const { adder } = workspace
  adder.begin(length, mostRows)
  const sums = new Float64Array(table ? 0 : length)
  for (let y = 0, to = 0; to < means.length; y++, to += across) {
    const { first, shares } = sharesOf(rows, y)
    adder.sums.fill(0)
    for (let i = 0; i < shares.length; i += mostRows) {
      adder.add(data, (first + i) * length, length, length, shares.slice(i, i + mostRows))
    }
    const height = rows.edges[y + 1]! - rows.edges[y]!
    if (table) {
      workspace.kernels.meansOfColour(adder.place, table.columns, table.shares, table.to, across / 3, height)
      means.set(workspace.floats(table.to, across), to)
    } else {
      sums.set(adder.sums)
      meansOfRow(sums, depth, columns, height, means, to)
    }
  }
  giveBack(workspace)
  return means
}

/** The first element of a part, and the share that it and each one after it has in the part, in parts of an element. */
function sharesOf({ edges, unit }: Parts, part: number): { first: number; shares: number[] } {
  const from = edges[part]!
  const to = edges[part + 1]!
  const first = Math.floor(from / unit)
  const shares: number[] = []
  for (let at = first * unit; at < to; at += unit) shares.push(shareOf(at, at + unit, from, to))
  return { first, shares }
}

/** The columns as `meansOfColour` reads them, and room for what it writes of a row. */
function putColumns(workspace: Workspace, columns: Parts): { columns: number; shares: number; to: number } {
  const across = columns.edges.length - 1
  const parts = Array.from({ length: across }, (_, x) => sharesOf(columns, x))
  const shares = parts.flatMap((part) => part.shares)
  const places = {
    columns: workspace.reserve(across * 16),
    shares: workspace.reserve(shares.length * 8),
    to: workspace.reserve(across * 24),
  }
  workspace.floats(places.shares, shares.length).set(shares)
  const spans = workspace.integers(places.columns, across * 4)
  const widths = workspace.floats(places.columns, across * 2)
  for (const [x, part] of parts.entries()) {
    spans[4 * x] = part.first * 12
    spans[4 * x + 1] = part.shares.length
    widths[2 * x + 1] = columns.edges[x + 1]! - columns.edges[x]!
  }
  return places
}

/** How much of what begins and ends at two places lies between two others. */
function shareOf(begin: number, end: number, from: number, to: number): number {
  return Math.min(end, to) - Math.max(begin, from)
}

/** Means over the columns, from sums over a part `height` high; one channel at a time to stay in registers. */
function meansOfRow(
  sums: Float64Array,
  count: number,
  { edges, unit }: Parts,
  height: number,
  means: Float64Array,
  to: number,
): void {
  for (let x = 1; x < edges.length; x++) {
    const left = edges[x - 1]! / unit
    const right = edges[x]! / unit
    const first = Math.floor(left)
    const last = Math.ceil(right) - 1
    const area = height * (right - left)
    const firstShare = shareOf(first, first + 1, left, right)
    const lastShare = shareOf(last, last + 1, left, right)
    for (let c = 0; c < count; c++) {
      let sum = sums[first * count + c]! * firstShare
      const end = last * count + c
      for (let i = first * count + c + count; i < end; i += count) sum += sums[i]!
      if (last > first) sum += sums[end]! * lastShare
      means[to++] = sum / area
    }
  }
}
