/** Making many files a few at a time. */

/** Files being made at the same time: encoding and writing run outside this thread. */
const parallel = 4

/** Bytes that the files being made at the same time may hold; one that holds more is made by itself. */
export const mostHeld = 128 * 1024 ** 2

/** A file whose turn has come. */
export interface Work {
  /** Bytes it holds while it is made, where those are many. */
  readonly bytes: number
  readonly run: () => Promise<void>
}

/**
 * Makes files a few at a time, and fewer where they are large; those that hold nothing wait for no other. They begin in
 * order; after the first failure no other begins, and those begun are waited for. `check` is called before each, and
 * throws where it is not to begin.
 */
export async function runAll(tasks: readonly (() => Work)[], check: () => void): Promise<void> {
  const room = new Room()
  let next = 0
  let failed = false
  const hasFailed = () => failed
  const worker = async () => {
    while (next < tasks.length && !hasFailed()) {
      const task = tasks[next++]!
      try {
        check()
        const { bytes, run } = task()
        const leave = await room.enter(bytes)
        try {
          if (hasFailed()) return
          check()
          await run()
        } finally {
          leave()
        }
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

/** Lets in, in the order they come, as many as fit. */
class Room {
  #held = 0
  readonly #waiting: { readonly bytes: number; readonly admit: () => void }[] = []

  /** Resolves to how to leave, once there is room. */
  async enter(bytes: number): Promise<() => void> {
    if (bytes > 0) {
      await new Promise<void>((admit) => {
        this.#waiting.push({ bytes, admit })
        this.#admit()
      })
    }
    return () => {
      this.#held -= bytes
      this.#admit()
    }
  }

  #admit(): void {
    for (let first = this.#waiting[0]; first; first = this.#waiting[0]) {
      if (this.#held > 0 && this.#held + first.bytes > mostHeld) return
      this.#held += first.bytes
      this.#waiting.shift()
      first.admit()
    }
  }
}
