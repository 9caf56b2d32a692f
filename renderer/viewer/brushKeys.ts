/** The keys of a brush, before any others while it paints. */

import type { BrushState } from '../state/brush.svelte.ts'
import type { ViewerState } from '../state/viewer.svelte.ts'

/** Whether the key was the brush's. */
export function brushKey(brush: BrushState, view: ViewerState, key: string): boolean {
  if (key === 'p') {
    brush.toggle()
    return true
  }
  if (!brush.active) return false
  switch (key) {
    case ' ':
      brush.stamp()
      return true
    case 'Delete':
    case 'Backspace':
      brush.stamp(true)
      return true
    case 'e':
      brush.use('erase')
      return true
    case 'i':
      if (view.hover) brush.pick()
      else brush.use('pick')
      return true
    case '[':
      brush.resize(brush.size - 1)
      return true
    case ']':
      brush.resize(brush.size + 1)
      return true
    case 'Escape':
      if (brush.tool === 'paint') brush.toggle()
      else brush.use(brush.tool)
      return true
    default:
      return false
  }
}
