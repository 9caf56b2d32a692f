/** `enumerate`, `zip`, `map` and `filter`: they hand out one value at a time, as they are asked. */

import { settle } from './containers.ts'
import { raised } from './errors.ts'
import { truth } from './comparing.ts'
import type { Runtime } from './signatures.ts'
import { noNames, PyIterator, Tuple, type Steps, type Value } from './values.ts'

function* nextOf(walk: PyIterator): Steps<Value | undefined> {
  return walk.stepwise ? yield* walk.step() : walk.next()
}

function asked(): never {
  throw raised('TypeError', 'the lab goes through this one step by step only; make it a list first')
}

export class Numbered extends PyIterator {
  override readonly typeName = 'enumerate'
  override readonly stepwise: boolean
  readonly #walk: PyIterator
  #next: bigint
  constructor(walk: PyIterator, start: bigint) {
    super()
    this.#walk = walk
    this.#next = start
    this.stepwise = walk.stepwise
  }
  next(): Value | undefined {
    return this.#pair(this.#walk.next())
  }
  override *step(): Steps<Value | undefined> {
    return this.#pair(yield* nextOf(this.#walk))
  }
  #pair(item: Value | undefined): Value | undefined {
    return item === undefined ? undefined : new Tuple([this.#next++, item])
  }
}

export class Combined extends PyIterator {
  override readonly typeName = 'zip'
  override readonly stepwise: boolean
  readonly #walks: readonly PyIterator[]
  readonly #strict: boolean
  constructor(walks: readonly PyIterator[], strict: boolean) {
    super()
    this.#walks = walks
    this.#strict = strict
    this.stepwise = strict || walks.some((walk) => walk.stepwise)
  }
  next(): Value | undefined {
    if (this.#walks.length === 0) return undefined
    const items: Value[] = []
    for (const walk of this.#walks) {
      const item = walk.next()
      if (item === undefined) return undefined
      items.push(item)
    }
    return new Tuple(items)
  }
  override *step(): Steps<Value | undefined> {
    const items: Value[] = []
    for (const [i, walk] of this.#walks.entries()) {
      const item = yield* nextOf(walk)
      if (item === undefined) {
        if (this.#strict) yield* this.#requireEnd(i)
        return undefined
      }
      items.push(item)
    }
    return items.length === 0 ? undefined : new Tuple(items)
  }
  *#requireEnd(ended: number): Steps<void> {
    const short = (i: number) => (i === 1 ? 'argument 1' : `arguments 1-${i}`)
    if (ended > 0) {
      throw raised('ValueError', `zip() argument ${ended + 1} is shorter than ${short(ended)}`)
    }
    for (const [i, walk] of this.#walks.entries()) {
      if (i > 0 && (yield* nextOf(walk)) !== undefined) {
        throw raised('ValueError', `zip() argument ${i + 1} is longer than ${short(i)}`)
      }
    }
  }
}

export class Mapped extends PyIterator {
  override readonly typeName = 'map'
  override readonly stepwise = true
  readonly #function: Value
  readonly #walks: readonly PyIterator[]
  readonly #runtime: Runtime
  constructor(callee: Value, walks: readonly PyIterator[], runtime: Runtime) {
    super()
    this.#function = callee
    this.#walks = walks
    this.#runtime = runtime
  }
  next(): Value | undefined {
    return asked()
  }
  override *step(): Steps<Value | undefined> {
    const positional: Value[] = []
    for (const walk of this.#walks) {
      const item = yield* nextOf(walk)
      if (item === undefined) return undefined
      positional.push(item)
    }
    return yield* settle(this.#runtime.call(this.#function, { positional, named: noNames }))
  }
}

export class Filtered extends PyIterator {
  override readonly typeName = 'filter'
  override readonly stepwise = true
  readonly #function: Value
  readonly #walk: PyIterator
  readonly #runtime: Runtime
  constructor(callee: Value, walk: PyIterator, runtime: Runtime) {
    super()
    this.#function = callee
    this.#walk = walk
    this.#runtime = runtime
  }
  next(): Value | undefined {
    return asked()
  }
  override *step(): Steps<Value | undefined> {
    for (;;) {
      const item = yield* nextOf(this.#walk)
      if (item === undefined) return undefined
      if (this.#runtime.meter.tick()) yield null
      const keep =
        this.#function === null
          ? item
          : yield* settle(this.#runtime.call(this.#function, { positional: [item], named: noNames }))
      if (truth(keep)) return item
    }
  }
}
