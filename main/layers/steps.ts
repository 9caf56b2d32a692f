/** Long computations: as everywhere, and in parts. */

import type { Steps } from '../../shared/steps.ts'

export { finish, type Steps } from '../../shared/steps.ts'

/** The same steps as a part of longer ones, which counts from `from` to `to` of the whole. */
export function* part<T>(steps: Steps<T>, from: number, to: number): Steps<T> {
  let step = steps.next()
  while (!step.done) {
    yield from + (to - from) * step.value
    step = steps.next()
  }
  return step.value
}
