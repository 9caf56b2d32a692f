/** A layer's options read from its schema, so that views can show any layer without knowing it. */

import * as v from 'valibot'
import { definitionOf, type LayerSpec } from './index.ts'

export interface LayerOption {
  readonly key: string
  readonly label: string
  readonly meaning: string
  readonly value: unknown
  /** Whether the value is a (height, width) pair, which is written with a ×. */
  readonly pair: boolean
}

type Entry = v.GenericSchema & {
  readonly pipe?: readonly Entry[]
  readonly wrapped?: Entry
  readonly options?: readonly Entry[]
}

/** The options of a layer in the order of its schema; the kind itself is not one. */
export function optionsOf(spec: LayerSpec): readonly LayerOption[] {
  const { entries } = definitionOf(spec).schema as unknown as { readonly entries: Readonly<Record<string, Entry>> }
  const values: Readonly<Record<string, unknown>> = { ...spec }
  return Object.entries(entries)
    .filter(([key]) => key !== 'kind')
    .map(([key, schema]) => ({
      key,
      label: v.getTitle(schema) ?? key,
      meaning: v.getDescription(schema) ?? '',
      value: values[key],
      pair: schema.pipe?.[0]?.wrapped?.options?.[0]?.type === 'tuple',
    }))
}
