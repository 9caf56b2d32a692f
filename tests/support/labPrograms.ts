/** Random programs of the array lab: well-formed ones, which Python runs too, and broken ones. */

import { LegacyRandom } from '../../shared/random.ts'

/** What chooses: the same for the same seed. */
interface Choice {
  /** A whole number below `end`. */
  below(end: number): number
  pick<T>(items: readonly T[]): T
}

/** Numbers that are the same at every run. */
export class Dice implements Choice {
  readonly #random: LegacyRandom
  constructor(seed: number) {
    this.#random = new LegacyRandom(seed)
  }
  below(end: number): number {
    return Math.floor(this.#random.rand() * end)
  }
  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!
  }
}

/** Arrays every program begins with: names, and how they are made. */
const beginning = [
  'import numpy as np',
  'a = np.arange(12).reshape(3, 4)',
  'b = np.linspace(-1, 1, 12).reshape(3, 4).round(3)',
  'c = (np.arange(12) * 37 % 251).astype(np.uint8).reshape(3, 4)',
  'm = a % 3 == 1',
  'v = np.array([3, -1, 4, 1])',
  'w = np.array([0.5, 2.0, -0.25, 8.0])',
  'n = [5, 2, 7]',
  's = "lab"',
]

const shaped = ['a', 'b', 'c', 'm', 'a', 'b']
const rows = ['v', 'w']

type Make = (dice: Choice, depth: number) => string

/** Something of shape (3, 4). */
const array: Make = (dice, depth) => {
  if (depth <= 0) return dice.pick(shaped)
  const inner = () => array(dice, depth - 1)
  return dice.pick<() => string>([
    () => dice.pick(shaped),
    () =>
      `(${inner()} ${dice.pick(['+', '-', '*'])} ${dice.pick([inner, () => dice.pick(rows), () => number(dice)])()})`,
    () => `(${inner()} ${dice.pick(['/', '//', '%'])} ${dice.pick(['3', '2.5', '(v + 10)'])})`,
    () => `(${inner()} ${dice.pick(['<', '<=', '>', '>=', '==', '!='])} ${dice.pick([inner, () => limit(dice)])()})`,
    () => `np.where(${inner()} > ${limit(dice)}, ${inner()}, ${dice.pick([inner, () => '0.5', () => '-1.25'])()})`,
    () => `np.${dice.pick(['maximum', 'minimum', 'add', 'multiply', 'subtract'])}(${inner()}, ${inner()})`,
    () => `np.${dice.pick(['abs', 'square', 'sign', 'floor', 'ceil'])}(${inner()} * 1.0)`,
    () => `np.${dice.pick(['flip', 'flipud', 'fliplr'])}(${inner()})`,
    () => `np.roll(${inner()}, ${dice.below(5) - 2}, axis=${dice.below(2)})`,
    () => `np.clip(${inner()}, ${dice.below(3)}, ${3 + dice.below(5)})`,
    () => `np.sort(${inner()}, axis=${dice.pick(['0', '1', '-1'])})`,
    () => `np.cumsum(${inner()}, axis=${dice.below(2)})`,
    () => `${inner()}.astype(${dice.pick(['float', 'int', 'np.uint8', 'np.float32', 'bool'])})`,
    () => `np.pad(${inner()}, 1)[1:-1, 1:-1]`,
    () => `${inner()}[::-1, :]`,
    () => `${inner()}.T.copy().T`,
    () => `np.stack([${inner()}, ${inner()}])[${dice.below(2)}]`,
    () => `np.concatenate((${inner()}, ${inner()}), axis=0)[${dice.below(4)}:][:3]`,
    () => `(lambda x, k=${number(dice)}: x * k)(${inner()})`,
  ])()
}

function number(dice: Choice): string {
  return dice.pick(['0', '1', '2', '5', '-3', '0.5', '-1.25', '1e3', 'len(n)', 'n[0]', 'int(v[1])', 'float(w[2])'])
}

/** What arrays are compared with; NumPy 1 refuses to compare bytes with what is no byte. */
function limit(dice: Choice): string {
  return dice.pick(['0', '1', '2', '5', '0.5', '-1.25', '1e3', 'len(n)', 'float(w[2])'])
}

