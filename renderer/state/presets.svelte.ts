/** The pipeline in use: one of the built-in ones, or one opened from a file. */

import type { Api, Preset } from '../../shared/api.ts'
import { LoupeError } from '../../shared/errors.ts'
import { parsePipelineText, type Pipeline } from '../../shared/pipeline.ts'
import { sentence, type NoticeState } from './notices.svelte.ts'
import { readFile } from './readFile.ts'
import type { SourceFile } from './uploads.svelte.ts'

export interface PipelineChoice {
  readonly id: string
  readonly pipeline: Pipeline
  /** The file it was opened from; null for a built-in one. */
  readonly file: string | null
}

/** A pipeline with every weight written out may be large; a picture taken for one is larger. */
const largestPipelineFile = 64e6

export function isPipelineFile(name: string): boolean {
  return /\.pipeline\.json$/i.test(name)
}

export class PresetState {
  presets = $state.raw<readonly Preset[]>([])
  opened = $state.raw<readonly PipelineChoice[]>([])
  chosen = $state<string | null>(null)
  loaded = $state(false)

  readonly choices = $derived<readonly PipelineChoice[]>([
    ...this.presets.map(({ id, pipeline }) => ({ id, pipeline, file: null })),
    ...this.opened,
  ])
  readonly current = $derived(this.choices.find((choice) => choice.id === this.chosen) ?? null)
  readonly pipeline = $derived(this.current?.pipeline ?? null)

  readonly #api: Api
  readonly #notices: NoticeState

  constructor(api: Api, notices: NoticeState) {
    this.#api = api
    this.#notices = notices
  }

  async load(): Promise<void> {
    try {
      this.presets = await this.#api.call('pipelines.presets', {})
      this.chosen ??= this.presets[0]?.id ?? null
    } catch (error) {
      this.#notices.error(error)
    } finally {
      this.loaded = true
    }
  }

  choose(id: string): void {
    if (this.choices.some((choice) => choice.id === id)) this.chosen = id
  }

  /** Opens a pipeline file and runs with it; what is wrong with it is said, and the one in use stays. */
  async open(file: SourceFile): Promise<void> {
    try {
      const bytes = await readFile(file, largestPipelineFile)
      const pipeline = parsePipelineText(new TextDecoder().decode(bytes))
      const plan = await this.#api.call('pipeline.plan', { pipeline })
      const id = `file:${file.name}`
      this.opened = [...this.opened.filter((choice) => choice.id !== id), { id, pipeline, file: file.name }]
      this.chosen = id
      // Whether it fits depends on the picture; the run itself refuses where it does not.
      if (plan.problem) this.#notices.info(`${file.name}: ${plan.problem.message}`, id)
      else this.#notices.dismissTopic(id)
    } catch (error) {
      const code = error instanceof LoupeError ? error.code : 'internal'
      const said = sentence(error)
      const named = said.startsWith(file.name) ? said : `${file.name}: ${said}`
      this.#notices.error(new LoupeError(code, named), `file:${file.name}`)
    }
  }
}
