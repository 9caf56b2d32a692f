/** Filling outlines with exact area coverage: what each edge covers of each pixel is added up, then summed along the rows. */

export interface Mask {
  readonly width: number
  readonly height: number
  /** 0 to 255, height × width. */
  readonly coverage: Uint8Array
}

/** A closed outline as a list of points x0, y0, x1, y1, … in pixels. */
export type Contour = readonly number[]

/**
 * Coverage of the inside of closed contours (which must not overlap each other the same way round).
 * All points must lie in [0, width − 1] × [0, height].
 */
export function fillContours(contours: readonly Contour[], width: number, height: number): Mask {
  const areas = new Float32Array(width * height + 2)
  for (const points of contours) {
    const { length } = points
    for (let i = 0; i < length; i += 2) {
      const j = (i + 2) % length
      addEdge(areas, width, points[i]!, points[i + 1]!, points[j]!, points[j + 1]!)
    }
  }
  const coverage = new Uint8Array(width * height)
  let sum = 0
  for (let i = 0; i < coverage.length; i++) {
    sum += areas[i]!
    coverage[i] = Math.round(Math.min(1, Math.abs(sum)) * 255)
  }
  return { width, height, coverage }
}

/** Adds, row by row, the change of coverage an edge makes at the pixels it crosses. */
function addEdge(areas: Float32Array, width: number, x0: number, y0: number, x1: number, y1: number): void {
  if (y0 === y1) return
  const direction = y0 < y1 ? 1 : -1
  const [topX, topY, bottomX, bottomY] = y0 < y1 ? [x0, y0, x1, y1] : [x1, y1, x0, y0]
  const slope = (bottomX - topX) / (bottomY - topY)
  let x = topX
  for (let y = Math.floor(topY); y < bottomY; y++) {
    const rows = Math.min(y + 1, bottomY) - Math.max(y, topY)
    const next = x + slope * rows
    addSpan(areas, y * width, Math.min(x, next), Math.max(x, next), direction * rows)
    x = next
  }
}

/** An edge from `left` to `right` within one row, over `amount` of its height. */
function addSpan(areas: Float32Array, row: number, left: number, right: number, amount: number): void {
  const first = Math.floor(left)
  const last = Math.ceil(right)
  if (last <= first + 1) {
    const inside = (left + right) / 2 - first
    areas[row + first]! += amount * (1 - inside)
    areas[row + first + 1]! += amount * inside
    return
  }
  // Covered share of the pixels up to each column's right side; its differences are what is added.
  const span = right - left
  let before = 0
  let beforeLast = 0
  for (let column = first; column <= last; column++) {
    const reach = Math.min(column + 1, right) - left
    // The integral of the edge's progress over this pixel.
    const upTo = column + 1 <= right ? (reach * reach) / (2 * span) : span / 2 + (column + 1 - right)
    const covered = upTo - before
    areas[row + column]! += amount * (covered - beforeLast)
    before = upTo
    beforeLast = covered
  }
}
