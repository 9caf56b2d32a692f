/** How long the rest of a batch will take, from how the last images went. */

/** Images looked back on. */
const window = 40

export class Pace {
  readonly #now: () => number
  #ends: number[]

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
    this.#ends = [now()]
  }

  /** Begins anew, as after a pause. */
  restart(): void {
    this.#ends = [this.#now()]
  }

  /** An image has ended. */
  step(): void {
    this.#ends.push(this.#now())
    if (this.#ends.length > window) this.#ends.shift()
  }

  /** Seconds until as many more have ended; null after fewer than two. */
  secondsFor(images: number): number | null {
    const steps = this.#ends.length - 1
    if (steps < 2) return null
    return ((this.#ends.at(-1)! - this.#ends[0]!) / steps / 1000) * images
  }
}
