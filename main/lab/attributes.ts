/** `value.name`: tables of ours for every type, so that no name a program writes reaches an object of JavaScript's. */

import { isArray, isDType, isNumpyScalar, isScalarType } from './arrays.ts'
import { dictMethods, listMethods, setMethods, tupleMethods } from './containers.ts'
import { ExceptionType, PyException, raised } from './errors.ts'
import { arrayAttribute, dtypeAttribute, setArrayAttribute } from './numpy.ts'
import { PyImage } from './pictures.ts'
import { bindMethod, type MethodTable, type Runtime } from './signatures.ts'
import { formatFields, stringMethods } from './strings.ts'
import { typeName } from './types.ts'
import {
  Builtin,
  Dict,
  isList,
  LabObject,
  Module,
  PySet,
  Range,
  Slice,
  Tuple,
  Type,
  UserFunction,
  type Value,
} from './values.ts'

/** Throws AttributeError, worded as Python does. */
export function attributeOf(value: Value, name: string, runtime: Runtime): Value {
  const found = find(value, name, runtime)
  if (found !== undefined) return found
  if (value instanceof Module) {
    throw raised('AttributeError', `module '${value.name}' has no attribute '${name}' in the lab`)
  }
  if (value instanceof Type || value instanceof ExceptionType) {
    throw raised('AttributeError', `type object '${value.name}' has no attribute '${name}'`)
  }
  const inPython = name.startsWith('__') || value instanceof PyImage || (isArray(value) && notOfArrays.has(name))
  throw raised(
    'AttributeError',
    `'${typeName(value)}' object has no attribute '${name}'${inPython ? ' in the lab' : ''}`,
  )
}

/** What NumPy's arrays have and the lab's do not. */
const notOfArrays = new Set(
  'argpartition byteswap ctypes data device dump dumps getfield partition resize setfield setflags to_device tobytes tofile'.split(
    ' ',
  ),
)

function method<S>(table: MethodTable<S>, self: S, name: string, runtime: Runtime): Value | undefined {
  const found = table.get(name)
  return found && bindMethod(found, self, runtime)
}

function find(value: Value, name: string, runtime: Runtime): Value | undefined {
  if (isArray(value) || isNumpyScalar(value)) return arrayAttribute(value, name, runtime)
  if (typeof value === 'string' && name === 'format') {
    return new Builtin(name, ({ positional, named }) => formatFields(value, positional, named, runtime))
  }
  if (typeof value === 'string') return method(stringMethods, value, name, runtime)
  if (isList(value)) return method(listMethods, value, name, runtime)
  if (value instanceof Module) return name === '__name__' ? value.name : value.members.get(name)
  if (value instanceof Dict) return method(dictMethods, value, name, runtime)
  if (value instanceof Tuple) return method(tupleMethods, value, name, runtime)
  if (value instanceof PySet) return method(setMethods, value, name, runtime)
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return number(value, name)
  if (isDType(value)) return dtypeAttribute(value, name)
  if (isScalarType(value)) return name === '__name__' ? value.dtype.name : undefined
  if (value instanceof Type) {
    if (name === '__name__') return value.name.split('.').at(-1)
    return value.members(name)
  }
  if (value instanceof ExceptionType) return name === '__name__' ? value.name : undefined
  if (value instanceof PyException) return name === 'args' ? new Tuple(value.args) : undefined
  if (value instanceof UserFunction) {
    if (name === '__doc__') return value.code.doc
    return name === '__name__' ? value.name : undefined
  }
  if (value instanceof Builtin) return name === '__name__' ? value.name : undefined
  if (value instanceof Range || value instanceof Slice) {
    const { start, stop, step } = value as { start: Value; stop: Value; step: Value }
    if (name === 'start') return start
    if (name === 'stop') return stop
    return name === 'step' ? step : undefined
  }
  return value instanceof LabObject ? value.attribute?.(name, runtime) : undefined
}

function number(value: number | bigint | boolean, name: string): Value | undefined {
  switch (name) {
    case 'real':
      return typeof value === 'boolean' ? BigInt(value) : value
    case 'imag':
      return typeof value === 'number' ? 0 : 0n
    case 'is_integer':
      if (typeof value !== 'number') return undefined
      return new Builtin(name, () => Number.isInteger(value))
    case 'bit_length':
      if (typeof value === 'number') return undefined
      return new Builtin(name, () => {
        const size = BigInt(value) < 0n ? -BigInt(value) : BigInt(value)
        return size === 0n ? 0n : BigInt(size.toString(2).length)
      })
    default:
      return undefined
  }
}

export function setAttributeOf(value: Value, name: string, to: Value): void {
  if (isArray(value) && setArrayAttribute(value, name, to)) return
  if (value instanceof LabObject && value.setAttribute?.(name, to)) return
  throw raised('AttributeError', `'${typeName(value)}' object attribute '${name}' cannot be set in the lab`)
}
