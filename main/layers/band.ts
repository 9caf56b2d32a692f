/**
 * The rows of a padded picture that lie under a sliding window, and no more of it. Windows read from here, so padding
 * needs neither a padded copy of the picture nor a border test, and whatever the picture's type, they read float64.
 */

import type { Sides } from '../../shared/layers/definition.ts'
import { pictureShape, type Tensor } from '../../shared/tensor.ts'

export class Band {
  /** `span` padded rows one after the other, the padded row p at `offset(p)`. */
  readonly data: Float64Array
  private readonly input: Tensor
  private readonly sides: Sides
  private readonly fill: number
  private readonly span: number
  private readonly rowLength: number
  private next = 0

  /** A band of `span` rows of `input` with `sides` of padding, which has the value `fill`. */
  constructor(input: Tensor, sides: Sides, span: number, fill: number) {
    const [, width, channels] = pictureShape(input.shape)
    this.input = input
    this.sides = sides
    this.fill = fill
    this.span = span
    this.rowLength = (sides.left + width + sides.right) * channels
    this.data = new Float64Array(span * this.rowLength).fill(fill)
  }

  /** Makes the padded rows top … top + span − 1 readable; `top` never goes back. */
  moveTo(top: number): void {
    const [height, width, channels] = pictureShape(this.input.shape)
    const length = width * channels
    const { left } = this.sides
    for (let padded = Math.max(this.next, top); padded < top + this.span; padded++) {
      const at = this.offset(padded)
      const row = padded - this.sides.top
      if (row >= 0 && row < height) {
        this.data.set(this.input.data.subarray(row * length, (row + 1) * length), at + left * channels)
      } else {
        this.data.fill(this.fill, at, at + this.rowLength)
      }
    }
    this.next = top + this.span
  }

  /** Where in `data` the padded row begins. */
  offset(padded: number): number {
    return (padded % this.span) * this.rowLength
  }
}
