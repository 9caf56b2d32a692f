/**
 * The rows of a padded picture that lie under a sliding window, and no more of it. Windows read from here, so padding
 * needs neither a padded copy of the picture nor a border test, and whatever the picture's type, they read float64.
 */

import type { Sides } from '../../shared/layers/definition.ts'
import { pictureShape, type Tensor } from '../../shared/tensor.ts'
import type { Steps } from './steps.ts'

/** Elements moved between two pauses. */
const pause = 1 << 17

export class Band {
  /** `span` padded rows one after the other, the padded row p at `offset(p)`. */
  readonly data: Float64Array
  private readonly input: Tensor
  private readonly sides: Sides
  private readonly fill: number
  private readonly span: number
  private readonly rowLength: number
  private next = 0
  private since = 0

  /** A band of `span` rows of `input` with `sides` of padding, which has the value `fill`. */
  constructor(input: Tensor, sides: Sides, span: number, fill: number) {
    const [, width, channels] = pictureShape(input.shape)
    this.input = input
    this.sides = sides
    this.fill = fill
    this.span = span
    this.rowLength = (sides.left + width + sides.right) * channels
    this.data = new Float64Array(span * this.rowLength)
  }

  /** Makes the padded rows top … top + span − 1 readable, yielding `fraction` where that is long; `top` never goes back. */
  *moveTo(top: number, fraction: number): Steps<void> {
    const [height, width, channels] = pictureShape(this.input.shape)
    const length = width * channels
    // What lies beside the rows stays as it is from the first move on.
    if (this.next === 0 && this.fill !== 0) yield* this.put(0, this.data.length, null, fraction)
    for (let padded = Math.max(this.next, top); padded < top + this.span; padded++) {
      const at = this.offset(padded)
      const row = padded - this.sides.top
      const source = row >= 0 && row < height ? row * length : null
      const first = source === null ? at : at + this.sides.left * channels
      const count = source === null ? this.rowLength : length
      // A generator for each short row would take longer than the row.
      if (count > pause) yield* this.put(first, count, source, fraction)
      else this.putSome(first, count, source)
      if (this.since < pause) continue
      this.since = 0
      yield fraction
    }
    this.next = top + this.span
  }

  /** Puts `count` elements of the input from `source` on, or else the fill value, at a place of the band. */
  private *put(at: number, count: number, source: number | null, fraction: number): Steps<void> {
    for (let done = 0; done < count; done += pause) {
      this.putSome(at + done, Math.min(pause, count - done), source === null ? null : source + done)
      yield fraction
    }
    this.since = 0
  }

  private putSome(at: number, count: number, source: number | null): void {
    if (source === null) this.data.fill(this.fill, at, at + count)
    else this.data.set(this.input.data.subarray(source, source + count), at)
    this.since += count
  }

  /** Where in `data` the padded row begins. */
  offset(padded: number): number {
    return (padded % this.span) * this.rowLength
  }
}
