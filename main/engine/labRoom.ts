/** The array lab's sessions in the compute process: their pictures, their clock, and what they show as files. */

import { randomInt } from 'node:crypto'
import { LoupeError } from '../../shared/errors.ts'
import {
  stageNames,
  type LabError,
  type LabFigure,
  type LabOutline,
  type LabResult,
  type LabSummary,
  type LabWindow,
  type OpenedPicture,
} from '../../shared/lab.ts'
import type { Tensor } from '../../shared/tensor.ts'
import { LabSession, type LabImages, type LabOutcome, type LabPhoto } from '../lab/index.ts'
import { convertPicture, resizePicture } from '../pipeline/photo.ts'
import { summarise } from '../pipeline/summary.ts'
import { windowSteps } from '../pipeline/window.ts'
import { drive } from './drive.ts'
import { labGone } from './failures.ts'
import type { ComputeParams, ImageSource, RequestContext, RunSource } from './protocol.ts'

/** Sessions kept; the one not used for longest makes room. */
const mostSessions = 8
/** Bytes of all sessions; those not used for longest make room. */
const budget = 2 * 1024 ** 3
/** Milliseconds between two events of what is printed. */
const printInterval = 50
/** Characters printed that are sent at once. */
const longestEvent = 64 * 1024

interface Kept {
  readonly session: LabSession
  /** The end of the cell in hand and those waiting for it; it never rejects. */
  last: Promise<unknown>
  waiting: number
  bytes: number
}

export interface LabSources {
  /** As it is shown. */
  photo(image: ImageSource): Promise<LabPhoto>
  /** As Pillow opens it. */
  open(image: ImageSource): Promise<OpenedPicture>
  /** All stages of a run. */
  stages(run: RunSource): Promise<readonly Tensor[]>
}

export class LabRoom {
  /** The longest unused first. */
  readonly #sessions = new Map<string, Kept>()
  /** Those that made room for others. */
  readonly #aside = new Set<string>()
  /** Reads code that is being written; nothing runs in it. */
  readonly #reader = new LabSession({ now: () => performance.now() })

  /** Runs a cell after those of its session that came before. `lab-restarted` where the session should be here and is not. */
  async run(params: ComputeParams<'labRun'>, context: RequestContext, sources: LabSources): Promise<LabResult> {
    const kept = this.#open(params.session, params.known)
    const turn = kept.last.then(() => this.#runCell(kept, params, context, sources))
    kept.last = turn.catch(() => undefined)
    kept.waiting++
    try {
      return await turn
    } finally {
      kept.waiting--
      kept.bytes = kept.session.bytes
      this.#makeRoom()
    }
  }

  /** Ends the cell in hand, if there is one. */
  interrupt(id: string): void {
    const kept = this.#sessions.get(id)
    if (kept && kept.waiting > 0) kept.session.interrupt()
  }

  close(id: string): void {
    this.interrupt(id)
    this.#sessions.delete(id)
    this.#aside.delete(id)
  }

  read({ session, value, window }: ComputeParams<'labRead'>, context: RequestContext): Promise<LabWindow> {
    const { tensor, dtype, exact } = this.#find(session, value)
    function* steps() {
      const read = yield* windowSteps(tensor, window)
      return {
        ...read,
        note: exact ? null : `Numbers of ${dtype} beyond 2^53 are rounded here to those a double holds.`,
      }
    }
    return drive(steps(), context.signal)
  }

  async summary({ session, value }: ComputeParams<'labSummary'>, context: RequestContext): Promise<LabSummary> {
    const { tensor, dtype } = this.#find(session, value)
    return { ...(await drive(summarise(tensor), context.signal)), shape: tensor.shape, dtype }
  }

  outline({ session, known, code, image, stages }: ComputeParams<'labOutline'>): readonly LabOutline[] {
    return this.#open(session, known).session.outline(code, { image, stages: new Map(stages) })
  }

  check(code: string): LabError | null {
    return this.#reader.check(code)
  }

  #open(id: string, known: boolean): Kept {
    const found = this.#sessions.get(id)
    if (!found && known) throw this.#gone(id)
    const kept = found ?? {
      // As Python: numbers differ from run to run until the program seeds them.
      session: new LabSession({ now: () => performance.now(), seed: randomInt(2 ** 32) }),
      last: Promise.resolve(),
      waiting: 0,
      bytes: 0,
    }
    this.#sessions.delete(id)
    this.#sessions.set(id, kept)
    return kept
  }

