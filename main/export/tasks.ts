/** Making many files a few at a time. */

/** Files being made at the same time: encoding and writing run outside this thread. */
const parallel = 4

/**
 * Runs tasks a few at a time, in order; after the first failure no other begins, and those begun are waited for.
 * `check` is called before each, and throws where it is not to begin.
 */
export async function runAll(tasks: readonly (() => Promise<void>)[], check: () => void): Promise<void> {
  let next = 0
  let failed = false
  const worker = async () => {
    while (next < tasks.length && !failed) {
      const task = tasks[next++]!
      try {
        check()
        await task()
        await new Promise<void>((resolve) => setImmediate(resolve))
      } catch (error) {
        failed = true
        throw error
      }
    }
  }
  const results = await Promise.allSettled(Array.from({ length: Math.min(parallel, tasks.length) }, worker))
  const failure = results.find((result) => result.status === 'rejected')
  if (failure) throw failure.reason
}
