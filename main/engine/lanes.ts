/** Which request goes to the compute process next: few at a time of each kind, so that none has to wait for another kind. */

import type { ComputeMethod } from './protocol.ts'

export interface Waiting {
  readonly method: ComputeMethod
  /** To be sent when nothing else is in hand: something like it was in hand when a process died. */
  alone: boolean
}

type Lane = 'run' | 'export' | 'decode' | 'read' | 'draw' | 'lab'

const laneOf: Record<ComputeMethod, Lane> = {
  run: 'run',
  labRun: 'lab',
  labStop: 'read',
  labClose: 'read',
  labRead: 'read',
  labSummary: 'read',
  labOutline: 'read',
  labCheck: 'read',
  labNames: 'read',
  export: 'export',
  batchImage: 'export',
  batchSums: 'export',
  batchHash: 'export',
  loadBatch: 'export',
  saveBatch: 'export',
  probe: 'decode',
  thumbnail: 'decode',
  readStage: 'read',
  difference: 'read',
  explain: 'read',
  winners: 'read',
  trace: 'read',
  draw: 'draw',
  readImage: 'read',
  countImage: 'read',
  versions: 'read',
}

/**
 * One run computes at a time, and one picture is drawn, so that others of what is read have their turn; pictures are
 * decoded two at a time, since codecs have threads of their own. Cells of the lab take turns as their sessions say.
 */
const width: Record<Lane, number> = { run: 1, export: 1, decode: 2, read: 4, draw: 1, lab: 16 }

export class Lanes<T extends Waiting> {
  readonly #waiting: Record<Lane, T[]> = { run: [], export: [], decode: [], read: [], draw: [], lab: [] }
  readonly #inHand = new Set<T>()
  #newestNext = true

  add(item: T): void {
    this.#waiting[laneOf[item.method]].push(item)
  }

  /** Takes an item back that was not handed out; false where it was. */
  remove(item: T): boolean {
    const lane = this.#waiting[laneOf[item.method]]
    const at = lane.indexOf(item)
    if (at < 0) return false
    lane.splice(at, 1)
    return true
  }

  done(item: T): void {
    this.#inHand.delete(item)
  }

  /** Everything that was handed out and is not done. */
  get inHand(): ReadonlySet<T> {
    return this.#inHand
  }

  /** Everything waiting, taken out. */
  clear(): T[] {
    return Object.values(this.#waiting).flatMap((lane) => lane.splice(0))
  }

  /** The next item that may go out, now in hand; undefined if there is none. */
  next(): T | undefined {
    if ([...this.#inHand].some((item) => item.alone)) return undefined
    for (const lane of ['read', 'run', 'decode', 'draw', 'lab', 'export'] as const) {
      const waiting = this.#waiting[lane]
      if (waiting.length === 0 || this.#count(lane) >= width[lane]) continue
      const item = lane === 'run' ? this.#nextRun(waiting) : waiting[0]!
      if (item.alone && this.#inHand.size > 0) continue
      waiting.splice(waiting.indexOf(item), 1)
      this.#inHand.add(item)
      return item
    }
    return undefined
  }

  /** By turns the newest, which somebody looks at now, and the oldest, so that none waits for ever. */
  #nextRun(waiting: readonly T[]): T {
    const item = this.#newestNext ? waiting.at(-1)! : waiting[0]!
    this.#newestNext = !this.#newestNext
    return item
  }

  #count(lane: Lane): number {
    let count = 0
    for (const item of this.#inHand) if (laneOf[item.method] === lane) count++
    return count
  }
}
