/** Reading request bodies within bounds of memory and time. */

import type { IncomingMessage } from 'node:http'

/** The sender was too slow, or left. */
export class BodyError extends Error {
  override readonly name = 'BodyError'
  readonly status: 400 | 408

  constructor(status: 400 | 408, message: string) {
    super(message)
    this.status = status
  }
}

/**
 * The whole body in one array of the announced length: each byte is copied once. Memory is only taken as bytes arrive.
 * Throws BodyError when nothing comes for `idle` milliseconds or the sender leaves.
 */
export async function readBody(
  incoming: IncomingMessage,
  length: number,
  idle: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const body = new Uint8Array(length)
  let at = 0
  return await new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      fail(new BodyError(408, 'The body came too slowly.'))
    }, idle)
    const stop = () => {
      clearTimeout(timer)
      incoming.off('data', take).off('end', end).off('error', leave).off('close', leave)
    }
    const fail = (error: BodyError) => {
      stop()
      incoming.pause()
      reject(error)
    }
    const take = (chunk: Buffer) => {
      body.set(chunk, at)
      at += chunk.length
      timer.refresh()
    }
    const end = () => {
      stop()
      if (at === length) resolve(body)
      else reject(new BodyError(400, 'The body is shorter than announced.'))
    }
    const leave = () => {
      fail(new BodyError(400, 'The sender left.'))
    }
    incoming.on('data', take).on('end', end).on('error', leave).on('close', leave)
  })
}

/** Lets in as much at once as fits; the rest waits in the order it came. */
export class Gate {
  readonly #limit: number
  #inside = 0
  readonly #waiting: { readonly amount: number; readonly enter: () => void }[] = []

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Waits for room for `amount`; returns how to give it back. An amount over the limit enters alone. */
  async enter(amount: number, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted()
    if (this.#waiting.length > 0 || !this.#fits(amount)) await this.#wait(amount, signal)
    else this.#inside += amount
    let left = false
    return () => {
      if (left) return
      left = true
      this.#inside -= amount
      this.#admit()
    }
  }

  async #wait(amount: number, signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const entry = {
        amount,
        enter: () => {
          signal.removeEventListener('abort', leave)
          this.#inside += amount
          resolve()
        },
      }
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(entry), 1)
        this.#admit()
        reject(signal.reason as Error)
      }
      signal.addEventListener('abort', leave, { once: true })
      this.#waiting.push(entry)
    })
  }

  #fits(amount: number): boolean {
    return this.#inside === 0 || this.#inside + amount <= this.#limit
  }

  #admit(): void {
    while (this.#waiting.length > 0 && this.#fits(this.#waiting[0]!.amount)) this.#waiting.shift()!.enter()
  }
}
