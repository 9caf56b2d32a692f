/** The preload: runs in the sandboxed window before its page, and hands it the bridge. */

import { contextBridge, ipcRenderer, webUtils } from 'electron'
import { bridgeName } from '../../../shared/bridge.ts'
import { makeBridge } from './bridge.ts'

contextBridge.exposeInMainWorld(bridgeName, makeBridge({ ipcRenderer, webUtils }))
