/** Einstein's sums: axes named by letters, products summed over those that the result does not have. */

import { doublesOf, fromFlat, NDArray, placesOf, type Scalar, sizeOf, unwrap } from './array.ts'
import { broadcastView } from './broadcast.ts'
import { asArray } from './convert.ts'
import { float64, promote } from './dtype.ts'
import { valueError } from './errors.ts'
import { Storage } from './storage.ts'
import type { Value } from './values.ts'

/** A view with one axis for each letter, in their order; letters it lacks have length 1. */
function named(a: NDArray, own: string, letters: string): NDArray {
  const shape = Array.from(letters).map((letter) => (own.includes(letter) ? a.shape[own.indexOf(letter)]! : 1))
  const steps = Array.from(letters).map((letter) =>
    Array.from(own).reduce((sum, one, axis) => (one === letter ? sum + a.steps[axis]! : sum), 0),
  )
  return a.view(shape, steps)
}

/** Products of elements in one call, at most: it is not stopped on the way. */
const mostProducts = 2 ** 28

export function einsum(subscripts: string, values: readonly Value[]): NDArray | Scalar {
  const text = subscripts.replaceAll(' ', '')
  if (!/^[A-Za-z,]*(->[A-Za-z]*)?$/.test(text)) {
    throw valueError('einsum takes letters, commas and one arrow here; the ellipsis is not part of the lab')
  }
  const [left, right] = text.split('->') as [string, string | undefined]
  const inputs = left.split(',')
  const arrays = values.map(asArray)
  if (inputs.length !== arrays.length) {
    throw valueError(
      inputs.length < arrays.length
        ? 'more operands provided to einstein sum function than specified in the subscripts string'
        : 'fewer operands provided to einstein sum function than specified in the subscripts string',
    )
  }
  const lengths = new Map<string, number>()
  inputs.forEach((letters, i) => {
    if (letters.length !== arrays[i]!.ndim) {
      throw valueError(
        `einstein sum subscripts string contains too ${letters.length > arrays[i]!.ndim ? 'many' : 'few'} subscripts for operand ${i}`,
      )
    }
    Array.from(letters).forEach((letter, axis) => {
      const length = arrays[i]!.shape[axis]!
      const known = lengths.get(letter) ?? 1
      if (known !== 1 && length !== 1 && known !== length) {
        throw valueError(
          `operands could not be broadcast together with remapped shapes: '${letter}' is ${known} and ${length} long`,
        )
      }
      lengths.set(letter, length === 1 ? known : length)
    })
  })
  const once = [...lengths.keys()].filter((letter) => left.split(letter).length === 2).sort()
  const result = right ?? once.join('')
  for (const letter of result) {
    if (!lengths.has(letter))
      throw valueError(
        `einstein sum subscripts string included output subscript '${letter}' which never appeared in an input`,
      )
  }
  const summed = [...lengths.keys()].filter((letter) => !result.includes(letter)).join('')
  const letters = result + summed
  const shape = Array.from(letters).map((letter) => lengths.get(letter)!)
  const size = sizeOf(shape)
  if (size > mostProducts) throw valueError(`this sum has ${size} products; the lab computes up to 2**28 at once`)
  const kept = shape.slice(0, result.length)
  const factors = arrays.map((a, i) => factorOf(a, inputs[i]!, letters, shape, result.length))
  const [first, second] = factors
  const sums = factors.length === 2 ? sumsOfTwo(first!, second!) : sumsOfAll(factors)
  return unwrap(fromFlat(sums, arrays.map((a) => a.dtype).reduce(promote), kept))
}

/** An operand: where its elements begin for each element of the result, and how far from there each term's is. */
interface Factor {
  readonly values: Float64Array
  readonly starts: Int32Array
  readonly terms: Int32Array
}

function factorOf(a: NDArray, own: string, letters: string, shape: readonly number[], kept: number): Factor {
  const values = doublesOf(a)
  const { steps } = broadcastView(named(new NDArray(new Storage(float64, values), a.shape), own, letters), shape)!
  return {
    values,
    starts: placesOf(shape.slice(0, kept), steps.slice(0, kept), 0),
    terms: placesOf(shape.slice(kept), steps.slice(kept), 0),
  }
}

function sumsOfTwo(a: Factor, b: Factor): Float64Array {
  const [x, y] = [a.values, b.values]
  return new Float64Array(a.starts.length).map((_, at) => {
    const [left, right] = [a.starts[at]!, b.starts[at]!]
    let sum = 0
    for (let i = 0; i < a.terms.length; i++) sum += x[left + a.terms[i]!]! * y[right + b.terms[i]!]!
    return sum
  })
}

function sumsOfAll(factors: readonly Factor[]): Float64Array {
  const { starts, terms } = factors[0]!
  return new Float64Array(starts.length).map((_, at) => {
    let sum = 0
    for (let i = 0; i < terms.length; i++) {
      sum += factors.reduce((product, one) => product * one.values[one.starts[at]! + one.terms[i]!]!, 1)
    }
    return sum
  })
}
