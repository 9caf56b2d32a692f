/** What a program may use up: steps, time, memory and output. Each limit ends it with a sentence that says which. */

import { Halted } from './errors.ts'

export interface LabLimits {
  /** Statements, calls and turns of loops; work on many elements counts in proportion. */
  readonly steps: number
  readonly milliseconds: number
  /** Bytes of all values the program holds at a time. */
  readonly memory: number
  /** Characters printed. */
  readonly output: number
  /** Pictures shown. */
  readonly pictures: number
}

export const usualLimits: LabLimits = {
  steps: 200_000_000,
  milliseconds: 120_000,
  memory: 1024 ** 3,
  output: 8 * 1024 ** 2,
  pictures: 200,
}

/** Steps between two looks at the clock and two rests. */
const interval = 500

export class Meter {
  readonly limits: LabLimits
  readonly #now: () => number
  #end = 0
  #steps = 0
  #next = interval
  /** Bytes held when they were last measured, and asked for since. */
  #held = 0
  #charged = 0
  /** Bytes asked for since the statement in hand began: what it has made may not be in a variable yet. */
  pending = 0
  /** The same of all calls that wait for this one. */
  waiting = 0
  /** What is being filled and in no variable yet. */
  readonly kept = new Set<unknown>()
  #output = 0
  /** Bytes of all that can be reached; set by the machine, which knows the variables. */
  measure: () => number = () => 0

  constructor(limits: LabLimits, now: () => number) {
    this.limits = limits
    this.#now = now
  }

  /** Begins a run: all but what is held counts from nothing. */
  begin(): void {
    this.#end = this.#now() + this.limits.milliseconds
    this.#steps = 0
    this.#next = interval
    this.#output = 0
    this.pending = 0
    this.waiting = 0
    this.kept.clear()
  }

  /** Counts a step; whether it is time for a rest. */
  tick(): boolean {
    return ++this.#steps >= this.#next && this.#look()
  }

  /** Counts work on many elements at once. */
  work(elements: number): void {
    this.#steps += Math.ceil(elements / 32)
    if (this.#steps >= this.#next) this.#look()
  }

  #look(): boolean {
    const { steps, milliseconds } = this.limits
    if (this.#steps > steps) {
      throw new Halted('TimeoutError', `the lab stopped this program after ${steps} steps; does a loop never end?`)
    }
    if (this.#now() > this.#end) {
      throw new Halted('TimeoutError', `the lab stopped this program after ${milliseconds / 1000} seconds`)
    }
    this.#next = this.#steps + interval
    return true
  }

  /** Counts bytes that are about to be held. What is held is measured anew when it could be too much. */
  hold(bytes: number): void {
    if (bytes > this.limits.memory) throw this.#tooMuch(bytes)
    this.#charged += bytes
    this.pending += bytes
    if (this.#held + this.#charged <= this.limits.memory) return
    this.#held = this.measure() + this.pending + this.waiting
    this.#charged = 0
    if (this.#held > this.limits.memory) throw this.#tooMuch(this.#held)
  }

  #tooMuch(bytes: number): Halted {
    const [wanted, limit] = [bytes, this.limits.memory].map((size) => Math.ceil(size / 1024 ** 2))
    return new Halted('MemoryError', `this needs about ${wanted!} MB, and a program in the lab may hold ${limit!} MB`)
  }

  /** Counts what is printed. */
  print(characters: number): void {
    this.#output += characters
    if (this.#output > this.limits.output) {
      throw new Halted('OutputError', `the lab stopped this program after ${this.limits.output} characters of output`)
    }
  }
}
