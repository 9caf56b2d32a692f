import { expect, test, vi } from 'vitest'
import type { Api, Picture } from '../../shared/api.ts'
import { LoupeError } from '../../shared/errors.ts'
import type { WindowApi } from '../transport/transport.ts'
import { ThumbnailStore } from './thumbnails.ts'

/** An engine whose thumbnails come when the test says so. */
function slowApi() {
  const asked: { image: string; signal: AbortSignal; give: () => void; refuse: (error: Error) => void }[] = []
  const call = (_: string, { image }: { image: string }, { signal }: { signal: AbortSignal }) =>
    new Promise<Picture>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(new LoupeError('cancelled', 'Cancelled.')))
      asked.push({ image, signal, give: () => resolve({ type: image, bytes: new Uint8Array() }), refuse: reject })
    })
  return { api: { call, subscribe: () => () => {} } as unknown as Api, asked }
}

function open(room = 600, atOnce = 2) {
  const { api, asked } = slowApi()
  const revoked: string[] = []
  const store = new ThumbnailStore(api, {
    size: 64,
    atOnce,
    room,
    createUrl: ({ type }) => `blob:${type}`,
    revokeUrl: (url) => revoked.push(url),
  })
  return { store, asked, revoked }
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 0))

test('only so many are fetched at once, and each is fetched once for all who watch', async () => {
  const { store, asked } = open()
  const [one, two] = [vi.fn(), vi.fn()]
  store.watch('a', one)
  store.watch('a', two)
  store.watch('b', vi.fn())
  store.watch('c', vi.fn())
  expect(asked.map(({ image }) => image)).toEqual(['a', 'b'])
  asked[0]!.give()
  await settle()
  expect(one).toHaveBeenCalledWith({ state: 'ready', url: 'blob:a' })
  expect(two).toHaveBeenCalledTimes(1)
  expect(asked.map(({ image }) => image)).toEqual(['a', 'b', 'c'])
})

test('what is scrolled away before its turn is not fetched, and what is on its way is cancelled', async () => {
  const { store, asked } = open()
  const stops = ['a', 'b', 'c', 'd'].map((image) => store.watch(image, vi.fn()))
  stops[0]!()
  stops[2]!()
  expect(asked[0]!.signal.aborted).toBe(true)
  await settle()
  expect(asked.map(({ image }) => image)).toEqual(['a', 'b', 'd'])
})

test('one scrolled away and back is fetched again', async () => {
  const { store, asked } = open()
  store.watch('a', vi.fn())()
  const listener = vi.fn()
  store.watch('a', listener)
  await settle()
  expect(asked.length).toBe(2)
  asked[1]!.give()
  await settle()
  expect(listener).toHaveBeenCalledWith({ state: 'ready', url: 'blob:a' })
})

test('the least recently seen give way, their addresses are revoked, and those on screen stay', async () => {
  const { store, asked, revoked } = open(2)
  for (const image of ['a', 'b', 'c', 'd']) {
    const stop = store.watch(image, vi.fn())
    asked.at(-1)!.give()
    await settle()
    if (image !== 'a') stop()
  }
  expect(revoked).toEqual(['blob:b', 'blob:c'])
})

test('a kept one is given at once', async () => {
  const { store, asked } = open()
  const stop = store.watch('a', vi.fn())
  asked[0]!.give()
  await settle()
  stop()
  const again = vi.fn()
  store.watch('a', again)
  expect(again).toHaveBeenCalledWith({ state: 'ready', url: 'blob:a' })
  expect(asked.length).toBe(1)
})

test('one that cannot be made is said to have failed, and forgetting an image revokes its address', async () => {
  const { store, asked, revoked } = open()
  const listener = vi.fn()
  store.watch('a', listener)
  store.watch('b', vi.fn())
  asked[0]!.refuse(new LoupeError('image-damaged', 'Damaged.'))
  asked[1]!.give()
  await settle()
  expect(listener).toHaveBeenCalledWith({ state: 'failed' })
  store.forget('b')
  expect(revoked).toEqual(['blob:b'])
})

test('where addresses are made elsewhere they are taken from there and revoked here', async () => {
  const revoked: string[] = []
  const call = () => Promise.reject(new Error('not asked for bytes'))
  const thumbnailUrl = (image: string, size: number) => Promise.resolve(`blob:${image} ${size}`)
  const api = { call, subscribe: () => () => {}, thumbnailUrl } as unknown as WindowApi
  const store = new ThumbnailStore(api, { size: 64, revokeUrl: (url) => revoked.push(url) })
  const listener = vi.fn()
  store.watch('a', listener)
  await settle()
  expect(listener.mock.calls).toEqual([[{ state: 'ready', url: 'blob:a 64' }]])
  store.forget('a')
  expect(revoked).toEqual(['blob:a 64'])
})
