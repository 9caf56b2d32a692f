/** Joining, repeating and splitting. */

import { checkShape, NDArray, sizeOf, zeros } from './array.ts'
import { write } from './assign.ts'
import { broadcastView } from './broadcast.ts'
import { asArray } from './convert.ts'
import { type DType, promote } from './dtype.ts'
import { indexError, typeError, valueError } from './errors.ts'
import { getItem } from './indexing.ts'
import { atLeast, expandDims, reshape } from './shape.ts'
import { isWide, Storage } from './storage.ts'
import { normalAxis } from './ufunc.ts'
import { checkItems, sequence, type Value } from './values.ts'

export function arraysOf(value: Value): NDArray[] {
  const items = sequence(value)
  if (items !== null) return items.map(asArray)
  const a = asArray(value)
  if (a.ndim === 0) throw typeError('iteration over a 0-d array')
  return Array.from({ length: a.shape[0]! }, (_, i) => asArray(getItem(a, BigInt(i))))
}

/** The part of an axis from `from` on, `count` long: a view. */
export function span(a: NDArray, axis: number, from: number, count: number): NDArray {
  return a.view(
    a.shape.map((length, i) => (i === axis ? count : length)),
    a.steps,
    count > 0 ? from * a.steps[axis]! : 0,
  )
}

export function concatenate(arrays: readonly NDArray[], along: number, dtype: DType | null = null): NDArray {
  const [first] = arrays
  if (first === undefined) throw valueError('need at least one array to concatenate')
  if (first.ndim === 0) throw valueError('zero-dimensional arrays cannot be concatenated')
  const axis = normalAxis(along, first.ndim)
  arrays.forEach((a, at) => {
    if (a.ndim !== first.ndim) {
      throw valueError(
        'all the input arrays must have same number of dimensions, but the array at index 0 has ' +
          `${first.ndim} dimension(s) and the array at index ${at} has ${a.ndim} dimension(s)`,
      )
    }
    a.shape.forEach((length, i) => {
      if (i === axis || length === first.shape[i]) return
      throw valueError(
        'all the input array dimensions except for the concatenation axis must match exactly, but along dimension ' +
          `${i}, the array at index 0 has size ${first.shape[i]!} and the array at index ${at} has size ${length}`,
      )
    })
  })
  const type = dtype ?? arrays.map((a) => a.dtype).reduce(promote)
  const total = arrays.reduce((sum, a) => sum + a.shape[axis]!, 0)
  const out = zeros(
    first.shape.map((length, i) => (i === axis ? total : length)),
    type,
  )
  let from = 0
  for (const a of arrays) {
    write(span(out, axis, from, a.shape[axis]!), a)
    from += a.shape[axis]!
  }
  return out
}

export function stack(arrays: readonly NDArray[], along: number): NDArray {
  const [first] = arrays
  if (first === undefined) throw valueError('need at least one array to stack')
  if (arrays.some((a) => a.ndim !== first.ndim || a.shape.some((n, i) => n !== first.shape[i]))) {
    throw valueError('all input arrays must have the same shape')
  }
  const axis = normalAxis(along, first.ndim + 1)
  return concatenate(
    arrays.map((a) => expandDims(a, [axis])),
    axis,
  )
}

export function hstack(arrays: readonly NDArray[]): NDArray {
  const all = arrays.map((a) => atLeast(a, 1))
  return concatenate(all, all[0]?.ndim === 1 ? 0 : 1)
}

export function columnStack(arrays: readonly NDArray[]): NDArray {
  return concatenate(
    arrays.map((a) => (a.ndim < 2 ? expandDims(atLeast(a, 1), [1]) : a)),
    1,
  )
}

export function tile(a: NDArray, reps: readonly number[]): NDArray {
  const ndim = Math.max(a.ndim, reps.length)
  const base = expandDims(
    a,
    Array.from({ length: ndim - a.ndim }, (_, axis) => axis),
  )
  const times = [...new Array<number>(ndim - reps.length).fill(1), ...reps]
  const shape = base.shape.flatMap((length, axis) => [times[axis]!, length])
  checkShape(shape, a.dtype)
  const seen = base.view(
    shape,
    base.steps.flatMap((step) => [0, step]),
  )
  return reshape(
    seen.copy(),
    base.shape.map((length, axis) => length * times[axis]!),
  )
}

