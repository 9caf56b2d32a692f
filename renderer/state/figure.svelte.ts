/** One picture to be saved: how it is to look, and what it will look like. */

import type { Api, Picture, RunId } from '../../shared/api.ts'
import {
  usualFigure,
  type DrawnFigure,
  type FigureFormat,
  type FigureOptions,
  type FigureSubject,
  type FigureTheme,
} from '../../shared/figures.ts'
import type { ScaleChoices } from '../../shared/scales.ts'
import { isCancelled, sentence } from './notices.svelte.ts'

/** What a preview is of. */
export interface Sight {
  readonly run: RunId
  readonly subject: FigureSubject
  readonly format: FigureFormat
  readonly figure: FigureOptions
}

/** Width and height are those of the picture that would be saved. */
export interface Preview extends Pick<DrawnFigure, 'name' | 'width' | 'height'> {
  readonly url: string
  readonly type: string
  /** Whether it is that picture, to the last pixel; else the same in fewer. */
  readonly exact: boolean
}

interface UrlTools {
  readonly createUrl: (picture: Picture) => string
  readonly revokeUrl: (url: string) => void
}

/** A larger one is not worth the wait where it is seen smaller anyway. */
const mostPreviewed = 2

/** Milliseconds without another choice before a picture is drawn again. */
const settled = 120

export class FigureState {
  theme = $state<FigureTheme>(usualFigure.theme)
  labels = $state(usualFigure.labels)
  legend = $state(usualFigure.legend)
  scaleBar = $state(usualFigure.scaleBar)
  magnification = $state(usualFigure.magnification)
  elementSize = $state<number | null>(usualFigure.elementSize)
  /** Of pictures that are saved one at a time. */
  format = $state<FigureFormat>('png')
  /** What would be saved; the one before stays until the next is there. */
  preview = $state.raw<Preview | null>(null)
  /** Why there is none: a sentence. */
  problem = $state<string | null>(null)
  waiting = $state(false)

  readonly #api: Api
  readonly #tools: UrlTools
  #asked = ''
  #asking: AbortController | null = null

  constructor(api: Api, tools: UrlTools) {
    this.#api = api
    this.#tools = tools
  }

  optionsWith(scales: ScaleChoices): FigureOptions {
    const { theme, labels, legend, scaleBar, magnification, elementSize } = this
    return { theme, labels, legend, scaleBar, magnification, elementSize, scales }
  }

  /** Draws what would be saved, once nothing else has been chosen for a moment; null: nothing. */
  async look(sight: Sight | null): Promise<void> {
    const asked = JSON.stringify(sight)
    if (asked === this.#asked) return
    this.#asked = asked
    this.#asking?.abort()
    this.#asking = null
    this.problem = null
    if (!sight) {
      this.#show(null)
      this.waiting = false
      return
    }
    const asking = new AbortController()
    this.#asking = asking
    this.waiting = true
    try {
      await new Promise((resolve) => setTimeout(resolve, settled))
      if (this.#asking !== asking) return
      const { magnification } = sight.figure
      const drawn = Math.min(magnification, mostPreviewed)
      const { bytes, type, name, width, height } = await this.#api.call(
        'figures.draw',
        { ...sight, figure: { ...sight.figure, magnification: drawn } },
        { signal: asking.signal },
      )
      if (this.#asking !== asking) return
      const times = magnification / drawn
      this.#show({
        url: this.#tools.createUrl({ type, bytes }),
        type,
        name,
        width: width * times,
        height: height * times,
        exact: times === 1,
      })
    } catch (error) {
      if (this.#asking !== asking || isCancelled(error)) return
      this.#show(null)
      this.problem = sentence(error)
      // The same may be asked for again.
      this.#asked = ''
    } finally {
      if (this.#asking === asking) this.waiting = false
    }
  }

  #show(preview: Preview | null): void {
    if (this.preview) this.#tools.revokeUrl(this.preview.url)
    this.preview = preview
  }
}
