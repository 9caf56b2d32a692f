/** `try` and `raise`. */

import { valueOf, type Code } from './code.ts'
import { notInLab, type Compiler } from './compiler.ts'
import { asRaised } from './arrays.ts'
import { ExceptionType, PyException, Raised, raised, tracedFrame } from './errors.ts'
import { compileExpression } from './expressions.ts'
import { compileBody, go, type Block, type Go, type Statement } from './statements.ts'
import { storeName } from './targets.ts'
import type { Tree } from './tree.ts'
import { itemsOf, Tuple, type Scope, type Steps, type Value } from './values.ts'

interface Handler {
  /** Which exceptions it is for; null: all. */
  readonly types: Code | null
  readonly line: number
  readonly store: ((scope: Scope, value: Value) => undefined) | null
  readonly forget: ((scope: Scope) => void) | null
  readonly block: Block
}

/** Whether an exception is of a type, or of one of a tuple of types. */
function matches(exception: PyException, types: Value): boolean {
  const wanted = types instanceof Tuple ? itemsOf(types) : [types]
  return wanted.some((type) => {
    if (!(type instanceof ExceptionType)) {
      throw raised('TypeError', 'catching classes that do not inherit from BaseException is not allowed')
    }
    return exception.type.isA(type)
  })
}

/** What was thrown as an exception of the program; undefined for what no program may catch. */
export function exceptionOf(error: unknown): PyException | undefined {
  const told = asRaised(error)
  if (told instanceof Raised) return told.exception
  // JavaScript's own stack is as deep as the lab's functions may go.
  if (told instanceof RangeError && /call stack/i.test(told.message)) {
    return raised('RecursionError', 'maximum recursion depth exceeded').exception
  }
  return undefined
}

export function compileTry(compiler: Compiler, tree: Tree, line: number): Statement {
  const { source, machine } = compiler
  const { children } = tree
  const handlers: Handler[] = []
  let body: Block | null = null
  let otherwise: Block | null = null
  let last: Block | null = null
  for (let i = 0; i < children.length;) {
    const end = children.findIndex(({ type }, k) => k > i && type === 'Body')
    if (end < 0) throw source.error('invalid syntax', tree.from)
    const word = children[i]!
    const block = compileBody(compiler, children[end], word)
    if (word.type === 'try') body = block
    else if (word.type === 'else') otherwise = block
    else if (word.type === 'finally') last = block
    else handlers.push(compileHandler(compiler, children.slice(i + 1, end), word, block))
    i = end + 1
  }
  if (handlers.length === 0 && !last) throw source.error("expected 'except' or 'finally' block", tree.from)

  function* handled(scope: Scope): Steps<Go> {
    let next: Go
    try {
      next = yield* body!(scope)
    } catch (error) {
      const exception = exceptionOf(error)
      if (!exception) throw error
      for (const { types, line: handlerLine, store, forget, block } of handlers) {
        const here = scope.frame.line
        scope.frame.line = handlerLine
        if (types && !matches(exception, yield* valueOf(types, scope))) {
          scope.frame.line = here
          continue
        }
        if (exception.trace.length === 0) exception.trace.push(tracedFrame({ ...scope.frame, line: here }))
        store?.(scope, exception)
        machine.handling.push(exception)
        try {
          return yield* block(scope)
        } catch (another) {
          const raisedHere = exceptionOf(another)
          if (raisedHere && raisedHere !== exception) raisedHere.context ??= exception
          throw another
        } finally {
          machine.handling.pop()
          forget?.(scope)
        }
      }
      throw error
    }
    return next === go.on && otherwise ? yield* otherwise(scope) : next
  }
  if (!last) return { line, run: handled }
  const closing = last
  return {
    line,
    *run(scope) {
      let next: Go
      try {
        next = yield* handled(scope)
      } catch (error) {
        // What ends the program for good runs nothing more of it.
        if (!exceptionOf(error)) throw error
        const after = yield* closing(scope)
        if (after !== go.on) return after
        throw error
      }
      const { result } = scope.frame
      const after = yield* closing(scope)
      if (after !== go.on) return after
      scope.frame.result = result
      return next
    },
  }
}

function compileHandler(compiler: Compiler, parts: readonly Tree[], word: Tree, block: Block): Handler {
  const { source } = compiler
  if (parts[0]?.type === '*') throw notInLab(compiler, "'except*'", word)
  const at = parts.findIndex(({ type }) => type === 'as')
  const types = at < 0 ? parts : parts.slice(0, at)
  if (types.length > 1) throw source.error('multiple exception types must be parenthesized', word.from)
  const name = at < 0 ? null : source.textOf(parts[at + 1]!)
  const place = name === null ? null : compiler.names.find(name)
  return {
    types: types[0] ? compileExpression(compiler, types[0]) : null,
    line: source.lineOf(word.from),
    store: name === null ? null : storeName(compiler, name),
    forget:
      place === null
        ? null
        : (scope) => {
            if (place.kind === 'global') {
              compiler.machine.globals.delete(name!)
              return
            }
            let holder = scope
            for (let i = 0; i < place.up; i++) holder = holder.outer!
            holder.slots[place.slot] = undefined
          },
    block,
  }
}

export function compileRaise(compiler: Compiler, tree: Tree, line: number): Statement {
  const { machine } = compiler
  const rest = tree.children.slice(1)
  const at = rest.findIndex(({ type }) => type === 'from')
  const what = rest[0] && at !== 0 ? compileExpression(compiler, rest[0]) : null
  const cause = at >= 0 ? compileExpression(compiler, rest[at + 1]!) : null
  return {
    line,
    *run(scope) {
      if (!what) {
        const current = machine.handling.at(-1)
        if (!current) throw raised('RuntimeError', 'No active exception to reraise')
        throw new Raised(current)
      }
      const exception = instance(yield* valueOf(what, scope))
      if (cause) {
        const from = yield* valueOf(cause, scope)
        exception.cause = from === null ? null : instance(from)
        exception.quiet = from === null
      }
      scope.frame.at = null
      throw new Raised(exception)
    },
  }
}

/** A class of exceptions is raised as one of it without arguments. */
function instance(value: Value): PyException {
  if (value instanceof PyException) return value
  if (value instanceof ExceptionType) return new PyException(value, [])
  throw raised('TypeError', 'exceptions must derive from BaseException')
}
