import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { openLab, runProgram } from '../../tests/support/lab.ts'
import { hasPython, runPython } from '../../tests/support/python.ts'
import { fixturesDir } from '../../tests/support/shared.ts'
import { finish } from '../../shared/steps.ts'
import { noImages } from './pictures.ts'

const fixture = (name: string) => readFileSync(path.join(fixturesDir, 'array-lab', name), 'utf8')

const programs: Readonly<Record<string, string>> = {
  'closures and defaults are bound as Python binds them': `
def outer(n, seen=[]):
    seen.append(n)
    def add(x, by=n): return x + by + n
    n = n * 10
    return add, seen
f, _ = outer(1); g, seen = outer(2)
print(f(1), g(1), seen)
total = 0
def bump():
    global total
    total += 1
    return [bump2() for bump2 in [lambda: total]]
print(bump(), bump(), total)
`,
  'loops, else, break, continue and finally take the same way': `
def way():
    told = []
    for i in range(6):
        try:
            if i == 1: continue
            if i == 4: break
            told.append(i)
        finally:
            told.append(-i)
    else:
        told.append('else')
    while len(told) < 9:
        told.append('w')
    else:
        told.append('done')
    return told
print(way())
def nested():
    for i in range(3):
        for j in range(3):
            if j == i: break
        else:
            return i, j
    return None
print(nested())
`,
  'exceptions are caught, renamed, chained and told': `
def risky(n):
    try:
        return 10 / n
    except ZeroDivisionError as e:
        raise ValueError('no', n) from e
    finally:
        print('after', n)
for n in (2, 0):
    try:
        print(risky(n))
    except (KeyError, ValueError) as e:
        print(type(e).__name__, e.args, repr(e))
try:
    e
except NameError as gone:
    print(gone)
try:
    try: [][0]
    except KeyError: print('not here')
    else: print('nor here')
except LookupError as e: print('here', e)
`,
  'generator expressions are lazy and comprehensions have their own scope': `
x = 'kept'
print([x for x in range(3)], x)
def say(v):
    print('say', v)
    return v
g = (say(v) for v in range(5))
print(next(g), any(v > 1 for v in g), list(g))
print([y for row in [[1, 2], [3]] for y in row if y != 2], {k: [k] * n for k, n in [('a', 2)]})
print([last := v for v in range(3)], last)
print(sorted([(2, 'b'), (1, 'z'), (2, 'a')], key=lambda p: p[0]), list(zip(range(3), 'ab')))
`,
  'text is sliced, split, aligned and quoted': `
for t in ['', "it's", '"both\\'"', 'tab\\t', 'é\\x07', '\\\\']:
    print(repr(t), len(t), t[:2], t[::-1].strip())
print('a-b-c'.rsplit('-', 1), 'x=1'.partition('='), ' a  b '.split(' '), 'aXbX'.replace('X', '', 1))
print(f'{"left":<8}|{"right":>8}|{"mid":^8}|{42:+}|{-7:06d}|{0.5:.0%}|{1e6:,.1f}|{"cut":.2}')
print('{0[1]} {name!r} {0} {{}}'.format([1, 2], name='n'), '%(a)s-%(b)03d' % {'a': 1, 'b': 2})
`,
  'augmented assignment changes what it should': `
a = [1]; b = a; b += [2]; print(a)
b = b + [3]; print(a, b)
t = (1,); u = t; u += (2,); print(t, u)
d = {'k': [0]}; d['k'][0] += 5; d['k'] += [1]; print(d)
n = [0, 1, 2]; n[0], n[1] = n[1], n[0]; print(n)
i = 0
i, n[i] = 2, 'at two?'
print(i, n)
`,
  'functions of the program are called for every element, place and row': `
import numpy as np
print(np.fromfunction(lambda i, j: i * 10 + j, (3, 4)))
print(np.fromfunction(lambda i, j: i == j, (3, 3), dtype=int))
def f(x, y):
    if x > y:
        return x - y
    return x + y
v = np.vectorize(f)
print(v([1, 2, 3, 4], 2), v(np.array([[1.5], [2.5]]), np.arange(3)))
print(np.vectorize(lambda x: x / 2)(np.arange(3)), np.vectorize(lambda x: (x, x * 1.5))(np.arange(3)))
print(np.vectorize(lambda x: x / 2, otypes=[int])(np.arange(5)))
print(np.vectorize(lambda x: 1 if x < 2 else 2.5)(np.arange(4)))
a = np.arange(12).reshape(3, 4)
print(np.apply_along_axis(np.sum, 0, a), np.apply_along_axis(lambda r: r[::-1] * 0.5, 1, a), np.apply_along_axis(lambda r: r.max() - r.min(), -1, a))
r = np.random.RandomState(3)
print(r.randn(2, 2), r.randint(0, 10, 5), r.rand(), np.random.RandomState(0).uniform(-1, 1, 2))
np.random.seed(1); print(np.random.rand())
print(np.sum(a, initial=0.5), a.sum(axis=0, initial=2), np.prod(a[1], initial=2), np.max(a, initial=100), np.max([], initial=3.0))
`,
  'arrays and lists meet': `
import numpy as np
a = np.arange(4)
print([1, 2, 3, 4] + a, a.tolist(), [int(x) for x in a], sum(a), max(a), a[1] + 1, 3 in a, len(a))
print([float(x * 2) for x in a], dict(zip('ab', a.tolist())), np.array([row for row in a.reshape(2, 2)]).shape)
for i, row in enumerate(a.reshape(2, 2)):
    print(i, row, row.mean(), int(row[0]), float(row[1]), f'{row.mean():.2f}')
m = np.zeros((2, 2)); m[0] += 1; m[:, 1] *= 5; m[m > 3] = -1
print(m, m.shape == (2, 2), m.dtype == np.float64, isinstance(m, np.ndarray))
`,
}

