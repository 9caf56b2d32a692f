import { expect, it } from 'vitest'
import { callFunction, dtypes, methods, NDArray, numpy, Session, Storage, Tuple, type Value } from './index.ts'

const numbers = Array.from({ length: 16 }, (_, i) => i)

/** As the stages of a run are: what the program has must not be changed by it. */
function readOnly(): NDArray {
  const a = new NDArray(new Storage(dtypes.float64, Float64Array.from(numbers)), [4, 4])
  a.writeable = false
  return a
}

const shape = new Tuple([2n, 8n])
const furtherArguments: readonly (readonly Value[])[] = [
  [],
  [0n],
  [1n],
  [2n],
  [1n, 0n],
  [0n, 9.0],
  [shape],
  [[0n, 1n]],
  [[0n], [9.0]],
  ['F'],
  ['uint8'],
  [[true, false, true, false]],
]

function arraysIn(found: Value): readonly NDArray[] {
  if (found instanceof NDArray) return [found]
  if (found instanceof Tuple) return found.items.flatMap(arraysIn)
  return Array.isArray(found) ? found.flatMap(arraysIn) : []
}

it('no function writes into an array that may only be read, or gives a view of it that may be written', () => {
  let views = 0
  for (const [name, called] of [...Object.entries(numpy), ...Object.entries(methods)]) {
    for (const rest of furtherArguments) {
      const a = readOnly()
      const others = new NDArray(new Storage(dtypes.float64, new Float64Array(16)), [4, 4])
      for (const [given, named] of [
        [[a, ...rest], {}],
        [[...rest, a], {}],
        [[others, ...rest], { out: a }],
      ] as const) {
        let found: Value = null
        try {
          found = callFunction(name, called, new Session(), given, named)
        } catch {
          // Most take other arguments; what counts is that nothing has changed.
        }
        const shared = arraysIn(found).filter(({ storage }) => storage === a.storage)
        views += shared.length
        const told = shared.some(({ writeable }) => writeable) ? `${name} gives a view that may be written` : ''
        expect(told).toBe('')
        expect(Array.from(a.storage.data, Number), name).toEqual(numbers)
      }
    }
  }
  expect(views).toBeGreaterThan(100)
})
