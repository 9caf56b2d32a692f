/** What Python calls the type of a value. */

import { isArray, isDType, isNumpyScalar, isScalarType, numpyScalarName } from './arrays.ts'
import { ExceptionType } from './errors.ts'
import { ellipsis, Imaginary, isList, LabObject, Slice, Tuple, type Value } from './values.ts'

/** As messages have it: `int`, `numpy.ndarray`, `NoneType`. */
export function typeName(value: Value): string {
  if (typeof value === 'bigint') return 'int'
  if (typeof value === 'number') return 'float'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'string') return 'str'
  if (value === null) return 'NoneType'
  if (isList(value)) return 'list'
  if (value instanceof LabObject) return value.typeName
  if (value instanceof Tuple) return 'tuple'
  if (value instanceof Slice) return 'slice'
  if (value instanceof Imaginary) return 'complex'
  if (value === ellipsis) return 'ellipsis'
  if (isArray(value)) return 'numpy.ndarray'
  if (isNumpyScalar(value)) return numpyScalarName(value)
  if (isDType(value)) return 'numpy.dtype'
  if (isScalarType(value) || value instanceof ExceptionType) return 'type'
  return 'object'
}
