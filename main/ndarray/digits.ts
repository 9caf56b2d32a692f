/**
 * Sorting by digits: each number is taken as a word of 32 bits, or two, that are in the order of the numbers, and words are
 * sorted byte by byte, the lowest first. NaN comes last, −0 is 0, and equal numbers keep their order.
 */

/** Rows of so few are sorted sooner by putting each number in its place. */
export const few = 40

/** The limits of whole numbers; null where there are others among them. */
export function wholeRange(row: Float64Array): { readonly least: number; readonly most: number } | null {
  let [least, most] = [Infinity, -Infinity]
  for (let i = 0; i < row.length; i++) {
    const value = row[i]!
    if (Math.floor(value) !== value) return null
    if (value < least) least = value
    if (value > most) most = value
  }
  return most - least < 2 ** 32 ? { least, most } : null
}

/** Whether x comes after y. */
function later(x: number, y: number): boolean {
  return x > y || (x !== x && y === y)
}

/** A short row, in place. */
export function sortFew(row: Float64Array): void {
  for (let i = 1; i < row.length; i++) {
    const value = row[i]!
    let at = i
    for (; at > 0 && later(row[at - 1]!, value); at--) row[at] = row[at - 1]!
    row[at] = value
  }
}

/** Finds the order of rows of `count` numbers, one row after the other, in memory that is theirs together. */
export class RowOrder {
  readonly #count: number
  #order: Int32Array
  #nextOrder: Int32Array
  #words: Uint32Array
  #nextWords: Uint32Array
  /** The numbers as doubles, each of a lower and a higher word. */
  #doubles = new Float64Array(0)
  readonly #places = new Int32Array(4 * 256)

  constructor(count: number) {
    const room = count > few ? count : 0
    this.#count = count
    this.#order = new Int32Array(count)
    this.#nextOrder = new Int32Array(room)
    this.#words = new Uint32Array(room)
    this.#nextWords = new Uint32Array(room)
  }

  /** The places of a row's numbers, in the order of the numbers: it holds until the next row. */
  of(row: Float64Array): Int32Array {
    const order = this.#order
    for (let i = 0; i < order.length; i++) order[i] = i
    if (row.length <= few) {
      for (let i = 1; i < row.length; i++) {
        let at = i
        for (; at > 0 && later(row[order[at - 1]!]!, row[i]!); at--) order[at] = order[at - 1]!
        order[at] = i
      }
      return order
    }
    const range = wholeRange(row)
    if (range === null) {
      this.#takeDoubles(row)
      this.#sortHalf(0)
      this.#sortHalf(1)
    } else {
      const words = this.#words
      for (let i = 0; i < row.length; i++) words[i] = row[i]! - range.least
      this.#sortWords()
    }
    return this.#order
  }

  /** The bits of doubles, so that they are in order as whole numbers without a sign. */
  #takeDoubles(row: Float64Array): void {
    if (this.#doubles.length === 0) this.#doubles = new Float64Array(this.#count)
    const doubles = this.#doubles
    const halves = new Uint32Array(doubles.buffer)
    for (let i = 0; i < row.length; i++) {
      const value = row[i]!
      doubles[i] = value + 0
      const high = halves[2 * i + 1]!
      if (value !== value) halves[2 * i] = halves[2 * i + 1] = 0xffffffff
      else if (high >>> 31 === 0) halves[2 * i + 1] = high ^ 0x80000000
      else {
        halves[2 * i] = ~halves[2 * i]!
        halves[2 * i + 1] = ~high
      }
    }
  }

  #sortHalf(half: 0 | 1): void {
    const halves = new Uint32Array(this.#doubles.buffer)
    const [order, words] = [this.#order, this.#words]
    for (let i = 0; i < order.length; i++) words[i] = halves[2 * order[i]! + half]!
    this.#sortWords()
  }

  /** Brings the words in order, and with them the places. */
  #sortWords(): void {
    const [count, places] = [this.#count, this.#places.fill(0)]
    for (let i = 0, words = this.#words; i < count; i++) {
      const word = words[i]!
      places[word & 255]!++
      places[256 + ((word >>> 8) & 255)]!++
      places[512 + ((word >>> 16) & 255)]!++
      places[768 + (word >>> 24)]!++
    }
    for (let byte = 0; byte < 4; byte++) {
      const [first, shift] = [256 * byte, 8 * byte]
      if (places[first + ((this.#words[0]! >>> shift) & 255)] !== count) this.#sortByte(first, shift)
    }
  }

  #sortByte(first: number, shift: number): void {
    const [places, words, order, nextWords, nextOrder] = [
      this.#places,
      this.#words,
      this.#order,
      this.#nextWords,
      this.#nextOrder,
    ]
    for (let digit = first, from = 0; digit < first + 256; digit++) {
      const many = places[digit]!
      places[digit] = from
      from += many
    }
    for (let i = 0; i < words.length; i++) {
      const word = words[i]!
      const at = places[first + ((word >>> shift) & 255)]!++
      nextWords[at] = word
      nextOrder[at] = order[i]!
    }
    this.#words = nextWords
    this.#nextWords = words
    this.#order = nextOrder
    this.#nextOrder = order
  }
}
