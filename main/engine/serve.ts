/** The compute process's side of the protocol: requests in, answers, events and notes out. */

import { toWire } from '../../shared/errors.ts'
import { Compute } from './compute.ts'
import { cancelled } from './drive.ts'
import type { ComputeMethod, ComputePort, RequestContext, StartMessage, ToCompute } from './protocol.ts'

interface Running {
  readonly controller: AbortController
  readonly done: Promise<void>
}

/** Serves until it is told to stop, then calls `exit`. Returns how to stop it from this side. */
export function serve(port: ComputePort, exit: () => void): () => void {
  let compute: Compute | undefined
  const running = new Map<number, Running>()

  function start(message: StartMessage): void {
    compute = new Compute(message)
    port.post({ type: 'ready' })
    // A failure to load is told by the first request that needs it.
    compute.warm().catch(() => undefined)
  }

  function stop(): void {
    for (const { controller } of running.values()) controller.abort()
    void Promise.all(Array.from(running.values(), ({ done }) => done)).then(exit)
  }

  async function answer(id: number, method: ComputeMethod, params: unknown, signal: AbortSignal): Promise<void> {
    const context: RequestContext = {
      signal,
      emit(event) {
        if (!signal.aborted) port.post({ type: 'event', id, event })
      },
      decoding(image, active) {
        port.post({ type: 'decoding', id, image, active })
      },
    }
    // After the caller has noted it: a handler that fails at once must find itself noted.
    await Promise.resolve()
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
      case 'configure':
        compute?.configure(message)
        break
      case 'request': {
        const { id, method, params } = message
        const controller = new AbortController()
        running.set(id, { controller, done: answer(id, method, params, controller.signal) })
        break
      }
      case 'cancel':
        running.get(message.id)?.controller.abort()
        break
      case 'ping':
        port.post({ type: 'pong' })
        break
      case 'stop':
        stop()
        break
    }
  })
  return stop
}
