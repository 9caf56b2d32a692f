import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { ImageInfo } from '../../shared/api.ts'
import { LoupeError, toWire } from '../../shared/errors.ts'
import { PictureThread, type PictureAnswer, type PictureRequest } from './pictures.ts'

/** A thread that answers when the test says so. */
class HeldWorker extends EventTarget {
  readonly asked: PictureRequest[] = []
  ended = false
  postMessage(request: PictureRequest): void {
    this.asked.push(request)
  }
  terminate(): void {
    this.ended = true
  }
  answer(index: number, reply: PictureAnswer['reply']): void {
    const { id } = this.asked[index] as { id: string }
    this.dispatchEvent(new MessageEvent('message', { data: { id, reply } }))
  }
}

let worker: HeldWorker
let thread: PictureThread
beforeEach(() => {
  worker = new HeldWorker()
  thread = new PictureThread(worker as unknown as Worker, 'http://127.0.0.1:5000', 'key')
})
afterEach(() => {
  vi.restoreAllMocks()
})

const coded = (promise: Promise<unknown>) => promise.catch((error: unknown) => (error as LoupeError).code)

it('opens with the key of the session and gives each answer to whoever asked, in whatever order they come', async () => {
  const file = new File(['x'], 'a.png')
  const added = thread.add(file)
  const address = thread.thumbnail('id', 256)
  expect(worker.asked).toMatchObject([
    { type: 'open', origin: 'http://127.0.0.1:5000', session: 'key' },
    { type: 'add', file },
    { type: 'thumbnail', image: 'id', size: 256 },
  ])
  worker.answer(2, { ok: true, result: 'blob:here' })
  worker.answer(1, { ok: true, result: { id: 'id' } as ImageInfo })
  expect(await added).toEqual({ id: 'id' })
  expect(await address).toBe('blob:here')
})

it('rejects with the coded error of the answer', async () => {
  const added = coded(thread.add(new File(['x'], 'a.png')))
  worker.answer(1, toWire(new LoupeError('image-damaged', 'a.png is damaged.')))
  expect(await added).toBe('image-damaged')
})

it('lets go of what is cancelled at once, has it stopped, and takes back an address that comes all the same', async () => {
  const revoked = vi.spyOn(URL, 'revokeObjectURL').mockReturnValue()
  const abort = new AbortController()
  const address = coded(thread.thumbnail('id', 256, abort.signal))
  abort.abort()
  expect(await address).toBe('cancelled')
  const [, asked, told] = worker.asked as { type: string; id: string }[]
  expect(told).toEqual({ type: 'cancel', id: asked!.id })
  worker.answer(1, { ok: true, result: 'blob:late' })
  expect(revoked.mock.calls).toEqual([['blob:late']])
})

it('fails what waits and what comes after when the thread itself has failed', async () => {
  const waiting = coded(thread.thumbnail('id', 256))
  worker.dispatchEvent(new Event('error'))
  expect(await waiting).toBe('internal')
  expect(await coded(thread.add(new File(['x'], 'a.png')))).toBe('internal')
})

it('ends the thread with the window', () => {
  thread.close()
  expect(worker.ended).toBe(true)
})
