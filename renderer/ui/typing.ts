/** Whether keys pressed in an element are text, or a choice of its own, and not shortcuts. */
export function takesText(target: Element): boolean {
  return target.closest('input, select, textarea, [contenteditable]') !== null
}