/** Anything with a text to print. */
const anything: Make = (dice, depth) => {
  const of = () => array(dice, depth)
  const axis = () => dice.pick(['', 'axis=0', 'axis=1', 'axis=-1, keepdims=True'])
  return dice.pick<() => string>([
    of,
    of,
    () =>
      `${of()}.${dice.pick(['sum', 'mean', 'min', 'max', 'any', 'all', 'std', 'argmax'])}(${dice.pick(['', 'axis=0', 'axis=1'])})`,
    () => `np.${dice.pick(['sum', 'prod', 'mean', 'median', 'ptp', 'var'])}(${of()} * 1${axis() && `, ${axis()}`})`,
    () =>
      `${of()}[${dice.pick(['0', '-1', '1:', ':, 1', '1, 2', '..., 0', 'None, 0', '[2, 0]', ':, ::2', 'm', 'a > 5'])}]`,
    () => `${of()}.reshape(${dice.pick(['-1', '4, 3', '2, -1', '(2, 2, 3)', '5, 2'])})`,
    () => `${of()}.${dice.pick(['shape', 'dtype', 'ndim', 'size', 'T', 'strides', 'nbytes'])}`,
    () => `(${of()} * 1.0) @ w`,
    () => `np.unique(${of()})`,
    () => `np.nonzero(${of()})`,
    () => `np.split(${of()}, ${dice.pick(['3', '2', '[1]'])})`,
    () => `[int(x) for x in ${of()}.ravel() if x > ${dice.below(4)}][:${2 + dice.below(4)}]`,
    () => `[row.sum() > ${limit(dice)} for row in ${of()}]`,
    () => `{i: float(x) for i, x in enumerate(${of()}[${dice.below(3)}])}`,
    () => `f"{float(${of()}[0, 1]):.3f}|{s:>6}|{n}"`,
    () => `sorted(${dice.pick(['n', 's', 'v.tolist()', '[3, 1.5, 2]'])}, reverse=${dice.pick(['True', 'False'])})`,
    () =>
      `max(${dice.pick(['n', '(1, 2.5)', 'v', 'n[1:]'])}) ${dice.pick(['+', '*', '-', '//', '%', '**'])} ${dice.pick(['2', '3', 'len(s)'])}`,
    () => `s${dice.pick(['.upper()', '[::-1]', ' * 2', '.find("b")', '[1]', '.split("a")', '[5]'])}`,
    () => `dict(zip(s, n))${dice.pick(['', '["l"]', '.get("x")', '["x"]', '.items()'])}`,
    () => `${dice.pick(['a', 'b'])}.sum() if ${number(dice)} else ${number(dice)}`,
    () => `np.array(${dice.pick(['n', '[n, n]', '[[1, 2.5], [3, 4]]', '[1, 2, 3.5]', '[]', '[[1], [2, 3]]'])})`,
    () => `int("${dice.pick(['12', ' 7 ', 'x', '1.5'])}") + n[${dice.pick(['0', '1', '3'])}]`,
  ])()
}

const statement: Make = (dice, depth) => {
  const name = dice.pick(['x', 'y', 'z'])
  const index = dice.pick(['0', '1, 2', ':, 0', 'm', '::2', '[0, 2]', '5'])
  return dice.pick<() => string>([
    () => `${name} = ${anything(dice, depth)}\nprint(${name})`,
    () => `print(${anything(dice, depth)}, ${anything(dice, 1)})`,
    () =>
      `x = ${array(dice, depth)} * 1.0\nx[${index}] = ${dice.pick(['7', '0.5', 'b[0, 0]', 'x.max()', 'w'])}\nprint(x)`,
    () =>
      `x = ${array(dice, 1)}.copy()\nx ${dice.pick(['+=', '-=', '*='])} ${dice.pick(['1', '2', 'x', '0.5'])}\nprint(x)`,
    () =>
      `total = 0\nfor i, row in enumerate(${array(dice, depth)}):\n    if i == ${dice.below(3)}:\n        continue\n    total += float(row.sum())\nprint(round(total, 6))`,
    () => `k = ${dice.below(6)}\nwhile k > 0:\n    k -= ${1 + dice.below(2)}\nelse:\n    print("end", k)`,
    () =>
      `def f(p, q=${number(dice)}, *rest):\n    """${dice.below(9)}"""\n    return p * q + len(rest)\nprint(f(${anything(dice, 1)}), f(1, 2, 3, 4))`,
    () =>
      `try:\n    print(${anything(dice, depth)})\n    n[9]\nexcept IndexError as e:\n    print(e)\nfinally:\n    print("done")`,
  ])()
}

/** A program each of whose statements tells an error's type and goes on; it prints the same in Python with NumPy. */
export function wellFormed(dice: Choice, statements: number): string {
  const parts = Array.from({ length: statements }, () => {
    const lines = statement(dice, 1 + dice.below(3)).split('\n')
    return `try:\n${lines.map((line) => `    ${line}`).join('\n')}\nexcept Exception as error:\n    print(type(error).__name__)`
  })
  return [...beginning, ...parts].join('\n')
}

const pieces = [
  ...'()[]{}:,;.=+-*/%<>!&|^~@#\\\'"`$? \n\t'.split(''),
  ...[
    '    ',
    'if ',
    'for ',
    ' in ',
    'def ',
    'lambda ',
    'return ',
    'while ',
    'True',
    'None',
    '...',
    '**',
    '//',
    ':=',
    '->',
  ],
  ...[
    'np.',
    'np.zeros',
    'a[',
    'image',
    '__class__',
    'constructor',
    '1e400',
    '0x',
    '10**9',
    "f'{",
    'é',
    '😀',
    '\u0000',
    '\r',
  ],
  ...[
    'try:\n',
    'except:\n',
    'finally:\n',
    'raise ',
    'del ',
    'global x\n',
    'import ',
    'from x import y\n',
    'yield ',
    'not ',
  ],
]

/** A program with something added, taken out, moved or cut off; or nothing but pieces. */
export function broken(dice: Choice): string {
  let text = dice.below(5) === 0 ? '' : wellFormed(dice, 1 + dice.below(3))
  for (let changes = 1 + dice.below(6); changes > 0; changes--) {
    const at = dice.below(text.length + 1)
    const end = Math.min(text.length, at + 1 + dice.below(20))
    switch (dice.below(5)) {
      case 0:
        text = text.slice(0, at) + text.slice(end)
        break
      case 1:
        text = text.slice(0, at)
        break
      case 2:
        text = text.slice(0, at) + text.slice(at, end).repeat(2 + dice.below(3)) + text.slice(end)
        break
      default: {
        const added = Array.from({ length: 1 + dice.below(8) }, () => dice.pick(pieces)).join('')
        text = text.slice(0, at) + added + text.slice(at)
      }
    }
  }
  return text
}
