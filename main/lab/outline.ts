/** Which parts of pictures the subscripts in a piece of code take, without running it. */

import { parser } from '@lezer/python'
import type { LabOutline } from '../../shared/lab.ts'
import { isArray } from './arrays.ts'
import type { KeptArrays } from './kept.ts'
import { keyOf } from './keys.ts'
import { floorDivideInts } from './numbers.ts'
import { regionOfKey } from './regions.ts'
import { indexNumber, makeSlice } from './subscripts.ts'
import { Dict, ellipsis, Slice, Tuple, type Value } from './values.ts'

/** Shapes of what a run will bind: `image`, and the stages by name. */
export interface PictureShapes {
  readonly image: readonly number[] | null
  readonly stages: ReadonlyMap<string, readonly number[]>
}

type Node = ReturnType<typeof parser.parse>['topNode']

/** Outlines, at most. */
const mostOutlines = 1000

/** Broken code is read as far as it goes. */
export function outlines(
  code: string,
  globals: ReadonlyMap<string, Value>,
  shapes: PictureShapes,
  kept: KeptArrays,
): LabOutline[] {
  const found: LabOutline[] = []
  const text = ({ from, to }: Node) => code.slice(from, to)
  parser.parse(code).iterate({
    enter({ node }) {
      if (node.name !== 'MemberExpression' || found.length >= mostOutlines) return
      const object = node.firstChild
      const parts = object && subscriptOf(node)
      if (!object || !parts) return
      const picture = pictureOf(object)
      const key = keyIn(parts)
      const region = picture && key !== undefined ? regionOfKey(picture.shape, key) : null
      if (picture && region) {
        found.push({ from: node.from, to: node.to, name: text(object), id: picture.id, region })
      }
    },
  })
  return found

  /** The picture a name, or `stages['…']`, stands for. */
  function pictureOf(node: Node): { readonly shape: readonly number[]; readonly id: string | null } | null {
    if (node.name === 'VariableName') {
      const value = globals.get(text(node))
      if (value !== undefined) return isArray(value) ? { shape: value.shape, id: kept.idOf(value) } : null
      return text(node) === 'image' && shapes.image ? { shape: shapes.image, id: null } : null
    }
    const name = node.name === 'MemberExpression' ? node.firstChild : null
    const parts = name?.name === 'VariableName' ? subscriptOf(node) : null
    const [key] = parts ?? []
    if (parts?.length !== 1 || key?.name !== 'String') return null
    const stage = /^(['"])([^'"\\]*)\1$/.exec(text(key))?.[2]
    if (stage === undefined) return null
    const value = globals.get(text(name!))
    if (value instanceof Dict) {
      const array = value.entries.get(keyOf(stage))?.[1]
      if (array !== undefined && isArray(array)) return { shape: array.shape, id: kept.idOf(array) }
    }
    const shape = text(name!) === 'stages' ? shapes.stages.get(stage) : undefined
    return shape ? { shape, id: null } : null
  }

  /** The value of what stands between the brackets; undefined where that is no basic index of what is known. */
  function keyIn(parts: readonly Node[]): Value | undefined {
    const groups: Node[][] = [[]]
    for (const part of parts) {
      if (part.name === ',') groups.push([])
      else groups.at(-1)!.push(part)
    }
    const commas = groups.length - 1
    if (groups.at(-1)!.length === 0) groups.pop()
    const keys = groups.map(keyPart)
    if (keys.length === 0 || keys.includes(undefined)) return undefined
    return commas === 0 ? keys[0] : new Tuple(keys)
  }

  function keyPart(group: readonly Node[]): Value | undefined {
    if (!group.some(({ name }) => name === ':')) return group.length === 1 ? value(group[0]!) : undefined
    const bounds: (Value | undefined)[] = [null]
    for (const part of group) {
      if (part.name === ':') bounds.push(null)
      else bounds[bounds.length - 1] = value(part)
    }
    if (bounds.length > 3 || bounds.includes(undefined)) return undefined
    const [start, stop, step = null] = bounds as Value[]
    if ([start!, stop!, step].some((bound) => bound !== null && indexNumber(bound) === undefined)) return undefined
    return makeSlice(start!, stop!, step)
  }

  /** A whole number, None, `...` or a slice, of literals and names. */
  function value(node: Node): Value | undefined {
    switch (node.name) {
      case 'Number':
        return /^\d[\d_]*$/.test(text(node)) ? BigInt(text(node).replaceAll('_', '')) : undefined
      case 'None':
        return null
      case 'Ellipsis':
        return ellipsis
      case 'ParenthesizedExpression':
        return node.firstChild?.nextSibling ? value(node.firstChild.nextSibling) : undefined
      case 'VariableName': {
        const known = globals.get(text(node))
        if (known instanceof Slice) return known
        return known === undefined || typeof known === 'boolean' ? undefined : indexNumber(known)
      }
      case 'UnaryExpression': {
        const operand = node.lastChild && value(node.lastChild)
        if (typeof operand !== 'bigint') return undefined
        return text(node.firstChild!) === '-' ? -operand : undefined
      }
      case 'BinaryExpression':
        return combined(node)
      default:
        return undefined
    }
  }

  function combined(node: Node): bigint | undefined {
    const [left, operator, right] = [node.firstChild, node.firstChild?.nextSibling, node.lastChild]
    if (!left || !operator || !right) return undefined
    const [a, b] = [value(left), value(right)]
    if (typeof a !== 'bigint' || typeof b !== 'bigint') return undefined
    switch (text(operator)) {
      case '+':
        return a + b
      case '-':
        return a - b
      case '*':
        return a * b
      case '//':
        return b === 0n ? undefined : floorDivideInts(a, b)
      default:
        return undefined
    }
  }
}

/** What stands between the brackets of `a[…]`, commas and colons among it; null where it is no subscript. */
function subscriptOf(node: Node): Node[] | null {
  const parts: Node[] = []
  let part = node.firstChild?.nextSibling ?? null
  if (part?.name !== '[') return null
  for (part = part.nextSibling; part && part.name !== ']'; part = part.nextSibling) {
    if (part.type.isError) return null
    if (part.name !== 'Comment') parts.push(part)
  }
  return part ? parts : null
}
