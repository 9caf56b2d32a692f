/** Handing files and copies to the person as the browser does it. */

import type { WindowTools } from '../state/app.svelte.ts'
import { copyMade } from './clipboard.ts'

export const windowTools: WindowTools = {
  copy: copyMade,
  createUrl: ({ bytes, type }) => URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>], { type })),
  // A download that has just begun still reads from the address.
  revokeUrl: (url) => {
    setTimeout(() => {
      URL.revokeObjectURL(url)
    }, 10_000)
  },
  download(url, name) {
    const link = document.createElement('a')
    link.href = url
    link.download = name
    link.click()
  },
}
