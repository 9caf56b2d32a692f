/**
 * The traffic of pictures over HTTP in a thread of its own. Sending a file, and making an address of the bytes of a
 * picture, each wait for the browser, and a thousand of them at once would hold up the window's frames.
 */

import type { Reply } from '../../shared/bridge.ts'
import type { ImageId, ImageInfo } from '../../shared/api.ts'
import { fromWire, LoupeError, toWire } from '../../shared/errors.ts'
import { cancelling } from './cancelling.ts'

/** What the thread is asked; an answer to `add` is the image, to `thumbnail` an address that the window revokes. */
export type PictureRequest =
  | { readonly type: 'open'; readonly origin: string; readonly session: string }
  | { readonly type: 'add'; readonly id: string; readonly file: File }
  | { readonly type: 'thumbnail'; readonly id: string; readonly image: ImageId; readonly size: number }
  | { readonly type: 'cancel'; readonly id: string }

export interface PictureAnswer {
  readonly id: string
  readonly reply: Reply<ImageInfo | string>
}

const failure = toWire(new LoupeError('internal', 'A part of this window has failed; load the page again.'))

export class PictureThread {
  readonly #worker: Worker
  readonly #waiting = new Map<string, (reply: PictureAnswer['reply']) => void>()
  #failed = false
  readonly #send = cancelling((id) => {
    this.#waiting.delete(id)
    this.#post({ type: 'cancel', id })
  })

  constructor(worker: Worker, origin: string, session: string) {
    this.#worker = worker
    worker.addEventListener('message', ({ data }: MessageEvent<PictureAnswer>) => {
      this.#settle(data)
    })
    worker.addEventListener('error', () => {
      this.#failed = true
      for (const id of [...this.#waiting.keys()]) this.#settle({ id, reply: failure })
    })
    this.#post({ type: 'open', origin, session })
  }

  async add(file: File, signal?: AbortSignal): Promise<ImageInfo> {
    return (await this.#ask((id) => ({ type: 'add', id, file }), signal)) as ImageInfo
  }

  async thumbnail(image: ImageId, size: number, signal?: AbortSignal): Promise<string> {
    return (await this.#ask((id) => ({ type: 'thumbnail', id, image, size }), signal)) as string
  }

  close(): void {
    this.#worker.terminate()
  }

  async #ask(request: (id: string) => PictureRequest, signal: AbortSignal | undefined): Promise<ImageInfo | string> {
    const reply = await this.#send(
      (id) =>
        new Promise<PictureAnswer['reply']>((resolve) => {
          if (this.#failed) {
            resolve(failure)
            return
          }
          this.#waiting.set(id, resolve)
          this.#post(request(id))
        }),
      signal,
    )
    if (!reply.ok) throw fromWire(reply)
    return reply.result
  }

  #settle({ id, reply }: PictureAnswer): void {
    const resolve = this.#waiting.get(id)
    this.#waiting.delete(id)
    if (resolve) resolve(reply)
    // Nobody wants it any more: it was cancelled while the answer was on its way.
    else if (reply.ok && typeof reply.result === 'string') URL.revokeObjectURL(reply.result)
  }

  #post(request: PictureRequest): void {
    this.#worker.postMessage(request)
  }
}
