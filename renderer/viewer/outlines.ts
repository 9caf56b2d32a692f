/** What is outlined on a picture of the stage viewer: probes, and what probes and the cursor read of it. */

import type { Rect } from '../../shared/tensor.ts'
import type { Tile } from '../state/arrangement.ts'
import { stageOf, type CursorState } from '../state/cursor.svelte.ts'
import type { ProbeState } from '../state/probes.svelte.ts'
import type { ViewerState } from '../state/viewer.svelte.ts'
import { originOf } from '../state/zoom.ts'

export interface Outline {
  readonly key: string
  /** `pin`: a probe; `field`: a receptive field; `changed`: what lies round all differences; `code`: what code names. */
  readonly kind: 'pin' | 'field' | 'changed' | 'code'
  /** Of the probe; null: of the cursor. */
  readonly number: number | null
  readonly chosen: boolean
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** CSS pixels; an outline is never too small to be seen. */
const smallest = 6

/** In CSS pixels of the tile. Without probes and a cursor, of what is no stage. */
export function outlinesOf(
  view: ViewerState,
  probes: ProbeState | null,
  cursor: CursorState | null,
  tile: Tile,
): readonly Outline[] {
  const { source, plan, scale } = view
  if (!source || !plan) return []
  const origin = originOf(view.view, plan.grid.tile, plan.picture, scale)
  const stage = stageOf(source)
  const boxed = ({ left, top, width, height }: Rect) => {
    const [wide, high] = [Math.max(smallest, width * scale), Math.max(smallest, height * scale)]
    return {
      left: origin.x + left * scale - (wide - width * scale) / 2,
      top: origin.y + top * scale - (high - height * scale) / 2,
      width: wide,
      height: high,
    }
  }
  const seen = ([first, end]: readonly [number, number]) =>
    tile === 'colour' ? first < 3 : source.form === 'block' || (tile >= first && tile < end)
  /** Where a part of the stage lies; a vector's parts are told only where they are one element or all of it. */
  const placed = (rect: Rect, channels: readonly [number, number]): Rect | null => {
    if (source.form === 'picture') return seen(channels) ? rect : null
    if (channels[1] - channels[0] >= source.channels) {
      return { left: 0, top: 0, width: plan.picture.width, height: plan.picture.height }
    }
    const at = channels[0] - plan.channels[0]
    if (channels[1] - channels[0] > 1 || at < 0 || at >= (plan.count ?? 0)) return null
    return { left: at % plan.picture.width, top: Math.floor(at / plan.picture.width), width: 1, height: 1 }
  }
  const outlines: Outline[] = []
  const add = (part: Omit<Outline, 'left' | 'top' | 'width' | 'height'>, rect: Rect | null) => {
    if (rect) outlines.push({ ...part, ...boxed(rect) })
  }
  if (source.difference?.changed && source.form === 'picture') {
    const { rect, channels } = source.difference.changed
    add({ key: 'changed', kind: 'changed', number: null, chosen: false }, placed(rect, channels))
  }
  const named = view.outlined(source)
  if (named) add({ key: 'code', kind: 'code', number: null, chosen: false }, placed(named.rect, named.channels))
  for (const probe of probes?.list ?? []) {
    const chosen = probe === probes?.chosen
    const region = probe.regionIn(stage)
    if (region) {
      add(
        { key: `field${probe.number}`, kind: 'field', number: probe.number, chosen },
        placed(region.rect, region.channels),
      )
    }
    if (probe.stage !== stage || probe.missing !== null) continue
    const { row, column, channel } = probe.place
    const rect = { left: column, top: row, width: 1, height: 1 }
    add({ key: `pin${probe.number}`, kind: 'pin', number: probe.number, chosen }, placed(rect, [channel, channel + 1]))
  }
  const region = view.hover && cursor ? cursor.regionIn(stage) : null
  if (region) add({ key: 'cursor', kind: 'field', number: null, chosen: false }, placed(region.rect, region.channels))
  return outlines
}
