import { expect, test, vi } from 'vitest'
import { UploadQueue, type SourceFile } from './uploads.svelte.ts'

const file = (name: string): SourceFile => ({ name, size: 1, stream: () => new Blob(['x']).stream() })
const files = (count: number) => Array.from({ length: count }, (_, i) => file(`${i}.png`))
const settle = () => new Promise((resolve) => setTimeout(resolve, 0))

/** A queue whose files end when the test says so. */
function held(atOnce: number) {
  const sent: { name: string; order: number; signal: AbortSignal; end: () => void }[] = []
  let number = 0
  const queue = new UploadQueue(
    ({ name }, order, signal) => new Promise((end) => sent.push({ name, order, signal, end })),
    () => number++,
    atOnce,
  )
  return { queue, sent }
}

test('no more than so many are on their way at once, in the order they came', async () => {
  const { queue, sent } = held(3)
  queue.add(files(10))
  expect(sent.map(({ name }) => name)).toEqual(['0.png', '1.png', '2.png'])
  sent[1]!.end()
  await settle()
  expect(sent.length).toBe(4)
  expect(sent[3]).toMatchObject({ name: '3.png', order: 3 })
  expect([queue.done, queue.total, queue.busy]).toEqual([1, 10, true])
})

test('the number done is told at once and then ten times a second, so that a thousand files do not draw as often', async () => {
  vi.useFakeTimers()
  try {
    const { queue, sent } = held(100)
    queue.add(files(100))
    const told: number[] = []
    for (let i = 0; i < 60; i++) {
      sent[i]!.end()
      await vi.advanceTimersByTimeAsync(i === 29 ? 100 : 0)
      if (told.at(-1) !== queue.done) told.push(queue.done)
    }
    await vi.advanceTimersByTimeAsync(100)
    expect([...told, queue.done]).toEqual([1, 30, 31, 60])
  } finally {
    vi.useRealTimers()
  }
})

test('a file that fails does not stop the others, and counting begins anew when all are done', async () => {
  let sent = 0
  const queue = new UploadQueue(
    ({ name }) => {
      sent++
      return name === '1.png' ? Promise.reject(new Error('no')) : Promise.resolve()
    },
    () => 0,
  )
  queue.add(files(7))
  await settle()
  expect(sent).toBe(7)
  expect([queue.done, queue.total, queue.busy]).toEqual([0, 0, false])
})

test('cancelling aborts what is on its way, forgets what waits, and leaves the queue ready for more', async () => {
  const { queue, sent } = held(2)
  queue.add(files(5))
  queue.cancel()
  expect(sent.map(({ signal }) => signal.aborted)).toEqual([true, true])
  expect(queue.busy).toBe(false)
  queue.add([file('later.png')])
  sent[0]!.end()
  await settle()
  expect(sent.map(({ name }) => name)).toEqual(['0.png', '1.png', 'later.png'])
  expect([queue.done, queue.total]).toEqual([0, 1])
})

test('a folder adds to the batch as it is read, and no more once cancelled', async () => {
  const { queue, sent } = held(1)
  let more: () => void = () => {}
  const source = async function* () {
    yield files(2)
    await new Promise<void>((resolve) => (more = resolve))
    yield files(3)
  }
  const reading = queue.addFrom(source())
  await settle()
  expect([queue.total, queue.looking, queue.busy]).toEqual([2, 1, true])
  queue.cancel()
  more()
  await reading
  expect([queue.total, queue.looking, sent.length]).toEqual([0, 0, 1])
})

test('a folder without pictures ends the batch', async () => {
  const { queue } = held(1)
  await queue.addFrom((async function* () {})())
  expect(queue.busy).toBe(false)
})
