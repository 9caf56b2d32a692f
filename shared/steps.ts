/** Long computations as generators: they yield the fraction done, so that whoever drives them can report, pause or stop. */

/** Yields the fraction done (0 to 1, never falling) every few hundred microseconds or sooner; returns the result. */
export type Steps<T> = Generator<number, T, void>

/** Runs to the end without a pause. */
export function finish<T>(steps: Steps<T>): T {
  let step = steps.next()
  while (!step.done) step = steps.next()
  return step.value
}
