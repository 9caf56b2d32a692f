/** The arrays of a session that can be read by an id: those of its variables, and those its cells have shown. */

import { doublesOf, flatOf, isWide, type NDArray } from '../ndarray/index.ts'
import type { Tensor } from '../../shared/tensor.ts'

/** An array as height × width × channels. */
export interface LabTensor {
  readonly tensor: Tensor<Uint8Array> | Tensor<Float64Array>
  readonly dtype: string
  /** Whether all its numbers are as in the array. */
  readonly exact: boolean
}

/** Bytes of all that the cells of a session have shown. */
const budget = 256 * 1024 ** 2

/** A copy of an array as it is now; undefined for one that is no height × width (× channels), or is empty. */
export function tensorOf(array: NDArray): LabTensor | undefined {
  const { shape, dtype } = array
  if ((shape.length !== 2 && shape.length !== 3) || array.size === 0) return undefined
  const flat = flatOf(array)
  const dimensions = [shape[0]!, shape[1]!, shape[2] ?? 1] as const
  const exact = !isWide(flat) || flat.every((value) => BigInt(Number(value)) === value)
  if (dtype.name === 'uint8' || dtype.name === 'bool') {
    return { tensor: { shape: dimensions, data: Uint8Array.from(flat as Float64Array) }, dtype: dtype.name, exact }
  }
  return { tensor: { shape: dimensions, data: Float64Array.from(doublesOf(array)) }, dtype: dtype.name, exact }
}

export class KeptArrays {
  /** The arrays variables held after the last run, under its ids. */
  #live = new Map<string, NDArray>()
  readonly #ids = new Map<NDArray, string>()
  readonly #read = new Map<string, LabTensor>()
  /** Of each cell's last run, oldest first. */
  readonly #shown = new Map<string, Map<string, LabTensor>>()
  #run = 0
  #next = 0

  /** Forgets what a cell has shown: it runs again. */
  begin(cell: string): void {
    this.#shown.delete(cell)
    this.#shown.set(cell, new Map())
  }

  /** From now on ids are of a new run; those of variables before are forgotten. */
  renew(): void {
    this.#run++
    this.#next = 0
    this.#live = new Map()
    this.#ids.clear()
    this.#read.clear()
  }

  /** The id of an array of this run. */
  idOf(array: NDArray): string {
    const known = this.#ids.get(array)
    if (known !== undefined) return known
    const id = this.#newId()
    this.#ids.set(array, id)
    this.#live.set(id, array)
    return id
  }

  /** Keeps an array as it is now for its cell; returns the id to read it by, or null where it cannot be. */
  show(cell: string, tensor: LabTensor | undefined, id = this.#newId()): string | null {
    if (!tensor || tensor.tensor.data.byteLength > budget) return null
    this.#shown.get(cell)?.set(id, tensor)
    this.#shrink(cell)
    return id
  }

  find(id: string): LabTensor | undefined {
    for (const shown of this.#shown.values()) if (shown.has(id)) return shown.get(id)
    const array = this.#live.get(id)
    const tensor = this.#read.get(id) ?? (array && tensorOf(array))
    if (tensor) this.#read.set(id, tensor)
    return tensor
  }

  get bytes(): number {
    let bytes = 0
    for (const shown of this.#shown.values()) for (const { tensor } of shown.values()) bytes += tensor.data.byteLength
    return bytes
  }

  #newId(): string {
    return `${this.#run}-${this.#next++}`
  }

  /** Drops what the oldest cells have shown, and of this one what came first, until the rest has room. */
  #shrink(current: string): void {
    for (const [cell, shown] of this.#shown) {
      if (cell === current) continue
      if (this.bytes <= budget) return
      this.#shown.delete(cell)
      shown.clear()
    }
    const own = this.#shown.get(current)
    for (const id of own?.keys() ?? []) {
      if (this.bytes <= budget) return
      own!.delete(id)
    }
  }
}
