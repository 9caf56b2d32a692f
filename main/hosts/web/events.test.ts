import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ApiEvent, StageSummary } from '../../../shared/api.ts'
import { decodeWire } from '../../../shared/wire.ts'
import { EventLog, type EventLimits } from './events.ts'

let emit: (event: ApiEvent) => void
let log: EventLog
let listening = false

function start(limits: Partial<EventLimits> = {}): void {
  const engine = {
    subscribe(listener: (event: ApiEvent) => void) {
      emit = listener
      listening = true
      return () => {
        listening = false
      }
    },
  }
  log = new EventLog(engine, { kept: 10_000, waiting: 10_000, heartbeat: 60_000, streams: 3, ...limits })
}

beforeEach(() => {
  start()
})
afterEach(() => {
  log.close()
})

const done = (run: string): ApiEvent => ({ type: 'run.done', run, milliseconds: 1 })
const progress = (run: string): ApiEvent => ({ type: 'run.progress', run, stage: 0, fraction: 0.5 })

const atHalf = { state: 'running', total: 2, done: 1, skipped: 0, failed: 0, secondsLeft: null } as const

/** Everything in the stream until it ends or nothing is there. */
async function read(stream: ReadableStream<Uint8Array> | undefined): Promise<{ values: unknown[]; ended: boolean }> {
  const reader = stream!.getReader()
  const values: unknown[] = []
  const next = async () =>
    await Promise.race([reader.read(), new Promise<undefined>((resolve) => setTimeout(resolve, 50, undefined))])
  let piece = await next()
  for (; piece?.value; piece = await next()) {
    // This side of the stream is not cut: a piece is a frame.
    const { buffer, byteOffset, byteLength } = piece.value
    expect(new DataView(buffer, byteOffset).getUint32(0, true)).toBe(byteLength - 4)
    values.push(byteLength === 4 ? 'heartbeat' : decodeWire(piece.value.subarray(4)))
  }
  const ended = piece?.done === true
  reader.releaseLock()
  return { values, ended }
}

describe('a stream of events', () => {
  it('begins where it is opened, and numbers what cannot be missed', async () => {
    emit(done('before'))
    const stream = log.open(undefined)
    emit(progress('a'))
    emit(done('a'))
    expect((await read(stream)).values).toEqual([
      { seq: 1, missed: false },
      { seq: 1, event: progress('a') },
      { seq: 2, event: done('a') },
    ])
  })

  it('carries numbers JSON has no word for', async () => {
    const stream = log.open(undefined)
    emit({ type: 'run.done', run: 'a', milliseconds: NaN })
    expect((await read(stream)).values[1]).toEqual({ seq: 1, event: { type: 'run.done', run: 'a', milliseconds: NaN } })
  })

  it('that comes back gets what it missed, once', async () => {
    emit(done('a'))
    emit(progress('b'))
    emit({ type: 'batch.progress', batch: 'x', progress: atHalf })
    emit(done('b'))
    emit(done('c'))
    expect((await read(log.open(1))).values).toEqual([
      { seq: 1, missed: false },
      { seq: 2, event: done('b') },
      { seq: 3, event: done('c') },
    ])
    expect((await read(log.open(3))).values).toEqual([{ seq: 3, missed: false }])
  })

  it('that comes back too late, or from another host, is told so', async () => {
    start({ kept: 200 })
    for (let index = 0; index < 20; index++) emit(done(`run${index}`))
    expect((await read(log.open(2))).values).toEqual([{ seq: 20, missed: true }])
    expect((await read(log.open(19))).values[0]).toEqual({ seq: 19, missed: false })
    expect((await read(log.open(21))).values).toEqual([{ seq: 20, missed: true }])
  })

  it('that is not read goes without progress first, and is ended when too much waits', async () => {
    start({ waiting: 500 })
    const stream = log.open(undefined)
    for (let index = 0; index < 100; index++) emit(progress('a'))
    emit(done('a'))
    for (let index = 0; index < 100; index++) emit(done('b'))
    const { values, ended } = await read(stream)
    expect(ended).toBe(true)
    expect(values.length).toBeLessThan(12)
  })

  it('carries the preview of a stage at once, but neither keeps it nor waits with it for a slow reader', async () => {
    const stage = { index: 0, title: 'Input' } as StageSummary
    const data = new Float64Array(40)
    const rect = { left: 0, top: 0, width: 40, height: 1 }
    const preview = { rect, channels: [0, 1], step: 1, shape: [1, 40, 1], data } as const
    const event = (run: string): ApiEvent => ({ type: 'run.stage', run, stage, preview })
    start({ waiting: 1000 })
    const stream = log.open(undefined)
    emit(event('a'))
    emit(event('b'))
    emit(done('b'))
    const told = [
      { seq: 1, event: event('a') },
      { seq: 2, event: { type: 'run.stage', run: 'b', stage } },
      { seq: 3, event: done('b') },
    ]
    expect((await read(stream)).values.slice(1)).toEqual(told)
    expect((await read(log.open(0))).values[1]).toEqual({ seq: 1, event: { type: 'run.stage', run: 'a', stage } })
  })

  it('gives signs of life', async () => {
    log.close()
    start({ heartbeat: 10 })
    const stream = log.open(undefined)
    await new Promise((resolve) => setTimeout(resolve, 100))
    log.close()
    expect((await read(stream)).values).toContain('heartbeat')
  })

  it('is refused when too many are open, until one is given up', async () => {
    const streams = [log.open(undefined), log.open(undefined), log.open(undefined)]
    expect(log.open(undefined)).toBeUndefined()
    await streams[0]!.cancel()
    expect(log.open(undefined)).toBeDefined()
  })

  it('ends when the host does, and the engine is listened to no longer', async () => {
    const stream = log.open(undefined)
    log.close()
    expect((await read(stream)).ended).toBe(true)
    expect(listening).toBe(false)
  })
})
