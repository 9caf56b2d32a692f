import { expect, test } from 'vitest'
import type { TensorWindow } from '../../shared/api.ts'
import { pixelsOf, scalePixels, wrapped } from './pixels.ts'

/** A window from its shape and values. */
function windowOf(shape: readonly [number, number, number], values: readonly number[], first = 0): TensorWindow {
  const rect = { left: 0, top: 0, width: shape[1], height: shape[0] }
  return { rect, channels: [first, first + shape[2]], step: 1, shape, data: Float64Array.from(values) }
}

const grey = { name: 'grey', from: 0, to: 1 } as const

test('a channel is painted by its number in the stage, not in the window', () => {
  const window = windowOf([1, 2, 2], [0, 1, 0.5, 0], 6)
  expect([...pixelsOf(window, 6, grey).rgba]).toEqual([0, 0, 0, 255, 128, 128, 128, 255])
  expect([...pixelsOf(window, 7, grey).rgba]).toEqual([255, 255, 255, 255, 0, 0, 0, 255])
})

test('the ends of the diverging scale are d3-scale-chromatic’s darkest blue and red, zero is its lightest', () => {
  const scale = { name: 'red-blue', from: -2, to: 2 } as const
  const { rgba } = pixelsOf(windowOf([1, 3, 1], [-2, 0, 2]), 0, scale)
  expect([...rgba.subarray(0, 3)]).toEqual([5, 48, 97])
  expect([...rgba.subarray(8, 11)]).toEqual([103, 0, 31])
  for (const part of rgba.subarray(4, 7)) expect(part).toBeGreaterThan(235)
})

test('not-a-number and the infinities have colours of their own', () => {
  const { rgba } = pixelsOf(windowOf([1, 3, 1], [NaN, Infinity, -Infinity]), 0, grey)
  expect([...rgba]).toEqual([255, 0, 200, 255, 255, 214, 0, 255, 0, 190, 255, 255])
})

test('bytes of a colour photo are its own red, green and blue', () => {
  const window = { ...windowOf([1, 2, 3], []), data: Uint8Array.from([1, 2, 3, 250, 128, 0]) }
  const { rgba } = pixelsOf(window, 'colour', { name: 'grey', from: 0, to: 255 })
  expect([...rgba]).toEqual([1, 2, 3, 255, 250, 128, 0, 255])
})

test('a wrapped vector leaves the places after its end transparent', () => {
  const rows = wrapped(windowOf([1, 1, 5], [0.1, 0.2, 0.3, 0.4, 1]), 4)
  expect(rows.shape).toEqual([2, 4, 1])
  const { rgba } = pixelsOf(rows, 0, grey, 5)
  expect([...rgba.subarray(16, 24)]).toEqual([255, 255, 255, 255, 0, 0, 0, 0])
})

test('the ramp of a legend has its highest value on top', () => {
  const { rgba, height } = scalePixels('grey', 3)
  expect([0, 1, 2].map((row) => rgba[row * 4])).toEqual([255, 128, 0])
  expect(height).toBe(3)
})

test('a pixel of a colour photo with a value that is not finite has that value’s own colour', () => {
  const window = windowOf([1, 2, 3], [0.5, NaN, 0.5, 0, 0.5, 2])
  expect([...pixelsOf(window, 'colour', grey).rgba]).toEqual([255, 0, 200, 255, 0, 128, 255, 255])
})
