import { expect, test } from 'vitest'
import {
  flipped,
  gainOf,
  kernelAt,
  mirrored,
  normalised,
  random,
  rotated,
  shapeOf,
  sumOf,
  transposed,
  withCell,
  withKernel,
} from './kernelOperations.ts'

const matrix = [
  [1, -2, 3],
  [4, 5, 6],
]

test('sum and gain', () => {
  expect([sumOf(matrix), gainOf(matrix)]).toEqual([17, 21])
})

test('turned, mirrored and transposed as by hand', () => {
  expect(transposed(matrix)).toEqual([
    [1, 4],
    [-2, 5],
    [3, 6],
  ])
  expect(mirrored(matrix)).toEqual([
    [3, -2, 1],
    [6, 5, 4],
  ])
  expect(flipped(matrix)).toEqual([
    [4, 5, 6],
    [1, -2, 3],
  ])
  expect(rotated(matrix)).toEqual([
    [4, 1],
    [5, -2],
    [6, 3],
  ])
})

test('normalised adds up to 1, and what adds up to nothing cannot be', () => {
  expect(normalised([[1, 3]])).toEqual([[0.25, 0.75]])
  expect(normalised([[1, -1]])).toBeNull()
})

test('random numbers are NumPy’s', () => {
  expect(random(2, 2, 0)).toEqual([
    [1.764052345967664, 0.4001572083672233],
    [0.9787379841057392, 2.240893199201458],
  ])
})

test('a number is put into the places that mirror it', () => {
  const zeros = [
    [0, 0, 0],
    [0, 0, 0],
    [0, 0, 0],
  ]
  expect(withCell(zeros, 0, 0, 1, 'none')).toEqual([
    [1, 0, 0],
    [0, 0, 0],
    [0, 0, 0],
  ])
  expect(withCell(zeros, 0, 0, 1, 'sides')).toEqual([
    [1, 0, 1],
    [0, 0, 0],
    [0, 0, 0],
  ])
  expect(withCell(zeros, 0, 0, 1, 'ends')).toEqual([
    [1, 0, 0],
    [0, 0, 0],
    [1, 0, 0],
  ])
  expect(withCell(zeros, 0, 0, 1, 'both')).toEqual([
    [1, 0, 1],
    [0, 0, 0],
    [1, 0, 1],
  ])
  expect(withCell(zeros, 1, 1, 1, 'both')).toEqual([
    [0, 0, 0],
    [0, 1, 0],
    [0, 0, 0],
  ])
})

test('one kernel of many is read and replaced, in one channel or in all', () => {
  const kernels = [
    [
      [
        [1, 2],
        [3, 4],
      ],
    ],
    [
      [
        [5, 6],
        [7, 8],
      ],
    ],
  ]
  expect(shapeOf(kernels)).toEqual([2, 1, 2, 2])
  expect(kernelAt(kernels, 1, 0)).toEqual([[5, 7]])
  expect(withKernel(kernels, 1, 0, [[0, 9]])).toEqual([
    kernels[0],
    [
      [
        [0, 6],
        [9, 8],
      ],
    ],
  ])
  expect(withKernel(kernels, 0, null, [[0, 9]])).toEqual([
    [
      [
        [0, 0],
        [9, 9],
      ],
    ],
    kernels[1],
  ])
})
