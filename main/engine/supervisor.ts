/**
 * Keeps one compute process alive and speaks with it. When it dies, what was certainly or possibly the cause fails,
 * everything else is sent again to the next one; the same bytes killing it twice are refused from then on.
 */

import type { ImageId } from '../../shared/api.ts'
import { fromWire, type LoupeError } from '../../shared/errors.ts'
import { cancelled } from './drive.ts'
import { cannotStart, crashed, crashedBefore, engineClosed, engineLost, timedOut } from './failures.ts'
import { Lanes, type Waiting } from './lanes.ts'
import type {
  ChildPort,
  ComputeEvent,
  ComputeMethod,
  ComputeParams,
  ComputeResult,
  ComputeSettings,
  FromCompute,
} from './protocol.ts'

export interface RequestOptions {
  /** The image it is about; null for none or several. */
  readonly image: { readonly id: ImageId | null; readonly name: string } | null
  readonly signal?: AbortSignal | undefined
  readonly onEvent?: (event: ComputeEvent) => void
  /** The process is gone that had this in hand, whether or not the caller still waits. Called before anything else is told. */
  readonly onLost?: () => void
}

interface Pending extends Waiting, RequestOptions {
  readonly id: number
  readonly params: unknown
  readonly resolve: (value: unknown) => void
  readonly reject: (error: LoupeError) => void
  readonly onAbort: () => void
  /** Processes that died while this was in hand. */
  losses: number
  /** Whether the caller has had its answer. */
  settled: boolean
}

export interface SupervisorOptions {
  readonly spawn: () => ChildPort
  readonly start: ComputeSettings
  /** The process starts with the first request, not at once. */
  readonly lazy?: boolean
  readonly onRestart?: (reason: string) => void
}

/** Deaths of the process that refuse an image. */
const strikesAllowed = 2
/** Processes a request without fault may lose before it is given up. */
const lossesAllowed = 2
/**
 * Seconds without a sign of life, while something is in hand, until the process is asked, and until it is taken for
 * hung. They are counted one by one, so that a machine that slept is not taken for a process that hangs.
 */
const askAfter = 3
const hungAfter = 18
/** Milliseconds until a process that has not said that it is ready is taken for hung. */
const startWithin = 20_000
/** Milliseconds over the decode limit until the process is killed: its own limit should have ended the decode. */
const decodeGrace = 3000
/** Milliseconds a process that is asked to stop has for it. */
const stopWithin = 2000
/** Attempts to start in a row that may fail before everything waiting is given up. */
const startsAllowed = 5

export class Supervisor {
  readonly #options: SupervisorOptions
  #settings: ComputeSettings
  readonly #lanes = new Lanes<Pending>()
  readonly #pending = new Map<number, Pending>()
  /** Decodes under way: which request, and when it is too late. */
  readonly #decoding = new Map<number, { readonly image: ImageId; readonly deadline: NodeJS.Timeout }>()
  readonly #strikes = new Map<ImageId, number>()
  #child: ChildPort | undefined
  #ready = false
  #failedStarts = 0
  #restartTimer: NodeJS.Timeout | undefined
  #watch: NodeJS.Timeout | undefined
  #silentSeconds = 0
  #starting: NodeJS.Timeout | undefined
  /** Why the process was killed, where it was this side that did it. */
  #killedFor: string | undefined
  #timedOut: ImageId | undefined
  #nextId = 1
  #closing = false
  #closed: Promise<void> | undefined
  #onGone: (() => void) | undefined

  constructor(options: SupervisorOptions) {
    this.#options = options
    this.#settings = options.start
    if (!options.lazy) this.#spawn()
  }

  /** The compute process's id; undefined while there is none. */
  get pid(): number | undefined {
    return this.#child?.pid
  }

  /** What this process and those after it go by from now on. */
  configure(settings: ComputeSettings): void {
    this.#settings = settings
    this.#child?.post({ type: 'configure', ...settings })
  }

