/** Runs the same expressions here and in NumPy, in one Python process, and compares what both print. */

import { expect } from 'vitest'
import {
  attributes,
  binary,
  callFunction,
  dtypes,
  ellipsis,
  fromNested,
  getItem,
  methods,
  NDArray,
  NumpyError,
  numpy,
  repr,
  Scalar,
  Session,
  Slice,
  Tuple,
  type BinaryOperator,
  type Value,
} from '../../main/ndarray/index.ts'
import { floatText } from '../../main/ndarray/decimal.ts'
import { runPythonOn } from './python.ts'

/** An expression in both languages. */
export interface Both {
  readonly code: string
  readonly run: () => Value
}

/** As Python writes it. */
export function source(value: Value): string {
  if (value === null) return 'None'
  if (value === ellipsis) return '...'
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'string') return `'${value.replaceAll('\n', '\\n')}'`
  if (typeof value === 'number') {
    return Number.isFinite(value) ? floatText(value) : `float('${floatText(value)}')`
  }
  if (Array.isArray(value)) return `[${value.map(source).join(', ')}]`
  if (value instanceof Tuple) return `(${value.items.map(source).join(', ')}${value.length === 1 ? ',' : ''})`
  if (value instanceof Slice) return `slice(${source(value.start)}, ${source(value.stop)}, ${source(value.step)})`
  if (value instanceof NDArray) {
    const list = callFunction('tolist', methods.tolist!, new Session(), [value])
    const made = `np.array(${source(list)}, dtype='${value.dtype.name}')`
    return value.size === 0 ? `${made}.reshape(${source(attributes.shape!.get(value))})` : made
  }
  if (value instanceof Scalar)
    return `np.${value.dtype.kind === 'b' ? 'bool_' : value.dtype.name}(${source(value.item())})`
  throw new Error('no Python for this')
}

/** What both print: the form, and for arrays and scalars also type and memory (an axis of length 1 may have any stride). */
function told(value: Value): string {
  if (value instanceof NDArray)
    return `${repr(value)} ${value.dtype.name} ${value.size === 0 ? '' : value.strides.filter((_, axis) => value.shape[axis] !== 1).join()}`
  if (value instanceof Scalar)
    return `${repr(value)
      .replace(/^np\.\w+\((.*)\)$/, '$1')
      .replace(/^np\.(\w+)_$/, '$1')} ${value.dtype.name}`
  if (Array.isArray(value)) return `[${value.map(told).join(', ')}]`
  if (value instanceof Tuple) return `(${value.items.map(told).join(', ')})`
  if (value === null || typeof value !== 'object') return source(value)
  throw new Error('nothing to tell')
}

function outcome(run: () => Value): string {
  try {
    return told(run())
  } catch (error) {
    if (error instanceof NumpyError) return `${error.exception}: ${error.message}`
    throw error
  }
}

const program = `
import sys, json, warnings
import numpy as np
warnings.simplefilter('ignore')
def told(v):
    if isinstance(v, np.ndarray): return f"{v!r} {v.dtype} {','.join(str(s) for s, n in zip(v.strides, v.shape) if n != 1 and v.size)}"
    if isinstance(v, np.generic): return f"{v!r} {v.dtype}"
    if isinstance(v, list): return '[' + ', '.join(map(told, v)) + ']'
    if isinstance(v, tuple): return '(' + ', '.join(map(told, v)) + ')'
    return repr(v)
np._set_promotion_state('weak')
def run(code):
    try:
        return told(eval(code))
    except Exception as e:
        return f"{type(e).__name__}: {e}"
print(json.dumps([run(code) for code in json.load(sys.stdin)]))
`

/**
 * Where NumPy 1.24 differs from NumPy 2, which the lab follows: comparing shapes that do not meet is an error now, and
 * comparing with a Python int that has no place in the dtype is none any more.
 */
function newer(code: string, theirs: string): boolean {
  if (theirs.startsWith('IndexError: boolean index did not match') || theirs.startsWith('array([], shape=')) return true
  return / (==|!=) /.test(code)
    ? /^(True|False)$/.test(theirs) || theirs.startsWith('OverflowError')
    : / (<|<=|>|>=) /.test(code) && theirs.startsWith('OverflowError')
}

export function compareAll(
  all: readonly Both[],
  forgive: (code: string, ours: string, theirs: string) => boolean = () => false,
) {
  const input = JSON.stringify(all.map(({ code }) => code))
  const answers = JSON.parse(runPythonOn(input, program)) as string[]
  const wrong = all.flatMap(({ code, run }, i) => {
    const ours = outcome(run)
    const theirs = answers[i]!
    return ours === theirs || newer(code, theirs) || forgive(code, ours, theirs)
      ? []
      : [`${code}\n  here:  ${ours}\n  numpy: ${theirs}`]
  })
  expect(wrong.slice(0, 40).join('\n')).toBe('')
}

export const call = (name: string, args: readonly Value[], keywords: Record<string, Value> = {}): Both => ({
  code: `np.${name}(${[...args.map(source), ...Object.entries(keywords).map(([k, v]) => `${k}=${source(v)}`)].join(', ')})`,
  run: () => callFunction(name, numpy[name]!, new Session(), args, keywords),
})

export const operate = (operator: BinaryOperator, left: Value, right: Value): Both => ({
  code: `(${source(left)}) ${operator} (${source(right)})`,
  run: () => binary(operator, left, right),
})

export const item = (a: NDArray, key: Value): Both => ({
  code: `${source(a)}[${source(key)}]`,
  run: () => getItem(a, key),
})

/** Numbers that are the same at every run. */
export function generator(seed: number) {
  const session = new Session(seed)
  const int = (to: number) => Math.floor(session.random.rand() * to)
  const pick = <T>(list: readonly T[]): T => list[int(list.length)]!
  const shape = (ndim: number, least = 0) => Array.from({ length: ndim }, () => least + int(4))
  const number = (kind: string): Value => {
    if (kind === 'b') return int(2) === 1
    if (kind === 'i') return BigInt(int(41) - 20)
    if (kind === 'u') return BigInt(int(250))
    return pick([Math.round((session.random.rand() - 0.5) * 80) / 8, session.random.randn(), int(9) - 4])
  }
  const nested = (lengths: readonly number[], kind: string): Value =>
    lengths.length === 0 ? number(kind) : Array.from({ length: lengths[0]! }, () => nested(lengths.slice(1), kind))
  const array = (lengths: readonly number[], name = pick(Object.keys(dtypes).filter((n) => n !== 'float16'))) => {
    const dtype = dtypes[name as keyof typeof dtypes]
    if (lengths.includes(0)) {
      return callFunction('zeros', numpy.zeros!, session, [new Tuple(lengths.map(BigInt)), dtype]) as NDArray
    }
    return fromNested(nested(lengths, dtype.kind), dtype)
  }
  return { int, pick, shape, array, number, session }
}
