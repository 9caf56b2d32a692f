/** What all parts of the compiler share: the source, the names in scope, and the machine the code will run on. */

import type { Machine } from './machine.ts'
import type { Names } from './names.ts'
import type { Source, Tree } from './tree.ts'

export interface Compiler {
  readonly source: Source
  readonly machine: Machine
  readonly names: Names
  /** Where `return`, `break` and `continue` may stand. */
  readonly inFunction: boolean
  readonly inLoop: boolean
  /** In front of the name of a function made here: `outer.<locals>.`. */
  readonly within: string
}

/** The error for what is Python and not part of the lab. */
export function notInLab(compiler: Compiler, what: string, { from }: Tree): Error {
  return compiler.source.error(`the lab does not have ${what}`, from)
}

/** Children between commas; a comma at the end adds none. */
export function betweenCommas(children: readonly Tree[]): Tree[][] {
  const parts: Tree[][] = [[]]
  for (const child of children) {
    if (child.type === ',') parts.push([])
    else parts.at(-1)!.push(child)
  }
  if (parts.at(-1)!.length === 0) parts.pop()
  return parts
}