/** Programs that fail, each in another way. */
const failing = [
  'x = 1\ny = x + undefined_name\n',
  'def f(a):\n    b = a\n    return b + c\n\nf(\n  2)\n',
  'import numpy as np\na = np.zeros((2, 3))\nb = np.zeros(4)\nc = 1 + (a * b)\n',
  'x = [1, 2]\nprint(x[5])\n',
  'x = [1, 2]\nx[5] = 3\n',
  'd = {}\ny = d["a"] + 1\n',
  'assert 1 == 2\n',
  'assert 1 == 2, "no"\n',
  'raise ValueError("bad")\n',
  'def f():\n    raise ValueError("bad")\nx = 1; f()\n',
  'x = "abc".foo\n',
  'for i in 5:\n    pass\n',
  'a, b = 1, 2, 3\n',
  'a, b = 5\n',
  'y = 3 * int("x") + 2\n',
  'x = 5\nx.real.foo.bar\n',
  'if 1 < "a":\n    pass\n',
  'x = (1,\n',
  'x = 1 +\n',
  'print("a" "b"\ny = 2\n',
  'def f(x):\nreturn x\n',
  'if x:\n# nothing\ny = 2\n',
  'try:\n    1/0\nexcept ZeroDivisionError as e:\n    raise KeyError("k") from e\n',
  'try:\n    1/0\nexcept ZeroDivisionError:\n    {}["z"]\n',
  'def f(n):\n    return f(n+1)\nf(0)\n',
  'g = (lambda v: v + "a")(1)\n',
  'x = 1\nx += "a"\n',
  'x = [1]\nx[0] += "a"\n',
  'def f(a, b): return a\nf(1)\n',
  'sorted([1, "a"])\n',
  'sorted([3, 1], key=lambda v: v.foo)\n',
  'import numpy as np\nnp.zeros(3).reshape(\n    2,\n    2)\n',
  'x = -"a"\n',
  'x = 1 if undefined else 2\n',
  'del zz\n',
  'def g():\n    x = y = 1\n    return [1,2][x:"a"]\ng()\n',
]

const tellAll = `
import json, subprocess, sys
print(json.dumps([subprocess.run([sys.executable, f], capture_output=True, text=True).stderr.rstrip() for f in sys.argv[1:]]))
`

