import { describe, expect, it } from 'vitest'
import { finish } from '../../shared/steps.ts'
import type { Tensor } from '../../shared/tensor.ts'
import { openLab, runProgram, startCell } from '../../tests/support/lab.ts'

describe('the lab refuses, by name and line,', () => {
  it.each([
    ['import os', 'ModuleNotFoundError', "No module named 'os'"],
    ['from subprocess import run', 'ModuleNotFoundError', "No module named 'subprocess'"],
    ['import numpy.ctypeslib', 'ModuleNotFoundError', 'numpy.ctypeslib'],
    ['from numpy import load', 'ImportError', "cannot import name 'load'"],
    ["open('/etc/passwd')", 'NameError', 'open'],
    ["eval('1')", 'NameError', 'eval'],
    ["exec('1')", 'NameError', 'exec'],
    ["__import__('os')", 'NameError', '__import__'],
    ["getattr(1, 'real')", 'NameError', 'getattr'],
    ["np.load('x.npy')", 'AttributeError', "no attribute 'load'"],
    ["np.fromfile('x')", 'AttributeError', "no attribute 'fromfile'"],
    ["from PIL import Image\nImage.open('/etc/passwd')", 'FileNotFoundError', '/etc/passwd'],
    ['class A: pass', 'SyntaxError', "'class'"],
    ['with x as y: pass', 'SyntaxError', "'with'"],
    ['def f(): yield 1', 'SyntaxError', "'yield'"],
    ['async def f(): pass', 'SyntaxError', "'async'"],
    ['async def f():\n    pass', 'SyntaxError', "'async'"],
    ['match 1:\n    case 1:\n        pass', 'SyntaxError', "'match'"],
    ['@f\ndef g(): pass', 'SyntaxError', 'decorators'],
    ["b'bytes'", 'SyntaxError', 'bytes'],
    ['1j', 'SyntaxError', 'complex'],
    ['np.mgrid[0:1:2 + 3j]', 'SyntaxError', 'complex'],
    ['np.zeros(2).view(np.int64)', 'NotImplementedError', 'int64'],
    ['np.arange(2).view(np.uint8)', 'NotImplementedError', 'int64'],
    ['np.zeros(8, np.uint8)[1:5].view(np.float32)', 'NotImplementedError', 'float32 where none begins'],
    ['np.full(2, 7, np.uint8).view(bool)', 'NotImplementedError', 'truth values'],
  ])('%j', (code, kind, named) => {
    const { error } = runProgram(code)
    expect(error).toMatchObject({ kind, line: code.includes('\nImage') ? 2 : 1 })
    expect(error?.message).toContain(named)
  })

  // Names that mean something on an object of JavaScript's, or climb to Python's insides.
  const names = ['__proto__', 'constructor', 'prototype', 'toString', 'valueOf', 'hasOwnProperty', '__class__']
  const more = ['__dict__', '__globals__', '__subclasses__', '__defineGetter__', 'items_', 'storage', 'call', 'entries']
  const values = ['1', '1.5', "'a'", '[1]', '(1,)', '{}', '{1}', 'None', 'True', 'len', 'int', 'np', 'np.zeros(2)']
  const rest = [
    'np.zeros(2)[0]',
    'np.zeros(2).dtype',
    'np.uint8',
    'range(3)',
    '(lambda: 1)',
    'ValueError()',
    'np.random',
    'iter([1])',
  ]

  it.each([...names, ...more])('the attribute %s of every kind of value', (name) => {
    for (const value of [...values, ...rest]) {
      const { error } = runProgram(`x = ${value}\nx.${name}`)
      expect(`${value}: ${error?.kind}, line ${error?.line}`).toBe(`${value}: AttributeError, line 2`)
      expect(runProgram(`x = ${value}\nx.${name} = 1`).error?.kind).toBe('AttributeError')
    }
  })

  it.each(names)('%s as the name of a variable, key, argument, dtype or function of NumPy’s', (name) => {
    expect(runProgram(`print(${name})`).error?.kind).toBe('NameError')
    expect(runProgram(`${name} = 5\nprint(${name}, {'${name}': 1}['${name}'], dict(${name}=2))`).output).toBe(
      `5 1 {'${name}': 2}\n`,
    )
    expect(runProgram(`def f(**k): return k\nprint(f(${name}=1), f(**{'${name}': 2}))`).output).toBe(
      `{'${name}': 1} {'${name}': 2}\n`,
    )
    expect(runProgram(`{}['${name}']`).error?.kind).toBe('KeyError')
    expect(runProgram(`np.zeros(2, dtype='${name}')`).error?.kind).toBe('TypeError')
    expect(runProgram(`np.zeros(2, ${name}=1)`).error?.kind).toBe('TypeError')
    expect(runProgram(`np.pad(np.zeros(2), 1, mode='${name}')`).error).not.toBeNull()
    expect(runProgram(`import ${name}`).error?.kind).toBe('ModuleNotFoundError')
    expect(runProgram(`'{0.${name}}'.format(1)`).error?.kind).toBe('AttributeError')
    expect(Object.prototype).not.toHaveProperty('polluted')
  })
})

