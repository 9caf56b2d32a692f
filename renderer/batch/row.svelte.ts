/** A row of the table while something on screen shows it. */

import { untrack } from 'svelte'
import type { BatchRow } from '../../shared/batch.ts'
import type { BatchTableState } from '../state/batchTable.svelte.ts'

/** The row at a place, if it is here; it is read while the component that asks for it is there, and anew when it has changed. */
export function rowAt(table: () => BatchTableState, place: () => number): { readonly current: BatchRow | null } {
  const row = $derived(table().row(place()))
  $effect(() => {
    const wanted = [table().turn, row]
    if (wanted.length > 0) untrack(() => table().want(place()))
  })
  return {
    get current() {
      return row
    },
  }
}
