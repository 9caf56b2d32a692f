import { expect, it } from 'vitest'
import { readLines } from './lines.ts'

async function linesOf(pieces: readonly Uint8Array[]): Promise<string[]> {
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece)
      controller.close()
    },
  })
  const lines: string[] = []
  for await (const line of readLines(stream)) lines.push(line)
  return lines
}

it('finds the same lines however the bytes are cut, in the middle of a letter too', async () => {
  const bytes = new TextEncoder().encode('one\n\nzwölf 🌄\nlast\n')
  for (let size = 1; size <= bytes.length; size++) {
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
      bytes.subarray(index * size, (index + 1) * size),
    )
    expect(await linesOf(pieces)).toEqual(['one', '', 'zwölf 🌄', 'last'])
  }
})

it('drops a line that was not ended', async () => {
  expect(await linesOf([new TextEncoder().encode('whole\nhal')])).toEqual(['whole'])
})

it('lets go of the stream when nobody wants more', async () => {
  let cancelled = false
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('one\ntwo\n'))
    },
    cancel() {
      cancelled = true
    },
  })
  const lines = readLines(stream)
  expect(await lines.next()).toEqual({ done: false, value: 'one' })
  await lines.return()
  expect(cancelled).toBe(true)
})