/** The elements at these places along an axis. */
export function take(a: NDArray, places: readonly number[] | Float64Array, axis: number): NDArray {
  const length = a.shape[axis]!
  for (const place of places) {
    if (place < -length || place >= length) {
      throw indexError(`index ${place} is out of bounds for axis ${axis} with size ${length}`)
    }
  }
  const shape = a.shape.map((n, i) => (i === axis ? places.length : n))
  checkShape(shape, a.dtype)
  const from = a.contiguous ? a : a.copy()
  const { data } = from.storage
  const storage = Storage.zeros(a.dtype, sizeOf(shape))
  const out = isWide(data) ? storage.widen() : storage.data
  const each = sizeOf(a.shape.slice(axis + 1))
  const blocks = sizeOf(a.shape.slice(0, axis))
  let to = 0
  for (let block = 0; block < blocks; block++) {
    for (const place of places) {
      const start = from.offset + (block * length + (place < 0 ? place + length : place)) * each
      // A view for a few elements costs more than it saves.
      if (each >= 32) out.set(data.subarray(start, start + each) as never, to)
      else for (let i = 0; i < each; i++) out[to + i] = data[start + i]!
      to += each
    }
  }
  return new NDArray(storage, shape)
}

export function repeat(a: NDArray, repeats: readonly number[], axis: number): NDArray {
  const length = a.shape[axis]!
  if (repeats.length !== 1 && repeats.length !== length) {
    throw valueError(`operands could not be broadcast together with shape (${length},) (${repeats.length},)`)
  }
  const places: number[] = []
  for (let i = 0; i < length; i++) {
    const times = repeats.length === 1 ? repeats[0]! : repeats[i]!
    if (times < 0) throw valueError('repeats may not contain negative values.')
    checkShape([places.length + times], a.dtype)
    for (let turn = 0; turn < times; turn++) places.push(i)
  }
  return take(a, places, axis)
}

/** Into parts that end at these places: views. */
export function splitAt(a: NDArray, ends: readonly number[], axis: number): NDArray[] {
  const length = a.shape[axis]!
  const place = (at: number) => Math.min(Math.max(at < 0 ? at + length : at, 0), length)
  const edges = [0, ...ends.map(place), length]
  return edges.slice(1).map((to, i) => span(a, axis, edges[i]!, Math.max(to - edges[i]!, 0)))
}

/** Into so many parts, the first ones larger where they cannot be equal. */
export function splitInto(a: NDArray, parts: number, axis: number): NDArray[] {
  if (parts <= 0) throw valueError('number sections must be larger than 0.')
  checkItems(parts)
  const length = a.shape[axis]!
  const [each, extra] = [Math.floor(length / parts), length % parts]
  const ends = Array.from({ length: parts - 1 }, (_, i) => (i + 1) * each + Math.min(i + 1, extra))
  return splitAt(a, ends, axis)
}

/** `np.roll`: elements that leave at one end come in at the other. */
export function roll(a: NDArray, shift: number, axis: number): NDArray {
  const length = a.shape[axis]!
  if (length === 0) return a.copy()
  const places = Array.from({ length }, (_, i) => (((i - shift) % length) + length) % length)
  return take(a, places, axis)
}

export function broadcastTo(a: NDArray, shape: readonly number[]): NDArray | null {
  const seen = broadcastView(a, shape)
  if (seen !== null) seen.writeable = false
  return seen
}

/** Windows of `size` over `axes`, which come last: a view that may only be read. */
export function slidingWindows(a: NDArray, size: readonly number[], axes: readonly number[]): NDArray {
  if (size.length !== axes.length) {
    throw valueError(
      `Must provide matching length window_shape and axis; got ${size.length} window_shape elements and ${axes.length} axes elements.`,
    )
  }
  if (size.some((length) => length < 0)) throw valueError('`window_shape` cannot contain negative values')
  const shape = [...a.shape]
  axes.forEach((axis, i) => {
    shape[axis] = shape[axis]! - size[i]! + 1
    if (shape[axis] <= 0) throw valueError('window shape cannot be larger than input array shape')
  })
  const view = a.view([...shape, ...size], [...a.steps, ...axes.map((axis) => a.steps[axis]!)])
  view.writeable = false
  return view
}
