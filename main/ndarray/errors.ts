/** An error as Python tells it: its exception's name, and NumPy's own message. */
export type ExceptionName =
  | 'ValueError'
  | 'IndexError'
  | 'TypeError'
  | 'OverflowError'
  | 'AttributeError'
  | 'ZeroDivisionError'
  | 'MemoryError'
  | 'NotImplementedError'
  | 'AxisError'
  | 'LinAlgError'
  | 'DeprecationWarning'
  | 'AssertionError'
  | 'UFuncTypeError'

export class NumpyError extends Error {
  readonly exception: ExceptionName

  constructor(exception: ExceptionName, message: string) {
    super(message)
    this.name = exception
    this.exception = exception
  }
}

export function valueError(message: string): NumpyError {
  return new NumpyError('ValueError', message)
}

export function typeError(message: string): NumpyError {
  return new NumpyError('TypeError', message)
}

export function indexError(message: string): NumpyError {
  return new NumpyError('IndexError', message)
}
