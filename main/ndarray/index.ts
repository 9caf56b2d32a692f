/**
 * NumPy's array for the array lab. Python's values are as values.ts says; errors are NumpyError with Python's exception
 * name and NumPy's message.
 */

export { doublesOf, flatOf, fromFlat, NDArray, placesOf, Scalar, zeros } from './array.ts'
export { isWide, Storage } from './storage.ts'
export { asArray, fromNested } from './convert.ts'
export { DType, dtypeRepr, dtypes, ScalarType, scalarTypes } from './dtype.ts'
export { NumpyError } from './errors.ts'
export { float } from './arguments.ts'
export { boundsOf, ellipsis, Imaginary, shapeText, Slice, Tuple, type Value } from './values.ts'
export { callFunction, type NumpyFunction } from './signature.ts'
export { powerOf } from './power.ts'
export { Session } from './session.ts'
export { getItem, setItem } from './indexing.ts'
export { put } from './choosing.ts'
export { indexTricks } from './grids.ts'
export { columnMajor } from './shape.ts'
export { binary, inplace, truth, unary, type BinaryOperator } from './operators.ts'
export { attributes, constants, iterate, methods, numpy, TypeInfo } from './registry.ts'
export { repr, str } from './print.ts'
