/** What can be saved of what is in the window, and as which kinds of files. */

import { saveKinds, type ImageInfo, type RunId, type SaveKind, type SavePart } from '../../shared/api.ts'
import type { Place } from '../../shared/explain.ts'
import type { Pipeline } from '../../shared/pipeline.ts'
import type { ScaleChoices } from '../../shared/scales.ts'
import type { Rect } from '../../shared/tensor.ts'

export type SaveWhat = 'region' | 'channel' | 'stage' | 'all' | 'figure' | 'formula' | 'everything'

/** What is to be saved of what is in the window. */
export interface SaveSubject {
  readonly pipeline: Pipeline
  readonly current: ImageInfo
  readonly selected: readonly ImageInfo[]
  /** The chosen stage, or null while the original is shown. */
  readonly stage: { readonly index: number; readonly title: string } | null
  /** The channel of it that is shown alone or pointed at, where it has several. */
  readonly channel: { readonly index: number; readonly name: string } | null
  /** What is zoomed into of it, and of which channel where that is shown alone; null where all of it is seen. */
  readonly region: { readonly rect: Rect; readonly channel?: number; readonly title: string } | null
  /** The chosen probe, where its element is there. */
  readonly probe: { readonly stage: number; readonly place: Place; readonly title: string } | null
  /** The run that is on show; null where there is none. */
  readonly run: RunId | null
  /** How many of its stages are there by now. */
  readonly made: () => number
  /** The colours and ranges that are on show. */
  readonly scales: ScaleChoices
}

/** Which kinds each choice can be saved as; what is of a whole run is not of one stage. */
export const kindsFor: { readonly [W in SaveWhat]: readonly SaveKind[] } = {
  region: ['png', 'svg', 'npy', 'csv', 'manifest'],
  channel: ['png', 'svg', 'npy', 'csv', 'manifest'],
  stage: ['png', 'svg', 'npy', 'csv', 'manifest'],
  all: ['png', 'svg', 'npy', 'npz', 'csv', 'figure', 'figure-svg', 'script', 'manifest'],
  figure: ['figure', 'figure-svg'],
  formula: [],
  everything: saveKinds,
}

/** What each kind is called, and what it is. */
export const kindNames: { readonly [K in SaveKind]: readonly [string, string] } = {
  png: ['Pictures', 'PNG, for slides and pages'],
  npy: ['Arrays', 'NumPy .npy, every bit'],
  npz: ['One array file', 'NumPy .npz, all stages in it'],
  csv: ['Numbers as text', 'CSV, every value exactly'],
  svg: ['Drawings', 'SVG, with text as text'],
  figure: ['Evolution figure', 'All stages side by side, PNG'],
  'figure-svg': ['Evolution as SVG', 'The same, with text as text'],
  script: ['Scripts', 'NumPy and PyTorch, as proof'],
  manifest: ['Manifest', 'JSON: what repeats it, hashes'],
}

/** The part of a run that is meant; of its whole it says nothing. */
export function partOf({ stage, channel, region }: SaveSubject, what: SaveWhat): SavePart {
  switch (what) {
    case 'stage':
      return { stage: stage!.index }
    case 'channel':
      return { stage: stage!.index, channel: channel!.index }
    case 'region': {
      const { rect, channel: alone } = region!
      return { stage: stage!.index, rect, ...(alone === undefined ? {} : { channel: alone }) }
    }
    case 'all':
    case 'figure':
    case 'formula':
    case 'everything':
      return {}
  }
}
