/** The keyboard on many places of which one has the focus: rows of a table, pictures of a sheet. */

interface Places {
  /** How many there are. */
  readonly count: number
  /** How many beside each other. */
  readonly columns: number
  /** How many a page of the keyboard has. */
  readonly page: number
}

/** Where a key leads from a place; null where it is none of ours. */
export function placeAfter(key: string, at: number, { count, columns, page }: Places): number | null {
  const last = count - 1
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: columns,
    ArrowUp: -columns,
    PageDown: page,
    PageUp: -page,
    Home: -count,
    End: count,
    ...(columns > 1 ? { ArrowRight: 1, ArrowLeft: -1 } : {}),
  }
  const step = steps[key]
  if (step === undefined || count === 0) return null
  const to = at + step
  // Up from the first row and down from the last go nowhere, instead of sideways.
  if (Math.abs(step) === columns && columns > 1 && (to < 0 || to > last)) return at
  return Math.min(last, Math.max(0, to))
}

/** Gives the focus to a place that exists, and brings it into sight. */
export function focusPlace(root: HTMLElement | undefined, place: number): void {
  const element = root?.querySelector<HTMLElement>(`[data-place="${place}"]`)
  element?.focus({ preventScroll: true })
  element?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
}
