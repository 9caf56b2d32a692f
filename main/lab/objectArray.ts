/** An array of objects of the lab: what `plt.subplots` gives. It is indexed, gone through and reshaped as other arrays. */

import { doublesOf, dtypes, fromFlat, getItem, iterate, NDArray, Scalar } from '../ndarray/index.ts'
import { arrayAttribute } from './numpy.ts'
import type { Runtime } from './signatures.ts'
import { Builtin, LabObject, Walk, type Value } from './values.ts'

const shared = new Set(['shape', 'ndim', 'size', 'T', 'ravel', 'flatten', 'reshape', 'transpose', 'squeeze'])

export class ObjectArray extends LabObject {
  readonly typeName = 'numpy.ndarray'
  readonly #objects: readonly Value[]
  /** Which of the objects stands where. */
  readonly #places: NDArray

  constructor(
    objects: readonly Value[],
    shape: readonly number[],
    places = fromFlat(Float64Array.from(objects.keys()), dtypes.int64, shape),
  ) {
    super()
    this.#objects = objects
    this.#places = places
  }

  /** Places as the objects there; anything else as it is. */
  #of(found: unknown): Value {
    if (found instanceof Scalar) return this.#objects[Number(found.value)]!
    if (found instanceof NDArray) return new ObjectArray(this.#objects, found.shape, found)
    return found as Value
  }

  override items(): readonly Value[] {
    return iterate(this.#places).map((place) => this.#of(place))
  }

  override item(key: Value): Value {
    return this.#of(getItem(this.#places, key))
  }

  override attribute(name: string, runtime: Runtime): Value | undefined {
    if (name === 'flat') return new Walk(Array.from(doublesOf(this.#places), (place) => this.#objects[place]!))
    if (!shared.has(name)) return undefined
    const found = arrayAttribute(this.#places, name, runtime)
    if (!(found instanceof Builtin)) return this.#of(found)
    return new Builtin(name, (args) => this.#of(found.call(args)))
  }

  override describe(): string {
    return `array of ${this.#objects.length} objects, shape=(${this.#places.shape.join(', ')})`
  }
}
