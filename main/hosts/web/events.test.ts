import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ApiEvent } from '../../../shared/api.ts'
import { decodeLine } from '../../../shared/wire.ts'
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

/** Everything in the stream until it ends or nothing is there. */
async function read(stream: ReadableStream<Uint8Array> | undefined): Promise<{ lines: unknown[]; ended: boolean }> {
  const reader = stream!.getReader()
  const decoder = new TextDecoder()
  let text = ''
  const next = async () =>
    await Promise.race([reader.read(), new Promise<undefined>((resolve) => setTimeout(resolve, 50, undefined))])
  let piece = await next()
  for (; piece?.value; piece = await next()) text += decoder.decode(piece.value)
  const ended = piece?.done === true
  reader.releaseLock()
  const lines = text.split('\n').slice(0, -1)
  return { lines: lines.map((line) => (line === '' ? 'heartbeat' : decodeLine(line))), ended }
}

describe('a stream of events', () => {
  it('begins where it is opened, and numbers what cannot be missed', async () => {
    emit(done('before'))
    const stream = log.open(undefined)
    emit(progress('a'))
    emit(done('a'))
    expect((await read(stream)).lines).toEqual([
      { seq: 1, missed: false },
      { seq: 1, event: progress('a') },
      { seq: 2, event: done('a') },
    ])
  })

  it('carries numbers JSON has no word for', async () => {
    const stream = log.open(undefined)
    emit({ type: 'run.done', run: 'a', milliseconds: NaN })
    expect((await read(stream)).lines[1]).toEqual({ seq: 1, event: { type: 'run.done', run: 'a', milliseconds: NaN } })
  })

  it('is one line an event, whatever the event says', async () => {
    const stream = log.open(undefined)
    const event: ApiEvent = { type: 'engine.restarted', reason: 'a\nb\u2028c\r' }
    emit(event)
    expect((await read(stream)).lines).toEqual([
      { seq: 0, missed: false },
      { seq: 1, event },
    ])
  })

  it('that comes back gets what it missed, once', async () => {
    emit(done('a'))
    emit(progress('b'))
    emit(done('b'))
    emit(done('c'))
    expect((await read(log.open(1))).lines).toEqual([
      { seq: 1, missed: false },
      { seq: 2, event: done('b') },
      { seq: 3, event: done('c') },
    ])
    expect((await read(log.open(3))).lines).toEqual([{ seq: 3, missed: false }])
  })

  it('that comes back too late, or from another host, is told so', async () => {
    start({ kept: 200 })
    for (let index = 0; index < 20; index++) emit(done(`run${index}`))
    expect((await read(log.open(2))).lines).toEqual([{ seq: 20, missed: true }])
    expect((await read(log.open(19))).lines[0]).toEqual({ seq: 19, missed: false })
    expect((await read(log.open(21))).lines).toEqual([{ seq: 20, missed: true }])
  })

  it('that is not read goes without progress first, and is ended when too much waits', async () => {
    start({ waiting: 500 })
    const stream = log.open(undefined)
    for (let index = 0; index < 100; index++) emit(progress('a'))
    emit(done('a'))
    for (let index = 0; index < 100; index++) emit(done('b'))
    const { lines, ended } = await read(stream)
    expect(ended).toBe(true)
    expect(lines.length).toBeLessThan(12)
  })

  it('gives signs of life', async () => {
    log.close()
    start({ heartbeat: 10 })
    const stream = log.open(undefined)
    await new Promise((resolve) => setTimeout(resolve, 100))
    log.close()
    expect((await read(stream)).lines).toContain('heartbeat')
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