  /** Images that are not opened again. */
  get refused(): ImageId[] {
    return [...this.#strikes].filter(([, strikes]) => strikes >= strikesAllowed).map(([id]) => id)
  }

  /**
   * Sends a request and resolves with its answer. Rejects with the coded error of the compute process, `cancelled` at once
   * when the signal is aborted, `image-crashed`, `image-timeout` or `engine-lost` when the process died of it or with it.
   */
  request<M extends ComputeMethod>(
    method: M,
    params: ComputeParams<M>,
    options: RequestOptions,
  ): Promise<ComputeResult<M>> {
    return new Promise((resolve, reject) => {
      const { image, signal } = options
      const refusal = this.#refusal(image, signal)
      if (refusal) {
        reject(refusal)
        return
      }
      const pending: Pending = {
        ...options,
        id: this.#nextId++,
        method,
        params,
        resolve: resolve as (value: unknown) => void,
        reject,
        onAbort: () => {
          this.#cancel(pending)
        },
        alone: false,
        losses: 0,
        settled: false,
      }
      signal?.addEventListener('abort', pending.onAbort, { once: true })
      this.#pending.set(pending.id, pending)
      this.#lanes.add(pending)
      this.#send()
    })
  }

  /**
   * Fails what is left and ends the compute process; resolves when it is gone. It is asked first, so that an export
   * can take back what it has written, and killed if it does not go.
   */
  close(): Promise<void> {
    this.#closing = true
    this.#closed ??= new Promise((resolve) => {
      clearTimeout(this.#restartTimer)
      for (const pending of this.#pending.values()) this.#fail(pending, engineClosed())
      const child = this.#child
      if (!child) {
        resolve()
        return
      }
      const late = setTimeout(() => {
        child.kill()
      }, stopWithin)
      this.#onGone = () => {
        clearTimeout(late)
        resolve()
      }
      child.post({ type: 'stop' })
    })
    return this.#closed
  }

  /** Ends the process, which does not stop otherwise, and starts another. */
  restart(reason: string): void {
    this.#kill(reason)
  }

