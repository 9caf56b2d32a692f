/** Which of an ordered list of items is current and which are selected: pure, as a file manager does it. */

export interface Selection {
  readonly selected: ReadonlySet<string>
  /** The item the keyboard stands on, which is also the one shown. */
  readonly current: string | null
  /** Where a range begins. */
  readonly anchor: string | null
}

export const noSelection: Selection = { selected: new Set(), current: null, anchor: null }

export function selectOnly(key: string): Selection {
  return { selected: new Set([key]), current: key, anchor: key }
}

export function selectAll(order: readonly string[], selection: Selection): Selection {
  const current = selection.current ?? order[0] ?? null
  return { selected: new Set(order), current, anchor: selection.anchor ?? current }
}

/** Adds the item to the selection, or takes it away, and stands on it. */
export function toggle(key: string, selection: Selection): Selection {
  const selected = new Set(selection.selected)
  if (!selected.delete(key)) selected.add(key)
  return { selected, current: key, anchor: key }
}

/** Selects from the anchor to the item, both included. */
export function extendTo(order: readonly string[], key: string, selection: Selection): Selection {
  const to = order.indexOf(key)
  if (to < 0) return selection
  const found = selection.anchor === null ? -1 : order.indexOf(selection.anchor)
  const from = found < 0 ? to : found
  const range = order.slice(Math.min(from, to), Math.max(from, to) + 1)
  return { selected: new Set(range), current: key, anchor: order[from]! }
}

/** Steps from the current item, staying inside the list; with `extend` the range grows or shrinks. */
export function step(order: readonly string[], by: number, extend: boolean, selection: Selection): Selection {
  if (order.length === 0) return noSelection
  const at = selection.current === null ? -1 : order.indexOf(selection.current)
  const to = at < 0 ? 0 : Math.min(order.length - 1, Math.max(0, at + by))
  const key = order[to]!
  return extend ? extendTo(order, key, selection) : selectOnly(key)
}

/**
 * What remains when items go. If the current one goes, the next that stays takes its place, or else the one before.
 * `order` is the order before the removal.
 */
export function withoutKeys(order: readonly string[], gone: ReadonlySet<string>, selection: Selection): Selection {
  const kept = new Set([...selection.selected].filter((key) => !gone.has(key)))
  if (selection.current === null || !gone.has(selection.current)) {
    const anchor = selection.anchor !== null && gone.has(selection.anchor) ? selection.current : selection.anchor
    return { selected: kept, current: selection.current, anchor }
  }
  // Of what is still selected, if anything is: a removal selects nothing that was not.
  const stays = (key: string) => (kept.size > 0 ? kept.has(key) : !gone.has(key))
  const at = order.indexOf(selection.current)
  const next = order.slice(at + 1).find(stays) ?? order.slice(0, Math.max(0, at)).findLast(stays)
  if (next === undefined) return noSelection
  return kept.size > 0 ? { selected: kept, current: next, anchor: next } : selectOnly(next)
}
