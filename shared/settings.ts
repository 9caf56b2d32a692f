/** What a person sets once for all pictures: the schema, the defaults, and what is kept in the file. */

import * as v from 'valibot'
import { familyScales } from './colour.ts'
import { option } from './layers/definition.ts'

export const settingsVersion = 1

/** Bounds of the numbers, in pixels and bytes. */
const settingsBounds = { pixels: [10_000, 1e9], memory: [64e6, 1e12] } as const

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]
export const motions = ['system', 'reduced'] as const
export type Motion = (typeof motions)[number]

const within = ([least, most]: readonly [number, number], sentence: string) =>
  v.pipe(v.number(sentence), v.safeInteger(sentence), v.minValue(least, sentence), v.maxValue(most, sentence))

const entries = {
  pixels: option(
    within(settingsBounds.pixels, 'The pixel limit must be a number from 0.01 to 1000 million pixels.'),
    50e6,
    'Pixel limit',
    'Larger pictures are refused: width × height, in millions of pixels.',
  ),
  memory: option(
    v.nullable(within(settingsBounds.memory, 'The memory budget must be a number from 64 to 1000000 MB.')),
    null,
    'Memory budget',
    'For the stages of one run, and for what is kept between runs, in MB. Empty: half of this computer’s memory, at most 2147 MB.',
  ),
  background: option(
    v.pipe(
      v.string(),
      v.regex(/^#[0-9a-f]{6}$/i, 'The background must be a colour such as #ffffff.'),
      v.transform((colour) => colour.toLowerCase()),
    ),
    '#ffffff',
    'Background',
    'Laid under transparent pixels, where a pipeline names no other.',
  ),
  theme: option(v.picklist(themes), 'system', 'Theme', 'Light or dark, or whichever the system is.'),
  motion: option(
    v.picklist(motions),
    'system',
    'Motion',
    'Whether things move on their way; the system’s own wish, or as little as can be.',
  ),
  lightScale: option(v.picklist(familyScales.light), 'grey', 'Colours of photos', 'Chosen beside a picture.'),
  sequentialScale: option(
    v.picklist(familyScales.sequential),
    'viridis',
    'Colours of values of one sign',
    'Chosen beside a picture.',
  ),
  divergingScale: option(
    v.picklist(familyScales.diverging),
    'red-blue',
    'Colours of values of both signs',
    'Chosen beside a picture.',
  ),
  lessonsDone: option(
    v.pipe(v.array(v.pipe(v.string(), v.maxLength(100))), v.maxLength(1000)),
    [],
    'Tasks solved',
    'Those of the lab’s lessons.',
  ),
}

/** What a window may read and change. */
export const settingsSchema = v.strictObject(entries)
export type Settings = v.InferOutput<typeof settingsSchema>

export const defaultSettings: Settings = v.parse(settingsSchema, {})

/** Some of them. `folder`: one that `host.chooseFolder` granted, or null for none. */
export const settingsChangeSchema = v.strictObject({
  pixels: v.exactOptional(entries.pixels.pipe[0].wrapped),
  memory: v.exactOptional(entries.memory.pipe[0].wrapped),
  background: v.exactOptional(entries.background.pipe[0].wrapped),
  theme: v.exactOptional(entries.theme.pipe[0].wrapped),
  motion: v.exactOptional(entries.motion.pipe[0].wrapped),
  lightScale: v.exactOptional(entries.lightScale.pipe[0].wrapped),
  sequentialScale: v.exactOptional(entries.sequentialScale.pipe[0].wrapped),
  divergingScale: v.exactOptional(entries.divergingScale.pipe[0].wrapped),
  lessonsDone: v.exactOptional(entries.lessonsDone.pipe[0].wrapped),
  folder: v.exactOptional(v.nullable(v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,64}$/)))),
})
export type SettingsChange = v.InferOutput<typeof settingsChangeSchema>

/** The file: the settings, and the folder by its path, which no window sees. */
const documentSchema = v.strictObject({
  version: v.literal(settingsVersion),
  ...entries,
  folder: v.optional(v.nullable(v.pipe(v.string(), v.minLength(1), v.maxLength(4096))), null),
})
export type SettingsDocument = v.InferOutput<typeof documentSchema>

export const defaultDocument: SettingsDocument = v.parse(documentSchema, { version: settingsVersion })

/** The settings of a file's value; throws what is wrong with it. */
export function parseSettings(value: unknown): SettingsDocument {
  return v.parse(documentSchema, value)
}

/** What a window may see of a file. */
export function windowSettings(document: SettingsDocument): Settings {
  return v.parse(v.object(entries), document)
}

/** What stands in the way of a value of one setting, as a sentence; null where nothing does. */
export function settingProblem(key: keyof Settings, value: unknown): string | null {
  const result = v.safeParse(entries[key], value)
  return result.success ? null : result.issues[0].message
}

/** Name and meaning of a setting. */
export function describeSetting(key: keyof Settings): { readonly label: string; readonly meaning: string } {
  const schema: v.GenericSchema = entries[key]
  return { label: v.getTitle(schema) ?? key, meaning: v.getDescription(schema) ?? '' }
}

/** The settings as a window has them. */
export interface SettingsState {
  readonly settings: Settings
  /** Where to save unless another folder is chosen: its name, and the id that `export.start` takes. */
  readonly folder: { readonly folder: string; readonly name: string } | null
  /** The pixel limit this program was started with, which goes before the setting; null without one. */
  readonly pixelsGiven: number | null
  /** What was wrong with a file of ours that was found at the start, and what was done about it: sentences. */
  readonly problems: readonly string[]
}
