/** The thread that carries pictures; pictures.ts speaks with it. */

import type { ImageInfo } from '../../shared/api.ts'
import { LoupeError, toWire } from '../../shared/errors.ts'
import { Calls } from './calls.ts'
import type { PictureAnswer, PictureRequest } from './pictures.ts'

let calls: Calls | undefined
const running = new Map<string, AbortController>()

addEventListener('message', ({ data }: MessageEvent<PictureRequest>) => {
  if (data.type === 'open') calls = new Calls(data.origin, data.session, (input, init) => fetch(input, init))
  else if (data.type === 'cancel') running.get(data.id)?.abort()
  else void answer(data)
})

async function answer(request: PictureRequest & { readonly id: string }): Promise<void> {
  const { id } = request
  const abort = new AbortController()
  running.set(id, abort)
  let reply: PictureAnswer['reply']
  try {
    reply = { ok: true, result: await carry(request, abort.signal) }
  } catch (error) {
    reply = toWire(error)
  }
  running.delete(id)
  const message: PictureAnswer = { id, reply }
  postMessage(message)
}

async function carry(request: PictureRequest, signal: AbortSignal): Promise<ImageInfo | string> {
  if (calls && request.type === 'add') return await calls.upload(request.file.name, request.file, signal)
  if (calls && request.type === 'thumbnail') {
    const { image, size } = request
    const { bytes, type } = await calls.call('images.thumbnail', { image, size }, signal)
    return URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>], { type }))
  }
  throw new LoupeError('internal', 'The thread of pictures was asked too early, or for what it does not do.')
}
