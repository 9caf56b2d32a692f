/** `a[key]` and `a[key] = value`: slices are views; arrays of whole numbers or truth values choose elements. */

import { flatOf, fromFlat, NDArray, placesOf, Scalar, scalarAt, scatter, sizeOf } from './array.ts'
import { assign, checkWriteable, valueFor, writeElement } from './assign.ts'
import { broadcastView, commonShape } from './broadcast.ts'
import { fromNested } from './convert.ts'
import { int64 } from './dtype.ts'
import { indexError, valueError } from './errors.ts'
import { isWide, type Narrow, newWide, Storage } from './storage.ts'
import { boundsOf, ellipsis, sequence, Slice, tightShape, Tuple, type Value } from './values.ts'

const invalid =
  'only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) and integer or boolean arrays are valid indices'

/** Start, number and step of a slice over an axis, as Python's `slice.indices`. */
export function sliceRange(slice: Slice, length: number): { start: number; count: number; step: number } {
  const bounds = boundsOf(slice)
  const step = bounds.step === null ? 1 : Number(bounds.step)
  if (step === 0) throw valueError('slice step cannot be zero')
  const place = (given: bigint | null, missing: number): number => {
    if (given === null) return missing
    const at = Number(given) < 0 ? Number(given) + length : Number(given)
    return step > 0 ? Math.min(Math.max(at, 0), length) : Math.min(Math.max(at, -1), length - 1)
  }
  const start = place(bounds.start, step > 0 ? 0 : length - 1)
  const stop = place(bounds.stop, step > 0 ? length : -1)
  const count = Math.max(0, Math.ceil((stop - start) / step))
  return { start, count, step: count === 0 ? 1 : step }
}

function elementIndex(index: number, axis: number, length: number): number {
  if (index < -length || index >= length) {
    throw indexError(`index ${index} is out of bounds for axis ${axis} with size ${length}`)
  }
  return index < 0 ? index + length : index
}

/** A key made ready: whole numbers, slices, null (a new axis), '...', and arrays of places. */
type Part = number | Slice | null | typeof ellipsis | NDArray

function part(key: Value): Part {
  if (key === null || key === ellipsis) return key as Part
  if (key instanceof Slice) return key
  if (typeof key === 'bigint') return Number(key)
  if (typeof key === 'boolean') return fromNested(key)
  if (key instanceof Scalar) {
    if (key.dtype.kind === 'i' || key.dtype.kind === 'u') return Number(key.value)
    if (key.dtype.kind === 'b') return fromNested(key)
    throw indexError(invalid)
  }
  const items = sequence(key)
  if (!(key instanceof NDArray) && items === null) throw indexError(invalid)
  const array = items !== null && items.length === 0 ? fromNested(key, int64) : fromNested(key)
  if (array.dtype.kind === 'f') {
    throw indexError(key instanceof NDArray ? 'arrays used as indices must be of integer (or boolean) type' : invalid)
  }
  if (array.ndim === 0 && array.dtype.kind !== 'b') return Number(array.at(0))
  return array
}

function consumed(key: Part): number {
  if (key === null || key === ellipsis) return 0
  return key instanceof NDArray && key.dtype.kind === 'b' ? key.ndim : 1
}

function partsOf(a: NDArray, key: Value): Part[] {
  const parts = (key instanceof Tuple ? key.items : [key]).map(part)
  const dots = parts.filter((key) => key === ellipsis).length
  if (dots > 1) throw indexError("an index can only have a single ellipsis ('...')")
  const used = parts.reduce<number>((sum, key) => sum + consumed(key), 0)
  if (used > a.ndim) {
    throw indexError(`too many indices for array: array is ${a.ndim}-dimensional, but ${used} were indexed`)
  }
  const fill = new Array<Part>(a.ndim - used).fill(new Slice())
  const at = parts.indexOf(ellipsis)
  return at < 0 ? [...parts, ...fill] : [...parts.slice(0, at), ...fill, ...parts.slice(at + 1)]
}

/** The true elements, counted in C order. */
function truePlaces(a: NDArray): Int32Array {
  const { data } = a.storage
  const flat = isWide(data) || !a.contiguous ? flatOf(a) : data.subarray(a.offset, a.offset + a.size)
  const places = new Int32Array(flat.length)
  let count = 0
  if (isWide(flat))
    for (let i = 0; i < flat.length; i++) {
      if (flat[i] !== 0n) places[count++] = i
    }
  else for (let i = 0; i < flat.length; i++) if (flat[i] !== 0) places[count++] = i
  return places.slice(0, count)
}

