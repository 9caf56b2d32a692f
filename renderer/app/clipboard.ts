/** The clipboard, as far as a page has one. */

/**
 * Copies a text that stands in an element; rejects where the system does not let it. A desktop window has no
 * permissions at all, and copies what is selected instead.
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
