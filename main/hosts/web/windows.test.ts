import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Api, ApiEvent } from '../../../shared/api.ts'
import { Windows } from './windows.ts'

let released: unknown[]
let tell: (event: ApiEvent) => void
let windows: Windows
beforeEach(() => {
  vi.useFakeTimers()
  released = []
  let started = 0
  const call = (method: string, params: unknown) => {
    if (['batches.release', 'export.cancel', 'lab.close'].includes(method)) released.push(params)
    if (method === 'export.start') return Promise.resolve({ job: `job-${++started}` })
    if (method === 'lab.open') return Promise.resolve({ session: `lab-${++started}` })
    return Promise.resolve(method === 'batches.start' ? { batch: `batch-${++started}` } : null)
  }
  const subscribe = (listener: typeof tell) => {
    tell = listener
    return () => undefined
  }
  windows = new Windows({ call, subscribe } as unknown as Api, 1000)
})
afterEach(() => {
  vi.useRealTimers()
})

const request = { pipeline: {}, save: [], destination: { type: 'none' } } as const

it('ends the batches of a window whose stream does not come back, and no others', async () => {
  const [gone, here] = ['gone', 'here'].map((session) => ({
    api: windows.engineFor(session),
    close: windows.opened(session),
  }))
  await gone!.api.call('batches.start', request)
  await here!.api.call('batches.start', request)
  gone!.close()
  vi.advanceTimersByTime(999)
  expect(released).toEqual([])
  vi.advanceTimersByTime(1)
  expect(released).toEqual([{ batch: 'batch-1' }])
})

it('leaves those of a window alone that comes back, and that it has released itself', async () => {
  const api = windows.engineFor('a')
  const close = windows.opened('a')
  await api.call('batches.start', request)
  close()
  vi.advanceTimersByTime(500)
  const again = windows.opened('a')
  vi.advanceTimersByTime(5000)
  expect(released).toEqual([])
  await api.call('batches.release', { batch: 'batch-1' })
  again()
  vi.advanceTimersByTime(5000)
  expect(released).toEqual([{ batch: 'batch-1' }])
})

it('cancels what a window that is gone was saving, but nothing that is saved', async () => {
  const api = windows.engineFor('a')
  const close = windows.opened('a')
  for (let i = 0; i < 2; i++) await api.call('export.start', { runs: [], save: ['npy'], destination: { type: 'zip' } })
  tell({ type: 'export.done', job: 'job-1', result: { files: [], byteLength: 0, name: 'photo.zip' } })
  close()
  vi.advanceTimersByTime(1000)
  expect(released).toEqual([{ job: 'job-2' }])
})

it('closes the sessions of the lab of a window that is gone, but for those it has closed', async () => {
  const api = windows.engineFor('a')
  const close = windows.opened('a')
  await api.call('lab.open', {})
  const { session } = await api.call('lab.open', {})
  await api.call('lab.close', { session })
  close()
  vi.advanceTimersByTime(1000)
  expect(released).toEqual([{ session: 'lab-2' }, { session: 'lab-1' }])
})
