/** The functions of NumPy's that call functions of the program, and generators of their own. */

import { asArray, type DType, type NDArray, scalarTypes, Session, type NumpyFunction } from '../ndarray/index.ts'
import { isArray, isNumpyScalar } from './arrays.ts'
import { settle } from './containers.ts'
import { raised } from './errors.ts'
import type { Machine } from './machine.ts'
import { builtin, type Runtime } from './signatures.ts'
import { getItem, indexNumber, setItem } from './subscripts.ts'
import {
  Builtin,
  Deferred,
  isList,
  itemsOf,
  LabObject,
  noNames,
  Slice,
  Tuple,
  type Arguments,
  type Steps,
  type Value,
} from './values.ts'

/** Calls one of NumPy's functions, its arguments by place. */
export type CallFunction = (target: NumpyFunction, name: string, args: Arguments, session: Session) => Value

function calling(runtime: Runtime, callee: Value, positional: readonly Value[]): Steps {
  return settle(runtime.call(callee, { positional, named: noNames }))
}

/** `np.fromfunction`: the function is called once, with the index arrays of the shape. */
function fromFunction(machine: Machine): Builtin {
  return builtin('fromfunction', 'function, shape, *, dtype=', (callee, shape, dtype) => {
    const indices = machine.numpy('indices', [shape!]) as NDArray
    const type = dtype ?? scalarTypes.float64!.dtype
    function* steps(): Steps {
      const arrays: Value[] = []
      for (let axis = 0; axis < indices.shape[0]!; axis++) {
        arrays.push(machine.numpy('asarray', [getItem(indices, BigInt(axis), machine.meter), type]))
      }
      return yield* calling(machine, callee!, arrays)
    }
    return new Deferred(steps())
  })
}

/** The dtype NumPy would give a value on its own. */
function typeOfValue(value: Value): DType {
  return isNumpyScalar(value) ? value.dtype : asArray(value).dtype
}

/** Elements as Python's own numbers. */
function pythonItem(value: Value): Value {
  return isNumpyScalar(value) ? value.item() : value
}

/**
 * `np.vectorize`: the dtype of the result is that of the first value, which is why the function is called once more for
 * the first element, as NumPy does.
 */
function vectorize(machine: Machine): Builtin {
  return builtin('vectorize', 'pyfunc, otypes=, doc=', (callee, otypes) => {
    const given = otypes === undefined || otypes === null ? null : typesOf(otypes, machine)
    return new Builtin('vectorize', ({ positional, named }) => {
      if (named.size > 0) throw raised('TypeError', 'the lab calls a vectorized function with arguments by place only')
      if (positional.length === 0) throw raised('TypeError', 'a vectorized function needs an argument')
      return new Deferred(vectorized(machine, callee!, positional, given))
    })
  })
}

function typesOf(otypes: Value, machine: Machine): DType[] {
  const items = isList(otypes) ? otypes : otypes instanceof Tuple ? itemsOf(otypes) : [otypes]
  return items.map((item) => machine.numpy('dtype', [item]) as DType)
}

function* vectorized(machine: Machine, callee: Value, args: readonly Value[], given: readonly DType[] | null): Steps {
  const { meter } = machine
  const together = machine.numpy('broadcast_arrays', args)
  const arrays = (isList(together) ? together : itemsOf(together as Tuple)) as NDArray[]
  const { shape, size } = arrays[0]!
  const flat = arrays.map((array) => machine.numpy('ravel', [array]))
  const itemsAt = (i: number) => flat.map((array) => getItem(array, BigInt(i), meter))
  let types = given
  if (types === null) {
    if (size === 0) throw raised('ValueError', 'cannot call `vectorize` on size 0 inputs unless `otypes` is set')
    const first = yield* calling(machine, callee, itemsAt(0))
    types = first instanceof Tuple ? itemsOf(first).map(typeOfValue) : [typeOfValue(first)]
  }
  const columns: Value[][] = types.map(() => [])
  for (let i = 0; i < size; i++) {
    if (meter.tick()) yield null
    const made = yield* calling(machine, callee, itemsAt(i).map(pythonItem))
    const values = types.length > 1 && made instanceof Tuple ? itemsOf(made) : [made]
    columns.forEach((column, k) => column.push(values[k]!))
  }
  const results = columns.map((column, k) => {
    const array = machine.numpy('asarray', [machine.numpy('array', [column]), types[k]!])
    const whole = machine.numpy('reshape', [array, new Tuple(shape.map(BigInt))])
    return shape.length === 0 ? machine.numpy('array', [whole]) : whole
  })
  return results.length === 1 ? results[0]! : new Tuple(results)
}

