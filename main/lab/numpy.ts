/** `np`: the functions, methods and attributes of main/ndarray as values of the language. */

import {
  attributes,
  callFunction,
  constants,
  type DType,
  indexTricks,
  methods,
  NDArray,
  numpy,
  Scalar,
  scalarTypes,
  ScalarType,
  TypeInfo,
  type NumpyFunction,
} from '../ndarray/index.ts'
import { applyingFunctions } from './applying.ts'
import { fillFlat, FlatIterator, Flags, IndexTrick } from './arrayObjects.ts'
import { isNumpyScalar } from './arrays.ts'
import { otherType } from './builtinTypes.ts'
import { exceptionTypes, raised } from './errors.ts'
import type { Machine } from './machine.ts'
import { countProducts } from './operators.ts'
import type { Runtime } from './signatures.ts'
import { typeName } from './types.ts'
import {
  Builtin,
  Dict,
  LabObject,
  Module,
  PyIterator,
  PySet,
  Type,
  UserFunction,
  Walk,
  type Arguments,
  type Value,
} from './values.ts'

const methodTable: ReadonlyMap<string, NumpyFunction> = new Map(Object.entries(methods))
const attributeTable = new Map(Object.entries(attributes))
const functionTable: ReadonlyMap<string, NumpyFunction> = new Map(Object.entries(numpy))

/** Products of arrays: what they cost is more than their elements. */
const products = new Set(['dot', 'matmul', 'inner', 'vdot', 'outer', 'tensordot', 'kron', 'einsum'])

/** Each element of the one meets each of the other. */
const pairing = new Set(['convolve', 'correlate'])

/** Pairs of elements in one such call, at most: it is not stopped on the way. */
const mostPairs = 1e9

/** What `np.iinfo` and `np.finfo` tell. */
class Facts extends LabObject {
  readonly typeName = 'numpy.info'
  readonly #fields: ReadonlyMap<string, Value>
  constructor(fields: ReadonlyMap<string, Value>) {
    super()
    this.#fields = fields
  }
  override attribute(name: string): Value | undefined {
    return this.#fields.get(name)
  }
}

function called(
  name: string,
  target: NumpyFunction,
  { session, meter }: Pick<Runtime, 'session' | 'meter'>,
  args: Arguments,
): Value {
  const positional = args.positional.map(given)
  const keywords = Object.fromEntries(Array.from(args.named, ([key, value]) => [key, given(value)]))
  const arrays = args.positional.filter((value) => value instanceof NDArray)
  meter.work(arrays.reduce((sum, { size }) => sum + size, 0))
  if (pairing.has(name)) requireFewPairs(name, arrays, meter)
  const result = received(callFunction(name, target, session, positional, keywords), meter)
  if (products.has(name) && arrays.length === 2) countProducts(arrays[0]!, arrays[1]!, result, meter)
  return result
}

function requireFewPairs(name: string, arrays: readonly NDArray[], meter: Runtime['meter']): void {
  const count = arrays.reduce((product, { size }) => product * size, 1)
  if (arrays.length > 1 && count > mostPairs) {
    throw raised(
      'MemoryError',
      `np.${name} meets ${count} combinations of elements; the lab does up to ${mostPairs} at once`,
    )
  }
  meter.work(count / 8)
}

/** A value of the language as main/ndarray takes it. */
function given(value: Value): Value {
  if (value instanceof Dict || value instanceof PySet || value instanceof UserFunction || value instanceof PyIterator) {
    throw raised(
      'TypeError',
      `the lab's NumPy does not take a value of type '${typeName(value)}'; make it a list first`,
    )
  }
  return value
}

/** What main/ndarray answers, as a value of the language; counted as held. */
function received(result: unknown, meter: Runtime['meter']): Value {
  if (result instanceof NDArray) meter.hold(result.base === null ? result.nbytes : 64)
  if (result instanceof TypeInfo) {
    return new Facts(new Map(Object.entries(result.fields).map(([name, value]) => [name, received(value, meter)])))
  }
  if (result === undefined) return null
  if (typeof result === 'object' && result !== null && isIterator(result)) return new Walk(result as Iterable<Value>)
  return result as Value
}

function isIterator(value: object): boolean {
  return 'next' in value && Symbol.iterator in value
}

/** An attribute or method of an array, or of one of its numbers. */
export function arrayAttribute(value: NDArray | Scalar, name: string, runtime: Runtime): Value | undefined {
  if (value instanceof NDArray && name === 'flat') return new FlatIterator(value)
  if (value instanceof NDArray && name === 'flags') return new Flags(value)
  const attribute = attributeTable.get(name)
  if (attribute) {
    const array = value instanceof Scalar ? value.toArray() : value
    const found = received(attribute.get(array), runtime.meter)
    return isNumpyScalar(value) && found instanceof NDArray ? value : found
  }
  const method = methodTable.get(name)
  if (!method) return undefined
  return new Builtin(name, ({ positional, named }) =>
    called(name, method, runtime, { positional: [value, ...positional], named }),
  )
}

