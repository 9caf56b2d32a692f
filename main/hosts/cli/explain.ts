/** `explain`: one value of one stage, as the arithmetic that made it, with its numbers. */

import { LoupeError } from '../../../shared/errors.ts'
import type { TermsRequest } from '../../../shared/explain.ts'
import type { Engine } from '../../engine/index.ts'
import { exitCodes, interruption, type Console } from './console.ts'
import { placeIn, termsAnswered } from './element.ts'
import { figureOf, type FigureFile, type TypedFigure } from './figureOptions.ts'
import { describeExplanation } from './explainText.ts'
import { completeRun } from './run.ts'
import { readPipeline, reasonOf, UsageError, whyNoFile } from './usage.ts'

export interface ExplainOptions extends TypedFigure {
  readonly pipeline: string
  readonly stage: number
  readonly at: readonly number[]
  readonly terms?: number
  readonly photoRow?: number
  /** Of how many elements of each earlier stage to tell what they add. */
  readonly trace?: number
  /** Where to draw it, as PNG or SVG by the file's name. */
  readonly figure?: FigureFile
  readonly json: boolean
}

/** Terms of a long sum that are printed unless more are asked for. */
const termsPrinted = 64

export async function explainCommand(
  file: string,
  options: ExplainOptions,
  openEngine: () => Engine,
  console: Console,
): Promise<number> {
  const engine = openEngine()
  const interrupted = interruption()
  try {
    const missing = await whyNoFile(file)
    if (missing) throw new LoupeError('image-unreadable', `${missing}.`)
    const { settings } = await engine.call('settings.read', {})
    const whole = await readPipeline(options.pipeline, settings.background)
    const { stage } = options
    const last = whole.layers.length - 1
    if (stage > last) {
      throw new UsageError(`--stage ${stage}: ${whole.name} has stages 0 to ${last}, numbered as run prints them.`)
    }
    const image = await engine.addFile(file, interrupted.signal)
    // What comes after the stage has no part in it.
    const pipeline = { ...whole, layers: whole.layers.slice(0, stage + 1) }
    const plan = await engine.call('pipeline.plan', { pipeline, image: image.id })
    if (plan.problem) throw new LoupeError('layer-impossible', plan.problem.message)
    const place = placeIn(plan.stages[stage]!, options.at)
    let channelNames: readonly string[] = []
    engine.subscribe((event) => {
      if (event.type === 'run.stage' && event.stage.index === stage) ({ channelNames } = event.stage)
    })
    const run = await completeRun(engine, image, pipeline, interrupted.signal)
    const { signal } = interrupted
    const terms: TermsRequest = { limit: options.terms ?? (options.json ? termsAnswered : termsPrinted) }
    const row = options.photoRow === undefined ? {} : { photoRow: options.photoRow }
    const explanation = await engine.call('explain', { run, stage, ...place, terms, ...row }, { signal })
    const receptiveField = await engine.call('receptiveField', { run, stage, ...place, winners: true }, { signal })
    const traced = options.trace === undefined ? null : { run, stage, ...place, limit: options.trace }
    const trace = traced && (await engine.call('trace', traced, { signal }))
    const { figure } = options
    if (figure) {
      const subject = { type: 'formula', stage, ...place } as const
      const { format, file: to } = figure
      await engine.drawTo({ run, subject, format, figure: figureOf(options) }, to, signal)
    }
    if (options.json) {
      const told = { image: image.name, pipeline: whole.name, explanation, receptiveField }
      console.out(toJson(trace ? { ...told, trace } : told))
    } else {
      const told = { image, pipeline, stages: plan.stages, channelNames, explanation, receptiveField, trace }
      console.out(describeExplanation(told))
    }
    if (figure && !options.json) console.out(`\nDrawn in ${figure.file}`)
    return exitCodes.done
  } catch (error) {
    if (interrupted.signal.aborted) return exitCodes.interrupted
    if (error instanceof UsageError) throw error
    if (error instanceof LoupeError && error.code === 'bad-request') throw new UsageError(error.message)
    console.note(`layerloupe: ${reasonOf(file, error)}`)
    return exitCodes.failed
  } finally {
    interrupted.dispose()
    await engine.close()
  }
}

/** JSON, with the numbers that it does not have as text. */
function toJson(value: unknown): string {
  return JSON.stringify(
    value,
    (_key, item: unknown) => (typeof item === 'number' && !Number.isFinite(item) ? String(item) : item),
    2,
  )
}
