/** The Api over HTTP to the loopback host. Uses nothing of the browser but what it is given. */

import type { Api, ApiEvent, ImageInfo, Method, Params, Result } from '../../shared/api.ts'
import { LoupeError } from '../../shared/errors.ts'
import { encodeWire } from '../../shared/wire.ts'
import { Calls, posted } from './calls.ts'
import { gone, read, send } from './exchange.ts'
import { readFrames } from './frames.ts'
import { Pending } from './pending.ts'
import { PictureThread } from './pictures.ts'
import type { WindowApi } from './transport.ts'

export interface HttpOptions {
  /** The page's own address, with the launch token in its fragment when it is opened first. */
  readonly location: { readonly origin: string; readonly pathname: string; readonly hash: string }
  /** Takes the token out of the address bar. */
  readonly history: { replaceState(data: unknown, unused: string, url: string): void }
  /** Keeps the session token of this window over a reload: `sessionStorage`. */
  readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>
  readonly fetch?: typeof globalThis.fetch
  /** Starts the thread that carries pictures (pictures.worker.ts); without it they are carried here. */
  readonly startPictures?: () => Worker
  /** Milliseconds to wait before each new try to reach the host; after the last it counts as gone. */
  readonly retries?: readonly number[]
}

interface Storage {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

export type Connection = 'open' | 'lost' | 'gone'

export interface HttpApi extends Api {
  /** The browser reads and sends the file by itself; `engine-lost` also where it cannot read it. */
  addFile(file: object, options?: { readonly signal?: AbortSignal }): Promise<ImageInfo | null>
  /** Where pictures have a thread of their own. */
  readonly thumbnailUrl: WindowApi['thumbnailUrl']
  /** `lost` while it tries to reach the host again, `gone` for good; every change from now on. */
  onConnection(listener: (connection: Connection) => void): () => void
  close(): void
}

const storageKey = 'layerloupe.session'
const noKeySentence =
  'This window has no key to LayerLoupe. Open the address LayerLoupe printed; for one more window, ' +
  'press Enter in the terminal where it runs and open the new address.'
const interruptedSentence = 'The connection to LayerLoupe was interrupted and the result was missed; try again.'

/**
 * Exchanges the address's token (or takes up this window's session), opens the stream of events and resolves.
 * Rejects with `unauthorized` where the address was used already or none was opened, `engine-lost` where the host is gone.
 */
export async function httpApi(options: HttpOptions): Promise<HttpApi> {
  const { origin } = options.location
  const fetch = options.fetch ?? (async (input, init) => await globalThis.fetch(input, init))
  const session = await openSession(options, fetch)
  const pictures = options.startPictures && new PictureThread(options.startPictures(), origin, session)
  const retries = options.retries ?? [0, 250, 500, 1000, 2000, 4000]
  const client = new HttpClient(origin, session, fetch, retries, pictures)
  await client.open().catch((error: unknown) => {
    // A session of an earlier LayerLoupe on the same port is of no more use.
    if (error instanceof LoupeError && error.code === 'unauthorized') options.storage.removeItem(storageKey)
    throw error
  })
  return client
}

async function openSession(options: HttpOptions, fetch: typeof globalThis.fetch): Promise<string> {
  const { location, history, storage } = options
  const launch = location.hash.slice(1)
  const kept = storage.getItem(storageKey)
  if (launch === '') {
    if (kept === null) throw new LoupeError('unauthorized', noKeySentence)
    return kept
  }
  // Out of the address bar and the history, whatever becomes of it.
  history.replaceState(null, '', location.pathname)
  try {
    const body = encodeWire({ token: launch })
    const response = await send(fetch, `${location.origin}/api/session`, { method: 'POST', headers: posted, body })
    const { session } = (await read(response)) as { session: string }
    storage.setItem(storageKey, session)
    return session
  } catch (error) {
    // The same address opened again in the window that used it: that window's session is still good.
    if (kept !== null && error instanceof LoupeError && error.code === 'unauthorized') return kept
    throw error
  }
}

/** Values of the stream of events, as they come. */
type Events = AsyncGenerator<readonly unknown[], void, void>

async function* after(values: readonly unknown[], events: Events): Events {
  if (values.length > 0) yield values
  yield* events
}

class HttpClient implements HttpApi {
  readonly thumbnailUrl: HttpApi['thumbnailUrl']
  readonly #origin: string
  readonly #calls: Calls
  readonly #pictures: PictureThread | undefined
  readonly #fetch: typeof globalThis.fetch
  readonly #retries: readonly number[]
  readonly #listeners = new Set<(event: ApiEvent) => void>()
  readonly #watchers = new Set<(connection: Connection) => void>()
  readonly #pending = new Pending((event) => {
    this.#emit(event)
  })
  readonly #closed = new AbortController()
  #seq: number | undefined

  constructor(
    origin: string,
    session: string,
    fetch: typeof globalThis.fetch,
    retries: readonly number[],
    pictures: PictureThread | undefined,
  ) {
    this.#origin = origin
    this.#calls = new Calls(origin, session, fetch)
    this.#pictures = pictures
    this.#fetch = fetch
    this.#retries = retries
    this.thumbnailUrl = pictures && ((image, size, options = {}) => pictures.thumbnail(image, size, options.signal))
  }

  async call<M extends Method>(
    method: M,
    params: Params<M>,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<Result<M>> {
    return await this.#pending.follow(method, () => this.#calls.call(method, params, options.signal))
  }

  async addFile(file: object, options: { readonly signal?: AbortSignal } = {}): Promise<ImageInfo | null> {
    if (!(file instanceof File)) return null
    return await (this.#pictures
      ? this.#pictures.add(file, options.signal)
      : this.#calls.upload(file.name, file, options.signal))
  }

  subscribe(listener: (event: ApiEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  onConnection(listener: (connection: Connection) => void): () => void {
    this.#watchers.add(listener)
    return () => this.#watchers.delete(listener)
  }

  close(): void {
    this.#closed.abort()
    this.#pictures?.close()
  }

  /** Resolves when events flow; keeps them flowing afterwards. */
  async open(): Promise<void> {
    const lines = await this.#connect()
    void this.#follow(lines)
  }

  /** A new stream, its first value read. */
  async #connect(): Promise<Events> {
    const response = await send(this.#fetch, `${this.#origin}/api/events`, {
      headers: {
        ...this.#calls.authorization,
        ...(this.#seq === undefined ? {} : { 'last-event-id': String(this.#seq) }),
      },
      signal: this.#closed.signal,
    })
    if (!response.ok || response.body === null) await read(response)
    const frames = readFrames(response.body!)
    const first = await frames.next().catch(() => undefined)
    if (first === undefined || first.done) throw gone()
    const [head, ...rest] = first.value
    const { seq, missed } = head as { seq: number; missed: boolean }
    const returned = this.#seq !== undefined
    this.#seq = seq
    if (returned && missed) this.#pending.fail(new LoupeError('engine-lost', interruptedSentence))
    return after(rest, frames)
  }

  async #follow(first: Events): Promise<void> {
    let events: Events | undefined = first
    while (events) {
      await this.#deliver(events)
      if (this.#closed.signal.aborted) return
      this.#tell('lost')
      events = await this.#reconnect()
    }
    this.#pending.fail(gone())
    this.#tell('gone')
  }

  /** What came together is told together, so that the window is brought up to date once for all of it. */
  async #deliver(events: Events): Promise<void> {
    try {
      for await (const values of events) {
        for (const value of values) {
          const { seq, event } = value as { seq: number; event: ApiEvent }
          this.#seq = seq
          this.#pending.take(event)
        }
      }
    } catch {
      // A broken stream is one that ended: what to do about it is the same.
    }
  }

  async #reconnect(): Promise<Events | undefined> {
    for (const wait of this.#retries) {
      await new Promise((resolve) => setTimeout(resolve, wait))
      if (this.#closed.signal.aborted) return undefined
      try {
        const events = await this.#connect()
        this.#tell('open')
        return events
      } catch (error) {
        // Another LayerLoupe answers there now: ours has stopped.
        if (error instanceof LoupeError && error.code === 'unauthorized') return undefined
      }
    }
    return undefined
  }

  #emit(event: ApiEvent): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(event)
      } catch (error) {
        // A listener's own fault is reported as one; it must not pass for a broken connection.
        queueMicrotask(() => {
          throw error
        })
      }
    }
  }

  #tell(connection: Connection): void {
    for (const watcher of [...this.#watchers]) watcher(connection)
  }
}
