/** One stage minus another of the same shape, element by element in float64. */

import type { DifferenceSummary } from '../../shared/api.ts'
import { LoupeError } from '../../shared/errors.ts'
import type { Region } from '../../shared/explain.ts'
import { formatShape, pictureShape, type Shape, type Tensor, type TensorData } from '../../shared/tensor.ts'
import { part, type Steps } from '../layers/steps.ts'
import { summarise } from './summary.ts'

/** Elements subtracted between two pauses. */
const pause = 1 << 18

/** Throws `shapes-differ`, naming both, where two tensors have no difference. */
export function requireSameShape(shape: Shape, other: Shape): void {
  if (shape.join() === other.join()) return
  const [one, two] = [formatShape(shape), formatShape(other)]
  throw new LoupeError('shapes-differ', `There is no difference of ${one} and ${two}: the shapes do not agree.`, {
    shape: one,
    other: two,
  })
}

/** values[i] −= minus[i] for i in [from, to). Infinity minus infinity is not a number. */
export function subtract(values: Float64Array, minus: TensorData, from = 0, to = values.length): void {
  for (let i = from; i < to; i++) values[i]! -= minus[i]!
}

/** The statistics of `tensor` minus `minus`, by the same function as those of a stage. Throws `shapes-differ`. */
export function* summariseDifference(tensor: Tensor, minus: Tensor): Steps<DifferenceSummary> {
  const { shape } = tensor
  requireSameShape(shape, minus.shape)
  const data = Float64Array.from(tensor.data)
  const changed = new Changes(shape)
  for (let from = 0; from < data.length; from += pause) {
    const to = Math.min(data.length, from + pause)
    subtract(data, minus.data, from, to)
    changed.note(data, from, to)
    yield (0.4 * from) / data.length
  }
  return { shape, changed: changed.region, ...(yield* part(summarise({ shape, data }), 0.4, 1)) }
}

/** Where the elements are that are not 0. A vector of n is 1 × 1 × n. */
class Changes {
  readonly #width: number
  readonly #channels: number
  readonly #rows: number[] = [Infinity, -1]
  readonly #columns: number[] = [Infinity, -1]
  readonly #deep: number[] = [Infinity, -1]
  #count = 0

  constructor(shape: Shape) {
    const [, width, channels] = pictureShape(shape)
    this.#width = width
    this.#channels = channels
  }

  note(data: Float64Array, from: number, to: number): void {
    for (let i = from; i < to; i++) {
      if (data[i] === 0) continue
      const pixel = Math.floor(i / this.#channels)
      widen(this.#rows, Math.floor(pixel / this.#width))
      widen(this.#columns, pixel % this.#width)
      widen(this.#deep, i % this.#channels)
      this.#count++
    }
  }

  get region(): Region | null {
    if (this.#count === 0) return null
    const [top, bottom] = this.#rows as [number, number]
    const [left, right] = this.#columns as [number, number]
    const [first, last] = this.#deep as [number, number]
    const rect = { left, top, width: right - left + 1, height: bottom - top + 1 }
    return { rect, channels: [first, last + 1], count: this.#count }
  }
}

function widen(range: number[], at: number): void {
  if (at < range[0]!) range[0] = at
  if (at > range[1]!) range[1] = at
}
