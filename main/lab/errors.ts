/** Python's exceptions: their family, how a program's values name them, and how a traceback is written. */

import type { Source, Tree } from './tree.ts'
import { LabObject, Tuple, type Frame, type Value } from './values.ts'

/** Each exception and what it is a kind of; parents come first. */
const family: readonly (readonly [name: string, parent: string | null])[] = [
  ['BaseException', null],
  ['KeyboardInterrupt', 'BaseException'],
  ['SystemExit', 'BaseException'],
  ['Exception', 'BaseException'],
  ['ArithmeticError', 'Exception'],
  ['ZeroDivisionError', 'ArithmeticError'],
  ['OverflowError', 'ArithmeticError'],
  ['FloatingPointError', 'ArithmeticError'],
  ['AssertionError', 'Exception'],
  ['AttributeError', 'Exception'],
  ['EOFError', 'Exception'],
  ['ImportError', 'Exception'],
  ['ModuleNotFoundError', 'ImportError'],
  ['LookupError', 'Exception'],
  ['IndexError', 'LookupError'],
  ['KeyError', 'LookupError'],
  ['MemoryError', 'Exception'],
  ['NameError', 'Exception'],
  ['UnboundLocalError', 'NameError'],
  ['OSError', 'Exception'],
  ['FileNotFoundError', 'OSError'],
  ['RuntimeError', 'Exception'],
  ['NotImplementedError', 'RuntimeError'],
  ['RecursionError', 'RuntimeError'],
  ['StopIteration', 'Exception'],
  ['SyntaxError', 'Exception'],
  ['IndentationError', 'SyntaxError'],
  ['TabError', 'IndentationError'],
  ['TypeError', 'Exception'],
  ['UFuncTypeError', 'TypeError'],
  ['ValueError', 'Exception'],
  ['UnicodeError', 'ValueError'],
  ['AxisError', 'ValueError'],
  ['LinAlgError', 'ValueError'],
  ['Warning', 'Exception'],
  ['RuntimeWarning', 'Warning'],
  ['DeprecationWarning', 'Warning'],
]

/** NumPy's own are told with their module. */
const modules: ReadonlyMap<string, string> = new Map([
  ['AxisError', 'numpy.exceptions.AxisError'],
  ['LinAlgError', 'numpy.linalg.LinAlgError'],
  ['UFuncTypeError', 'numpy._core._exceptions._UFuncOutputCastingError'],
])

/** A class of exceptions, as programs name it. */
export class ExceptionType extends LabObject {
  readonly typeName = 'type'
  readonly name: string
  readonly parent: ExceptionType | null
  constructor(name: string, parent: ExceptionType | null) {
    super()
    this.name = name
    this.parent = parent
  }

  /** With the module it is of, as a traceback writes it. */
  get fullName(): string {
    return modules.get(this.name) ?? this.name
  }

  /** Whether it is `other` or a kind of it; AxisError is an IndexError as well. */
  isA(other: ExceptionType): boolean {
    if (this === other) return true
    if (this.name === 'AxisError' && other.name === 'IndexError') return true
    return this.parent?.isA(other) ?? false
  }
}

export const exceptionTypes: ReadonlyMap<string, ExceptionType> = family.reduce(
  (types, [name, parent]) => types.set(name, new ExceptionType(name, parent === null ? null : types.get(parent)!)),
  new Map<string, ExceptionType>(),
)

export interface TracedLine {
  readonly source: Source
  readonly line: number
  readonly at: Tree | null
  readonly where: string
}

/** Where a call is at this moment. */
export function tracedFrame({ name, source, line, at }: Frame): TracedLine {
  return { source, line: at ? source.lineOf(at.from) : line, at, where: name }
}

/** An exception as a program can hold it. */
export class PyException extends LabObject {
  readonly typeName: string
  readonly type: ExceptionType
  readonly args: readonly Value[]
  /** Outermost call first. */
  readonly trace: TracedLine[] = []
  /** What it came of: `raise … from …`, or what was handled when it was raised. */
  cause: PyException | null = null
  context: PyException | null = null
  /** `raise … from None`: what was handled then is not told. */
  quiet = false
  constructor(type: ExceptionType, args: readonly Value[]) {
    super()
    this.type = type
    this.args = args
    this.typeName = type.name
  }
}

/** Carries an exception through JavaScript. */
export class Raised extends Error {
  override readonly name = 'Raised'
  readonly exception: PyException
  constructor(exception: PyException) {
    super(exception.typeName)
    this.exception = exception
  }
}

type HaltKind = 'TimeoutError' | 'MemoryError' | 'OutputError' | 'KeyboardInterrupt'

/** Ends a program for good: no `except` sees it. */
export class Halted extends Error {
  override readonly name = 'Halted'
  readonly kind: HaltKind
  readonly trace: TracedLine[] = []
  constructor(kind: HaltKind, message: string) {
    super(message)
    this.kind = kind
  }
}

export type BuiltinException =
  | 'AssertionError'
  | 'AttributeError'
  | 'FileNotFoundError'
  | 'ImportError'
  | 'IndentationError'
  | 'IndexError'
  | 'KeyError'
  | 'MemoryError'
  | 'ModuleNotFoundError'
  | 'NameError'
  | 'NotImplementedError'
  | 'OSError'
  | 'OverflowError'
  | 'RecursionError'
  | 'RuntimeError'
  | 'StopIteration'
  | 'SyntaxError'
  | 'TypeError'
  | 'UnboundLocalError'
  | 'ValueError'
  | 'ZeroDivisionError'

/** An exception to be thrown. */
export function raised(type: BuiltinException, ...args: readonly Value[]): Raised {
  return new Raised(new PyException(exceptionTypes.get(type)!, args))
}

/** What an exception says: nothing, its argument, or all of them as a tuple. */
export function messageOf(exception: PyException, str: (value: Value) => string, repr: (value: Value) => string) {
  const { args, type } = exception
  if (args.length === 0) return ''
  if (args.length > 1) return repr(new Tuple(args))
  // A missing key is shown as it would be typed.
  return type.name === 'KeyError' ? repr(args[0]!) : str(args[0]!)
}
