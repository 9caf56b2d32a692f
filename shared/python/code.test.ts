import { expect, test } from 'vitest'
import { pythonCall, pythonNumber, pythonString, pythonTuple } from './code.ts'

test('numbers are what Python reads as the same double', () => {
  const written = [0, -0, 7, -3, 0.1, 1e-7, 1e21, 2 ** 60, -(2 ** 53)].map(pythonNumber)
  expect(written).toEqual([
    '0',
    '-0.0',
    '7',
    '-3',
    '0.1',
    '1e-7',
    '1e+21',
    '1152921504606847000.0',
    '-9007199254740992.0',
  ])
})

test('a text cannot end its literal, its line or its direction', () => {
  expect(pythonString('é 猫 "\'\\\n')).toBe('"é 猫 \\"\'\\\\\\n"')
  expect(pythonString('\u202e\u2028\u0085\ud800\u{e0041}')).toBe(
    '"\\u202e\\u2028\\u0085\\ufffd\\U000e0041"'.replace('\\ufffd', '\ufffd'),
  )
})

test('tuples of one number have a comma, and long calls an argument a line', () => {
  expect(pythonTuple([3])).toBe('(3,)')
  expect(pythonTuple([3, -0])).toBe('(3, -0.0)')
  expect(pythonCall('f', ['x', 'y=1'])).toBe('f(x, y=1)')
  const long = 'z'.repeat(90)
  expect(pythonCall('f', ['x', long])).toBe(`f(\n    x,\n    ${long},\n)`)
})
