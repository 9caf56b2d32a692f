/** Every way the contract is carried, each over a real engine. A new host adds a line. */

import type { Api } from '../../shared/api.ts'
import { openDesktopWindow } from '../electron/stand-in/window.ts'
import { testEngine } from '../support/engine.ts'
import { openWindow, startTestHost } from '../support/webHost.ts'

export interface Transport {
  readonly name: string
  /** Whether its host has the system's dialogs. */
  readonly dialogs: boolean
  open(): Promise<{ readonly api: Api; close(): Promise<void> }>
}

export const transports: readonly Transport[] = [
  {
    name: 'in process',
    dialogs: false,
    async open() {
      const engine = await testEngine()
      return {
        api: engine,
        close: async () => {
          await engine.close()
        },
      }
    },
  },
  {
    name: 'over HTTP',
    dialogs: false,
    async open() {
      const engine = await testEngine({ host: 'web' })
      const host = await startTestHost({ engine })
      const api = await openWindow(host)
      return {
        api,
        async close() {
          api.close()
          await host.close()
          await engine.close()
        },
      }
    },
  },
  {
    name: "over Electron's IPC",
    dialogs: true,
    open: openDesktopWindow,
  },
]
