/** Where the window was, kept from one start to the next, and put right where the screens have changed. */

import { readDocument, writeDocument, type Found } from '../../user/document.ts'

export interface Bounds {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface Placement {
  readonly bounds: Bounds
  readonly maximized: boolean
}

export const smallest = { width: 640, height: 480 } as const
const preferred = { width: 1280, height: 820 } as const
/** What must be on a screen for a window to be found and taken hold of: so much of its top edge. */
const grip = { width: 120, height: 40 } as const

/** The placement in a file; one that makes no sense is kept aside and told. */
export function readPlacement(file: string): Found<Placement> {
  return readDocument(file, { what: 'The bounds of the window', parse: parsePlacement, version: 1 })
}

/** Writes the file whole or not at all. Throws what the file system says. */
export function writePlacement(file: string, { bounds, maximized }: Placement): void {
  writeDocument(file, { version: 1, bounds, maximized })
}

function parsePlacement(value: unknown): Placement {
  if (!isPlacement(value)) throw new TypeError('It is no placement.')
  return { bounds: value.bounds, maximized: value.maximized }
}

/** Bounds to open with, given each screen's room: no larger than its screen, and in the middle where it would be out of sight. */
export function placeWindow(
  saved: Bounds | undefined,
  screens: readonly Bounds[],
): { width: number; height: number; x?: number; y?: number } {
  const wanted = saved ?? preferred
  const screen = (saved && screens.find((area) => holdsGrip(area, saved))) ?? screens[0]
  const width = Math.max(smallest.width, Math.min(wanted.width, screen?.width ?? wanted.width))
  const height = Math.max(smallest.height, Math.min(wanted.height, screen?.height ?? wanted.height))
  if (!saved || !screen || !holdsGrip(screen, saved)) return { width, height }
  return { width, height, x: saved.x, y: Math.max(screen.y, saved.y) }
}

/** Whether enough of a window's top edge is on a screen. */
function holdsGrip(screen: Bounds, window: Bounds): boolean {
  const across = Math.min(screen.x + screen.width, window.x + window.width) - Math.max(screen.x, window.x)
  return (
    across >= Math.min(grip.width, window.width) &&
    window.y >= screen.y - grip.height &&
    window.y + grip.height <= screen.y + screen.height
  )
}

function isPlacement(value: unknown): value is Placement {
  if (typeof value !== 'object' || value === null) return false
  const { bounds, maximized } = value as Record<string, unknown>
  if (typeof maximized !== 'boolean' || typeof bounds !== 'object' || bounds === null) return false
  const { x, y, width, height } = bounds as Record<string, unknown>
  const isCoordinate = (n: unknown): n is number => Number.isSafeInteger(n) && Math.abs(n as number) <= 100_000
  return [x, y, width, height].every(isCoordinate) && (width as number) > 0 && (height as number) > 0
}
