import { afterEach, describe, expect, test, vi } from 'vitest'
import type { Refusal } from '../../shared/api.ts'
import { LoupeError, toWire } from '../../shared/errors.ts'
import { fakeApi } from '../transport/fake.ts'
import { GalleryState } from './gallery.svelte.ts'
import { NoticeState } from './notices.svelte.ts'
import type { SourceFile } from './uploads.svelte.ts'

const opened: GalleryState[] = []
afterEach(() => {
  for (const gallery of opened.splice(0)) gallery.dispose()
})

async function open(images = 0, refusals: readonly Refusal[] = []) {
  const api = fakeApi({ delay: 0, images, refusals })
  const notices = new NoticeState()
  const gallery = new GalleryState(api, notices)
  opened.push(gallery)
  await gallery.load()
  const removals = () => api.calls.filter(({ method }) => method === 'images.remove').map(({ params }) => params)
  return { api, notices, gallery, removals }
}

const file = (name: string, size = 100): SourceFile => new File([new Uint8Array(size)], name)
const names = (gallery: GalleryState) => gallery.entries.map((entry) => entry.name)

describe('loading', () => {
  test('what the host has is listed and the first is shown', async () => {
    const { gallery } = await open(3)
    expect(names(gallery)).toEqual(['landscape-0.jpg', 'landscape-1.jpg', 'landscape-2.jpg'])
    expect(gallery.current?.name).toBe('landscape-0.jpg')
    expect(gallery.loaded).toBe(true)
  })
  test('pictures told of before the host has answered stand in its order, and the first is shown', async () => {
    vi.useFakeTimers()
    try {
      const api = fakeApi({ delay: 0, images: 3 })
      const gallery = new GalleryState(api, new NoticeState())
      opened.push(gallery)
      const listing = api.call('images.list', {})
      await vi.runAllTimersAsync()
      const images = await listing
      api.emit({ type: 'images.added', image: images[2]! })
      await vi.advanceTimersByTimeAsync(1000)
      const loading = gallery.load()
      await vi.runAllTimersAsync()
      await loading
      expect(names(gallery)).toEqual(['landscape-0.jpg', 'landscape-1.jpg', 'landscape-2.jpg'])
      expect(gallery.current?.name).toBe('landscape-0.jpg')
    } finally {
      vi.useRealTimers()
    }
  })

  test('a host that fails is said, and samples are only listed', async () => {
    const api = fakeApi({ delay: 0 })
    api.failNext('images.list', new LoupeError('engine-lost', 'Gone; start it again.'))
    const notices = new NoticeState()
    const gallery = new GalleryState(api, notices)
    opened.push(gallery)
    await gallery.load()
    expect(notices.list.map(({ message }) => message)).toEqual(['Gone; start it again.'])
    expect(api.calls.some(({ method }) => method === 'samples.add')).toBe(false)
  })
})

describe('adding', () => {
  test.each([
    ['shown', false, 'first.png'],
    ['not shown when the person has chosen another meanwhile', true, 'second.png'],
  ])('the first of what is added is %s though it comes after others', async (_what, chosen, current) => {
    const api = fakeApi({ delay: 0 })
    let answer: () => void = () => undefined
    const held = new Promise<void>((resolve) => (answer = resolve))
    const gallery = new GalleryState(
      {
        ...api,
        async addFile({ name }: SourceFile) {
          if (name === 'first.png') await held
          const image = await api.call('images.add', { name, bytes: new Uint8Array(name.length) })
          api.emit({ type: 'images.added', image })
          return image
        },
      },
      new NoticeState(),
    )
    opened.push(gallery)
    await gallery.load()
    gallery.addFiles(['first.png', 'second.png', 'third.png'].map((name) => file(name)))
    await expect.poll(() => gallery.current?.name).toBe('second.png')
    if (chosen) gallery.pick(gallery.current!.id, { range: false, toggle: false })
    answer()
    await expect.poll(() => names(gallery)).toEqual(['first.png', 'second.png', 'third.png'])
    expect(gallery.current?.name).toBe(current)
  })
})

describe('what the host was asked to open and could not', () => {
  const refusal = (id: string, name: string) => ({
    id,
    name,
    error: toWire(new LoupeError('image-unreadable', `${name} cannot be read: it is not there.`)),
  })

  test('is listed with its reason when the window loads and when it happens, and once', async () => {
    const { gallery, api } = await open(1, [refusal('r1', 'gone.jpg')])
    expect(gallery.entries.map(({ name, state }) => [name, state])).toEqual([
      ['landscape-0.jpg', 'ready'],
      ['gone.jpg', 'failed'],
    ])
    expect(gallery.failed[0]!.reason).toBe('gone.jpg cannot be read: it is not there.')
    api.emit({ type: 'host.refused', refusal: refusal('r1', 'gone.jpg') })
    api.emit({ type: 'host.refused', refusal: refusal('r2', 'empty.png') })
    await expect.poll(() => names(gallery)).toEqual(['landscape-0.jpg', 'gone.jpg', 'empty.png'])
  })
  test('is forgotten by the host once it is removed for good', async () => {
    const { gallery, api, notices, removals } = await open(1, [refusal('r1', 'gone.jpg'), refusal('r2', 'empty.png')])
    gallery.removeFailed()
    expect(await api.call('refusals.list', {})).toHaveLength(2)
    notices.dismiss(notices.list[0]!.id)
    await expect.poll(async () => await api.call('refusals.list', {})).toEqual([])
    expect(removals()).toEqual([])
  })
})

