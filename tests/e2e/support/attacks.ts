/** What a page of another origin can try against a server on this computer, and the server such a page comes from. */

import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface AttackerSite {
  /** Another port of 127.0.0.1: the same site, as browsers see it. */
  readonly sameSite: string
  /** Another site on the same computer. */
  readonly crossSite: string
  /** The headers of every request that came here. */
  readonly visits: readonly { readonly url: string; readonly headers: IncomingHttpHeaders }[]
  close(): Promise<void>
}

export const attackPage = '<!doctype html><meta charset="utf-8"><title>Attacker</title><p>Kittens!'

export async function startAttackerSite(): Promise<AttackerSite> {
  const visits: { url: string; headers: IncomingHttpHeaders }[] = []
  const server = createServer((request, response) => {
    visits.push({ url: request.url ?? '', headers: request.headers })
    response.writeHead(200, { 'content-type': 'text/html', 'cache-control': 'no-store' }).end(attackPage)
  })
  const port = await listen(server)
  return {
    sameSite: `http://127.0.0.1:${port}`,
    crossSite: `http://localhost:${port}`,
    visits,
    close: async () => await stop(server),
  }
}

/** What a server that trusts whoever asks lets happen; the attempts must succeed there, or they show nothing. */
export async function startCarelessServer() {
  const posted: string[] = []
  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  )
  const server = createServer((request, response) => {
    const { origin, 'sec-fetch-dest': destination = '' } = request.headers
    const cors = {
      'access-control-allow-origin': origin ?? '*',
      'access-control-allow-credentials': 'true',
      'access-control-allow-headers': 'authorization, content-type',
    }
    if (request.method === 'POST') posted.push(`${request.url ?? ''} ${request.headers['content-type'] ?? ''}`)
    const [type, body] =
      destination === 'image'
        ? ['image/png', png]
        : destination === 'script'
          ? ['text/javascript', 'export {}']
          : destination === 'style'
            ? ['text/css', 'p { color: red }']
            : request.url === '/api/events'
              ? ['text/event-stream', 'data: secret\n\n']
              : ['text/html', 'secret']
    response.writeHead(200, { ...cors, 'content-type': type }).end(request.method === 'OPTIONS' ? '' : body)
  })
  const port = await listen(server)
  return { origin: `http://127.0.0.1:${port}`, posted, close: async () => await stop(server) }
}

async function listen(server: ReturnType<typeof createServer>): Promise<number> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return (server.address() as AddressInfo).port
}

async function stop(server: ReturnType<typeof createServer>): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve))
  server.closeAllConnections()
  await closed
}

/**
 * Runs in the attacker's page. By the name of each attempt: what it got to read or to load, '' for nothing. `call` is
 * a body that would remove a picture, were it let through.
 */