/** The coordinates of the true elements, an array of places per axis: `np.nonzero`. */
export function nonzero(a: NDArray): NDArray[] {
  const rest = truePlaces(a)
  const count = rest.length
  let below = a.size
  return a.shape.map((length, axis) => {
    below /= Math.max(length, 1)
    if (axis === a.ndim - 1) return fromFlat(Float64Array.from(rest), int64, [count])
    const places = new Float64Array(count)
    for (let i = 0; i < count; i++) {
      const place = Math.floor(rest[i]! / below)
      places[i] = place
      rest[i]! -= place * below
    }
    return fromFlat(places, int64, [count])
  })
}

interface Chosen {
  /** The axes that were chosen from come first here, and among the others at `first` in the result. */
  readonly common: number[]
  readonly rest: number[]
  readonly first: number
  readonly places: Int32Array
  /** How many elements a lone mask chose, for the message of an assignment that has another number. */
  readonly mask: number | null
}

/** What a key shows: a window on the array, or a choice of places. */
function resolve(a: NDArray, key: Value): NDArray | Chosen {
  const parts = partsOf(a, key)
  const [only] = parts
  if (parts.length === 1 && only instanceof NDArray && only.dtype.kind === 'b' && only.ndim === a.ndim && a.ndim > 0) {
    return wholeMask(a, only)
  }
  const advanced = parts.some((key) => key instanceof NDArray)
  const shape: number[] = []
  const steps: number[] = []
  const chosen: { list: NDArray; axis: number; view: number; at: number }[] = []
  let offset = a.offset
  let axis = 0
  const choose = (list: NDArray, at: number) => {
    chosen.push({ list, axis, view: shape.length, at })
    shape.push(a.shape[axis]!)
    steps.push(a.steps[axis]!)
    axis++
  }
  parts.forEach((key, at) => {
    if (key === null) {
      shape.push(1)
      steps.push(0)
    } else if (key instanceof Slice) {
      const { start, count, step } = sliceRange(key, a.shape[axis]!)
      if (count > 0) offset += start * a.steps[axis]!
      shape.push(count)
      steps.push(step * a.steps[axis]!)
      axis++
    } else if (key instanceof NDArray) {
      if (key.dtype.kind !== 'b') choose(key, at)
      else {
        checkMask(a, key, axis)
        if (key.ndim === 0) throw indexError('a single truth value as an index is not part of the lab')
        for (const list of nonzero(key)) choose(list, at)
      }
    } else if (typeof key === 'number') {
      const index = elementIndex(key, axis, a.shape[axis]!)
      if (advanced) choose(fromNested(BigInt(index)), at)
      else offset += index * a.steps[axis++]!
    }
  })
  const view = new NDArray(a.storage, shape, steps, offset, a.base ?? a)
  view.writeable = a.writeable
  return advanced ? choosePlaces(view, parts, chosen) : view
}

/** A mask of the array's own shape: the places of its true elements. */
function wholeMask(a: NDArray, mask: NDArray): Chosen {
  checkMask(a, mask, 0)
  const places = truePlaces(mask)
  if (!a.contiguous) {
    const all = placesOf(a.shape, a.steps, a.offset)
    for (let i = 0; i < places.length; i++) places[i] = all[places[i]!]!
  } else if (a.offset > 0) for (let i = 0; i < places.length; i++) places[i]! += a.offset
  return { common: [places.length], rest: [], first: 0, places, mask: places.length }
}

function checkMask(a: NDArray, mask: NDArray, first: number): void {
  mask.shape.forEach((length, i) => {
    if (length === a.shape[first + i]) return
    throw indexError(
      `boolean index did not match indexed array along axis ${first + i}; size of axis is ${a.shape[first + i]!} ` +
        `but size of corresponding boolean axis is ${length}`,
    )
  })
}

function choosePlaces(
  view: NDArray,
  parts: readonly Part[],
  chosen: readonly { list: NDArray; axis: number; view: number; at: number }[],
): Chosen {
  const common = commonShape(chosen.map(({ list }) => list.shape))
  if (common === null) {
    const shapes = chosen.map(({ list }) => `${tightShape(list.shape)} `).join('')
    throw indexError(`shape mismatch: indexing arrays could not be broadcast together with shapes ${shapes}`)
  }
  const picks = new Int32Array(sizeOf(common))
  for (const { list, axis, view: at } of chosen) {
    const indices = flatOf(broadcastView(list, common)!)
    const length = view.shape[at]!
    const step = view.steps[at]!
    for (let i = 0; i < picks.length; i++) picks[i]! += elementIndex(Number(indices[i]!), axis, length) * step
  }
  const picked = new Set(chosen.map(({ view }) => view))
  const adjacent = chosen.every(({ at }, i) => i === 0 || at - chosen[i - 1]!.at <= 1)
  const first = adjacent ? chosen[0]!.view : 0
  const rest = view.shape.map((_, axis) => axis).filter((axis) => !picked.has(axis))
  const lengths = rest.map((axis) => view.shape[axis]!)
  const others = placesOf(
    lengths,
    rest.map((axis) => view.steps[axis]!),
    view.offset,
  )
  const places = new Int32Array(picks.length * others.length)
  let n = 0
  for (const pick of picks) for (const other of others) places[n++] = pick + other
  const [only] = parts
  const mask = parts.length === 1 && only instanceof NDArray && only.dtype.kind === 'b' ? picks.length : null
  return { common, rest: lengths, first: rest.filter((axis) => axis < first).length, places, mask }
}

