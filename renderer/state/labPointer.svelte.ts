/** What the code, or the list of variables, points at: a part of a picture, or a variable. */

import type { LabOutline, LabRegion, LabVariable } from '../../shared/lab.ts'
import type { LabCell } from './labCell.svelte.ts'
import type { LabSession } from './labSession.svelte.ts'

/** A part of an array that is pointed at. */
export interface Pointed {
  /** What the code calls the array. */
  readonly name: string
  /** To read it by; null where the session has it not yet. */
  readonly id: string | null
  readonly region: LabRegion
}

interface Known {
  readonly code: string
  readonly session: LabSession
  readonly version: number
  readonly outlines: readonly LabOutline[]
}

/** Milliseconds the pointer rests before the engine is asked. */
const rest = 120

export class LabPointer {
  #pointed = $state.raw<Pointed | null>(null)
  /** What was pointed at last: it stays in sight until something else is. */
  subject = $state.raw<Pointed | null>(null)
  /** The name of the variable that is chosen in the list. */
  chosen = $state<string | null>(null)
  /** The variable of the list under the pointer or with the keyboard. */
  touched = $state<string | null>(null)
  readonly variable: LabVariable | null

  readonly #session: () => LabSession
  /** The cell that pointed last. */
  #cell: LabCell | null = null
  #known: Known | null = null
  #asking: AbortController | null = null
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(session: () => LabSession) {
    this.#session = session
    this.variable = $derived(session().variables.find(({ name }) => name === this.chosen) ?? null)
  }

  get pointed(): Pointed | null {
    return this.#pointed
  }

  set pointed(pointed: Pointed | null) {
    this.#pointed = pointed
    if (pointed) this.subject = pointed
  }

  /** Chooses a variable of the list, or none. */
  choose(name: string): void {
    this.chosen = this.chosen === name && !this.subject ? null : name
    this.subject = null
  }

  /** Nothing is shown beside the list any more. */
  forget(): void {
    this.chosen = null
    this.subject = null
  }

  /** Points where a character of a cell's code is; null where nothing of that cell is any more. */
  point(cell: LabCell, at: number | null): void {
    if (at === null && this.#cell !== cell) return
    this.#cell = cell
    clearTimeout(this.#timer)
    this.#asking?.abort()
    if (at === null || !cell.source.includes('[')) {
      this.pointed = null
      return
    }
    const known = this.#knownOf(cell.source)
    if (known) this.#take(known.outlines, at)
    else this.#timer = setTimeout(() => void this.#ask(cell.source, at), rest)
  }

  /** Points at what a view looks at in its base. */
  touch(variable: LabVariable | null): void {
    this.touched = variable?.name ?? null
    const view = variable?.array?.view
    this.pointed = view?.region
      ? {
          name: view.base ?? '',
          id: this.#session().variables.find(({ name }) => name === view.base)?.id ?? view.baseId,
          region: view.region,
        }
      : null
  }

  /** Whether a variable of the list and the one touched, or else chosen, are a view and its base, or views of the same. */
  isRelated(variable: LabVariable): boolean {
    const touched = this.#session().variables.find(({ name }) => name === (this.touched ?? this.chosen))
    if (!touched || touched === variable) return false
    const [a, b] = [memoryOf(touched), memoryOf(variable)]
    return a !== null && a === b
  }

  #knownOf(code: string): Known | null {
    const session = this.#session()
    const known = this.#known
    return known?.code === code && known.session === session && known.version === session.version ? known : null
  }

  async #ask(code: string, at: number): Promise<void> {
    const session = this.#session()
    const { version } = session
    const asking = new AbortController()
    this.#asking = asking
    try {
      const id = await session.open()
      const { outlines } = await session.api.call('lab.outline', { session: id, code, ...session.around }, asking)
      if (asking.signal.aborted) return
      this.#known = { code, session, version, outlines }
      this.#take(outlines, at)
    } catch {
      // Code that cannot be read yet outlines nothing; its run says what is wrong with it.
      if (!asking.signal.aborted) this.pointed = null
    }
  }

  /** The innermost subscript at a place. */
  #take(outlines: readonly LabOutline[], at: number): void {
    const inside = outlines.filter(({ from, to }) => from <= at && at <= to)
    const [innermost = null] = inside.sort((a, b) => a.to - a.from - (b.to - b.from))
    this.pointed = innermost
  }
}

/** What an array's memory is known by: of a view its base's. */
function memoryOf({ id, array }: LabVariable): string | null {
  return array?.view?.baseId ?? id
}
