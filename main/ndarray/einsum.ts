/** Einstein's sums: axes named by letters, products summed over those that the result does not have. */

import { doublesOf, fromFlat, type NDArray, type Scalar, sizeOf, unwrap } from './array.ts'
import { broadcastView } from './broadcast.ts'
import { asArray } from './convert.ts'
import { promote } from './dtype.ts'
import { valueError } from './errors.ts'
import type { Value } from './values.ts'

/** A view with one axis for each letter, in their order; letters it lacks have length 1. */
function named(a: NDArray, own: string, letters: string): NDArray {
  const shape = Array.from(letters).map((letter) => (own.includes(letter) ? a.shape[own.indexOf(letter)]! : 1))
  const steps = Array.from(letters).map((letter) =>
    Array.from(own).reduce((sum, one, axis) => (one === letter ? sum + a.steps[axis]! : sum), 0),
  )
  return a.view(shape, steps)
}

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
      lengths.set(letter, Math.max(known, length))
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
  if (size > 1 << 26) throw valueError(`this sum has ${size} products; the lab computes up to 2**26 at once`)
  const product = new Float64Array(size).fill(1)
  arrays.forEach((a, i) => {
    const flat = doublesOf(broadcastView(named(a, inputs[i]!, letters), shape)!)
    for (let at = 0; at < size; at++) product[at]! *= flat[at]!
  })
  const kept = shape.slice(0, result.length)
  const count = sizeOf(shape.slice(result.length))
  const out = new Float64Array(sizeOf(kept))
  for (let at = 0; at < size; at++) out[Math.floor(at / count)]! += product[at]!
  return unwrap(fromFlat(out, arrays.map((a) => a.dtype).reduce(promote), kept))
}