describe('the limits of the lab', () => {
  it.each([
    ['steps', 'while True: pass', { steps: 20_000 }, 'TimeoutError', '20000 steps'],
    ['steps of comprehensions', '[0 for i in range(10**9)]', { steps: 20_000 }, 'TimeoutError', '20000 steps'],
    ['steps in built-in functions', 'sum(range(10**12))', { steps: 20_000 }, 'TimeoutError', '20000 steps'],
    [
      'steps that no handler hides',
      'while True:\n  try:\n    while True: pass\n  except: pass\n  finally: x = 1',
      { steps: 20_000 },
      'TimeoutError',
      '20000 steps',
    ],
    ['time', 'while True: pass', { milliseconds: 30 }, 'TimeoutError', '0.03 seconds'],
    [
      'memory of a list',
      'x = []\nwhile True: x.append([0] * 1000)',
      { memory: 2 ** 22 },
      'MemoryError',
      'may hold 4 MB',
    ],
    ['memory of a text', "'a' * 10**9", { memory: 2 ** 22 }, 'MemoryError', 'may hold 4 MB'],
    [
      'memory of arrays',
      'x = [np.zeros(1000) for i in range(10000)]',
      { memory: 2 ** 22 },
      'MemoryError',
      'may hold 4 MB',
    ],
    [
      'memory of what waits',
      'def f(n): return [0] * 10000 + f(n + 1)\nf(0)',
      { memory: 2 ** 22 },
      'MemoryError',
      'may hold 4 MB',
    ],
    ['output', "while True: print('again')", { output: 1000 }, 'OutputError', '1000 characters'],
  ] as const)('end a program for its %s, and say so', (_, code, limits, kind, says) => {
    const { error } = runProgram(code, { limits })
    expect(error?.kind).toBe(kind)
    expect(error?.message).toContain(says)
    expect(error?.line).toBeGreaterThan(0)
  })

  it('let go of what is no longer held', () => {
    const code = 'for i in range(200):\n    x = np.zeros(10000)\n    y = [x[0]] * 1000\nprint(len(y))'
    expect(runProgram(code, { limits: { memory: 2 ** 20 } })).toMatchObject({ output: '1000\n', error: null })
  })

  it.each([
    ['a power', '2 ** 10**10', 'OverflowError'],
    ['a shift', '1 << 10**9', 'OverflowError'],
    ['digits to read', "int('9' * 10**6)", 'ValueError'],
    ['a width of %', "'%1000000000d' % 1", 'ValueError'],
    ['a width of a format', "f'{1:1000000000}'", 'ValueError'],
    ['a width of a text', "'a'.ljust(10**12)", 'MemoryError'],
    ['a place in a range', 'range(10**30)[10**29]', null],
    ['a list of a range', 'list(range(10**30))', 'MemoryError'],
    ['a list of a list', '[0] * 10**12', 'MemoryError'],
    ['an array', 'np.zeros((10**5, 10**5))', 'MemoryError'],
    ['a matrix product', 'a = np.zeros((3000, 3000), dtype=np.uint8)\na @ a', 'MemoryError'],
    ['the places of a triangle', 'np.tril_indices(10**5)', 'MemoryError'],
    ['what is padded', "np.pad(np.zeros(3), 10**9, mode='edge')", 'MemoryError'],
    ['what is broadcast', 'np.ones(10**5)[:, None] > np.ones(10**5)', 'MemoryError'],
    ['a draw', 'np.random.permutation(10**10)', 'MemoryError'],
    ['values of an iterable', 'np.linspace([0] * 1000, 1, 10**6)', 'MemoryError'],
    ['lines', 'np.linspace(np.zeros(9 * 10**6), 1, 1)', 'MemoryError'],
    ['objects', 'np.zeros(10**8).tolist()', 'MemoryError'],
    ['digits', 'np.base_repr(5, 2, 10**9)', 'ValueError'],
    ['axes of a diagonal', 'np.diag_indices(2, 10**9)', 'MemoryError'],
    ['quantiles', 'np.quantile(np.zeros((10**4, 1)), np.linspace(0, 1, 10**6), axis=1)', 'MemoryError'],
    ['differences of differences', 'np.diff([1, 2], 10**9)', null],
    ['rows of a matrix without columns', 'np.eye(10**10, 0)', null],
    ['places in nothing', 'np.ndindex(10**10, 0)', null],
    ['parts', 'np.array_split([1], 10**10)', 'MemoryError'],
    ['a power of a matrix', 'np.linalg.matrix_power(np.eye(2), 10**12)', null],
    ['contracted axes', 'np.tensordot(1, 1, 10**10)', 'ValueError'],
    ['a product of all pairs', 'a = np.zeros(10**5)\nnp.outer(a, a)', 'MemoryError'],
    ['depth to print', 'x = []\nfor i in range(10**4): x = [x]\nprint(x)', 'RecursionError'],
    ['brackets', '('.repeat(400) + ')'.repeat(400), 'SyntaxError'],
    ['terms', `x = ${'1 + '.repeat(5000)}1`, 'SyntaxError'],
    ['signs', `x = ${'-'.repeat(5000)}1`, 'SyntaxError'],
  ])('bound %s that one expression may ask for', (_, code, kind) => {
    const { error } = runProgram(code)
    expect(error?.kind ?? null).toBe(kind)
  })

  it('leave a program stoppable wherever it is', () => {
    for (const code of [
      'while True: pass',
      'sum(i for i in iter(range(10**9)))',
      'def f(): return f() if 1 else 0\nwhile 1:\n  try: f()\n  except RecursionError: pass',
      'sorted(range(10**6), key=lambda v: -v)',
    ]) {
      const session = openLab()
      const steps = startCell(session, code)
      for (let i = 0; i < 50; i++) expect(steps.next().done).toBe(false)
      session.interrupt()
      expect(steps.next()).toMatchObject({ done: true, value: { error: { kind: 'KeyboardInterrupt' } } })
    }
  })
})

