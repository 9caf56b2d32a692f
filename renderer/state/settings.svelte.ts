/** The settings as the window shows and changes them: each takes effect as soon as it is valid. */

import type { Api, ApiEvent } from '../../shared/api.ts'
import { LoupeError } from '../../shared/errors.ts'
import {
  defaultSettings,
  settingProblem,
  type Settings,
  type SettingsChange,
  type SettingsState,
} from '../../shared/settings.ts'
import { isCancelled, sentence, type NoticeState } from './notices.svelte.ts'

/** Settings that are typed. */
export type TypedSetting = 'pixels' | 'memory' | 'background'

const noProblems = { pixels: null, memory: null, background: null }

export class SettingsPanel {
  open = $state(false)
  /** Null until they are read. */
  state = $state.raw<SettingsState | null>(null)
  /** What stands in each field that is typed in, valid or not. */
  typed = $state.raw<Readonly<Record<TypedSetting, string>>>(textsOf(defaultSettings))
  /** Why what stands in a field cannot be. */
  problems = $state.raw<Readonly<Record<TypedSetting, string | null>>>(noProblems)
  /** Why the last change was not kept: a sentence. */
  failure = $state<string | null>(null)

  readonly settings = $derived(this.state?.settings ?? defaultSettings)
  readonly folder = $derived(this.state?.folder ?? null)
  /** As they begin; which lessons were done is no setting to be put back. */
  readonly #usual = $derived({ ...defaultSettings, lessonsDone: this.settings.lessonsDone })
  readonly changed = $derived(this.folder !== null || JSON.stringify(this.settings) !== JSON.stringify(this.#usual))

  readonly #api: Api
  readonly #notices: NoticeState

  constructor(api: Api, notices: NoticeState) {
    this.#api = api
    this.#notices = notices
  }

  async load(): Promise<void> {
    try {
      this.#take(await this.#api.call('settings.read', {}))
      // One notice each: they are about different files.
      for (const problem of this.state?.problems ?? []) this.#notices.error(new LoupeError('bad-request', problem))
    } catch (error) {
      this.#notices.error(error)
    }
  }

  hear(event: ApiEvent): void {
    if (event.type === 'settings.changed') this.#take(event.state)
  }

  begin(): void {
    this.open = true
    this.typed = textsOf(this.settings)
    this.problems = noProblems
    this.failure = null
  }

  close(): void {
    this.open = false
  }

  /** Takes what was typed; what cannot be is said beside the field, and the setting stays. */
  async type(key: TypedSetting, text: string): Promise<void> {
    this.typed = { ...this.typed, [key]: text }
    const value = valueOf(key, text)
    const problem = settingProblem(key, value)
    this.problems = { ...this.problems, [key]: problem }
    if (problem === null && value !== this.settings[key]) await this.change({ [key]: value })
  }

  async change(change: SettingsChange): Promise<void> {
    this.failure = null
    try {
      this.#take(await this.#api.call('settings.change', change))
    } catch (error) {
      this.failure = sentence(error)
    }
  }

  /** Changes some that are chosen elsewhere in the window: at once, also where they cannot be kept for the next start. */
  async keep(change: Partial<Settings>): Promise<void> {
    if (this.state) this.state = { ...this.state, settings: { ...this.settings, ...change } }
    try {
      this.#take(await this.#api.call('settings.change', change))
    } catch (error) {
      this.#notices.error(error)
    }
  }

  async reset(): Promise<void> {
    this.problems = noProblems
    await this.change({ ...this.#usual, folder: null })
    this.typed = textsOf(this.settings)
  }

  async chooseFolder(): Promise<void> {
    this.failure = null
    try {
      const chosen = await this.#api.call('host.chooseFolder', {})
      if (chosen) await this.change({ folder: chosen.folder })
    } catch (error) {
      if (!isCancelled(error)) this.failure = sentence(error)
    }
  }

  #take(state: SettingsState): void {
    this.state = state
    const fresh = textsOf(state.settings)
    // What is being typed and cannot be yet is left as it is.
    this.typed = {
      pixels: this.problems.pixels === null ? fresh.pixels : this.typed.pixels,
      memory: this.problems.memory === null ? fresh.memory : this.typed.memory,
      background: this.problems.background === null ? fresh.background : this.typed.background,
    }
  }
}

/** Millions of pixels, megabytes, a colour. */
function textsOf({ pixels, memory, background }: Settings): Record<TypedSetting, string> {
  return { pixels: String(pixels / 1e6), memory: memory === null ? '' : String(memory / 1e6), background }
}

/** What a text says; NaN for a number that is none. A comma is a decimal point, and `#` may be left out. */
function valueOf(key: TypedSetting, text: string): number | string | null {
  const trimmed = text.trim()
  if (key === 'background') return /^[0-9a-f]{6}$/i.test(trimmed) ? `#${trimmed.toLowerCase()}` : trimmed.toLowerCase()
  if (trimmed === '') return key === 'memory' ? null : NaN
  return Math.round(Number(trimmed.replace(',', '.')) * 1e6)
}
