/**
 * The loops over the bytes of whole photos in WebAssembly (`kernels.wat`), which works on sixteen of them at an
 * instruction where JavaScript has one. Its numbers are whole, so they are the same as anybody's.
 */

import { binary } from './kernels.ts'

/** What `kernels.wat` exports and describes; places are byte offsets into the memory. */
interface Kernels {
  readonly memory: WebAssembly.Memory
  readonly acrossColour: (
    row: number,
    otherRow: number,
    to: number,
    otherTo: number,
    outputs: number,
    spans: number,
    weights: number,
    stride: number,
  ) => void
  readonly acrossGrey: (
    row: number,
    to: number,
    outputs: number,
    spans: number,
    weights: number,
    stride: number,
  ) => void
  readonly addRows: (
    rows: number,
    rowLength: number,
    pairs: number,
    weights: number,
    sums: number,
    length: number,
  ) => void
  readonly meansOfColour: (
    sums: number,
    columns: number,
    shares: number,
    to: number,
    outputs: number,
    height: number,
  ) => void
}

const pageSize = 1 << 16
/** What a kernel may read and write past the end of what it was given. */
const margin = 64
/** A workspace that has grown larger than most photos need is not kept. */
const mostKept = 4 << 20

const compiled = new WebAssembly.Module(Uint8Array.from(atob(binary), (character) => character.charCodeAt(0)))

/** Memory of the kernels, and them: whoever takes one first reserves all places, then reads and writes them. */
export class Workspace {
  readonly kernels = new WebAssembly.Instance(compiled).exports as unknown as Kernels
  /** Kept with it: V8 forgets what it has compiled for a class of which nothing is alive. */
  readonly adder = new RowAdder(this)
  #end = 0

  /** The place of `length` bytes, a multiple of 16; what was there before is left there. */
  reserve(length: number): number {
    const place = this.#end
    this.#end = Math.ceil((place + length + margin) / 16) * 16
    const missing = this.#end - this.kernels.memory.buffer.byteLength
    if (missing > 0) this.kernels.memory.grow(Math.ceil(missing / pageSize))
    return place
  }

  /** All memory as bytes, until more is reserved. */
  get bytes(): Uint8Array {
    return new Uint8Array(this.kernels.memory.buffer)
  }

  integers(place: number, count: number): Int32Array {
    return new Int32Array(this.kernels.memory.buffer, place, count)
  }

  shorts(place: number, count: number): Int16Array {
    return new Int16Array(this.kernels.memory.buffer, place, count)
  }

  floats(place: number, count: number): Float64Array {
    return new Float64Array(this.kernels.memory.buffer, place, count)
  }

  /** Forgets what was reserved. */
  clear(): void {
    this.#end = 0
  }
}

let spare: Workspace | undefined

/** A workspace of one's own until it is given back; one that never is, by whoever is stopped halfway, is just lost. */
export function takeWorkspace(): Workspace {
  const taken = spare ?? new Workspace()
  spare = undefined
  return taken
}

export function giveBack(workspace: Workspace): void {
  workspace.clear()
  if (workspace.bytes.length <= mostKept) spare = workspace
}

/** The parts of a weight of 24 bits, high · 256 + low. */
export function highPart(weight: number): number {
  return weight >> 8
}

export function lowPart(weight: number): number {
  return weight & 255
}

/** Sums of weighted rows. It is the last to reserve in its workspace. */
class RowAdder {
  /** One for each byte of a row; exact while they stay within 32 bits. */
  sums: Int32Array = new Int32Array(0)
  /** Where they stand in the workspace. */
  place = 0
  readonly #workspace: Workspace
  #rows = 0
  #weights = 0
  #parts: Int16Array = new Int16Array(0)
  #bytes: Uint8Array = new Uint8Array(0)

  constructor(workspace: Workspace) {
    this.#workspace = workspace
  }

  /** For rows of up to `length` bytes each, up to `mostRows` added at once. The sums are what was there before. */
  begin(length: number, mostRows: number): void {
    const workspace = this.#workspace
    const pairs = Math.ceil(mostRows / 2)
    this.#rows = workspace.reserve(2 * pairs * length)
    this.#weights = workspace.reserve(8 * pairs)
    this.place = workspace.reserve(4 * length)
    this.#parts = workspace.shorts(this.#weights, 4 * pairs)
    this.#bytes = workspace.bytes
    this.sums = workspace.integers(this.place, length)
  }

  /** Adds `length` bytes of each row, one for each weight; the first row begins at `source`, each `rowLength` apart. */
  add(from: Uint8Array, source: number, rowLength: number, length: number, weights: ArrayLike<number>): void {
    const rows = weights.length
    if (length === rowLength) {
      this.#bytes.set(from.subarray(source, source + rows * rowLength), this.#rows)
    } else {
      for (let row = 0; row < rows; row++) {
        const at = source + row * rowLength
        this.#bytes.set(from.subarray(at, at + length), this.#rows + row * length)
      }
    }
    // They go in pairs, the last one perhaps with one that weighs nothing.
    for (let row = 0; row < rows + (rows % 2); row++) {
      const weight = row < rows ? weights[row]! : 0
      const place = 4 * (row >> 1) + (row % 2)
      this.#parts[place] = highPart(weight)
      this.#parts[place + 2] = lowPart(weight)
    }
    this.#workspace.kernels.addRows(this.#rows, length, Math.ceil(rows / 2), this.#weights, this.place, length)
  }
}
