import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { ImageInfo } from '../../shared/api.ts'
import type { ChildPort, ComputeMethod, FromCompute, ToCompute } from './protocol.ts'
import { Supervisor } from './supervisor.ts'

/** A compute process that does what the test says. */
class FakeChild implements ChildPort {
  readonly pid = 1
  readonly requests: Extract<ToCompute, { type: 'request' }>[] = []
  readonly sent: ToCompute[] = []
  killed = false
  #message: (message: FromCompute) => void = () => undefined
  #exit: (reason: string) => void = () => undefined

  post(message: ToCompute): void {
    this.sent.push(message)
    if (message.type === 'request') this.requests.push(message)
    if (message.type === 'stop') this.die('stopped')
  }
  onMessage(listener: (message: FromCompute) => void): void {
    this.#message = listener
  }
  onExit(listener: (reason: string) => void): void {
    this.#exit = listener
  }
  kill(): void {
    this.killed = true
    this.die('it was ended by SIGKILL')
  }

  say(message: FromCompute): void {
    this.#message(message)
  }
  die(reason: string): void {
    this.#exit(reason)
  }
  /** Answers the oldest request about an image that has no answer. */
  answer(image: string, value: unknown = image): void {
    const at = this.requests.findIndex((request) => about(request) === image)
    const [request] = this.requests.splice(at, 1)
    this.say({ type: 'answer', id: request!.id, ok: true, value })
  }
  decoding(image: string): void {
    const { id } = this.requests.find((request) => about(request) === image)!
    this.say({ type: 'decoding', id, image, active: true })
  }
  get inHand(): string[] {
    return this.requests.map(about)
  }
}

const about = ({ params }: { params: unknown }) => (params as { image: { info: ImageInfo } }).image.info.id

const children: FakeChild[] = []
const restarts: string[] = []
let supervisor: Supervisor

/** Whether processes that are started never get ready. */
let silent: boolean

function makeSupervisor(lazy = false): Supervisor {
  return new Supervisor({
    spawn() {
      const child = new FakeChild()
      children.push(child)
      if (!silent) {
        queueMicrotask(() => {
          child.say({ type: 'ready' })
        })
      }
      return child
    },
    start: { limits: { pixels: 1, bytes: 1, seconds: 20, memory: 1 }, cacheBytes: 1 },
    lazy,
    onRestart: (reason) => restarts.push(reason),
  })
}

beforeEach(() => {
  vi.useFakeTimers()
  children.length = 0
  restarts.length = 0
  silent = false
  supervisor = makeSupervisor()
})
afterEach(async () => {
  await supervisor.close()
  vi.useRealTimers()
})

/** The process that lives now, once it is there. */
async function child(): Promise<FakeChild> {
  await vi.advanceTimersByTimeAsync(0)
  return children.at(-1)!
}

/** A request whose outcome is looked at later. */
function ask(method: ComputeMethod, image: string, signal?: AbortSignal) {
  const params = { image: { info: { id: image, name: `${image}.png` }, path: '' } }
  const outcome = supervisor
    .request(method, params as never, { image: { id: image, name: `${image}.png` }, signal })
    .then(
      (value) => ({ value: value }),
      (error: unknown) => ({ error }),
    )
  return outcome
}
const failed = (code: string) => ({ error: expect.objectContaining({ code }) as unknown })

