/** HTTP written by hand over a socket to 127.0.0.1, so that tests can send what no client would. */

import net from 'node:net'

export interface RawAnswer {
  /** 0 where the connection was closed without an answer. */
  readonly status: number
  readonly headers: ReadonlyMap<string, string>
  readonly body: Buffer
  /** Everything that came, for connections with several answers. */
  readonly all: string
}

export type HeaderLine = readonly [name: string, value: string]

/** A request as text; `body` bytes follow it. */
export function requestText(method: string, target: string, headers: readonly HeaderLine[]): string {
  return `${method} ${target} HTTP/1.1\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`
}

/**
 * Sends bytes, reads until the other side closes, the announced length is there, or `wait` milliseconds have passed.
 */
export async function sendRaw(port: number, chunks: readonly (string | Uint8Array)[], wait = 5000): Promise<RawAnswer> {
  const received: Buffer[] = []
  await new Promise<void>((resolve) => {
    const socket = net.connect({ host: '127.0.0.1', port })
    const timer = setTimeout(() => socket.destroy(), wait)
    socket.on('connect', () => {
      for (const chunk of chunks) socket.write(chunk)
    })
    socket.on('data', (chunk) => {
      received.push(chunk)
      if (isWhole(Buffer.concat(received))) socket.destroy()
    })
    // Being cut off is an answer too.
    socket.on('error', () => undefined)
    socket.on('close', () => {
      clearTimeout(timer)
      resolve()
    })
  })
  return parse(Buffer.concat(received))
}

function isWhole(bytes: Buffer): boolean {
  const { headers, body, status } = parse(bytes)
  const length = headers.get('content-length')
  return status >= 200 && length !== undefined && body.length >= Number(length)
}

function parse(bytes: Buffer): RawAnswer {
  const text = bytes.toString('latin1')
  const end = text.indexOf('\r\n\r\n')
  const [first = '', ...lines] = text.slice(0, Math.max(0, end)).split('\r\n')
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1] ?? 0)
  const headers = new Map(lines.map((line) => [line.split(':')[0]!.toLowerCase(), line.replace(/^[^:]*:\s*/, '')]))
  if (status === 100) return parse(bytes.subarray(end + 4))
  return { status, headers, body: bytes.subarray(end + 4), all: text }
}
