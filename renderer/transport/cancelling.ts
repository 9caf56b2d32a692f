/** Calls that are carried out elsewhere, named so that they can be cancelled there. */

import { LoupeError } from '../../shared/errors.ts'

/** Gives each call a name of its own, and lets go of it at once when the signal is aborted: then `cancel` is told. */
export function cancelling(cancel: (id: string) => void) {
  const page = crypto.randomUUID().slice(0, 8)
  let calls = 0
  return async <T>(ask: (id: string) => Promise<T>, signal: AbortSignal | undefined): Promise<T> => {
    if (signal?.aborted) throw cancelled()
    const id = `${page}-${++calls}`
    let onAbort = (): void => undefined
    const aborted = new Promise<never>((_resolve, reject) => {
      onAbort = () => {
        cancel(id)
        reject(cancelled())
      }
    })
    signal?.addEventListener('abort', onAbort)
    try {
      return await Promise.race([ask(id), aborted])
    } finally {
      signal?.removeEventListener('abort', onAbort)
    }
  }
}

function cancelled(): LoupeError {
  return new LoupeError('cancelled', 'It was cancelled.')
}
