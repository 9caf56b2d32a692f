/** Whether keys pressed in an element are text, or a choice of its own, and not shortcuts; an editor in a shadow says so. */
export function takesText(target: Element): boolean {
  return target.closest('input, select, textarea, [contenteditable], [data-takes-text]') !== null
}