/** `np.apply_along_axis`: the function takes each 1-D slice; what it gives stands in the axis's place. */
function applyAlongAxis(machine: Machine): Builtin {
  return builtin('apply_along_axis', 'func1d, axis, arr', (callee, axis, arr) => {
    const array = asArray(arr!)
    const place = indexNumber(axis!)
    if (place === undefined) throw raised('TypeError', 'axis must be a whole number')
    return new Deferred(applied(machine, callee!, place, array))
  })
}

function* applied(machine: Machine, callee: Value, axis: bigint, array: NDArray): Steps {
  const at = Number(axis < 0n ? axis + BigInt(array.ndim) : axis)
  if (at < 0 || at >= array.ndim) {
    throw raised('IndexError', `axis ${axis} is out of bounds for array of dimension ${array.ndim}`)
  }
  const others = array.shape.filter((_, k) => k !== at)
  const count = others.reduce((product, length) => product * length, 1)
  if (count === 0) throw raised('ValueError', 'Cannot apply_along_axis when any iteration dimensions are 0')
  let whole: NDArray | undefined
  for (let i = 0; i < count; i++) {
    if (machine.meter.tick()) yield null
    const place = placeOf(i, others)
    const key: Value[] = [...place.slice(0, at), new Slice(), ...place.slice(at)]
    const made = yield* calling(machine, callee, [getItem(array, new Tuple(key), machine.meter)])
    const inner = isArray(made) ? made.shape : []
    whole ??= machine.numpy('zeros', [
      new Tuple([...others.slice(0, at), ...inner, ...others.slice(at)].map(BigInt)),
      typeOfValue(made),
    ]) as NDArray
    const target: Value[] = [...place.slice(0, at), ...inner.map(() => new Slice()), ...place.slice(at)]
    if (whole.ndim === 0) return made
    setItem(whole, new Tuple(target), made, machine.meter)
  }
  return whole!
}

/** Row, column, … of a place counted in C order. */
function placeOf(index: number, shape: readonly number[]): bigint[] {
  const place: bigint[] = []
  let rest = index
  for (const length of shape.toReversed()) {
    place.unshift(BigInt(rest % length))
    rest = Math.floor(rest / length)
  }
  return place
}

/** `np.random.RandomState`: the generator's functions on a state of its own. */
class RandomState extends LabObject {
  readonly typeName = 'numpy.random.mtrand.RandomState'
  readonly #methods: ReadonlyMap<string, Builtin>
  constructor(methods: ReadonlyMap<string, Builtin>) {
    super()
    this.#methods = methods
  }
  override attribute(name: string): Value | undefined {
    return this.#methods.get(name)
  }
  override describe(): string {
    return 'RandomState(MT19937)'
  }
}

/** Those of `numpy`, by name, and `RandomState` of `numpy.random`. */
export function applyingFunctions(
  machine: Machine,
  random: ReadonlyMap<string, NumpyFunction>,
  call: CallFunction,
): { readonly top: readonly Builtin[]; readonly random: readonly Builtin[] } {
  const randomState = builtin('RandomState', 'seed=', (seed) => {
    const session = new Session(Math.floor(machine.session.random.rand() * 2 ** 32))
    const methods = new Map<string, Builtin>()
    for (const [name, target] of random) {
      methods.set(name, new Builtin(name, (args) => call(target, name, args, session), target.signature))
    }
    if (seed !== undefined && seed !== null) methods.get('seed')!.call({ positional: [seed], named: noNames })
    return new RandomState(methods)
  })
  return { top: [fromFunction(machine), vectorize(machine), applyAlongAxis(machine)], random: [randomState] }
}
