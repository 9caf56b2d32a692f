/**
 * A pipeline while it is edited: its layers keep who they are wherever they move, and some are switched off.
 * Layers are counted by their place in the document; stages count the layers that are on. Here, and only here, one is
 * found from the other.
 */

import type { LayerSpec } from '../../shared/layers/index.ts'
import { runningOf, switchedOn, type Pipeline, type PipelineDocument } from '../../shared/pipeline.ts'

export type LayerId = number

export interface EditedLayer {
  readonly id: LayerId
  readonly spec: LayerSpec
  readonly off: boolean
}

export interface Edited {
  readonly name: string
  readonly description: string
  readonly dtype: Pipeline['dtype']
  readonly layers: readonly EditedLayer[]
}

/** As many as a document may have. */
export const mostLayers = 200

let next = 1

function identified(spec: LayerSpec, off = false): EditedLayer {
  return { id: next++, spec, off }
}

export function editedOf({ name, description, dtype, layers }: PipelineDocument): Edited {
  return { name, description, dtype, layers: layers.map((layer) => identified(switchedOn(layer), layer.off ?? false)) }
}

/** As it is saved. */
export function documentOf({ name, description, dtype, layers }: Edited): PipelineDocument {
  return {
    version: 1,
    name,
    description,
    dtype,
    layers: layers.map(({ spec, off }) => (off ? { ...spec, off } : spec)),
  }
}

/** What runs. */
export function pipelineOf(edited: Edited): Pipeline {
  return runningOf(documentOf(edited))
}

/** Which stage a layer makes: its place among those that are on; null for one that is off or not there. */
export function stageOf({ layers }: Edited, id: LayerId | null): number | null {
  const on = layers.filter(({ off }) => !off)
  const stage = on.findIndex((layer) => layer.id === id)
  return stage < 0 ? null : stage
}

/** The layer that makes a stage. */
export function layerOfStage({ layers }: Edited, stage: number): EditedLayer | null {
  return layers.filter(({ off }) => !off)[stage] ?? null
}

/** The stage to look at for a layer that makes none: that of the last layer above it that is on; −1 is the original. */
export function stageAbove({ layers }: Edited, id: LayerId | null): number {
  const place = layers.findIndex((layer) => layer.id === id)
  return layers.slice(0, place + 1).filter(({ off }) => !off).length - 1
}

/** Adds a layer at a place (never before the first). */
export function added(edited: Edited, spec: LayerSpec, place: number): { edited: Edited; layer: EditedLayer } {
  const layer = identified(spec)
  return { edited: { ...edited, layers: edited.layers.toSpliced(Math.max(1, place), 0, layer) }, layer }
}

export function removed(edited: Edited, id: LayerId): Edited {
  return { ...edited, layers: edited.layers.filter((layer, place) => place === 0 || layer.id !== id) }
}

/** Moves a layer to a place; the first stays where it is, and nothing comes before it. */
export function moved(edited: Edited, id: LayerId, place: number): Edited {
  const from = edited.layers.findIndex((layer) => layer.id === id)
  const to = Math.max(1, Math.min(edited.layers.length - 1, place))
  if (from < 1 || from === to) return edited
  return { ...edited, layers: edited.layers.toSpliced(from, 1).toSpliced(to, 0, edited.layers[from]!) }
}

/** The layer with another spec or switch; the same document where it is the same. */
export function changed(edited: Edited, id: LayerId, part: Partial<Pick<EditedLayer, 'spec' | 'off'>>): Edited {
  return { ...edited, layers: edited.layers.map((layer) => (layer.id === id ? { ...layer, ...part } : layer)) }
}
