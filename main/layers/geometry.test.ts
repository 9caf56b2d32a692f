import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { counting, layer, run, tensor } from '../../tests/support/layer.ts'

const six = counting(2, 3, 1)
const shapes = fc.tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 4 }))

describe('rotate90', () => {
  test.each([
    [1, [3, 2, 1], [2, 5, 1, 4, 0, 3]],
    [-1, [3, 2, 1], [3, 0, 4, 1, 5, 2]],
    [2, [2, 3, 1], [5, 4, 3, 2, 1, 0]],
    [3, [3, 2, 1], [3, 0, 4, 1, 5, 2]],
    [4, [2, 3, 1], [0, 1, 2, 3, 4, 5]],
    [-7, [3, 2, 1], [2, 5, 1, 4, 0, 3]],
  ])('%i turns equal numpy.rot90', (turns, shape, values) => {
    const output = run(layer('rotate90', { turns }), six)
    expect(output.shape).toEqual(shape)
    expect([...output.data]).toEqual(values)
  })

  test('four turns give the picture back, and turns add up', () => {
    fc.assert(
      fc.property(shapes, fc.integer({ min: -9, max: 9 }), (shape, turns) => {
        const input = counting(...shape)
        let turned = input as ReturnType<typeof run>
        for (let i = 0; i < 4; i++) turned = run(layer('rotate90'), turned)
        expect(turned).toEqual(input)
        expect(run(layer('rotate90', { turns: -turns }), run(layer('rotate90', { turns }), input))).toEqual(input)
      }),
    )
  })
})

describe('flip', () => {
  test('horizontal swaps left and right, vertical top and bottom; channels stay together', () => {
    expect([...run(layer('flip'), six).data]).toEqual([2, 1, 0, 5, 4, 3])
    expect([...run(layer('flip', { direction: 'vertical' }), six).data]).toEqual([3, 4, 5, 0, 1, 2])
    expect([...run(layer('flip'), counting(1, 3, 2)).data]).toEqual([4, 5, 2, 3, 0, 1])
  })

  test('twice is the identity, and both are half a turn', () => {
    fc.assert(
      fc.property(shapes, fc.constantFrom('horizontal', 'vertical'), (shape, direction) => {
        const input = counting(...shape)
        const spec = layer('flip', { direction })
        expect(run(spec, run(spec, input))).toEqual(input)
        const both = run(layer('flip'), run(layer('flip', { direction: 'vertical' }), input))
        expect(both).toEqual(run(layer('rotate90', { turns: 2 }), input))
      }),
    )
  })
})

describe('crop', () => {
  test('keeps the rectangle', () => {
    const output = run(layer('crop', { top: 1, left: 1, height: 1, width: 2 }), six)
    expect(output.shape).toEqual([1, 2, 1])
    expect([...output.data]).toEqual([4, 5])
  })

  test('undoes padding', () => {
    const side = fc.integer({ min: 0, max: 4 })
    fc.assert(
      fc.property(
        shapes,
        side,
        side,
        side,
        side,
        fc.constantFrom('constant', 'edge'),
        (shape, top, right, bottom, left, mode) => {
          const input = counting(...shape)
          const padded = run(layer('pad', { top, right, bottom, left, mode }), input)
          expect(run(layer('crop', { top, left, height: shape[0], width: shape[1] }), padded)).toEqual(input)
        },
      ),
    )
  })
})

describe('pad', () => {
  // np.pad(x, ((1, 2), (2, 1)), mode=…)
  const sides = { top: 1, bottom: 2, left: 2, right: 1 }

  test('constant equals numpy.pad', () => {
    const output = run(layer('pad', { ...sides, mode: 'constant', value: 7 }), six)
    expect(output.shape).toEqual([5, 6, 1])
    expect([...output.data]).toEqual(
      [
        [7, 7, 7, 7, 7, 7],
        [7, 7, 0, 1, 2, 7],
        [7, 7, 3, 4, 5, 7],
        [7, 7, 7, 7, 7, 7],
        [7, 7, 7, 7, 7, 7],
      ].flat(),
    )
  })

  test('edge equals numpy.pad', () => {
    expect([...run(layer('pad', { ...sides, mode: 'edge' }), six).data]).toEqual(
      [
        [0, 0, 0, 1, 2, 2],
        [0, 0, 0, 1, 2, 2],
        [3, 3, 3, 4, 5, 5],
        [3, 3, 3, 4, 5, 5],
        [3, 3, 3, 4, 5, 5],
      ].flat(),
    )
  })

  test('reflect equals numpy.pad', () => {
    expect([...run(layer('pad', { ...sides, mode: 'reflect' }), counting(3, 3, 1)).data]).toEqual(
      [
        [5, 4, 3, 4, 5, 4],
        [2, 1, 0, 1, 2, 1],
        [5, 4, 3, 4, 5, 4],
        [8, 7, 6, 7, 8, 7],
        [5, 4, 3, 4, 5, 4],
        [2, 1, 0, 1, 2, 1],
      ].flat(),
    )
  })

  test('channels stay together', () => {
    const output = run(
      layer('pad', { top: 0, right: 1, bottom: 0, left: 1, mode: 'edge' }),
      tensor([1, 2, 2], [1, 2, 3, 4]),
    )
    expect([...output.data]).toEqual([1, 2, 1, 2, 3, 4, 3, 4])
  })
})
