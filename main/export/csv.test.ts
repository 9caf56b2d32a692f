import fc from 'fast-check'
import { expect, it } from 'vitest'
import { decodeCsv, encodeCsv } from './csv.ts'

const text = async (shape: readonly number[], data: Float64Array | Float32Array | Uint8Array) =>
  new TextDecoder().decode(await encodeCsv({ shape, data }, 'LayerLoupe stage 1 (conv2d)'))

it('is a block of rows for each channel, with lines that say which', async () => {
  expect(await text([2, 2, 2], Float64Array.of(1, 10, 2, 20, 0.1, NaN, -0, -Infinity))).toBe(
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

it('is a number a line for a vector', async () => {
  expect(await text([3], Float32Array.of(0.5, 0.1, 1e30))).toBe(
    '# LayerLoupe stage 1 (conv2d): 3 numbers float32\n0.5\n0.10000000149011612\n1.0000000150474662e+30\n',
  )
})

it('has no cell a spreadsheet would run', async () => {
  const lines = (await text([1, 3, 1], Float64Array.of(-1, 2e-7, 3))).trim().split('\n')
  expect(lines.flatMap((line) => line.split(',')).filter((cell) => !/^(#|-?\d)/.test(cell))).toEqual([])
})

it('reads back equal to the last bit, whatever the numbers', async () => {
  const numbers = fc.array(fc.double(), { minLength: 24, maxLength: 24 })
  const shape = fc.constantFrom([2, 3, 4], [24], [24, 1, 1], [1, 24, 1], [1, 1, 24])
  await fc.assert(
    fc.asyncProperty(numbers, shape, fc.boolean(), async (values, sizes, single) => {
      const data = single ? Float32Array.from(values) : Float64Array.from(values)
      const back = decodeCsv(await encodeCsv({ shape: sizes, data }, 'a stage'))
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
