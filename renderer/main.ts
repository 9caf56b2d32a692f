/** The window's beginning: reaches the host, makes the state, shows it. */

import { mount } from 'svelte'
import App from './app/App.svelte'
import Unreachable from './app/Unreachable.svelte'
import { windowTools } from './app/download.ts'
import { AppState } from './state/app.svelte.ts'
import { sentence } from './state/notices.svelte.ts'
import { httpApi } from './transport/http.ts'
import { findBridge, ipcApi } from './transport/ipc.ts'
import './ui/theme.css'

const target = document.querySelector('#app')!

const startPictures = () =>
  new Worker(new URL('./transport/pictures.worker.ts', import.meta.url), { type: 'module', name: 'pictures' })

try {
  const bridge = findBridge(window)
  const api = bridge ? ipcApi(bridge) : await httpApi({ location, history, storage: sessionStorage, startPictures })
  const app = new AppState(api, windowTools)
  mount(App, { target, props: { app } })
  void app.load()
  // What this window had begun ends with it; a page the browser keeps may come back.
  addEventListener('pagehide', ({ persisted }) => {
    if (!persisted) app.dispose()
  })
} catch (error) {
  mount(Unreachable, { target, props: { reason: sentence(error) } })
}