  #gone(id: string): LoupeError {
    return labGone(this.#aside.delete(id) ? 'What was not used for longest made room in memory' : undefined)
  }

  #makeRoom(): void {
    let bytes = 0
    for (const kept of this.#sessions.values()) bytes += kept.bytes
    for (const [id, kept] of this.#sessions) {
      if (this.#sessions.size <= mostSessions && bytes <= budget) return
      if (kept.waiting > 0 || this.#sessions.size === 1) continue
      this.#sessions.delete(id)
      this.#aside.add(id)
      bytes -= kept.bytes
    }
  }

  #find(id: string, value: string) {
    const kept = this.#sessions.get(id)
    if (!kept) throw this.#gone(id)
    const found = kept.session.find(value)
    if (found) return found
    throw new LoupeError('not-found', 'That array is not kept any more; run its cell again.', { value })
  }

  async #runCell(
    { session }: Kept,
    { cell, code, images, run }: ComputeParams<'labRun'>,
    context: RequestContext,
    sources: LabSources,
  ): Promise<LabResult> {
    const [first] = images
    const image = first && (await sources.photo(first))
    const opened = await openAll(images, session.mentions('Image', code) ? sources : null)
    const begin = performance.now()
    const stages = session.mentions('stages', code) ? await namedStages(run, sources) : undefined
    const printer = new Printer(context)
    const steps = session.run({
      cell,
      code,
      images: { ...opened, resize: resizePicture, convert: convertPicture },
      ...(image ? { image } : {}),
      ...(stages ? { stages } : {}),
      print: (text) => {
        printer.print(text)
      },
    })
    const outcome = await drive(steps, context.signal, () => {
      printer.send()
    })
    printer.end()
    const milliseconds = performance.now() - begin
    const { output, value, error, variables } = outcome
    return { output, value, error, variables, figures: await drawn(outcome), milliseconds }
  }
}

/** All pictures by name, opened where the code may ask for them; of two with one name the first is the one. */
async function openAll(
  images: readonly ImageSource[],
  sources: LabSources | null,
): Promise<Pick<LabImages, 'names' | 'open'>> {
  const opened = new Map<string, ReturnType<LabImages['open']>>()
  for (const image of images) {
    const { name } = image.info
    if (opened.has(name)) continue
    opened.set(name, undefined)
    if (!sources) continue
    try {
      opened.set(name, await sources.open(image))
    } catch (error) {
      if (!(error instanceof LoupeError) || error.code !== 'image-unsupported') throw error
      opened.set(name, { whyNot: error.message })
    }
  }
  return { names: [...opened.keys()], open: (name) => opened.get(name) }
}

async function namedStages(run: RunSource | null, sources: LabSources): Promise<ReadonlyMap<string, Tensor>> {
  if (!run) return new Map()
  const tensors = await sources.stages(run)
  const names = stageNames(run.stages.map(({ kind }) => kind))
  return new Map(tensors.map((tensor, i) => [names[i]!, tensor]))
}

async function drawn({ figures }: LabOutcome): Promise<LabFigure[]> {
  if (figures.length === 0) return []
  const { labPng } = await import('../images/figureLab.ts')
  const all: LabFigure[] = []
  for (const { drawing, panels } of figures) {
    const title =
      drawing.title ||
      panels
        .map((panel) => panel.title)
        .filter(Boolean)
        .join(', ')
    all.push({ title, panels, picture: { type: 'image/png', bytes: await labPng(drawing) } })
  }
  return all
}

/** Sends what is printed a piece at a time. */
class Printer {
  readonly #context: RequestContext
  #waiting = ''
  #next = 0

  constructor(context: RequestContext) {
    this.#context = context
  }

  print(text: string): void {
    this.#waiting += text
    if (this.#waiting.length > longestEvent) this.end()
  }

  send(): void {
    if (this.#waiting !== '' && performance.now() >= this.#next) this.end()
  }

  end(): void {
    if (this.#waiting !== '') this.#context.emit({ type: 'printed', text: this.#waiting })
    this.#waiting = ''
    this.#next = performance.now() + printInterval
  }
}