export async function tryEverything({ victim, call }: { victim: string; call: number[] }) {
  const got: Record<string, string> = {}
  const body = new Uint8Array(call)
  const removal = `${victim}/api/call/images.remove`
  const wait = async (milliseconds: number) => await new Promise((resolve) => setTimeout(resolve, milliseconds))
  const attempt = async (name: string, work: () => Promise<string>) => {
    // Whatever throws has got nothing; whatever never ends has not either.
    got[name] = await Promise.race([work().catch(() => ''), wait(4000).then(() => '')])
  }
  const text = async (input: string, init: RequestInit) => {
    const response = await fetch(input, init)
    return response.type === 'opaque' ? await response.text() : `${response.status} ${await response.text()}`
  }
  const loads = async (element: HTMLElement) => {
    const outcome = new Promise<string>((resolve) => {
      element.onload = () => {
        resolve(`${element.tagName} loaded`)
      }
      element.onerror = () => {
        resolve('')
      }
    })
    document.head.append(element)
    return await outcome
  }
  const made = <T extends keyof HTMLElementTagNameMap>(tag: T, properties: Record<string, string>) =>
    Object.assign(document.createElement(tag), properties)

  for (const path of ['/', '/api/call/images.list', '/api/events', '/api/session']) {
    await attempt(`fetch ${path}`, async () => await text(`${victim}${path}`, { credentials: 'include' }))
  }
  await attempt('fetch with a header', async () => {
    const headers = { Authorization: `Bearer ${'A'.repeat(43)}`, 'Content-Type': 'application/x-layerloupe' }
    return await text(removal, { method: 'POST', headers, body })
  })
  await attempt('XMLHttpRequest', async () => {
    const request = new XMLHttpRequest()
    request.open('GET', `${victim}/`)
    request.withCredentials = true
    return await new Promise((resolve) => {
      request.onloadend = () => {
        resolve(request.responseText)
      }
      request.send()
    })
  })
  await attempt('image', async () => await loads(made('img', { src: `${victim}/api/call/images.thumbnail` })))
  await attempt('script', async () => await loads(made('script', { src: `${victim}/`, type: 'text/javascript' })))
  await attempt('module', async () => Object.prototype.toString.call(await import(`${victim}/?module`)))
  await attempt('style sheet', async () => await loads(made('link', { rel: 'stylesheet', href: `${victim}/` })))
  await attempt(
    'preload',
    async () => await loads(made('link', { rel: 'preload', as: 'image', href: `${victim}/favicon` })),
  )
  await attempt(
    'EventSource',
    async () =>
      await new Promise((resolve) => {
        const source = new EventSource(`${victim}/api/events`, { withCredentials: true })
        source.onmessage = ({ data }) => {
          source.close()
          resolve(String(data))
        }
        source.onerror = () => {
          source.close()
          resolve('')
        }
      }),
  )
  await attempt('cache', async () => {
    const cache = await caches.open('loot')
    await cache.add(`${victim}/`)
    return (await (await cache.match(`${victim}/`))!.text()) + 'kept'
  })

  // What comes back of these cannot be read anyway; what they cause is seen on the other side.
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=b']) {
    await attempt(`post ${type}`, async () => {
      const headers = { 'Content-Type': type }
      return await text(removal, { method: 'POST', mode: 'no-cors', credentials: 'include', headers, body })
    })
  }
  await attempt('beacon', () => {
    navigator.sendBeacon(removal, new Blob([body], { type: 'text/plain' }))
    return Promise.resolve('')
  })
  for (const enctype of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
    await attempt(`form ${enctype}`, async () => {
      const name = `form-${enctype}`
      const frame = made('iframe', { name })
      const form = made('form', { action: removal, method: 'POST', enctype, target: name })
      form.append(made('input', { name: '{"images":', value: '[]}' }))
      document.body.append(frame, form)
      await wait(50)
      form.submit()
      await wait(500)
      return frame.contentDocument?.body.textContent ?? ''
    })
  }
  await attempt('frame', async () => {
    const frame = made('iframe', { src: `${victim}/` })
    document.body.append(frame)
    await wait(800)
    return frame.contentDocument?.body.textContent ?? ''
  })
  await attempt('WebSocket', async () => {
    const socket = new WebSocket(victim.replace('http', 'ws'))
    return await new Promise((resolve) => {
      socket.onopen = () => {
        resolve('open')
      }
      socket.onclose = () => {
        resolve('')
      }
    })
  })
  await attempt('service worker', async () => {
    const { scope } = await navigator.serviceWorker.register(`${victim}/assets/worker.js`)
    return scope
  })
  return got
}

/** Runs in the attacker's page: opens the victim's page in a window and returns what can be seen of it or done to it. */
export async function openAndLook(address: string) {
  const seen: string[] = []
  const listen = ({ data, source }: MessageEvent) => {
    seen.push(`message ${JSON.stringify(data)} of ${source === window ? 'myself' : 'another'}`)
  }
  addEventListener('message', listen)
  const opened = window.open(address, '_blank')!
  for (let turn = 0; turn < 10; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 100))
    try {
      opened.postMessage({ type: 'call', method: 'images.list', params: {} }, '*')
      opened.postMessage('token', '*')
    } catch {
      // Closed to us.
    }
  }
  let read = ''
  try {
    read = `${opened.location.href} ${opened.document.body.textContent}`
  } catch {
    // Of another origin.
  }
  removeEventListener('message', listen)
  // A window out of our reach says that it is closed, and has neither frames nor a way back.
  return { read, seen, closed: opened.closed, frames: opened.length }
}