describe('adding', () => {
  test('files come in the order they were dropped, and the first of them is shown', async () => {
    const { gallery } = await open(2)
    gallery.addFiles(['c.png', 'a.png', 'b.png'].map((name, i) => file(name, 10 + i)))
    await expect.poll(() => gallery.entries.length).toBe(5)
    expect(names(gallery).slice(2)).toEqual(['c.png', 'a.png', 'b.png'])
    expect(gallery.current?.name).toBe('c.png')
  })
  test('a picture chosen while others are added stays shown', async () => {
    const { gallery } = await open(2)
    gallery.addFiles([file('c.png')])
    gallery.step(1, false)
    await expect.poll(() => gallery.entries.length).toBe(3)
    expect(gallery.current?.name).toBe('landscape-1.jpg')
  })
  test('a file that fails stays in its place with its reason, and can be removed', async () => {
    const { gallery } = await open()
    gallery.addFiles([file('a.png', 1), file('broken.jpg', 2), file('b.png', 3)])
    await expect.poll(() => gallery.entries.length).toBe(3)
    expect(gallery.failed).toMatchObject([{ name: 'broken.jpg', order: 1 }])
    expect(gallery.failed[0]!.reason).toMatch(/broken\.jpg is damaged/)
    expect(gallery.readyCount).toBe(2)
    gallery.removeFailed()
    expect(names(gallery)).toEqual(['a.png', 'b.png'])
  })
  test('a transport that sends files by itself is given the file; what it cannot take is read here', async () => {
    const api = fakeApi({ delay: 0 })
    const offered: object[] = []
    const gallery = new GalleryState(
      {
        ...api,
        addFile: async (given) => {
          offered.push(given)
          const { name } = given as File
          return name === 'sent.png' ? api.call('images.add', { name, bytes: new Uint8Array(7) }) : null
        },
      },
      new NoticeState(),
    )
    opened.push(gallery)
    const files = [file('sent.png', 1), file('read.png', 2)]
    gallery.addFiles(files)
    await expect.poll(() => gallery.entries.length).toBe(2)
    expect(offered).toEqual(files)
    expect(gallery.entries.map((entry) => [entry.name, entry.state === 'ready' && entry.image.byteLength])).toEqual([
      ['sent.png', 7],
      ['read.png', 2],
    ])
  })
  test('of a file that could not be sent it is said whether it is unreadable, too large, or the host gone', async () => {
    const gone = new LoupeError('engine-lost', 'LayerLoupe has stopped.')
    const addFile = () => Promise.reject(gone)
    const gallery = new GalleryState({ ...fakeApi({ delay: 0 }), addFile }, new NoticeState())
    opened.push(gallery)
    gallery.byteLimit = 2e6
    const unreadable = new ReadableStream<Uint8Array>({ start: (controller) => controller.error(new Error('denied')) })
    gallery.addFiles([
      { name: 'moved.png', size: 5, stream: () => unreadable },
      file('large.png', 2e6 + 1),
      file('good.png', 9),
    ])
    await expect.poll(() => gallery.failed.length).toBe(3)
    expect(gallery.failed.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/^moved\.png could not be read/),
      expect.stringMatching(/^large\.png is larger than 2 MB/),
      'LayerLoupe has stopped.',
    ])
  })
  test('a picture found to be damaged later stays listed with the reason; one that failed by a crash stays a picture', async () => {
    const { gallery, notices, removals } = await open()
    gallery.addFiles([file('a.png', 1), file('b.png', 2)])
    await expect.poll(() => gallery.entries.length).toBe(2)
    const [first, second] = gallery.entries
    gallery.refuse(second!.key, new LoupeError('image-crashed', 'The program decoding it crashed.'))
    gallery.refuse(first!.key, new LoupeError('image-damaged', 'a.png is damaged.'))
    expect(gallery.entries.map(({ state }) => state)).toEqual(['failed', 'ready'])
    expect(gallery.currentEntry).toMatchObject({ name: 'a.png', reason: 'a.png is damaged.' })
    expect(gallery.current).toBeNull()
    expect(removals()).toEqual([])
    gallery.removeFailed()
    notices.dismiss(notices.list[0]!.id)
    await expect.poll(() => removals()).toEqual([{ images: [first!.key] }])
  })
  test('a file over the limit is refused by name, and read no further', async () => {
    const { gallery, api } = await open()
    gallery.byteLimit = 1_000_000
    let pieces = 0
    const endless = () =>
      new ReadableStream<Uint8Array>({
        pull: (controller) => {
          pieces++
          controller.enqueue(new Uint8Array(300_000))
        },
      })
    gallery.addFiles([{ name: 'huge.tif', size: 2_000_000, stream: endless }])
    await expect.poll(() => gallery.failed.length).toBe(1)
    expect(gallery.failed[0]!.reason).toBe('huge.tif is larger than 1 MB. Save a smaller copy and add that.')
    expect(pieces).toBeLessThan(7)
    expect(api.calls.some(({ method }) => method === 'images.add')).toBe(false)
  })
  test('a file that cannot be read says so', async () => {
    const { gallery } = await open()
    const stream = () =>
      new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(new Error('NotFound')) })
    gallery.addFiles([{ name: 'gone.png', size: 5, stream }])
    await expect.poll(() => gallery.failed.length).toBe(1)
    expect(gallery.failed[0]!.reason).toMatch(/^gone\.png could not be read/)
  })
  test('a picture that is there already is shown and not listed twice', async () => {
    const { gallery, notices } = await open(2)
    // The made-up engine names a picture by its name and length.
    gallery.addFiles([file('landscape-1.jpg', 26_019)])
    await expect.poll(() => notices.list.length).toBe(1)
    expect(gallery.entries.length).toBe(2)
    expect(gallery.current?.name).toBe('landscape-1.jpg')
    expect(notices.list[0]!.message).toBe('landscape-1.jpg was already in the gallery.')
  })
  test('the event and the answer of one upload make one entry, in the place of the drop, with the same image', async () => {
    const { gallery, api } = await open()
    api.subscribe(() => {})
    gallery.addFiles([file('slow.png', 1), file('quick.png', 2)])
    await expect.poll(() => gallery.entries.length).toBe(2)
    const shown = gallery.current
    api.emit({ type: 'images.added', image: { ...gallery.current! } })
    await new Promise((resolve) => setTimeout(resolve, 120))
    expect(names(gallery)).toEqual(['slow.png', 'quick.png'])
    expect(gallery.current).toBe(shown)
  })
  test('cancelling keeps what was added and lists no failure', async () => {
    const { gallery } = await open()
    gallery.addFiles(Array.from({ length: 50 }, (_, i) => file(`${i}.png`, i + 1)))
    await expect.poll(() => gallery.entries.length).toBeGreaterThan(0)
    gallery.uploads.cancel()
    await new Promise((resolve) => setTimeout(resolve, 150))
    expect(gallery.failed.length).toBe(0)
    expect(gallery.uploads.busy).toBe(false)
    expect(gallery.entries.length).toBeLessThanOrEqual(50)
  })
  test('a sample is added when asked for, and shown', async () => {
    const { gallery } = await open(1)
    await gallery.addSample('sample-1')
    expect(gallery.current?.name).toBe('sample-1.png')
    expect(gallery.samplesBeingAdded.size).toBe(0)
  })
})

