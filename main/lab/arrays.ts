/** NumPy's values as the language sees them: what they are, how they are written, and its errors as Python's. */

import {
  DType,
  dtypeRepr,
  NDArray,
  NumpyError,
  repr as numpyRepr,
  Scalar,
  ScalarType,
  scalarTypes,
  Session,
  str as numpyStr,
} from '../ndarray/index.ts'
import { exceptionTypes, PyException, Raised } from './errors.ts'
import type { Value } from './values.ts'

export type ArrayValue = NDArray | Scalar | DType

export function isArray(value: Value): value is NDArray {
  return value instanceof NDArray
}

export function isNumpyScalar(value: Value): value is Scalar {
  return value instanceof Scalar
}

export function isDType(value: Value): value is DType {
  return value instanceof DType
}

export function isScalarType(value: Value): value is ScalarType {
  return value instanceof ScalarType
}

export function isArrayValue(value: Value): value is ArrayValue {
  return value instanceof NDArray || value instanceof Scalar || value instanceof DType
}

/** An array or one of its numbers: what decides an operator. */
export function isNumeric(value: Value): value is NDArray | Scalar {
  return value instanceof NDArray || value instanceof Scalar
}

/** As Python's own int, float or bool. */
export function scalarItem(value: Scalar): bigint | number | boolean {
  return value.item()
}

export function numpyScalarName({ dtype }: Scalar): string {
  return `numpy.${dtype.name}`
}

/** The session of the program that runs at this moment: programs that take turns print each in its own way. */
let printing = new Session()

export function useSession(session: Session): void {
  printing = session
}

export function arrayStr(value: ArrayValue): string {
  return value instanceof DType ? value.name : numpyStr(value, printing)
}

export function arrayRepr(value: ArrayValue): string {
  return value instanceof DType ? dtypeRepr(value) : numpyRepr(value, printing)
}

/** An error of NumPy's as an exception of the program; anything else as it is. */
export function asRaised(error: unknown): unknown {
  if (!(error instanceof NumpyError)) return error
  const type = exceptionTypes.get(error.exception) ?? exceptionTypes.get('TypeError')!
  return new Raised(new PyException(type, [error.message]))
}

/** `type(a[0])`: the class of a scalar. */
export function scalarTypeOf({ dtype }: Scalar): ScalarType {
  return scalarTypes[dtype.name]!
}
