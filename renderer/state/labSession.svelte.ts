/** One namespace of the lab, as the window uses it: cells run in it one after the other, and its variables are listed. */

import type { Api, ApiEvent } from '../../shared/api.ts'
import { LoupeError } from '../../shared/errors.ts'
import type { LabResult, LabSessionId, LabSurroundings, LabVariable } from '../../shared/lab.ts'
import type { LabCell } from './labCell.svelte.ts'
import { isCancelled, sentence } from './notices.svelte.ts'

export class LabSession {
  readonly api: Api
  /** Null until the first cell runs. */
  id = $state.raw<LabSessionId | null>(null)
  running = $state.raw<LabCell | null>(null)
  /** The cell that ended last. */
  last = $state.raw<LabCell | null>(null)
  variables = $state.raw<readonly LabVariable[]>([])
  /** Counts the runs that may have changed what names stand for. */
  version = $state(0)
  readonly busy = $derived(this.running !== null)
  /** The cell that was told to stop: in one call on many elements it hears of that only after a while. */
  stopping = $state.raw<LabCell | null>(null)

  readonly #around: () => LabSurroundings
  #queue: LabCell[] = []
  #opening: Promise<LabSessionId> | null = null
  #abort: AbortController | null = null
  #working: Promise<void> | null = null

  /** @param around What cells are given when they run. */
  constructor(api: Api, around: () => LabSurroundings) {
    this.api = api
    this.#around = around
  }

  /** What code that runs now is given. */
  get around(): LabSurroundings {
    return this.#around()
  }

  /** Runs cells after those that wait already; what follows one that fails is not run. Resolves when all is done. */
  async run(cells: readonly LabCell[]): Promise<void> {
    for (const cell of cells) {
      if (cell.kind !== 'code' || cell.busy) continue
      cell.status = 'waiting'
      this.#queue.push(cell)
    }
    this.#working ??= this.#work().finally(() => (this.#working = null))
    await this.#working
  }

  /** Runs code that is no cell; nothing of it is shown. Waits for what runs. */
  async check(code: string): Promise<LabResult> {
    await this.#working
    const result = await this.#call('check', code, new AbortController().signal)
    this.#take(result)
    return result
  }

  /** Interrupts the cell that runs, and lets those that wait be. */
  async stop(): Promise<void> {
    this.#forgetQueue()
    const cell = this.running
    if (this.id === null || !cell) return
    this.stopping = cell
    try {
      await this.api.call('lab.stop', { session: this.id })
    } catch (error) {
      // It has ended by itself meanwhile.
      if (this.running !== cell) return
      this.stopping = null
      if (!isCancelled(error)) cell.failure = sentence(error)
    }
  }

  /** Gives up the namespace; the next cell begins with an empty one. */
  async restart(): Promise<void> {
    this.#forgetQueue()
    this.#abort?.abort()
    const { id } = this
    this.id = null
    this.#opening = null
    this.variables = []
    this.version++
    // What cannot be closed is gone already.
    if (id !== null) await this.api.call('lab.close', { session: id }).catch(() => undefined)
  }

  /** The id, once the session is open. */
  async open(): Promise<LabSessionId> {
    this.#opening ??= this.api.call('lab.open', {}).then(
      ({ session }) => (this.id = session),
      (error: unknown) => {
        this.#opening = null
        throw error
      },
    )
    return await this.#opening
  }

  hear(event: ApiEvent): void {
    if (event.type !== 'lab.output' || event.session !== this.id) return
    if (this.running?.id === event.cell) this.running.output += event.text
  }

  dispose(): void {
    void this.restart()
  }

  async #work(): Promise<void> {
    for (;;) {
      const cell = this.#queue.shift()
      if (!cell) return
      await this.#runCell(cell)
      if (cell.status === 'failed') this.#forgetQueue()
    }
  }

  async #runCell(cell: LabCell): Promise<void> {
    const code = cell.source
    cell.clear()
    cell.status = 'running'
    cell.ran = code
    this.running = cell
    const abort = new AbortController()
    this.#abort = abort
    try {
      const result = await this.#call(cell.id, code, abort.signal)
      cell.output = result.output
      cell.result = result
      cell.status = result.error ? 'failed' : 'done'
      this.#take(result)
    } catch (error) {
      cell.status = abort.signal.aborted || isCancelled(error) ? 'idle' : 'failed'
      if (cell.status === 'failed') cell.failure = sentence(error)
    } finally {
      this.running = null
      this.stopping = null
      this.last = cell
    }
  }

  async #call(cell: string, code: string, signal: AbortSignal): Promise<LabResult> {
    try {
      const session = await this.open()
      return await this.api.call('lab.run', { session, cell, code, ...this.around }, { signal })
    } catch (error) {
      // A host closes the sessions of a window that it has not heard of for a while: what it knows of none is not there.
      const isClosed = error instanceof LoupeError && error.code === 'not-found' && 'session' in error.detail
      if (isClosed) {
        this.id = null
        this.#opening = null
      }
      if (isClosed || (error instanceof LoupeError && error.code === 'lab-restarted')) {
        this.variables = []
        this.version++
      }
      throw error
    }
  }

  #take({ variables }: LabResult): void {
    this.variables = variables
    this.version++
  }

  #forgetQueue(): void {
    for (const cell of this.#queue) cell.status = 'idle'
    this.#queue = []
  }
}
