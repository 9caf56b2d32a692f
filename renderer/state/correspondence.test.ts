import { expect, test } from 'vitest'
import type { PlannedStage } from '../../shared/api.ts'
import type { Place } from '../../shared/explain.ts'
import { definitionOf, type LayerSpec } from '../../shared/layers/index.ts'
import { parsePipeline } from '../../shared/pipeline.ts'
import type { Shape } from '../../shared/tensor.ts'
import { receptiveField } from '../../main/pipeline/explain/receptiveField.ts'
import { downward, elementNear, linkOf, proportional, upward, type Link } from './correspondence.ts'

/** The link of one layer on an input, told by the engine's own receptive fields. */
async function linked(before: Shape, layer: Record<string, unknown>): Promise<{ link: Link; after: Shape }> {
  const [height, width, channels] = before as [number, number, number]
  const size = { width, height }
  const input = { kind: 'input', size, colour: channels === 3 ? 'rgb' : 'mean' }
  const pipeline = parsePipeline({ version: 1, name: 'Test', layers: [input, layer] })
  const spec = pipeline.layers[1] as LayerSpec
  const after = definitionOf(spec).outputShape(before, spec)
  const stages = [before, after].map((shape, index) => ({ index, shape }) as unknown as PlannedStage)
  const ask = (place: Place) =>
    Promise.resolve(receptiveField(pipeline, stages, [height, width, 3], 1, place).stages[0] ?? null)
  return { link: await linkOf(before, after, ask), after }
}

const at = (row: number, column: number, channel = 0): Place => ({ row, column, channel })

test('a pooled element stands over the upper left of the middle of its window, and every element of it over that one', async () => {
  const before = [8, 10, 1]
  const { link, after } = await linked(before, { kind: 'pool2d' })
  expect(elementNear(upward(link, at(2, 3), before)!)).toEqual(at(4, 6))
  for (const [row, column] of [
    [4, 6],
    [4, 7],
    [5, 6],
    [5, 7],
  ] as const) {
    expect(elementNear(downward(link, at(row, column), before, after)!)).toEqual(at(2, 3))
  }
})

test('padding a convolution keeps places, and without it they move by half the kernel', async () => {
  const before = [9, 9, 1]
  const same = await linked(before, { kind: 'conv2d', padding: 'same' })
  expect(elementNear(upward(same.link, at(0, 8), before)!)).toEqual(at(0, 8))
  const valid = await linked(before, { kind: 'conv2d', size: 5, padding: 'valid' })
  expect(valid.after.slice(0, 2)).toEqual([5, 5])
  expect(elementNear(upward(valid.link, at(1, 4), before)!)).toEqual(at(3, 6))
  expect(elementNear(downward(valid.link, at(3, 6), before, valid.after)!)).toEqual(at(1, 4))
  // The border has no window round it; the nearest one that reads it stands for it.
  expect(elementNear(downward(valid.link, at(0, 0), before, valid.after)!)).toEqual(at(0, 0))
})

test('stride and dilation are followed', async () => {
  const before = [31, 31, 1]
  const { link, after } = await linked(before, { kind: 'conv2d', size: 3, stride: 3, dilation: 2, padding: 'valid' })
  expect(after[0]).toBe(9)
  expect(elementNear(upward(link, at(4, 7), before)!)).toEqual(at(14, 23))
  expect(elementNear(downward(link, at(14, 23), before, after)!)).toEqual(at(4, 7))
})

test('what was mirrored or turned is found where it went', async () => {
  const before = [4, 6, 1]
  const flipped = await linked(before, { kind: 'flip', direction: 'horizontal' })
  expect(elementNear(upward(flipped.link, at(1, 0), before)!)).toEqual(at(1, 5))
  expect(elementNear(downward(flipped.link, at(3, 4), before, flipped.after)!)).toEqual(at(3, 1))
  const turned = await linked(before, { kind: 'rotate90' })
  expect(turned.after).toEqual([6, 4, 1])
  for (const place of [at(0, 0), at(5, 3), at(2, 1)]) {
    const up = elementNear(upward(turned.link, place, before)!)
    expect(elementNear(downward(turned.link, up, before, turned.after)!)).toEqual(place)
  }
  const corner = elementNear(upward(turned.link, at(0, 0), before)!)
  expect([at(0, 5), at(3, 0)]).toContainEqual(corner)
})

test('what a crop cut away, and what padding added, has no corresponding place', async () => {
  const before = [8, 8, 1]
  const cropped = await linked(before, { kind: 'crop', top: 2, left: 3, height: 4, width: 4 })
  expect(elementNear(downward(cropped.link, at(2, 3), before, cropped.after)!)).toEqual(at(0, 0))
  expect(downward(cropped.link, at(1, 3), before, cropped.after)).toBeNull()
  expect(downward(cropped.link, at(2, 7), before, cropped.after)).toBeNull()
  const padded = await linked(before, { kind: 'pad', top: 2, right: 2, bottom: 2, left: 2 })
  expect(elementNear(upward(padded.link, at(2, 2), before)!)).toEqual(at(0, 0))
  expect(upward(padded.link, at(1, 2), before)).toBeNull()
})

test('a flattened element is the one of the picture it was, and beyond a dense layer there is none', async () => {
  const before = [3, 4, 3]
  const { link, after } = await linked(before, { kind: 'flatten' })
  expect(downward(link, at(2, 1, 2), before, after)).toEqual(at(0, 0, (2 * 4 + 1) * 3 + 2))
  expect(upward(link, at(0, 0, 29), before)).toEqual(at(2, 1, 2))
  const pooled = await linked(before, { kind: 'globalPool' })
  expect(downward(pooled.link, at(2, 1, 2), before, pooled.after)?.channel).toBe(2)
  const dense = await linkOf([36], [4], (place) =>
    Promise.resolve({
      rect: { left: 0, top: 0, width: 1, height: 1 },
      channels: [0, 36] as const,
      count: 36 + place.row,
    }),
  )
  expect(downward(dense, at(0, 0, 3), [36], [4])).toBeNull()
  expect(upward(dense, at(0, 0, 3), [36])).toBeNull()
})

test('windows larger than the picture leave its proportions to go by', async () => {
  const before = [4, 4, 1]
  const { link } = await linked(before, { kind: 'conv2d', size: 5, padding: 'same' })
  expect(elementNear(upward(link, at(3, 1), before)!)).toEqual(at(3, 1))
})

test('between photo and input places are proportional, and a channel that is not there is the first', () => {
  const link = proportional([300, 451, 3], [64, 64, 1])
  expect(elementNear(upward(link, at(0, 0), [300, 451, 3])!)).toEqual(at(2, 3))
  expect(elementNear(upward(link, at(63, 63), [300, 451, 3])!)).toEqual(at(297, 447))
  expect(elementNear(downward(link, at(299, 450, 2), [300, 451, 3], [64, 64, 1])!)).toEqual(at(63, 63))
})
