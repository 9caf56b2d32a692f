/**
 * Compiled code: closures made once from the tree. Code that can call functions of the program, or run long, is a
 * generator (`steps`), so that it can rest; all other is a plain function, which is several times as fast.
 */

import type { Tree } from './tree.ts'
import type { Scope, Steps, Value } from './values.ts'

export interface PlainCode {
  readonly steps: false
  readonly run: (scope: Scope) => Value
}

export interface SteppedCode {
  readonly steps: true
  readonly run: (scope: Scope) => Steps
}

export type Code = PlainCode | SteppedCode

export function plainCode(run: (scope: Scope) => Value): PlainCode {
  return { steps: false, run }
}

export function steppedCode(run: (scope: Scope) => Steps): SteppedCode {
  return { steps: true, run }
}

/** What is made of one value; where that fails, `tree` is the place that is told. */
export function oneAt(tree: Tree, a: Code, make: (a: Value) => Value): Code {
  return one(a, (value, scope) => {
    try {
      return make(value)
    } catch (error) {
      scope.frame.at = tree
      throw error
    }
  })
}

/** What is made of two values; where that fails, `tree` is the place that is told. */
export function twoAt(tree: Tree, a: Code, b: Code, make: (a: Value, b: Value) => Value): Code {
  return two(a, b, (left, right, scope) => {
    try {
      return make(left, right)
    } catch (error) {
      scope.frame.at = tree
      throw error
    }
  })
}

/** What is made of one value. */
export function one(a: Code, make: (a: Value, scope: Scope) => Value): Code {
  if (!a.steps) {
    const { run } = a
    return plainCode((scope) => make(run(scope), scope))
  }
  return steppedCode(function* (scope) {
    return make(yield* a.run(scope), scope)
  })
}

/** What is made of two values, the left evaluated first. */
function two(a: Code, b: Code, make: (a: Value, b: Value, scope: Scope) => Value): Code {
  if (!a.steps && !b.steps) {
    const [left, right] = [a.run, b.run]
    return plainCode((scope) => make(left(scope), right(scope), scope))
  }
  return steppedCode(function* (scope) {
    const left = a.steps ? yield* a.run(scope) : a.run(scope)
    return make(left, b.steps ? yield* b.run(scope) : b.run(scope), scope)
  })
}

/** What is made of any number of values, evaluated in order. */
export function all(codes: readonly Code[], make: (values: Value[], scope: Scope) => Value): Code {
  if (codes.every((code) => !code.steps)) {
    const runs = codes.map((code) => code.run)
    return plainCode((scope) => {
      const values = new Array<Value>(runs.length)
      for (let i = 0; i < runs.length; i++) values[i] = runs[i]!(scope)
      return make(values, scope)
    })
  }
  return steppedCode(function* (scope) {
    const values: Value[] = []
    for (const code of codes) values.push(code.steps ? yield* code.run(scope) : code.run(scope))
    return make(values, scope)
  })
}

/** The value of code, within a generator: `yield* valueOf(code, scope)`. */
export function* valueOf(code: Code, scope: Scope): Steps {
  return code.steps ? yield* code.run(scope) : code.run(scope)
}