/** The axes of the result, by their place in memory: those before the chosen ones, the chosen ones, the rest. */
function axesOf({ common, rest, first }: Chosen): number[] {
  const memory = [...common, ...rest].map((_, axis) => axis)
  const [chosen, others] = [memory.slice(0, common.length), memory.slice(common.length)]
  return [...others.slice(0, first), ...chosen, ...others.slice(first)]
}

/** The place of `a[i]` or `a[i, j, …]` where all keys are whole numbers and there is one per axis; −1 otherwise. */
function elementPlace(a: NDArray, key: Value): number {
  const keys = key instanceof Tuple ? key.items : null
  const count = keys === null ? 1 : keys.length
  if (count !== a.ndim) return -1
  let place = a.offset
  for (let axis = 0; axis < count; axis++) {
    const index = keys === null ? key : keys[axis]
    if (typeof index !== 'bigint') return -1
    place += elementIndex(Number(index), axis, a.shape[axis]!) * a.steps[axis]!
  }
  return place
}

/** `a[key]`: a scalar, a view, or (for arrays of places and masks) a copy. */
export function getItem(a: NDArray, key: Value): NDArray | Scalar {
  const place = elementPlace(a, key)
  if (place >= 0) return scalarAt(a, place)
  const found = resolve(a, key)
  if (found instanceof NDArray) {
    const dots = key === ellipsis || (key instanceof Tuple && key.items.includes(ellipsis))
    return found.ndim === 0 && !dots ? scalarAt(found, found.offset) : found
  }
  const { data } = a.storage
  const { places } = found
  const shape = [...found.common, ...found.rest]
  if (isWide(data)) {
    const wide = newWide(a.dtype.kind === 'u', places.length)
    for (let i = 0; i < places.length; i++) wide[i] = data[places[i]!]!
    return arranged(fromFlat(wide, a.dtype, shape), found)
  }
  const storage = Storage.zeros(a.dtype, places.length)
  const values = storage.data as Narrow
  for (let i = 0; i < places.length; i++) values[i] = data[places[i]!]!
  return arranged(new NDArray(storage, shape), found)
}

/** In NumPy's memory the chosen axes lie outermost; the result shows them where they stood. */
function arranged(made: NDArray, found: Chosen): NDArray | Scalar {
  if (made.ndim === 0) return scalarAt(made, 0)
  const order = axesOf(found)
  const { shape, steps } = made
  made.shape = order.map((axis) => shape[axis]!)
  made.steps = order.map((axis) => steps[axis]!)
  return made
}

/** `a[key] = value`. */
export function setItem(a: NDArray, key: Value, value: Value): void {
  const place = elementPlace(a, key)
  if (place >= 0) {
    const number = value instanceof Scalar ? value.value : value
    if (typeof number === 'number' && writeElement(a, place, number)) return
  }
  checkWriteable(a)
  const found = resolve(a, key)
  const source = valueFor(a, value)
  if (place >= 0 && source.ndim > 0 && source.size !== 1) throw valueError('setting an array element with a sequence.')
  if (found instanceof NDArray) {
    assign(found, source)
    return
  }
  const order = axesOf(found)
  const memory = [...found.common, ...found.rest]
  const shape = order.map((axis) => memory[axis]!)
  let from = source
  while (from.ndim > shape.length && from.shape[0] === 1) from = from.view(from.shape.slice(1), from.steps.slice(1))
  const seen = broadcastView(from, shape)
  if (seen === null) {
    throw valueError(
      found.mask !== null && source.ndim === 1
        ? `NumPy boolean array indexing assignment cannot assign ${source.size} input values to the ${found.mask} output ` +
            'values where the mask is true'
        : `shape mismatch: value array of shape ${tightShape(source.shape)} could not be broadcast to indexing result of ` +
            `shape ${tightShape(shape)}`,
    )
  }
  const back = order.map((_, axis) => order.indexOf(axis))
  scatter(a, found.places, flatOf(seen.transpose(back)).slice(), source.dtype)
}
