/**
 * The engine's events as numbered frames. What a window missed while its stream was broken is sent again on return, so
 * a stage that finished in between is not lost; what is too old is said to be missing. Previews of stages are neither
 * kept nor sent where they do not fit: the window reads those.
 */

import type { Api, ApiEvent } from '../../../shared/api.ts'
import { encodeFrame } from '../../../shared/wire.ts'

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
  readonly #past: { readonly seq: number; readonly frame: Uint8Array }[] = []
  #pastBytes = 0
  #seq = 0

  constructor(engine: Pick<Api, 'subscribe'>, limits: EventLimits) {
    this.#limits = limits
    this.#unsubscribe = engine.subscribe((event) => {
      this.#take(event)
    })
    this.#timer = setInterval(() => {
      this.#send(encodeFrame(undefined))
    }, limits.heartbeat)
    this.#timer.unref()
  }

  /**
   * Frames from now on, or from the one after number `after`. The first is `{ seq, missed }`: the number of the
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
          controller.enqueue(encodeFrame({ seq: start, missed }))
          for (const { seq, frame } of this.#past) if (seq > start) controller.enqueue(frame)
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
    const passing = event.type.endsWith('.progress')
    if (passing) {
      this.#send(encodeFrame({ seq: this.#seq, event }))
      return
    }
    this.#seq++
    const frame = encodeFrame({ seq: this.#seq, event })
    const kept = event.type === 'run.stage' ? encodeFrame({ seq: this.#seq, event: withoutPreview(event) }) : frame
    this.#keep(kept)
    this.#send(frame, kept)
  }

  #keep(frame: Uint8Array): void {
    this.#past.push({ seq: this.#seq, frame })
    this.#pastBytes += frame.length
    while (this.#pastBytes > this.#limits.kept) this.#pastBytes -= this.#past.shift()!.frame.length
  }

  /** To a reader without room for a frame goes the smaller one instead; with none, it does without. */
  #send(frame: Uint8Array, smaller?: Uint8Array): void {
    for (const controller of this.#streams) {
      const room = controller.desiredSize ?? 0
      const fitting = [frame, smaller].find((one) => one && room > one.length)
      if (fitting) controller.enqueue(fitting)
      else if (smaller) {
        // It can come back and be sent what it missed; keeping everything for it would have no bound.
        this.#streams.delete(controller)
        controller.close()
      }
    }
  }
}

function withoutPreview(event: Extract<ApiEvent, { type: 'run.stage' }>): ApiEvent {
  const { type, run, stage } = event
  return { type, run, stage }
}
