/**
 * A drag that the host is to do in the page's place, once it has made what is dragged: `start` is to stop where its
 * signal says that the button was up before.
 */
export function hostDrag(event: DragEvent, start: (held: AbortSignal) => Promise<void>): void {
  event.preventDefault()
  const held = new AbortController()
  const letGo = () => {
    held.abort()
  }
  const options = { capture: true, once: true }
  window.addEventListener('pointerup', letGo, options)
  void start(held.signal).finally(() => {
    window.removeEventListener('pointerup', letGo, options)
  })
}