describe('the language of the lab', () => {
  it('prints what Python 3 printed for a long program of its parts', () => {
    const { output, error } = runProgram(fixture('language.py'))
    expect(error?.traceback ?? '').toBe('')
    expect(output.split('\n')).toEqual(fixture('language.txt').split('\n'))
  })

  it.skipIf(!hasPython('numpy')).each(Object.entries(programs))('%s', (_, code) => {
    const { output, error } = runProgram(code)
    expect(error?.traceback ?? '').toBe('')
    expect(output).toBe(runPython(code))
  })

  it('tells an error with its line, its calls and its message', () => {
    const { output, error } = runProgram('print(1)\ndef f(a):\n    b = a\n    return b + c\n\nf(\n  2)\n')
    expect(output).toBe('1\n')
    expect(error).toMatchObject({ kind: 'NameError', message: "name 'c' is not defined" })
    expect(error).toMatchObject({ line: 4, column: 16, endLine: 4, endColumn: 17 })
    expect(error?.traceback).toBe(
      [
        'Traceback (most recent call last):',
        '  File "<lab>", line 6, in <module>',
        '    f(',
        '  File "<lab>", line 4, in f',
        '    return b + c',
        '               ^',
        "NameError: name 'c' is not defined",
      ].join('\n'),
    )
  })

  it.skipIf(!hasPython('numpy'))('tells every error as Python does, with the same lines and marks', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'layerloupe-test-'))
    const files = failing.map((code, i) => {
      const file = path.join(folder, `p${i}.py`)
      writeFileSync(file, code)
      return file
    })
    const told = JSON.parse(runPython(tellAll, ...files)) as string[]
    rmSync(folder, { recursive: true })
    for (const [i, code] of failing.entries()) {
      const cell = { cell: files[i]!, code, images: noImages }
      const { error } = finish(openLab().run(cell))
      expect(error?.traceback.trimEnd()).toBe(told[i])
    }
  })

  it('does as NumPy 2 where NumPy 1 and 2 differ, as the reference page says', () => {
    const told = (code: string) => {
      const { output, error } = runProgram(`print(repr(${code}))`)
      return error ? error.kind : output.trimEnd()
    }
    expect(told('np.uint8(200) + 100')).toBe('np.uint8(44)')
    expect(told('np.float32(3) + 3.0')).toBe('np.float32(6.0)')
    expect(told('np.uint8(1) + 300')).toBe('OverflowError')
    expect(told('np.uint8(1) < 300')).toBe('np.True_')
    expect(told('[np.float64(1.5), np.True_]')).toBe('[np.float64(1.5), np.True_]')
    expect(told('np.floor(np.arange(3))')).toBe('array([0, 1, 2])')
    expect(told('np.zeros(2) == np.zeros(3)')).toBe('ValueError')
    expect(told('np.concat(([1], [2])).sum() + np.permute_dims(np.eye(2))[0, 0] + np.acos(1)')).toBe('np.float64(4.0)')
    for (const gone of ['float', 'int', 'product']) expect(told(`np.${gone}`)).toBe('AttributeError')
    expect(told('np.int64(2) ** 62 + np.int64(1)')).toBe('np.int64(4611686018427387905)')
    expect(told('np.array([2 ** 63 - 1]) + 1')).toBe('array([-9223372036854775808])')
  })

  it('tells which shapes met', () => {
    const { error } = runProgram('a = np.zeros((2, 3))\nb = np.zeros((4,))\n\na * b')
    expect(error).toMatchObject({ kind: 'ValueError', line: 4 })
    expect(error?.message).toContain('operands could not be broadcast together with shapes (2,3) (4,)')
  })

  it.each([
    ['if x\n  y', 1, 'SyntaxError'],
    ['x = (1,\n2', 1, 'SyntaxError'],
    ['for i in range(3):\nprint(i)', 2, 'IndentationError'],
    ['x = 1\n  y = 2', 2, 'IndentationError'],
    ['if 1:\n    a = 1\n  b = 2', 3, 'IndentationError'],
    ['return 1', 1, 'SyntaxError'],
    ['f() = 1', 1, 'SyntaxError'],
    ['print "a"', 1, 'SyntaxError'],
  ])('refuses %j before anything of it runs', (code, line, kind) => {
    const { output, error } = runProgram(code)
    expect(output).toBe('')
    expect(error).toMatchObject({ line, kind })
  })

  it('goes as deep into recursion as Python, and tells where it ends', () => {
    expect(runProgram('def f(n): return 0 if n == 0 else 1 + f(n - 1)\nprint(f(900))').output).toBe('900\n')
    const { error } = runProgram('def f(n): return f(n + 1)\nf(0)')
    expect(error?.kind).toBe('RecursionError')
    expect(error?.traceback).toMatch(/\[Previous line repeated 9\d\d more times\]/)
  })
})
