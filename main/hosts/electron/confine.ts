/** Keeps web contents where they are: on our page, in one window, without guests. */

import type { WebContents } from 'electron'
import { isPage } from './address.ts'

export function confine(contents: WebContents): void {
  // Reloading is the one journey there is.
  contents.on('will-frame-navigate', (details) => {
    if (!details.isMainFrame || !isPage(details.url)) details.preventDefault()
  })
  contents.on('will-redirect', (details) => {
    details.preventDefault()
  })
  contents.on('will-attach-webview', (event) => {
    event.preventDefault()
  })
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
}