  /** Why a request is not sent, if so. */
  #refusal(image: RequestOptions['image'], signal?: AbortSignal): LoupeError | null {
    if (this.#closing) return engineClosed()
    if (signal?.aborted) return cancelled()
    const strikes = image?.id ? (this.#strikes.get(image.id) ?? 0) : 0
    return image && strikes >= strikesAllowed ? crashedBefore(image.name) : null
  }

  #spawn(): void {
    const child = this.#options.spawn()
    this.#child = child
    this.#ready = false
    this.#timedOut = undefined
    this.#killedFor = undefined
    this.#starting = setTimeout(() => {
      this.#kill('it did not get ready')
    }, startWithin)
    this.#starting.unref()
    child.onMessage((message) => {
      if (this.#child === child) this.#receive(message)
    })
    child.onExit((reason) => {
      if (this.#child === child) this.#lost(reason)
    })
    child.post({ type: 'start', ...this.#settings })
  }

  #send(): void {
    if (this.#closing) return
    if (!this.#child) {
      if (this.#restartTimer === undefined) this.#spawn()
      return
    }
    // What has not been sent is not lost with a process that cannot start.
    if (!this.#ready) return
    for (let next = this.#lanes.next(); next; next = this.#lanes.next()) {
      // Its image may have been refused while it waited.
      const refusal = this.#refusal(next.image)
      if (refusal) {
        this.#finish(next)
        this.#fail(next, refusal)
      } else {
        this.#child.post({ type: 'request', id: next.id, method: next.method, params: next.params })
      }
    }
    this.#watchChild()
  }

  #cancel(pending: Pending): void {
    if (pending.settled) return
    this.#fail(pending, cancelled())
    if (this.#lanes.remove(pending)) this.#pending.delete(pending.id)
    // In hand: its place is free again when the compute process says that it has stopped.
    else this.#child?.post({ type: 'cancel', id: pending.id })
  }

  /** Marks the caller as answered; false where it already was. */
  #settle(pending: Pending): boolean {
    if (pending.settled) return false
    pending.settled = true
    pending.signal?.removeEventListener('abort', pending.onAbort)
    return true
  }

  #fail(pending: Pending, error: LoupeError): void {
    if (this.#settle(pending)) pending.reject(error)
  }

  #finish(pending: Pending): void {
    this.#pending.delete(pending.id)
    this.#lanes.done(pending)
    this.#endDecode(pending.id)
  }

  #receive(message: FromCompute): void {
    this.#silentSeconds = 0
    switch (message.type) {
      case 'ready':
        this.#ready = true
        clearTimeout(this.#starting)
        this.#send()
        break
      case 'pong':
        break
      case 'decoding':
        if (message.active) this.#beginDecode(message.id, message.image)
        else this.#endDecode(message.id)
        break
      case 'event': {
        const pending = this.#pending.get(message.id)
        if (pending && !pending.settled) pending.onEvent?.(message.event)
        break
      }
      case 'answer': {
        this.#failedStarts = 0
        const pending = this.#pending.get(message.id)
        if (!pending) break
        this.#finish(pending)
        if (!message.ok) this.#fail(pending, fromWire(message.error))
        else if (this.#settle(pending)) pending.resolve(message.value)
        this.#send()
        break
      }
    }
  }

  #beginDecode(id: number, image: ImageId): void {
    const { seconds } = this.#settings.limits
    const deadline = setTimeout(
      () => {
        this.#timedOut = image
        this.#child?.kill()
      },
      seconds * 1000 + decodeGrace,
    )
    deadline.unref()
    this.#decoding.set(id, { image, deadline })
  }

  #endDecode(id: number): void {
    clearTimeout(this.#decoding.get(id)?.deadline)
    this.#decoding.delete(id)
  }

  /** Asks for a sign of life while something is in hand; a process that gives none is killed, and `#lost` sees to the rest. */
  #watchChild(): void {
    if (this.#watch !== undefined || this.#lanes.inHand.size === 0) return
    this.#silentSeconds = 0
    this.#watch = setInterval(() => {
      if (this.#lanes.inHand.size === 0) {
        clearInterval(this.#watch)
        this.#watch = undefined
        return
      }
      this.#silentSeconds++
      if (this.#silentSeconds === askAfter) this.#child?.post({ type: 'ping' })
      else if (this.#silentSeconds === hungAfter) this.#kill('it did not answer any more')
    }, 1000)
    this.#watch.unref()
  }

  #kill(reason: string): void {
    this.#killedFor = reason
    this.#child?.kill()
  }

  #lost(how: string): void {
    const reason = this.#killedFor ?? how
    this.#child = undefined
    clearTimeout(this.#starting)
    clearInterval(this.#watch)
    this.#watch = undefined
    const decodes = [...this.#decoding].map(([id, { image }]) => ({ id, image }))
    for (const { id } of decodes) this.#endDecode(id)
    for (const { onLost } of this.#lanes.inHand) onLost?.()
    if (this.#closing) {
      this.#onGone?.()
      return
    }
    this.#judge(decodes)
    if (this.#ready) this.#options.onRestart?.(reason)
    this.#failedStarts++
    if (this.#failedStarts > startsAllowed) {
      // Whoever asks next makes it try again.
      this.#failedStarts = startsAllowed
      for (const pending of this.#lanes.clear()) {
        this.#pending.delete(pending.id)
        this.#fail(pending, cannotStart(reason))
      }
      return
    }
    const delay = this.#failedStarts === 1 ? 0 : Math.min(5000, 50 * 2 ** this.#failedStarts)
    this.#restartTimer = setTimeout(() => {
      this.#restartTimer = undefined
      if (!this.#closing) this.#spawn()
    }, delay)
  }

  /** Decides for everything that was in hand whether it fails or is sent again. */
  #judge(decodes: readonly { readonly id: number; readonly image: ImageId }[]): void {
    const inHand = [...this.#lanes.inHand]
    const suspects = new Set<ImageId>(decodes.map(({ image }) => image))
    for (const { method, image } of inHand) if (method === 'run' && image?.id) suspects.add(image.id)
    const timedOut = this.#timedOut
    const culprit = timedOut ?? (suspects.size === 1 ? [...suspects][0]! : undefined)
    if (culprit !== undefined) this.#strikes.set(culprit, (this.#strikes.get(culprit) ?? 0) + 1)
    for (const pending of inHand) {
      this.#finish(pending)
      pending.losses++
      const image = decodes.find(({ id }) => id === pending.id)?.image ?? pending.image?.id ?? null
      const error = this.#verdict(pending, image, culprit)
      if (error) {
        this.#fail(pending, error)
      } else if (!pending.settled) {
        this.#pending.set(pending.id, pending)
        pending.alone = image !== null && suspects.has(image)
        this.#lanes.add(pending)
      }
    }
  }

  #verdict(
    { method, image: about, losses }: Pending,
    image: ImageId | null,
    culprit: ImageId | undefined,
  ): LoupeError | null {
    const name = about?.name ?? null
    if (image !== null && image === culprit && name !== null) {
      if (culprit === this.#timedOut) return timedOut(name, this.#settings.limits.seconds)
      return crashed(name)
    }
    // What has told of its progress cannot begin again unnoticed.
    if (method === 'run' || method === 'export' || method === 'batchImage' || method === 'labRun')
      return engineLost(name)
    return losses > lossesAllowed ? engineLost(name) : null
  }
}
