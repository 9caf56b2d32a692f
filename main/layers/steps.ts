/** Long computations as generators: they yield the fraction done, so that whoever drives them can report, pause or stop. */

/** Yields the fraction done (0 to 1, never falling) every few hundred microseconds or sooner; returns the result. */
export type Steps<T> = Generator<number, T, void>

/** Runs to the end without a pause. */
export function finish<T>(steps: Steps<T>): T {
  let step = steps.next()
  while (!step.done) step = steps.next()
  return step.value
}

/** The same steps as a part of longer ones, which counts from `from` to `to` of the whole. */
export function* part<T>(steps: Steps<T>, from: number, to: number): Steps<T> {
  let step = steps.next()
  while (!step.done) {
    yield from + (to - from) * step.value
    step = steps.next()
  }
  return step.value
}
