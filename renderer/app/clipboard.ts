/** The clipboard, as far as a page has one. */

/** Copies what is being made; asked for at once, since a page may copy only while it answers a person. */
export async function copyMade(type: 'image/png' | 'text/plain', made: Promise<string | Uint8Array>): Promise<void> {
  const blob = made.then((content) => new Blob([content as string | Uint8Array<ArrayBuffer>], { type }))
  // Where the clipboard refuses first, nobody waits for it any more.
  blob.catch(() => undefined)
  try {
    await navigator.clipboard.write([new ClipboardItem({ [type]: blob })])
  } catch (cause) {
    // What could not be made has its own reason.
    await blob
    throw new Error('The system did not let LayerLoupe copy.', { cause })
  }
}

/**
 * Copies a text that stands in an element; rejects where the system does not let it. Where a page may
 * not write to the clipboard, what is selected can still be copied.
 */
export async function copyText(text: string, element: HTMLTextAreaElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
  } catch (cause) {
    element.focus()
    element.select()
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- the one way to copy that asks for no permission
    if (!document.execCommand('copy')) throw new Error('The system did not take the text.', { cause })
  }
}
