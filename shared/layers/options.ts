/** A layer's options read from its schema, so that views can show and edit any layer without knowing it. */

import * as v from 'valibot'
import { describeValue } from '../issues.ts'
import { LoupeError } from '../errors.ts'
import { fieldOf, type Field } from './fields.ts'
import { definitionOf, layerSchema, type LayerSpec } from './index.ts'

export interface LayerOption {
  readonly key: string
  readonly label: string
  readonly meaning: string
  readonly value: unknown
  /** How it is edited. */
  readonly field: Field
}

const fields = new Map<string, readonly (readonly [string, Field])[]>()

/** The options of a layer in the order of its schema; the kind itself is not one. */
export function optionsOf(spec: LayerSpec): readonly LayerOption[] {
  let known = fields.get(spec.kind)
  if (!known) {
    const { entries } = definitionOf(spec).schema as unknown as {
      readonly entries: Readonly<Record<string, v.GenericSchema>>
    }
    known = Object.entries(entries)
      .filter(([key]) => key !== 'kind')
      .map(([key, schema]) => [key, fieldOf(schema, key)] as const)
    fields.set(spec.kind, known)
  }
  const values: Readonly<Record<string, unknown>> = { ...spec }
  return known.map(([key, field]) => ({
    key,
    label: field.label,
    meaning: field.meaning,
    value: values[key],
    field,
  }))
}

/** The layer with another value of one option. Throws `pipeline-invalid` saying what is wrong with the value. */
export function withOption(spec: LayerSpec, key: string, value: unknown): LayerSpec {
  const result = v.safeParse(layerSchema, { ...spec, [key]: value })
  if (result.success) return result.output
  const issue = result.issues[0]
  throw new LoupeError('pipeline-invalid', describeValue(issue), { option: key })
}
