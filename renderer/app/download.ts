/** Handing files to the person as the browser does it. */

import type { SaveTools } from '../state/save.svelte.ts'

export const downloadTools: SaveTools = {
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
