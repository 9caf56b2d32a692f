/** The bridge, as the preload gives it to the window: messages on our channels, and no way to name another. */

import type { IpcRenderer, IpcRendererEvent, WebUtils } from 'electron'
import type { ApiEvent } from '../../../shared/api.ts'
import type { Bridge } from '../../../shared/bridge.ts'
import { channels } from './channels.ts'

export interface PreloadParts {
  readonly ipcRenderer: Pick<IpcRenderer, 'invoke' | 'send' | 'on' | 'off'>
  readonly webUtils: Pick<WebUtils, 'getPathForFile'>
}

export function makeBridge({ ipcRenderer, webUtils }: PreloadParts): Bridge {
  return {
    call: async (id, method, params) => (await ipcRenderer.invoke(channels.call, id, method, params)) as never,
    cancel(id) {
      ipcRenderer.send(channels.cancel, id)
    },
    async addFile(id, file) {
      // Throws for anything that is no File of the browser's own making.
      const path = webUtils.getPathForFile(file as Parameters<WebUtils['getPathForFile']>[0])
      return path === '' ? null : ((await ipcRenderer.invoke(channels.addFile, id, path)) as never)
    },
    subscribe(listener) {
      const pass = (_event: IpcRendererEvent, event: ApiEvent) => {
        listener(event)
      }
      ipcRenderer.on(channels.event, pass)
      return () => {
        ipcRenderer.off(channels.event, pass)
      }
    },
  }
}
