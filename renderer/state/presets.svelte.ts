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

/** Opening is one thing to the person: what is said of it holds until the next attempt. */
const topic = 'pipeline'

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
  readonly #hasPicture: () => boolean

  /** @param hasPicture Whether a picture is shown: then its run says where a pipeline does not fit. */
  constructor(api: Api, notices: NoticeState, hasPicture: () => boolean = () => false) {
    this.#api = api
    this.#notices = notices
    this.#hasPicture = hasPicture
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
    if (!this.choices.some((choice) => choice.id === id)) return
    this.chosen = id
    this.#notices.dismissTopic(topic)
  }

  /** Opens pipeline files and runs with the last; what is wrong with one is said, and the one in use stays. */
  async open(files: readonly SourceFile[]): Promise<void> {
    if (files.length === 0) return
    this.#notices.dismissTopic(topic)
    const refusals: LoupeError[] = []
    const remarks: string[] = []
    for (const file of files) {
      try {
        const remark = await this.#open(file)
        if (remark !== null) remarks.push(remark)
      } catch (error) {
        const code = error instanceof LoupeError ? error.code : 'internal'
        const said = sentence(error)
        refusals.push(new LoupeError(code, said.startsWith(file.name) ? said : `${file.name}: ${said}`))
      }
    }
    const [first] = refusals
    const said = [...refusals.map(({ message }) => message), ...remarks].join(' ')
    if (first) this.#notices.error(new LoupeError(first.code, said), topic)
    else if (said !== '') this.#notices.info(said, topic)
  }

  /** Answers with what there is to say about a pipeline that was opened all the same. */
  async #open(file: SourceFile): Promise<string | null> {
    const bytes = await readFile(file, largestPipelineFile)
    const pipeline = parsePipelineText(new TextDecoder().decode(bytes))
    const plan = await this.#api.call('pipeline.plan', { pipeline })
    const id = `file:${file.name}`
    this.opened = [...this.opened.filter((choice) => choice.id !== id), { id, pipeline, file: file.name }]
    this.chosen = id
    // Whether it fits depends on the picture; the run itself refuses where it does not.
    return plan.problem && !this.#hasPicture() ? `${file.name}: ${plan.problem.message}` : null
  }
}
