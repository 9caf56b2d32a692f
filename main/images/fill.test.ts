import { describe, expect, it } from 'vitest'
import { fillContours } from './fill.ts'

describe('filling a contour', () => {
  it('covers a rectangle by the exact share of each pixel inside it', () => {
    // From 0.5 to 2.25 across and from 0.25 to 2 down.
    const { coverage } = fillContours([[0.5, 0.25, 2.25, 0.25, 2.25, 2, 0.5, 2]], 4, 2)
    const rows = [0.75, 1].flatMap((down) => [0.5, 1, 0.25, 0].map((across) => Math.round(across * down * 255)))
    expect([...coverage]).toEqual(rows)
  })

  it('covers a triangle by its exact area', () => {
    // The slope crosses three pixels of each row: the area below it is known.
    const { coverage } = fillContours([[0, 0, 6, 2, 0, 2]], 8, 2)
    const share = (twelfths: number) => (twelfths / 12) * 255
    const first = [10, 6, 2, 0, 0, 0, 0, 0].map(share)
    const second = [12, 12, 12, 10, 6, 2, 0, 0].map(share)
    ;[...first, ...second].forEach((wanted, i) => {
      expect(Math.abs(coverage[i]! - wanted)).toBeLessThanOrEqual(0.6)
    })
  })

  it('leaves a hole where a contour runs the other way round', () => {
    const outside = [0, 0, 4, 0, 4, 4, 0, 4]
    const inside = [1, 1, 1, 3, 3, 3, 3, 1]
    const { coverage } = fillContours([outside, inside], 5, 4)
    const solid = [...coverage].map((value) => (value === 255 ? '#' : value === 0 ? '.' : '?')).join('')
    expect(solid).toBe('####.#..#.#..#.####.')
  })

  it('adds up to the area of a circle', () => {
    const points = Array.from({ length: 720 }, (_, i) => {
      const angle = (Math.floor(i / 2) / 360) * 2 * Math.PI
      return 20 + 17.3 * (i % 2 === 0 ? Math.cos(angle) : Math.sin(angle))
    })
    const { coverage } = fillContours([points], 40, 40)
    const area = coverage.reduce((sum, value) => sum + value / 255, 0)
    expect(Math.abs(area - Math.PI * 17.3 ** 2)).toBeLessThan(1)
  })
})
