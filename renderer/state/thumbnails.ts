/** Small pictures for whatever is on screen: fetched when watched, a few at a time, kept while there is room. */

import type { ImageId, Picture } from '../../shared/api.ts'
import { LoupeError } from '../../shared/errors.ts'
import type { WindowApi } from '../transport/transport.ts'

export type Thumbnail = { readonly state: 'ready'; readonly url: string } | { readonly state: 'failed' }
type Listener = (thumbnail: Thumbnail) => void

export interface ThumbnailOptions {
  /** Largest side in pixels. */
  readonly size: number
  readonly atOnce?: number
  /** How many are kept; those on screen are kept in any case. */
  readonly room?: number
  readonly createUrl?: (picture: Picture) => string
  readonly revokeUrl?: (url: string) => void
}

interface Slot {
  readonly listeners: Set<Listener>
  thumbnail: Thumbnail | null
  abort: AbortController | null
}

export class ThumbnailStore {
  /** Told why a picture has none. */
  onFailed: (image: ImageId, error: unknown) => void = () => undefined
  readonly #api: WindowApi
  readonly #options: Required<ThumbnailOptions>
  /** Least recently wanted first. */
  readonly #slots = new Map<ImageId, Slot>()
  #waiting: ImageId[] = []
  #running = 0

  constructor(api: WindowApi, options: ThumbnailOptions) {
    this.#api = api
    this.#options = {
      atOnce: 4,
      room: 600,
      createUrl: objectUrl,
      revokeUrl: (url) => {
        URL.revokeObjectURL(url)
      },
      ...options,
    }
  }

  /** Calls back now or later, until the function returned is called. */
  watch(image: ImageId, listener: Listener): () => void {
    const slot = this.#slots.get(image) ?? { listeners: new Set(), thumbnail: null, abort: null }
    this.#slots.delete(image)
    this.#slots.set(image, slot)
    slot.listeners.add(listener)
    if (slot.thumbnail) listener(slot.thumbnail)
    else if (!slot.abort && !this.#waiting.includes(image)) {
      this.#waiting.push(image)
      this.#fill()
    }
    return () => {
      slot.listeners.delete(listener)
      if (slot.listeners.size === 0 && !slot.thumbnail && this.#slots.get(image) === slot) {
        this.#waiting = this.#waiting.filter((id) => id !== image)
        slot.abort?.abort()
        this.#slots.delete(image)
      }
    }
  }

  /** The image is gone; so is its picture. */
  forget(image: ImageId): void {
    const slot = this.#slots.get(image)
    if (!slot) return
    slot.abort?.abort()
    this.#slots.delete(image)
    this.#waiting = this.#waiting.filter((id) => id !== image)
    this.#release(slot)
  }

  #fill(): void {
    while (this.#running < this.#options.atOnce) {
      const image = this.#waiting.shift()
      if (image === undefined) return
      const slot = this.#slots.get(image)
      if (slot) void this.#fetch(image, slot)
    }
  }

  async #fetch(image: ImageId, slot: Slot): Promise<void> {
    const abort = new AbortController()
    slot.abort = abort
    this.#running++
    let thumbnail: Thumbnail | null = null
    try {
      const url = await this.#urlOf(image, abort.signal)
      if (abort.signal.aborted) this.#options.revokeUrl(url)
      else thumbnail = { state: 'ready', url }
    } catch (error) {
      const cancelled = abort.signal.aborted || (error instanceof LoupeError && error.code === 'cancelled')
      if (!cancelled) {
        thumbnail = { state: 'failed' }
        this.onFailed(image, error)
      }
    } finally {
      this.#running--
      slot.abort = null
    }
    if (thumbnail) {
      slot.thumbnail = thumbnail
      for (const listener of slot.listeners) listener(thumbnail)
      this.#trim()
    }
    this.#fill()
  }

  async #urlOf(image: ImageId, signal: AbortSignal): Promise<string> {
    const { size, createUrl } = this.#options
    if (this.#api.thumbnailUrl) return await this.#api.thumbnailUrl(image, size, { signal })
    return createUrl(await this.#api.call('images.thumbnail', { image, size }, { signal }))
  }

  #trim(): void {
    let over = this.#slots.size - this.#options.room
    for (const [image, slot] of this.#slots) {
      if (over <= 0) return
      if (slot.listeners.size > 0 || slot.abort) continue
      this.#slots.delete(image)
      this.#release(slot)
      over--
    }
  }

  #release(slot: Slot): void {
    if (slot.thumbnail?.state === 'ready') this.#options.revokeUrl(slot.thumbnail.url)
  }
}

function objectUrl(picture: Picture): string {
  return URL.createObjectURL(new Blob([picture.bytes as Uint8Array<ArrayBuffer>], { type: picture.type }))
}
