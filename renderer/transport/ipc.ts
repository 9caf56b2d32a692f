/** The Api over Electron's IPC, by the bridge its preload gives to the window. */

import type { ApiEvent, ImageInfo, Method, Params, Result } from '../../shared/api.ts'
import { bridgeName, type Bridge, type Reply } from '../../shared/bridge.ts'
import { fromWire } from '../../shared/errors.ts'
import { cancelling } from './cancelling.ts'
import { Pending } from './pending.ts'
import type { WindowApi } from './transport.ts'

/** The bridge, where the window has one. */
export function findBridge(window: object): Bridge | undefined {
  return bridgeName in window ? (window[bridgeName] as Bridge) : undefined
}

export function ipcApi(bridge: Bridge): Required<Pick<WindowApi, 'call' | 'subscribe' | 'addFile'>> {
  const listeners = new Set<(event: ApiEvent) => void>()
  // Answers and events travel apart here too.
  const pending = new Pending((event) => {
    for (const listener of [...listeners]) listener(event)
  })
  bridge.subscribe((event) => {
    pending.take(event)
  })
  const send = cancelling((id) => {
    bridge.cancel(id)
  })

  return {
    async call<M extends Method>(
      method: M,
      params: Params<M>,
      { signal }: { readonly signal?: AbortSignal } = {},
    ): Promise<Result<M>> {
      return await pending.follow(method, async () => {
        return resultOf(await send((id) => bridge.call(id, method, params), signal))
      })
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async addFile(file, { signal } = {}): Promise<ImageInfo | null> {
      const reply = await send((id) => bridge.addFile(id, file), signal)
      return reply && resultOf(reply)
    },
  }
}

function resultOf<T>(reply: Reply<T>): T {
  if (!reply.ok) throw fromWire(reply)
  return reply.result
}