describe('the supervisor', () => {
  test('matches answers to requests by id, in whatever order they come', async () => {
    const [a, b] = [ask('thumbnail', 'a'), ask('thumbnail', 'b')]
    const port = await child()
    port.answer('b')
    port.answer('a')
    expect(await Promise.all([a, b])).toEqual([{ value: 'a' }, { value: 'b' }])
  })

  test('a lazy one starts its process with the first request, and closes without one', async () => {
    await supervisor.close()
    children.length = 0
    await makeSupervisor(true).close()
    supervisor = makeSupervisor(true)
    await vi.advanceTimersByTimeAsync(1000)
    expect(children).toHaveLength(0)
    const a = ask('thumbnail', 'a')
    ;(await child()).answer('a')
    expect(await a).toEqual({ value: 'a' })
    expect(children).toHaveLength(1)
  })

  test('drops the late answer to a cancelled request, and sends the next one only then', async () => {
    const controller = new AbortController()
    const [a, b] = [ask('run', 'a', controller.signal), ask('run', 'b')]
    const port = await child()
    expect(port.inHand).toEqual(['a'])
    controller.abort()
    expect(await a).toEqual(failed('cancelled'))
    expect(port.sent.at(-1)).toMatchObject({ type: 'cancel' })
    // It has not said yet that it has stopped.
    expect(port.inHand).toEqual(['a'])
    port.answer('a', 'late')
    expect(port.inHand).toEqual(['b'])
    port.answer('b')
    expect(await b).toEqual({ value: 'b' })
  })

  test('sends what was not the cause again to the next process', async () => {
    const [read, run] = [ask('readStage', 'a'), ask('run', 'b')]
    const first = await child()
    first.die('it was ended by SIGSEGV')
    expect(await run).toEqual(failed('image-crashed'))
    const second = await child()
    expect(second).not.toBe(first)
    second.answer('a')
    expect(await read).toEqual({ value: 'a' })
    expect(restarts).toEqual(['it was ended by SIGSEGV'])
  })

  test('tries several suspects alone, so that only the guilty one fails', async () => {
    const [a, b, c] = [ask('thumbnail', 'a'), ask('thumbnail', 'b'), ask('thumbnail', 'c')]
    const first = await child()
    expect(first.inHand).toEqual(['a', 'b'])
    first.decoding('a')
    first.decoding('b')
    first.die('crash')
    const second = await child()
    expect(second.inHand).toEqual(['c'])
    second.answer('c')
    expect(second.inHand).toEqual(['a'])
    second.decoding('a')
    second.answer('a')
    expect(second.inHand).toEqual(['b'])
    second.decoding('b')
    second.die('crash')
    expect(await Promise.all([a, b, c])).toEqual([{ value: 'a' }, failed('image-crashed'), { value: 'c' }])
    expect(supervisor.refused).toEqual([])
  })

  test('refuses an image after its second crash without asking the process', async () => {
    for (let crash = 0; crash < 2; crash++) {
      const run = ask('run', 'a')
      const port = await child()
      port.die('crash')
      expect(await run).toEqual(failed('image-crashed'))
      await vi.advanceTimersByTimeAsync(10_000)
    }
    expect(supervisor.refused).toEqual(['a'])
    expect(await ask('thumbnail', 'a')).toEqual(failed('image-crashed'))
    expect((await child()).requests).toEqual([])
  })

  test('gives up a request that has lost three processes, though it is suspected of nothing', async () => {
    const read = ask('readStage', 'a')
    for (let crash = 0; crash < 3; crash++) {
      const port = await child()
      port.die('crash')
      await vi.advanceTimersByTimeAsync(10_000)
    }
    expect(await read).toEqual(failed('engine-lost'))
  })

  test('kills a decode that takes longer than it may, and says which picture it was', async () => {
    const [a, b] = [ask('thumbnail', 'a'), ask('readStage', 'b')]
    const port = await child()
    port.decoding('a')
    const alive = setInterval(() => {
      port.say({ type: 'pong' })
    }, 1000)
    await vi.advanceTimersByTimeAsync(22_000)
    expect(port.killed).toBe(false)
    await vi.advanceTimersByTimeAsync(2000)
    clearInterval(alive)
    expect(port.killed).toBe(true)
    expect(await a).toEqual(failed('image-timeout'))
    ;(await child()).answer('b')
    expect(await b).toEqual({ value: 'b' })
  })

  test('kills a process that gives no sign of life while it has work', async () => {
    const run = ask('run', 'a')
    const port = await child()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(port.sent.filter(({ type }) => type === 'ping')).toHaveLength(1)
    expect(port.killed).toBe(false)
    await vi.advanceTimersByTimeAsync(12_000)
    expect(port.killed).toBe(true)
    expect(await run).toEqual(failed('image-crashed'))
  })

  test('does not take a machine that slept for a process that hangs', async () => {
    const run = ask('run', 'a')
    const port = await child()
    await vi.advanceTimersByTimeAsync(3000)
    expect(port.sent.at(-1)).toMatchObject({ type: 'ping' })
    vi.setSystemTime(Date.now() + 8 * 3_600_000)
    await vi.advanceTimersByTimeAsync(2000)
    expect(port.killed).toBe(false)
    port.answer('a')
    expect(await run).toEqual({ value: 'a' })
  })

  test('says of a process it had to kill why it did', async () => {
    const run = ask('run', 'a')
    await child()
    await vi.advanceTimersByTimeAsync(30_000)
    await run
    expect(restarts).toEqual(['it did not answer any more'])
  })

  test('replaces a process that hangs before it is ready, and gives up in the end', async () => {
    silent = true
    await supervisor.close()
    supervisor = makeSupervisor()
    const run = ask('run', 'a')
    await vi.advanceTimersByTimeAsync(30_000)
    expect(children.slice(-2).map(({ killed }) => killed)).toEqual([true, false])
    silent = false
    await vi.advanceTimersByTimeAsync(11_000)
    ;(await child()).answer('a')
    expect(await run).toEqual({ value: 'a' })
    silent = true
    const lost = ask('run', 'b')
    ;(await child()).die('crash')
    await lost
    const given = ask('run', 'c')
    await vi.advanceTimersByTimeAsync(300_000)
    expect(await given).toEqual({
      error: expect.objectContaining({
        code: 'engine-lost',
        message: expect.stringContaining('cannot be started (it did not get ready)') as string,
      }) as unknown,
    })
  })

  test('tells a request that its process is gone, also where it was cancelled before', async () => {
    const told: string[] = []
    const controller = new AbortController()
    const request = supervisor
      .request('export', {} as never, { image: null, signal: controller.signal, onLost: () => told.push('lost') })
      .catch((error: unknown) => error)
    const port = await child()
    controller.abort()
    expect(await request).toMatchObject({ code: 'cancelled' })
    expect(told).toEqual([])
    port.die('crash')
    expect(told).toEqual(['lost'])
  })

  test('leaves a process alone that answers when asked, however long its work takes', async () => {
    const run = ask('run', 'a')
    const port = await child()
    for (let second = 0; second < 120; second++) {
      await vi.advanceTimersByTimeAsync(1000)
      if (port.sent.at(-1)?.type === 'ping') port.say({ type: 'pong' })
    }
    expect(port.killed).toBe(false)
    port.answer('a')
    expect(await run).toEqual({ value: 'a' })
  })

  test('waits longer and longer before it starts a process that dies again and again', async () => {
    await child()
    for (let crash = 0; crash < 4; crash++) {
      children.at(-1)!.die('crash')
      await vi.advanceTimersByTimeAsync(0)
    }
    // The first restart is at once, the next not.
    expect(children).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(1000)
    expect(children).toHaveLength(3)
  })

  test('fails everything when it closes, and whatever is asked after', async () => {
    const run = ask('run', 'a')
    await child()
    await supervisor.close()
    expect(await run).toEqual(failed('engine-lost'))
    expect(await ask('run', 'a')).toEqual(failed('engine-lost'))
  })
})
