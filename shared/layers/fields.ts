/** What a form needs to know of an option, read from its schema: so that views can edit any layer without knowing it. */

import * as v from 'valibot'
import { describeValue } from '../issues.ts'
import { positiveInteger, type Hints } from './definition.ts'

interface Told {
  readonly label: string
  readonly meaning: string
  /** Why a value is not allowed, or null. */
  readonly check: (value: unknown) => string | null
}
interface NumberField extends Told {
  readonly type: 'number'
  readonly whole: boolean
  readonly least: number | null
  readonly most: number | null
  readonly slider: Hints['slider'] | null
  /** Whether it may be left to the layer, as null. */
  readonly nullable: boolean
}
interface ChoiceField extends Told {
  readonly type: 'choice'
  readonly choices: readonly { readonly value: string; readonly label: string }[]
}
interface SimpleField extends Told {
  /** `pair`: height and width, whole numbers; `numbers`: lists within lists. */
  readonly type: 'toggle' | 'text' | 'colour' | 'pair' | 'numbers'
}
interface ListField extends Told {
  readonly type: 'list'
  readonly item: Field
  readonly least: number
  readonly most: number | null
}
interface RecordsField extends Told {
  /** Objects made by other means than a form: counted here. */
  readonly type: 'records'
  readonly noun: string
}
interface FormsField extends Told {
  readonly type: 'forms'
  readonly forms: readonly Form[]
}
export type Field = NumberField | ChoiceField | SimpleField | ListField | RecordsField | FormsField

/** One of the forms a value can take: a word alone, or an object with fields. */
export interface Form {
  readonly id: string
  readonly label: string
  readonly fields: readonly (Field & { readonly key: string })[]
  readonly is: (value: unknown) => boolean
  /** Where it begins; undefined where nothing can be said without numbers of its own. */
  readonly start: unknown
}

type Action = { readonly type: string; readonly requirement?: unknown }
type Schema = v.GenericSchema & {
  readonly type: string
  readonly pipe?: readonly (Schema | Action)[]
  readonly wrapped?: Schema
  readonly default?: unknown
  readonly item?: Schema
  readonly options?: readonly unknown[]
  readonly literal?: unknown
  readonly entries?: Readonly<Record<string, Schema>>
}

interface Bare {
  readonly schema: Schema
  readonly actions: readonly Action[]
  readonly hints: Hints
  readonly nullable: boolean
  readonly fallback: unknown
}

/** The schema under its pipes and wrappers, with all that they say. */
function bare(schema: Schema): Bare {
  const hints = (v.getMetadata(schema) as { hints?: Hints }).hints ?? {}
  if (schema.pipe) {
    const inner = bare(schema.pipe[0] as Schema)
    const actions = [...inner.actions, ...(schema.pipe.slice(1) as Action[])]
    return { ...inner, actions, hints: { ...inner.hints, ...hints } }
  }
  if (schema.wrapped) {
    const inner = bare(schema.wrapped)
    if (schema.type === 'nullable') return { ...inner, nullable: true }
    return { ...inner, fallback: schema.default }
  }
  return { schema, actions: [], hints, nullable: false, fallback: undefined }
}

/** The field for a schema; `key` names it where it says no title of its own. */
export function fieldOf(given: v.GenericSchema, key: string): Field {
  const outer = given as Schema
  const { schema, actions, hints, nullable, fallback } = bare(outer)
  const told: Told = {
    label: said(outer, v.getTitle) ?? inWords(key),
    meaning: said(outer, v.getDescription) ?? '',
    check(value) {
      const result = v.safeParse(outer, value)
      return result.success ? null : describeValue(result.issues[0])
    },
  }
  switch (schema.type) {
    case 'number':
      return {
        ...told,
        type: 'number',
        whole: actions.some(({ type }) => type === 'integer'),
        least: limit(actions, 'min_value'),
        most: limit(actions, 'max_value'),
        slider: hints.slider ?? null,
        nullable,
      }
    case 'boolean':
      return { ...told, type: 'toggle' }
    case 'string':
      return { ...told, type: actions.some(({ type }) => type === 'regex') ? 'colour' : 'text' }
    case 'picklist':
      return { ...told, type: 'choice', choices: (schema.options as string[]).map((value) => choice(value, hints)) }
    case 'array': {
      const items = bare(schema.item!).schema.type
      if (items === 'array') return { ...told, type: 'numbers' }
      if (items === 'strict_object') return { ...told, type: 'records', noun: hints.noun ?? 'item' }
      return {
        ...told,
        type: 'list',
        item: fieldOf(schema.item!, key),
        least: limit(actions, 'min_length') ?? 0,
        most: limit(actions, 'max_length'),
      }
    }
    case 'union':
    case 'variant': {
      const options = schema.options as readonly Schema[]
      if (options[0]!.type === 'tuple') return { ...told, type: 'pair' }
      return { ...told, type: 'forms', forms: options.flatMap((option) => formsOf(option, hints, fallback)) }
    }
    default:
      throw new TypeError(`No field is known for ${schema.type}.`)
  }
}

/** Either side of a pair. */
export const fieldOfPair = fieldOf(positiveInteger, 'side') as NumberField

/** A word is a form alone, each of a list of words too; an object is one with fields. */
function formsOf(option: Schema, hints: Hints, fallback: unknown): readonly Form[] {
  const { schema } = bare(option)
  const words = schema.type === 'literal' ? [schema.literal] : schema.type === 'picklist' ? schema.options! : []
  if (schema.type !== 'strict_object') {
    return (words as string[]).map((word) => ({
      id: word,
      label: choice(word, hints).label,
      fields: [],
      is: (value) => value === word,
      start: word,
    }))
  }
  const entries = Object.entries(schema.entries!)
  const type = entries.find(([key]) => key === 'type')?.[1].literal as string | undefined
  const id = type ?? 'given'
  const is = (value: unknown) =>
    typeof value === 'object' && value !== null && (type === undefined || (value as { type?: unknown }).type === type)
  const own = entries.filter(([key]) => key !== 'type')
  const starts = own.map(([key, entry]) => [key, startOf(entry)] as const)
  const start = is(fallback)
    ? fallback
    : starts.some(([, value]) => value === undefined)
      ? undefined
      : { ...(type === undefined ? {} : { type }), ...Object.fromEntries(starts) }
  const fields = own.map(([key, entry]) => ({ ...fieldOf(entry, key), key }))
  return [{ id, label: choice(id, hints).label, fields, is, start }]
}

function startOf(entry: Schema): unknown {
  const { schema, actions, hints, fallback } = bare(entry)
  if (hints.start !== undefined) return hints.start
  if (fallback !== undefined) return fallback
  return schema.type === 'number' ? (limit(actions, 'min_value') ?? 0) : undefined
}

function limit(actions: readonly Action[], type: string): number | null {
  const found = actions.findLast((action) => action.type === type)?.requirement
  return typeof found === 'number' ? found : null
}

function choice(value: string, { labels = {} }: Hints) {
  return { value, label: labels[value] ?? inWords(value) }
}

/** What a schema says of itself, or what it wraps does. */
function said(schema: Schema, read: (schema: v.GenericSchema) => string | undefined): string | undefined {
  return read(schema) ?? (schema.wrapped ? said(schema.wrapped, read) : undefined)
}

/** `hardSigmoid` as `Hard sigmoid`. */
function inWords(key: string): string {
  const words = key
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('-', ' ')
    .toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