describe('removing', () => {
  test('takes pictures off at once, shows the next, and the engine forgets them only after Undo has lapsed', async () => {
    const { gallery, notices, removals } = await open(3)
    const first = gallery.entries[0]!.key
    gallery.removeSelected()
    expect(gallery.current?.name).toBe('landscape-1.jpg')
    expect(removals()).toEqual([])
    notices.dismiss(notices.list[0]!.id)
    await expect.poll(() => removals()).toEqual([{ images: [first] }])
  })
  test('undo brings everything back in its order, with the selection', async () => {
    const { gallery, notices, removals } = await open(4)
    gallery.step(1, false)
    gallery.step(1, true)
    gallery.removeSelected()
    expect(names(gallery)).toEqual(['landscape-0.jpg', 'landscape-3.jpg'])
    notices.act(notices.list[0]!.id)
    expect(names(gallery).length).toBe(4)
    expect(gallery.selectedImages.map(({ name }) => name)).toEqual(['landscape-1.jpg', 'landscape-2.jpg'])
    expect([notices.list.length, removals().length]).toEqual([0, 0])
  })
  test('clearing empties the gallery and can be undone', async () => {
    const { gallery, notices } = await open(1000)
    gallery.clear()
    expect([gallery.entries.length, gallery.current]).toEqual([0, null])
    expect(notices.list[0]!.message).toBe('Removed 1,000 pictures from the gallery.')
    notices.act(notices.list[0]!.id)
    expect(gallery.entries.length).toBe(1000)
  })
  test('a second removal settles the first', async () => {
    const { gallery, removals, notices } = await open(3)
    const first = gallery.entries[0]!.key
    gallery.removeSelected()
    gallery.removeSelected()
    await expect.poll(() => removals()).toEqual([{ images: [first] }])
    expect(notices.list.length).toBe(1)
  })
})
