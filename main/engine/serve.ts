/** The compute process's side of the protocol: requests in, answers, events and notes out. */

import { toWire } from '../../shared/errors.ts'
import { Compute, type RequestContext } from './compute.ts'
import { cancelled } from './drive.ts'
import type { ComputeMethod, ComputePort, StartMessage, ToCompute } from './protocol.ts'

export function serve(port: ComputePort): void {
  let compute: Compute | undefined
  const running = new Map<number, AbortController>()

  function start({ limits, cacheBytes }: StartMessage): void {
    compute = new Compute(limits, cacheBytes)
    port.post({ type: 'ready' })
    // A failure to load is told by the first request that needs it.
    compute.warm().catch(() => undefined)
  }

  async function answer(id: number, method: ComputeMethod, params: unknown): Promise<void> {
    const controller = new AbortController()
    running.set(id, controller)
    const { signal } = controller
    const context: RequestContext = {
      signal,
      emit(event) {
        if (!signal.aborted) port.post({ type: 'event', id, event })
      },
      decoding(image, active) {
        port.post({ type: 'decoding', id, image, active })
      },
    }
    try {
      const handler = compute!.handlers[method] as (params: unknown, context: RequestContext) => Promise<unknown>
      const value = await handler(params, context)
      if (signal.aborted) throw cancelled()
      port.post({ type: 'answer', id, ok: true, value })
    } catch (error) {
      port.post({ type: 'answer', id, ok: false, error: toWire(error) })
    } finally {
      running.delete(id)
    }
  }

  port.onMessage((message: ToCompute) => {
    switch (message.type) {
      case 'start':
        start(message)
        break
      case 'request':
        void answer(message.id, message.method, message.params)
        break
      case 'cancel':
        running.get(message.id)?.abort()
        break
      case 'ping':
        port.post({ type: 'pong' })
        break
    }
  })
}
