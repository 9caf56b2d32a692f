/** Runs a long computation in slices, so that messages are answered and cancellations heard in between. */

import { LoupeError } from '../../shared/errors.ts'

/** Milliseconds of computing between two looks at the message queue. */
const slice = 8

/** Lets everything that waits (messages, finished reads) have its turn. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/**
 * Drives a generator to its end, handing each thing it yields to `onStep`.
 * Throws `cancelled` within one slice of the signal's abort, having closed the generator.
 */
export async function drive<Y, R>(
  steps: Generator<Y, R, void>,
  signal: AbortSignal,
  onStep?: (step: Y) => void,
): Promise<R> {
  try {
    for (;;) {
      if (signal.aborted) throw cancelled()
      const end = performance.now() + slice
      do {
        const step = steps.next()
        if (step.done) return step.value
        onStep?.(step.value)
      } while (performance.now() < end)
      await turn()
    }
  } finally {
    steps.return(undefined as never)
  }
}

export function cancelled(): LoupeError {
  return new LoupeError('cancelled', 'This was cancelled.')
}

/** The promise, or `cancelled` as soon as the signal is aborted; what the promise gives then is dropped. */
export function orCancelled<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      reject(cancelled())
    }
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true })
    promise.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', onAbort)
    })
  })
}
