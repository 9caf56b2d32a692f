/** What can be scrolled can be reached by the keyboard: an attachment for the element that scrolls. */
export function reachable(node: HTMLElement): () => void {
  const update = () => {
    if (node.scrollHeight > node.clientHeight || node.scrollWidth > node.clientWidth) node.tabIndex = 0
    else node.removeAttribute('tabindex')
  }
  const observer = new ResizeObserver(update)
  observer.observe(node)
  update()
  return () => {
    observer.disconnect()
  }
}
