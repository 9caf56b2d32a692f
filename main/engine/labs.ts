/**
 * The array lab's sessions as the host knows them. They live in a compute process of their own, so that neither a long cell
 * nor one that has to be killed keeps the viewer from its work.
 */

import { randomUUID } from 'node:crypto'
import type { ApiEvent, Params, Result } from '../../shared/api.ts'
import { LoupeError } from '../../shared/errors.ts'
import { stageNames, type LabMethods, type LabSurroundings } from '../../shared/lab.ts'
import { orCancelled } from './drive.ts'
import { labGone } from './failures.ts'
import type { Library } from './library.ts'
import type { ComputeSettings } from './protocol.ts'
import type { Runs } from './runs.ts'
import type { Supervisor } from './supervisor.ts'

type LabHandlers = {
  readonly [M in keyof LabMethods]: (
    params: Params<M>,
    signal: AbortSignal | undefined,
  ) => Result<M> | Promise<Result<M>>
}

interface Session {
  /** Whether the compute process has run something of it: if it does not know it then, it has lost it. */
  known: boolean
  /** Cells that were sent and have not answered, the one in hand first. */
  readonly running: Set<symbol>
  /** Whether its process was given up because a cell did not stop. */
  stuck: boolean
}

/** Milliseconds a cell that is to stop has for it. */
const stopWithin = 2000
/** Sessions a host hands out before the oldest is forgotten. */
const mostSessions = 1000

export class Labs {
  readonly #sessions = new Map<string, Session>()
  readonly #open: () => Supervisor
  readonly #library: Library
  readonly #runs: Runs
  readonly #emit: (event: ApiEvent) => void
  #supervisor: Supervisor | undefined

  /** `open` starts the lab's compute process; it is called when the lab is first used. */
  constructor(open: () => Supervisor, library: Library, runs: Runs, emit: (event: ApiEvent) => void) {
    this.#open = open
    this.#library = library
    this.#runs = runs
    this.#emit = emit
  }

  readonly handlers: LabHandlers = {
    'lab.open': () => {
      const session = randomUUID()
      this.#sessions.set(session, { known: false, running: new Set(), stuck: false })
      const [oldest] = this.#sessions.keys()
      // Where it cannot be closed, its process is gone and has nothing of it.
      if (this.#sessions.size > mostSessions) this.#close(oldest!).catch(() => undefined)
      // Its start is not waited for with the first cell.
      this.#supervisor ??= this.#open()
      return { session }
    },
    'lab.close': async ({ session }) => {
      await this.#close(session)
      return null
    },
    'lab.run': (params, signal) => this.#run(params, signal),
    'lab.stop': async ({ session }) => {
      const found = this.#find(session)
      if (found.running.size > 0) await this.#stop(session, found)
      return null
    },
    'lab.read': ({ session, value, ...window }, signal) => {
      return this.#asked(this.#find(session), () =>
        this.#compute.request('labRead', { session, value, window }, { image: null, signal }),
      )
    },
    'lab.summary': (params, signal) => {
      return this.#asked(this.#find(params.session), () =>
        this.#compute.request('labSummary', params, { image: null, signal }),
      )
    },
    'lab.outline': async ({ session, code, ...surroundings }, signal) => {
      const found = this.#find(session)
      const params = { session, known: found.known, code, ...this.#shapes(surroundings) }
      const outlines = await this.#asked(found, () =>
        this.#compute.request('labOutline', params, { image: null, signal }),
      )
      return { outlines }
    },
    'lab.check': async (params, signal) => ({
      error: await this.#compute.request('labCheck', params, { image: null, signal }),
    }),
    'lab.names': async (_, signal) => ({ names: await this.#compute.request('labNames', {}, { image: null, signal }) }),
  }

  configure(settings: ComputeSettings): void {
    this.#supervisor?.configure(settings)
  }

  async close(): Promise<void> {
    await this.#supervisor?.close()
  }

  get #compute(): Supervisor {
    this.#supervisor ??= this.#open()
    return this.#supervisor
  }

  async #close(session: string): Promise<void> {
    const found = this.#find(session)
    this.#sessions.delete(session)
    if (found.running.size > 0) await this.#stop(session, found)
    await this.#compute.request('labClose', { session }, { image: null })
  }

  #find(session: string): Session {
    const found = this.#sessions.get(session)
    if (!found)
      throw new LoupeError(
        'not-found',
        'This session of the lab was closed. Its variables are gone: run the cells again from the top.',
        { session },
      )
    return found
  }

  #run(params: Params<'lab.run'>, signal: AbortSignal | undefined): Promise<Result<'lab.run'>> {
    const { session, cell, code, images, run } = params
    const found = this.#find(session)
    const request = {
      session,
      known: found.known,
      cell,
      code,
      images: images.map((image) => this.#library.source(image)),
      run: run === null ? null : this.#runs.source(run),
    }
    const onEvent: NonNullable<Parameters<Supervisor['request']>[2]['onEvent']> = (event) => {
      if (event.type === 'printed') this.#emit({ type: 'lab.output', session, cell, text: event.text })
    }
    const here = Symbol(cell)
    found.running.add(here)
    const answer = this.#asked(found, async () => {
      try {
        const result = await this.#compute.request('labRun', request, { image: null, onEvent })
        found.known = true
        return result
      } finally {
        found.running.delete(here)
      }
    })
    if (!signal) return answer
    // The cell is interrupted as by `lab.stop`; whoever gave it up does not wait for that.
    const onAbort = () => {
      this.#stop(session, found).catch(() => undefined)
    }
    signal.addEventListener('abort', onAbort, { once: true })
    return orCancelled(answer, signal).finally(() => {
      signal.removeEventListener('abort', onAbort)
    })
  }

  /** Interrupts the cell in hand; where it still runs after a while, its process is given up. */
  async #stop(session: string, found: Session): Promise<void> {
    const [inHand] = found.running
    const late = setTimeout(() => {
      // Another cell may be running by then.
      if (inHand === undefined || !found.running.has(inHand)) return
      found.stuck = true
      this.#compute.restart('a cell of the lab did not stop')
    }, stopWithin)
    late.unref()
    await this.#compute.request('labStop', { session }, { image: null })
  }

  /** What was lost with the process is told as the session's loss, once; then it begins anew. */
  async #asked<T>(session: Session, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask()
    } catch (error) {
      const isLost = error instanceof LoupeError && ['engine-lost', 'lab-restarted'].includes(error.code)
      const hadNothing = !session.known && !session.stuck
      if (!isLost || (hadNothing && error.code === 'engine-lost')) throw error
      const { stuck } = session
      session.known = false
      session.stuck = false
      // The process that is there knows why it has not got the session.
      if (error.code === 'lab-restarted') throw error
      const what = stuck ? 'The cell did not stop, so the lab' : 'The lab ended, perhaps for want of memory, and'
      throw labGone(`${what} has been started again`)
    }
  }

  /** Shapes of what a run will bind, for code that has not run. */
  #shapes({ images, run }: LabSurroundings) {
    const [image] = images
    const info = image === undefined ? null : this.#library.source(image).info
    const stages = run === null ? [] : this.#runs.source(run).stages
    const names = stageNames(stages.map(({ kind }) => kind))
    return {
      image: info && [info.height, info.width, ...(info.channels === 1 ? [] : [info.channels])],
      stages: stages.map(({ shape }, i) => [names[i]!, shape] as const),
    }
  }
}
