/**
 * The engine's events as numbered lines. What a window missed while its stream was broken is sent again on return, so
 * a stage that finished in between is not lost; what is too old is said to be missing.
 */

import type { Api, ApiEvent } from '../../../shared/api.ts'
import { encodeLine } from '../../../shared/wire.ts'

export interface EventLimits {
  /** Bytes of past events kept for windows that come back. */
  readonly kept: number
  /** Bytes waiting for one slow reader before its stream is ended. */
  readonly waiting: number
  /** Milliseconds between signs of life. */
  readonly heartbeat: number
  readonly streams: number
}

export const defaultEventLimits: EventLimits = {
  kept: 4 * 1024 * 1024,
  waiting: 4 * 1024 * 1024,
  heartbeat: 15_000,
  streams: 32,
}

type Controller = ReadableStreamDefaultController<Uint8Array>

export class EventLog {
  readonly #limits: EventLimits
  readonly #unsubscribe: () => void
  readonly #timer: NodeJS.Timeout
  readonly #streams = new Set<Controller>()
  readonly #past: { readonly seq: number; readonly line: Uint8Array }[] = []
  readonly #encoder = new TextEncoder()
  #pastBytes = 0
  #seq = 0

  constructor(engine: Pick<Api, 'subscribe'>, limits: EventLimits) {
    this.#limits = limits
    this.#unsubscribe = engine.subscribe((event) => {
      this.#take(event)
    })
    this.#timer = setInterval(() => {
      this.#send(this.#encoder.encode('\n'), true)
    }, limits.heartbeat)
    this.#timer.unref()
  }

  /**
   * Lines from now on, or from the one after number `after`. The first line is `{ seq, missed }`: the number of the
   * last event before this stream, and whether events after `after` are gone for good.
   * Undefined where too many are open already.
   */
  open(after: number | undefined): ReadableStream<Uint8Array> | undefined {
    if (this.#streams.size >= this.#limits.streams) return undefined
    let controller: Controller
    return new ReadableStream<Uint8Array>(
      {
        start: (opened) => {
          controller = opened
          const from = after ?? this.#seq
          const oldest = this.#past[0]?.seq ?? this.#seq + 1
          const missed = from > this.#seq || from + 1 < oldest
          const start = missed ? this.#seq : from
          controller.enqueue(this.#encoder.encode(`${encodeLine({ seq: start, missed })}\n`))
          for (const { seq, line } of this.#past) if (seq > start) controller.enqueue(line)
          this.#streams.add(controller)
        },
        cancel: () => {
          this.#streams.delete(controller)
        },
      },
      new ByteLengthQueuingStrategy({ highWaterMark: this.#limits.waiting }),
    )
  }

  close(): void {
    clearInterval(this.#timer)
    this.#unsubscribe()
    for (const controller of this.#streams) controller.close()
    this.#streams.clear()
  }

  #take(event: ApiEvent): void {
    // Progress is worth nothing later: it has no number of its own, is not kept, and a slow reader goes without.
    const passing = event.type === 'run.progress' || event.type === 'export.progress'
    if (!passing) this.#seq++
    const line = this.#encoder.encode(`${encodeLine({ seq: this.#seq, event })}\n`)
    if (!passing) this.#keep(line)
    this.#send(line, passing)
  }

  #keep(line: Uint8Array): void {
    this.#past.push({ seq: this.#seq, line })
    this.#pastBytes += line.length
    while (this.#pastBytes > this.#limits.kept) this.#pastBytes -= this.#past.shift()!.line.length
  }

  #send(line: Uint8Array, dispensable: boolean): void {
    for (const controller of this.#streams) {
      const room = controller.desiredSize ?? 0
      if (room > line.length) controller.enqueue(line)
      else if (!dispensable) {
        // It can come back and be sent what it missed; keeping everything for it would have no bound.
        this.#streams.delete(controller)
        controller.close()
      }
    }
  }
}