it('keep the stages of a run from being written, by whatever name', () => {
  const tensor = { shape: [2, 2], data: new Float64Array([1, 2, 3, 4]) }
  for (const code of [
    "stages['x'][0] = 9",
    "stages['x'].flags.writeable = True",
    "stages['x'][:1].flags['WRITEABLE'] = True",
    "stages['x'].flat[0] = 9",
    "stages['x'].flat = 9",
    "np.put(stages['x'], 0, 9)",
    "np.copyto(stages['x'], 9)",
    "np.fill_diagonal(stages['x'], 9)",
    "np.place(stages['x'], stages['x'] > 0, 9)",
    "np.put_along_axis(stages['x'], np.array([[0]]), 9, axis=1)",
    "stages['x'].sort()",
    "stages['x'].fill(9)",
    "np.add(1, 1, out=stages['x'])",
    "stages['x'].T[0, 0] = 9",
    "x = stages['x']\nx += 1",
    "np.random.shuffle(stages['x'])",
  ]) {
    const { error } = finish(startCell(openLab(), code, new Map(), new Map([['x', tensor as Tensor]])))
    expect(`${code}: ${error?.kind}`).toBe(`${code}: ValueError`)
    expect([...tensor.data], code).toEqual([1, 2, 3, 4])
  }
})
