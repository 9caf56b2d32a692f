import { expect, it } from 'vitest'
import { encodeFrame } from '../../shared/wire.ts'
import { readFrames } from './frames.ts'

const values = [{ text: 'zwölf 🌄\n' }, { data: Float64Array.of(1, NaN, -0) }, 'last']
const bytes = Uint8Array.from([values[0], undefined, values[1], values[2]].flatMap((value) => [...encodeFrame(value)]))

function streamOf(pieces: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece)
      controller.close()
    },
  })
}

async function batchesOf(pieces: readonly Uint8Array[]): Promise<unknown[][]> {
  const batches: unknown[][] = []
  for await (const batch of readFrames(streamOf(pieces))) batches.push([...batch])
  return batches
}

it('finds the same values however the bytes are cut, and no value in a sign of life', async () => {
  for (let size = 1; size <= bytes.length; size++) {
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
      bytes.subarray(index * size, (index + 1) * size),
    )
    expect((await batchesOf(pieces)).flat()).toEqual(values)
  }
})

it('gives what has come together together', async () => {
  expect(await batchesOf([bytes])).toEqual([values])
})

it('drops a value that did not come whole', async () => {
  expect((await batchesOf([bytes.subarray(0, bytes.length - 1)])).flat()).toEqual(values.slice(0, 2))
})

it('lets go of the stream when nobody wants more', async () => {
  let cancelled = false
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(bytes)
    },
    cancel() {
      cancelled = true
    },
  })
  const frames = readFrames(stream)
  expect(await frames.next()).toEqual({ done: false, value: values })
  await frames.return()
  expect(cancelled).toBe(true)
})
