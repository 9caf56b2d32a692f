/** Lines of text out of a stream of bytes, however the bytes were cut. */

/** Yields each line without its end, blank ones too; what stands after the last line end is dropped with the stream. */
export async function* readLines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string, void, void> {
  const reader = stream.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      const parts = (rest + decoder.decode(value, { stream: true })).split('\n')
      rest = parts.pop()!
      yield* parts
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}
