/** The keys that work anywhere in the window. */

import type { AppState } from '../state/app.svelte.ts'
import { takesText } from '../ui/typing.ts'

/** Does what a key asks for, unless something nearer has done so already. */
export function shortcut(app: AppState, event: KeyboardEvent, openFiles: () => void): void {
  if (event.defaultPrevented || document.querySelector('dialog[open]')) return
  const { gallery, editor } = app
  const target = event.target as Element
  // What is typed while a cell's editor is still being made is meant for that.
  const text = takesText(target) || (app.lab.open && app.lab.wanted !== null)
  const command = event.ctrlKey || event.metaKey
  const key = event.key.toLowerCase()
  if (command && key === 'o') openFiles()
  else if (command && event.shiftKey && key === 's') app.savePipeline()
  else if (command && key === 's') app.beginSave()
  // Text that is selected is what the browser copies.
  else if (command && key === 'c' && gallery.current && !text && getSelection()?.isCollapsed !== false)
    void app.copy(event.shiftKey ? 'numbers' : 'picture')
  // A field whose text is taken only when it is left has the browser's own undo until then.
  else if (command && (key === 'z' || key === 'y') && !target.closest('[data-own-undo]')) {
    if (key === 'y' || event.shiftKey) editor.redo()
    else editor.undo()
  } else if (command && key === ',') app.settings.begin()
  else if (!command && key === '?' && !text) app.helpOpen = true
  else if (!command && key === 'l' && !text) app.lab.toggle()
  else if (!command && key === 'c' && app.canCompare && !text) app.compare.choosing = true
  else if (!command && key === 'b' && app.canRunMany && !text) app.beginBatch()
  else if (key === 'escape' && app.compare.on && !text) app.compare.end()
  else return
  event.preventDefault()
}
