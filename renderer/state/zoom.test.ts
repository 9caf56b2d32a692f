import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  clampView,
  elementAt,
  fitScale,
  fitted,
  originOf,
  panBy,
  reveal,
  scaleOf,
  visibleRect,
  zoomAt,
} from './zoom.ts'

/** Seven device pixels an element when fitted. */
const box = { width: 448, height: 336 }
const picture = { width: 64, height: 48 }

test('a picture is fitted with whole device pixels an element where that costs little', () => {
  expect(fitScale({ width: 500, height: 500 }, { width: 64, height: 64 }, 1)).toBe(7)
  expect(fitScale({ width: 500, height: 500 }, { width: 64, height: 64 }, 2)).toBe(7.5)
  expect(fitScale({ width: 215, height: 215 }, { width: 128, height: 128 }, 1)).toBeCloseTo(215 / 128)
})

test('a box made to measure is not fitted one pixel smaller by rounding', () => {
  for (let scale = 1; scale < 60; scale++) {
    const size = { width: 49 * scale, height: 31 * scale }
    expect(fitScale(size, { width: 49, height: 31 }, 1)).toBeCloseTo(scale, 9)
  }
})

test('zooming keeps what is under the pointer there, as long as no edge comes into the box', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 2, max: 4, noNaN: true }),
      fc.double({ min: 0.4, max: 0.6, noNaN: true }),
      fc.double({ min: 1.05, max: 2.5, noNaN: true }),
      fc.double({ min: 0, max: 448, noNaN: true }),
      fc.double({ min: 0, max: 336, noNaN: true }),
      (magnification, centre, factor, x, y) => {
        const place = (view: typeof fitted) => {
          const scale = scaleOf(view, box, picture, 1)
          const origin = originOf(view, box, picture, scale)
          return [(x - origin.x) / scale, (y - origin.y) / scale] as const
        }
        const before = { magnification, x: centre, y: centre }
        const after = zoomAt(before, factor, { x, y }, box, picture, 1)
        expect(after.magnification).toBeCloseTo(magnification * factor)
        expect(place(after)[0]).toBeCloseTo(place(before)[0], 6)
        expect(place(after)[1]).toBeCloseTo(place(before)[1], 6)
      },
    ),
  )
})

test('panning stops at the edges and a fitted picture does not move', () => {
  expect(panBy(fitted, 100, 50, box, picture, 1)).toEqual(fitted)
  const moved = panBy({ magnification: 2, x: 0.5, y: 0.5 }, 10_000, 0, box, picture, 1)
  expect(moved.x).toBe(0.25)
  expect(originOf(moved, box, picture, scaleOf(moved, box, picture, 1)).x).toBeCloseTo(0)
})

test('the element under a point, and none beside the picture', () => {
  expect(elementAt(fitted, { x: 0, y: 0 }, box, picture, 1)).toEqual({ row: 0, column: 0 })
  expect(elementAt(fitted, { x: 447, y: 335 }, box, picture, 1)).toEqual({ row: 47, column: 63 })
  const wide = { width: 600, height: 336 }
  expect(elementAt(fitted, { x: 30, y: 10 }, wide, picture, 1)).toBeNull()
})

test('the visible rectangle holds every element the box shows', () => {
  expect(visibleRect(fitted, box, picture, 1)).toEqual({ left: 0, top: 0, width: 64, height: 48 })
  const corner = clampView({ magnification: 4, x: 0, y: 1 }, box, picture, 1)
  expect(visibleRect(corner, box, picture, 1)).toEqual({ left: 0, top: 36, width: 16, height: 12 })
})

test('revealing moves the view only as far as needed', () => {
  const corner = clampView({ magnification: 4, x: 0, y: 0 }, box, picture, 1)
  expect(reveal(corner, 3, 3, box, picture, 1)).toBe(corner)
  const moved = reveal(corner, 3, 20, box, picture, 1)
  expect(visibleRect(moved, box, picture, 1)).toEqual({ left: 5, top: 0, width: 16, height: 12 })
})
