import { describe, expect, test } from 'vitest'
import type { Place } from '../../shared/explain.ts'
import { layerDefinitions } from '../../shared/layers/index.ts'
import { mostMarks } from '../../shared/layers/paint.ts'
import { parsePipeline } from '../../shared/pipeline.ts'
import { counting, layer, run } from '../../tests/support/layer.ts'
import { explainLayer } from './index.ts'
import { finish } from './steps.ts'

const paint = (...marks: readonly Record<string, unknown>[]) => layer('paint', { marks })
const at = (row: number, column: number, channel = 0): Place => ({ row, column, channel })

describe('paint', () => {
  test('replaces a rectangle of elements and leaves the others as they were', () => {
    const output = run(paint({ row: 1, column: 1, height: 2, width: 2, value: -1 }), counting(3, 4, 1))
    expect(output.shape).toEqual([3, 4, 1])
    expect([...output.data]).toEqual([0, 1, 2, 3, 4, -1, -1, 7, 8, -1, -1, 11])
  })

  test('paints all channels, each with its own value, or one alone', () => {
    const marks = [
      { row: 0, column: 0, value: [7, 8, 9] },
      { row: 0, column: 1, value: 5 },
      { row: 1, column: 0, channel: 2, value: 6 },
    ]
    expect([...run(paint(...marks), counting(2, 2, 3)).data]).toEqual([7, 8, 9, 5, 5, 5, 6, 7, 6, 9, 10, 11])
  })

  test('later marks cover earlier ones, and one without a value gives back what was there', () => {
    const marks = [
      { row: 0, column: 0, width: 4, value: 9 },
      { row: 0, column: 1, width: 2, value: 8 },
      { row: 0, column: 2, width: 2, value: null },
    ]
    expect([...run(paint(...marks), counting(1, 5, 1)).data]).toEqual([9, 8, 2, 3, 4])
  })

  test('without marks nothing changes, and in float32 the value is a float32 number', () => {
    expect(run(paint(), counting(2, 2, 2))).toEqual(counting(2, 2, 2))
    expect(run(paint({ row: 0, column: 0, value: 0.1 }), counting(1, 1, 1), 'float32').data[0]).toBe(Math.fround(0.1))
  })

  test('a painted element is told with what it was, the others as the same element', () => {
    const spec = paint(
      { row: 0, column: 0, width: 2, value: 0.25 },
      { row: 0, column: 1, value: 0.8 },
      { row: 0, column: 2, width: 1, value: null },
    )
    const explain = finish(explainLayer(spec, counting(1, 3, 1), 'float64'))
    expect(explain(at(0, 1))).toMatchObject({
      kind: 'function',
      input: 1,
      value: 0.8,
      slope: 0,
      steps: [{ name: 'Painted over by mark 1', expression: [0.8], value: 0.8 }],
    })
    expect(explain(at(0, 0))).toMatchObject({ input: 0, value: 0.25, steps: [{ name: 'Painted over by mark 0' }] })
    expect(explain(at(0, 2))).toMatchObject({ kind: 'move', from: 2, value: 2 })
  })

  test.each([
    [{ row: 2, column: 0, value: 1 }, 'mark 0 (row 2, column 0) does not lie inside a 2×3 input'],
    [
      { row: 0, column: 1, width: 3, height: 2, value: 1 },
      'mark 0 (rows 0 to 1, columns 1 to 3) does not lie inside a 2×3 input',
    ],
    [{ row: 0, column: 0, channel: 2, value: 1 }, 'mark 0 paints channel 2, but there are 2 channels, from 0'],
    [{ row: 0, column: 0, value: [1, 2, 3] }, 'mark 0 gives 3 values for 2 channels'],
    [{ row: 0, column: 0, channel: 1, value: [1, 2] }, 'mark 0 gives 2 values for 1 channel'],
  ])('%j cannot be painted, and is told why', (mark, message) => {
    expect(() => run(paint(mark), counting(2, 3, 2))).toThrow(
      expect.objectContaining({ code: 'layer-impossible', message }),
    )
  })

  test('is made to fit a smaller input by cutting what lies outside', () => {
    const spec = paint(
      { row: 0, column: 1, width: 9, height: 9, value: 1 },
      { row: 5, column: 0, value: 1 },
      { row: 0, column: 0, channel: 1, value: 1 },
      { row: 0, column: 0, value: [1, 2, 3] },
      { row: 1, column: 2, value: null },
    )
    const fitted = layerDefinitions.paint.fit!(spec, [2, 3, 1])
    expect(fitted.marks).toEqual([
      { row: 0, column: 1, width: 2, height: 2, channel: null, value: [1] },
      { row: 1, column: 2, width: 1, height: 1, channel: null, value: null },
    ])
    expect(layerDefinitions.paint.outputShape([2, 3, 1], fitted)).toEqual([2, 3, 1])
  })

  test('takes so many marks and no more', () => {
    const marks = Array.from({ length: mostMarks + 1 }, () => ({ row: 0, column: 0, value: 0 }))
    expect(() =>
      parsePipeline({ version: 1, name: 'Much', layers: [{ kind: 'input' }, { kind: 'paint', marks }] }),
    ).toThrow('layer 1 (paint): marks must not be longer than 4096, but is 4097')
    expect(paint(...marks.slice(1)).marks).toHaveLength(mostMarks)
  })
})