export function setArrayAttribute(value: NDArray, name: string, to: Value): boolean {
  if (name === 'flat') {
    fillFlat(value, to)
    return true
  }
  const attribute = attributeTable.get(name)
  if (!attribute?.set) return false
  attribute.set(value, to)
  return true
}

export function dtypeAttribute(value: DType, name: string): Value | undefined {
  switch (name) {
    case 'name':
    case '__name__':
      return value.name
    case 'itemsize':
      return BigInt(value.itemsize)
    case 'kind':
      return value.kind
    case 'str':
      return `${value.itemsize === 1 ? '|' : '<'}${value.kind}${value.itemsize}`
    case 'type':
      return scalarTypes[value.name]
    default:
      return undefined
  }
}

/** `np.uint8(5)`; undefined for what is no class of NumPy's. */
export function callScalarType(callee: Value, { positional, named }: Arguments): Value | undefined {
  if (!(callee instanceof ScalarType)) return undefined
  if (positional.length > 1 || named.size > 0) throw raised('TypeError', `np.${callee.name}() takes one value`)
  const array = numpy['array']!
  const [value = 0n] = positional
  const text = typeof value === 'string' ? Number(value) : value
  const made = array.call(
    array.parameters.map(({ name, default: usual }) =>
      name === 'object' ? text : name === 'dtype' ? callee.dtype : usual,
    ),
    undefined as never,
  )
  if (!(made instanceof NDArray)) return made as Value
  return made.ndim === 0 ? new Scalar(made.dtype, made.at(made.offset)) : made
}

/** One of NumPy's functions by name. */
export function callNumpy(machine: Machine, name: string, values: readonly Value[]): Value {
  return called(name, functionTable.get(name)!, machine, { positional: values, named: new Map() })
}

/** `random.rand` as `rand`. */
function randomName(name: string, target: NumpyFunction): [string, NumpyFunction][] {
  return name.startsWith('random.') ? [[name.slice('random.'.length), target]] : []
}

/** `np.floating` and its like: only asked for in isinstance. */
function kindType(name: string, kinds: string): Type {
  const refuse = () => {
    throw raised('TypeError', `cannot create '${name}' instances`)
  }
  return new Type(name, refuse, (value) => isNumpyScalar(value) && kinds.includes(value.dtype.kind))
}

/** `numpy`, `numpy.random` and `numpy.linalg`. */
export function numpyModules(machine: Machine): Map<string, Module> {
  const members = new Map<string, Map<string, Value>>([['numpy', new Map()]])
  for (const [path, target] of functionTable) {
    const parts = path.split('.')
    const name = parts.pop()!
    const module = ['numpy', ...parts].join('.')
    if (!members.has(module)) members.set(module, new Map())
    members.get(module)!.set(name, new Builtin(name, (args) => called(name, target, machine, args), target.signature))
  }
  const top = members.get('numpy')!
  const ofRandom = new Map(Array.from(functionTable).flatMap(([name, target]) => randomName(name, target)))
  const applying = applyingFunctions(machine, ofRandom, (target, name, args, session) =>
    called(name, target, { session, meter: machine.meter }, args),
  )
  for (const each of applying.top) top.set(each.name, each)
  for (const each of applying.random) members.get('numpy.random')!.set(each.name, each)
  for (const [name, value] of Object.entries(constants)) top.set(name, value as Value)
  for (const [name, type] of Object.entries(scalarTypes)) top.set(name, type)
  top.set('ndarray', otherType('numpy.ndarray'))
  for (const [name, make] of Object.entries(indexTricks)) {
    top.set(name, new IndexTrick(name, (key) => make(key) as Value))
  }
  for (const [name, wanted] of [
    ['integer', 'iu'],
    ['signedinteger', 'i'],
    ['unsignedinteger', 'u'],
    ['floating', 'f'],
    ['number', 'iuf'],
    ['generic', 'biuf'],
  ] as const) {
    top.set(name, kindType(`numpy.${name}`, wanted))
  }
  members.set('numpy.exceptions', new Map([['AxisError', exceptionTypes.get('AxisError')!]]))
  members.get('numpy.linalg')?.set('LinAlgError', exceptionTypes.get('LinAlgError')!)
  const modules = new Map<string, Module>()
  for (const [path, own] of members) modules.set(path, new Module(path, own))
  // Those on the way to a module are modules too.
  for (const path of [...members.keys()]) {
    const parts = path.split('.')
    for (let end = parts.length - 1; end >= 1; end--) {
      const outer = parts.slice(0, end).join('.')
      if (!members.has(outer)) {
        members.set(outer, new Map())
        modules.set(outer, new Module(outer, members.get(outer)!))
      }
      const inner = modules.get(parts.slice(0, end + 1).join('.'))!
      members.get(outer)!.set(parts[end]!, inner)
    }
  }
  return modules
}
