/** Values kept within a budget of bytes; the least recently used go first, those in use never. */

interface Entry<V> {
  readonly value: V
  readonly bytes: number
  pins: number
}

export class StageCache<V> {
  #budget: number
  /** In order of last use, oldest first. */
  readonly #entries = new Map<string, Entry<V>>()
  #bytes = 0

  /** `budget` in bytes. What is pinned counts, and may go over it. */
  constructor(budget: number) {
    this.#budget = budget
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Another budget from now on; what is over it goes. */
  resize(budget: number): void {
    this.#budget = budget
    this.#evict()
  }

  has(key: string): boolean {
    return this.#entries.has(key)
  }

  /** The value, now the most recently used. */
  get(key: string): V | undefined {
    const entry = this.#entries.get(key)
    if (!entry) return undefined
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    return entry.value
  }

  /** Keeps a value, pinned once, and makes room for it. A key already kept keeps its value: equal keys mean equal values. */
  put(key: string, value: V, bytes: number): void {
    if (this.get(key) === undefined) {
      this.#entries.set(key, { value, bytes, pins: 0 })
      this.#bytes += bytes
    }
    this.pin(key)
    this.#evict()
  }

  /** Keeps the value under this key until as many calls of `unpin`; false where there is none. */
  pin(key: string): boolean {
    const entry = this.#entries.get(key)
    if (!entry) return false
    entry.pins++
    return true
  }

  unpin(key: string): void {
    const entry = this.#entries.get(key)
    if (!entry || entry.pins === 0) return
    entry.pins--
    this.#evict()
  }

  #evict(): void {
    if (this.#bytes <= this.#budget) return
    for (const [key, entry] of this.#entries) {
      if (entry.pins > 0) continue
      this.#entries.delete(key)
      this.#bytes -= entry.bytes
      if (this.#bytes <= this.#budget) return
    }
  }
}
