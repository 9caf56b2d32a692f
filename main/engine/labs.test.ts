import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { refusal } from '../../tests/contract/session.ts'
import { testEngine } from '../../tests/support/engine.ts'
import type { Engine } from './index.ts'
import { Labs } from './labs.ts'
import type { Library } from './library.ts'
import type { Runs } from './runs.ts'
import type { Supervisor } from './supervisor.ts'

/** Minutes in one call: the process hears nothing meanwhile. */
const endless = 'import numpy as np\nnp.linalg.matrix_power(np.ones((900, 900)), 2 ** 60 - 1)'

describe('a cell that does not stop', () => {
  let engine: Engine
  beforeAll(async () => {
    engine = await testEngine()
  })
  afterAll(async () => {
    await engine.close()
  })

  const open = async () => (await engine.call('lab.open', {})).session
  const run = (session: string, code: string) =>
    engine.call('lab.run', { session, cell: 'cell', code, images: [], run: null })

  it('ends with its process, and every session says once that its variables are gone', async () => {
    const [stuck, other] = [await open(), await open()]
    await run(other, 'kept = 1')
    await run(stuck, 'kept = 2')
    const running = refusal(run(stuck, endless))
    // It has begun when the process does not answer any more.
    await new Promise((resolve) => setTimeout(resolve, 300))
    const before = performance.now()
    const stopped = engine.call('lab.stop', { session: stuck })
    const error = await running
    expect(error.code).toBe('lab-restarted')
    expect(error.message).toMatch(/^The cell did not stop.* variables are gone: run the cells again/)
    // Two seconds to stop by itself, and what it takes to end a process.
    expect(performance.now() - before).toBeLessThan(10_000)
    await stopped
    expect((await run(stuck, 'kept')).error).toMatchObject({ kind: 'NameError' })
    expect((await refusal(run(other, 'kept'))).code).toBe('lab-restarted')
    expect((await run(other, 'kept')).error).toMatchObject({ kind: 'NameError' })
    expect((await run(other, '1 + 1')).value?.text).toBe('2')
  })

  it('does not keep the viewer from its work', async () => {
    const session = await open()
    await run(session, '0')
    const running = refusal(run(session, endless))
    await new Promise((resolve) => setTimeout(resolve, 300))
    // Asked of the compute process of images and runs.
    expect(await engine.call('host.versions', {})).toContainEqual(expect.objectContaining({ name: 'libvips' }))
    await engine.call('lab.close', { session })
    expect((await running).code).toBe('lab-restarted')
  })
})

it('a session that is not used for long makes room for others, and says so once', async () => {
  const engine = await testEngine()
  const open = async () => (await engine.call('lab.open', {})).session
  const run = (session: string, code: string) =>
    engine.call('lab.run', { session, cell: 'cell', code, images: [], run: null })
  const first = await open()
  await run(first, 'kept = 1')
  for (let i = 0; i < 8; i++) await run(await open(), '0')
  const { code, message } = await refusal(run(first, 'kept'))
  expect([code, message]).toEqual([
    'lab-restarted',
    'What was not used for longest made room in memory. Its variables are gone: run the cells again from the top.',
  ])
  expect((await run(first, 'kept')).error).toMatchObject({ kind: 'NameError' })
  await engine.close()
})

/** With a process that answers as it is told. */
function labsOn(supervisor: object): Labs {
  const unused: unknown = {}
  return new Labs(
    () => supervisor as Supervisor,
    unused as Library,
    unused as Runs,
    () => undefined,
  )
}

it('the oldest of a thousand sessions is closed for another, and its cell is stopped', async () => {
  const asked: unknown[] = []
  const labs = labsOn({
    restart: () => undefined,
    request(method: string, { session }: { readonly session?: string }) {
      if (method === 'labStop' || method === 'labClose') asked.push([method, session])
      return method === 'labRun' ? new Promise(() => undefined) : Promise.resolve(null)
    },
  })
  const open = async () => (await labs.handlers['lab.open']({}, undefined)).session
  const first = await open()
  void labs.handlers['lab.run']({ session: first, cell: 'cell', code: '', images: [], run: null }, undefined)
  for (let i = 0; i < 1000; i++) await open()
  await expect
    .poll(() => asked)
    .toEqual([
      ['labStop', first],
      ['labClose', first],
    ])
})

it('a cell that begins after another one was stopped is not taken for that one', async () => {
  vi.useFakeTimers()
  const ends: ((result: object) => void)[] = []
  const restart = vi.fn()
  const request = (method: string) =>
    method === 'labRun' ? new Promise((resolve) => ends.push(resolve)) : Promise.resolve(null)
  const labs = labsOn({ request, restart })
  const { session } = await labs.handlers['lab.open']({}, undefined)
  const run = () => labs.handlers['lab.run']({ session, cell: 'cell', code: '', images: [], run: null }, undefined)
  const stopped = run()
  await labs.handlers['lab.stop']({ session }, undefined)
  ends[0]!({})
  await stopped
  const next = run()
  await vi.advanceTimersByTimeAsync(5000)
  expect(restart).not.toHaveBeenCalled()
  await labs.handlers['lab.stop']({ session }, undefined)
  await vi.advanceTimersByTimeAsync(5000)
  expect(restart).toHaveBeenCalledOnce()
  ends[1]!({})
  await next
  vi.useRealTimers()
})
