import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { TensorData } from '../../shared/tensor.ts'
import { decodeCsv, csvPieces } from './csv.ts'

const bytesOf = (shape: readonly number[], data: TensorData) =>
  Buffer.concat([...csvPieces({ shape, data }, 'LayerLoupe stage 1 (conv2d)')])
const text = (shape: readonly number[], data: TensorData) => bytesOf(shape, data).toString()

it('is a block of rows for each channel, with lines that say which', () => {
  expect(text([2, 2, 2], Float64Array.of(1, 10, 2, 20, 0.1, NaN, -0, -Infinity))).toBe(
    `# LayerLoupe stage 1 (conv2d): 2 rows 2 columns 2 channels float64
# channel 0
1,2
0.1,-0
# channel 1
10,20
nan,-inf
`,
  )
})

it('is a number a line for a vector', () => {
  expect(text([3], Float32Array.of(0.5, 0.1, 1e30))).toBe(
    '# LayerLoupe stage 1 (conv2d): 3 numbers float32\n0.5\n0.10000000149011612\n1.0000000150474662e+30\n',
  )
})

it('has no cell a spreadsheet would run', () => {
  const lines = text([1, 3, 1], Float64Array.of(-1, 2e-7, 3))
    .trim()
    .split('\n')
  expect(lines.flatMap((line) => line.split(',')).filter((cell) => !/^(#|-?\d)/.test(cell))).toEqual([])
})

it('reads back equal to the last bit, whatever the numbers', () => {
  const numbers = fc.array(fc.double(), { minLength: 24, maxLength: 24 })
  const shape = fc.constantFrom([2, 3, 4], [24], [24, 1, 1], [1, 24, 1], [1, 1, 24])
  fc.assert(
    fc.property(numbers, shape, fc.boolean(), (values, sizes, single) => {
      const data = single ? Float32Array.from(values) : Float64Array.from(values)
      const back = decodeCsv(bytesOf(sizes, data))
      expect(back.shape).toEqual(sizes)
      expect(back.data.constructor).toBe(data.constructor)
      for (let i = 0; i < 24; i++)
        if (!Object.is(back.data[i], data[i])) throw new Error(`${data[i]} → ${back.data[i]}`)
    }),
    { numRuns: 60 },
  )
})

it.each([
  ['what it holds', '# something\n1\n'],
  ['2 lines of 1 numbers', '# a: 2 numbers float64\n1\n'],
  ['"x" is not a number', '# a: 1 numbers float64\nx\n'],
])('is refused where it is damaged: %s', (reason, damaged) => {
  expect(() => decodeCsv(new TextEncoder().encode(damaged))).toThrow(reason)
})
