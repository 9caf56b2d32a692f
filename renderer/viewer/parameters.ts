/** A layer's options as a person reads them, from the titles and meanings its schema carries. */

import type { LayerSpec } from '../../shared/layers/index.ts'
import type { Field } from '../../shared/layers/fields.ts'
import { optionsOf } from '../../shared/layers/options.ts'
import { formatValue, counted } from '../draw/format.ts'

export interface Parameter {
  readonly key: string
  readonly label: string
  readonly meaning: string
  readonly text: string
  /** Small square tables of numbers (rows of columns), where the value holds any. */
  readonly grids: readonly (readonly (readonly number[])[])[]
}

const mostGrids = 12
const largestGrid = 7
const mostListed = 6

/** The options of a layer that are set, in the order of its schema; null stands for the usual value. */
export function parametersOf(spec: LayerSpec): readonly Parameter[] {
  return optionsOf(spec)
    .filter(({ value }) => value !== null && value !== undefined)
    .map(({ key, label, meaning, value, field }) => ({
      key,
      label,
      meaning,
      text:
        field.type === 'pair'
          ? (value as readonly number[]).map((n) => formatValue(n)).join(' × ')
          : describe(value, listedNames(field)),
      grids: gridsOf(value),
    }))
}

/** The names of what can be listed in an option (`Sobel x` of `sobel-x`). */
function listedNames(field: Field): ReadonlyMap<string, string> {
  if (field.type === 'forms')
    return new Map(field.forms.flatMap(({ fields }) => fields.flatMap((f) => [...listedNames(f)])))
  if (field.type !== 'list' || field.item.type !== 'choice') return new Map()
  return new Map(field.item.choices.map(({ value, label }) => [value, label]))
}

function describe(value: unknown, names: ReadonlyMap<string, string>): string {
  if (value === null || value === undefined) return 'none'
  if (typeof value === 'number') return formatValue(value)
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'string') return names.get(value) ?? value
  if (Array.isArray(value)) return describeList(value, names)
  const { type, ...rest } = value as Record<string, unknown>
  // Sizes are written width × height.
  if (Object.keys(rest).sort().join() === 'height,width')
    return `${describe(rest['width'], names)} × ${describe(rest['height'], names)}`
  const entries = Object.entries(rest)
  // A named choice with nothing but a list says enough by the list.
  if (typeof type === 'string' && entries.length === 1 && Array.isArray(entries[0]![1]))
    return describe(entries[0]![1], names)
  const parts = entries.map(([key, part]) => `${key} ${describe(part, names)}`)
  if (typeof type === 'string') parts.unshift(type)
  // Lists have commas of their own.
  return parts.join(entries.some(([, part]) => Array.isArray(part)) ? '; ' : ', ')
}

function describeList(list: readonly unknown[], names: ReadonlyMap<string, string>): string {
  if (list.length === 0) return 'none'
  if (Array.isArray(list[0])) return `${dimensions(list).join(' × ')} numbers`
  if (list.length > mostListed) return counted(list.length, typeof list[0] === 'number' ? 'number' : 'name')
  return list.map((item) => describe(item, names)).join(', ')
}

function dimensions(list: unknown): readonly number[] {
  return Array.isArray(list) ? [list.length, ...dimensions(list[0])] : []
}

/** Tables inside a value: every [row][column] of numbers, or [row][column][1], that is small enough to be read. */
function gridsOf(value: unknown): readonly (readonly (readonly number[])[])[] {
  if (typeof value !== 'object' || value === null) return []
  if (!Array.isArray(value)) return Object.values(value).flatMap(gridsOf).slice(0, mostGrids)
  const sizes = dimensions(value)
  if (sizes.length < 2 || sizes.length > 4) return []
  if (sizes.length === 4) return value.flatMap(gridsOf).slice(0, mostGrids)
  if (sizes[0]! > largestGrid || sizes[1]! > largestGrid) return []
  if (sizes.length === 2) return [value as number[][]]
  return sizes[2] === 1 ? [(value as number[][][]).map((row) => row.map((cell) => cell[0]!))] : []
}
