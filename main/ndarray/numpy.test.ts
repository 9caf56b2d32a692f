import { describe, it } from 'vitest'
import {
  binary,
  callFunction,
  ellipsis,
  getItem,
  NDArray,
  numpy,
  Scalar,
  Session,
  setItem,
  Slice,
  str,
  Tuple,
  type Value,
} from './index.ts'
import { type Both, call, compareAll, generator, item, operate, source } from '../../tests/support/numpy.ts'
import { hasPython } from '../../tests/support/python.ts'

describe.skipIf(!hasPython('numpy'))('against NumPy itself (needs python3 with numpy)', () => {
  it('adds, compares and promotes alike', () => {
    const { pick, shape, array, int } = generator(1)
    const operators = ['+', '-', '*', '/', '//', '%', '&', '|', '^', '==', '!=', '<', '<=', '>', '>='] as const
    const all = Array.from({ length: 600 }, () => {
      const first = shape(int(4), 1)
      const second =
        int(5) === 0 ? shape(int(3), 1) : first.slice(int(first.length + 1)).map((n) => (int(3) === 0 ? 1 : n))
      return operate(pick(operators), array(first), array(second))
    })
    compareAll(all)
  })
  it('meets Python numbers and scalars alike', () => {
    const { pick, array, number, int } = generator(2)
    const operators = ['+', '-', '*', '/', '//', '%', '**', '<', '=='] as const
    const all = Array.from({ length: 400 }, () => {
      const scalar = getItem(array([1]), 0n)
      const other = pick([number('i'), number('f'), number('b'), scalar])
      const a = int(4) === 0 ? getItem(array([1]), 0n) : array([3])
      // Its float32 powers are good to the last digit but one.
      if (a.dtype.name === 'float32' || (other instanceof Scalar && other.dtype.name === 'float32'))
        return operate('+', a, other)
      return int(2) === 0 ? operate(pick(operators), a, other) : operate(pick(operators), other, a)
    })
    compareAll(all)
  })
  it('indexes alike, refusals included', () => {
    const { pick, shape, array, int } = generator(3)
    const key = (): Value =>
      pick<() => Value>([
        () => BigInt(int(7) - 3),
        () => new Slice(),
        () => new Slice(BigInt(int(5) - 2), BigInt(int(9) - 4), pick([null, 1n, 2n, -1n, -2n])),
        () => null,
        () => ellipsis,
        () => [BigInt(int(4) - 2), BigInt(int(4) - 2)],
        () => [[0n], [BigInt(int(3))]],
        () => [true, false, int(2) === 0],
      ])()
    const all = Array.from({ length: 800 }, () => {
      const a = array(shape(1 + int(3), 1), 'int64')
      return item(a, int(3) === 0 ? key() : new Tuple(Array.from({ length: int(4) }, key)))
    })
    compareAll(all)
  })
  it('reduces alike, over any axes, to the last bit', () => {
    const { pick, shape, array, int } = generator(4)
    const names = [
      'sum',
      'mean',
      'prod',
      'std',
      'var',
      'min',
      'max',
      'any',
      'all',
      'argmax',
      'argmin',
      'median',
      'cumsum',
      'count_nonzero',
      'ptp',
    ]
    const all = Array.from({ length: 500 }, () => {
      const a = array(shape(1 + int(4), 1))
      const name = pick(names)
      const axis = pick<Value>([null, BigInt(int(a.ndim)), -1n])
      const keywords: Record<string, Value> = { axis }
      if (name !== 'cumsum' && !name.startsWith('arg') && int(2) === 0) keywords.keepdims = true
      return call(name, [a], keywords)
    })
    compareAll(all)
  })
  it('assigns alike, refusals included', () => {
    const { pick, shape, array, int, number } = generator(8)
    const key = (): Value =>
      pick<() => Value>([
        () => BigInt(int(5) - 2),
        () => new Slice(),
        () => new Slice(pick([null, 0n, 1n]), null, pick([null, 2n, -1n])),
        () => null,
        () => ellipsis,
        () => [0n, BigInt(int(3) - 1)],
        () => array([2 + int(2)], 'bool'),
      ])()
    const all = Array.from({ length: 600 }, (): Both => {
      const a = array(shape(1 + int(3), 1), pick(['int64', 'float64', 'uint8', 'bool']))
      const at = int(3) === 0 ? key() : new Tuple(Array.from({ length: int(3) }, key))
      const value = pick<() => Value>([
        () => 1n,
        () => number('u'),
        () => number('b'),
        () => array([int(4)], 'int64'),
        () => array([2, 1], 'float32'),
      ])()
      const negative = value instanceof NDArray && a.dtype.kind === 'u' && value.dtype.kind === 'f'
      const written = negative ? 7n : value
      return {
        code: `(lambda a: (a.__setitem__(${source(at)}, ${source(written)}), a))(${source(a)})`,
        run: () => {
          setItem(a, at, written)
          return new Tuple([null, a])
        },
      }
    })
    compareAll(all)
  })
  it('writes through overlapping views alike', () => {
    const { int, pick } = generator(9)
    const slice = () => new Slice(BigInt(int(4)), BigInt(8 - int(4)), pick([1n, 2n, -1n]))
    const all = Array.from({ length: 200 }, (): Both => {
      const [to, from] = [slice(), slice()]
      return {
        code: `(lambda a: (a[1:9].__setitem__(${source(to)}, a[::-1][${source(from)}]), a))(np.arange(10))`,
        run: () => {
          const a = callFunction('arange', numpy.arange!, new Session(), [10n]) as NDArray
          const part = getItem(a, new Slice(1n, 9n)) as NDArray
          setItem(part, to, getItem(getItem(a, new Slice(null, null, -1n)) as NDArray, from))
          return new Tuple([null, a])
        },
      }
    })
    compareAll(all)
  })
  it('works through the rest of the namespace alike', () => {
    const { pick, shape, array, int, number } = generator(5)
    const one = new Tuple([2n, 3n])
    const all = Array.from({ length: 700 }, (): Both => {
      const m = array([2 + int(3), 2 + int(3)], pick(['int64', 'float64', 'uint8', 'int16', 'float32', 'bool']))
      const v = array([1 + int(6)], pick(['int64', 'float64', 'uint8', 'float32']))
      const w = array(v.shape, pick(['int64', 'float64']))
      const c = array(shape(1 + int(3), 1), pick(['int64', 'float64', 'uint8']))
      return pick<() => Both>([
        () =>
          call(
            pick([
              'flipud',
              'fliplr',
              'rot90',
              'transpose',
              'ravel',
              'squeeze',
              'tril',
              'triu',
              'trace',
              'diag',
              'argwhere',
              'flatnonzero',
              'atleast_3d',
              'flip',
              'diagonal',
            ]),
            [m],
          ),
        () => call('rot90', [m, BigInt(int(7) - 3)]),
        () => call(pick(['sort', 'argsort']), [m], { axis: pick([0n, -1n, null]), kind: 'stable' }),
        () => call('unique', [m], { return_index: int(2) === 0, return_counts: int(2) === 0 }),
        () =>
          call(
            'pad',
            [m, pick<Value>([1n, new Tuple([1n, 2n]), new Tuple([new Tuple([0n, 1n]), new Tuple([2n, 0n])])])],
            { mode: pick(['constant', 'edge', 'reflect', 'symmetric', 'wrap']) },
          ),
        () => call(pick(['concatenate', 'stack', 'vstack', 'hstack', 'dstack', 'column_stack']), [new Tuple([v, w])]),
        () => call(pick(['concatenate', 'stack']), [[m, m]], { axis: pick([0n, 1n, -1n]) }),
        () => call('array_split', [m, BigInt(1 + int(4))], { axis: pick([0n, 1n]) }),
        () => call('split', [v, [1n, BigInt(int(4))]]),
        () => call(pick(['tile', 'resize']), [m, pick<Value>([new Tuple([2n]), one])]),
        () => call('repeat', [m, BigInt(int(3))], { axis: pick([null, 0n, 1n]) }),
        () => call('roll', [m, BigInt(int(7) - 3)], { axis: pick([null, 0n, -1n]) }),
        () =>
          call(pick(['dot', 'matmul', 'inner', 'outer', 'tensordot']), [
            array([2, 3], 'int64'),
            array(pick([[3], [3, 2], [2, 2]]), 'int32'),
          ]),
        () => call('matmul', [array([2, 2, 3], 'int64'), array([3, 2], 'int64')]),
        () =>
          call(pick(['dot', 'convolve', 'outer', 'kron', 'vdot']), [
            array([4], 'int64'),
            array([int(2) === 0 ? 4 : 3], 'int64'),
          ]),
        () =>
          call('convolve', [array([5], 'int64'), array([1 + int(3)], 'int64')], {
            mode: pick(['full', 'same', 'valid']),
          }),
        () =>
          call('correlate', [array([5], 'int64'), array([1 + int(3)], 'int64')], {
            mode: pick(['full', 'same', 'valid']),
          }),
        () => call('clip', [v, number('u'), number('u')]),
        () => call('where', [array(v.shape, 'bool'), v, w]),
        () => call('histogram', [v, pick<Value>([4n, 10n])]),
        () => call('searchsorted', [[-9n, 0n, 0n, 4n, 11n], w], { side: pick(['left', 'right']) }),
        () => call('bincount', [array([6], 'uint8')]),
        () => call('diff', [c], { axis: pick([0n, -1n]) }),
        () => call('round', [array([4], 'float64'), BigInt(int(4) - 1)]),
        () => call(pick(['sqrt', 'abs', 'negative', 'sign', 'square', 'isnan', 'rint', 'logical_not']), [c]),
        () => call(pick(['floor', 'ceil', 'trunc']), [array(shape(2, 1), pick(['float64', 'float32']))]),
        () =>
          call(
            pick(['maximum', 'minimum', 'fmod', 'logical_and', 'copysign', 'power', 'floor_divide', 'true_divide']),
            [v, w],
          ),
        () => call('linspace', [BigInt(int(5)), number('f'), BigInt(int(8))], { endpoint: int(2) === 0 }),
        () => call('arange', [number('f'), number('f'), pick([0.5, 0.1, 1n, 3n])]),
        () => call('eye', [3n, BigInt(1 + int(4))], { k: BigInt(int(3) - 1) }),
        () => call('take', [c, [0n, -1n]], { axis: pick([null, 0n]) }),
        () => call('delete', [c, 0n], { axis: pick([null, 0n]) }),
        () => call('insert', [v, 1n, 9n]),
        () => call('append', [v, w]),
        () => call('reshape', [c, new Tuple([-1n, 2n])]),
        () => call('moveaxis', [array([2, 3, 1, 2], 'int8'), 0n, BigInt(int(4))]),
        () => call('swapaxes', [array([2, 3, 2], 'int8'), 0n, 2n]),
        () => call('expand_dims', [c, pick<Value>([0n, -1n, new Tuple([0n, 2n])])]),
        () => call('broadcast_to', [v, new Tuple([2n, BigInt(v.size)])]),
        () => call('percentile', [w, pick<Value>([50n, 30n, [25n, 75n]])]),
        () => call('average', [v], { weights: array(v.shape, 'uint8') }),
        () => {
          // A tuple since NumPy 2.
          const grids = call('meshgrid', [v, w])
          return { ...grids, code: `tuple(${grids.code})` }
        },
        () => call('isin', [v, [1n, 2n, 3n]]),
        () => call(pick(['union1d', 'intersect1d', 'setdiff1d']), [v, w]),
        () => call('digitize', [v, [-5n, 0n, 5n]]),
        () => call('einsum', ['ij,jk->ik', array([2, 3], 'int64'), array([3, 2], 'int64')]),
        () => call('full', [one, number(pick(['b', 'i', 'f']))]),
        () => call('interp', [v, [0n, 1n, 5n], [1.0, 2.0, -3.0]]),
        () => call('cumprod', [m], { axis: pick([null, 0n, 1n]) }),
      ])()
    })
    compareAll(all)
  })
  it('draws the same random numbers', () => {
    const drawn = (seed: number, name: string, args: readonly Value[], keywords: Record<string, Value> = {}): Both => {
      const one = call(`random.${name}`, args, keywords)
      return {
        code: `(np.random.seed(${seed}), ${one.code}, np.random.rand())`,
        run: () => {
          const session = new Session()
          const run = (called: string, given: readonly Value[], named: Record<string, Value> = {}) =>
            callFunction(called, numpy[`random.${called}`]!, session, given, named)
          return new Tuple([run('seed', [BigInt(seed)]), run(name, args, keywords), run('rand', [])])
        },
      }
    }
    const size = new Tuple([2n, 3n])
    const all = [0, 3, 42, 4294967295].flatMap((seed) => [
      drawn(seed, 'rand', [3n]),
      drawn(seed, 'uniform', [-1n, 1n, size]),
      drawn(seed, 'randint', [0n, 10n, 5n]),
      drawn(seed, 'randint', [7n]),
      drawn(seed, 'randint', [0n, 256n], { size, dtype: 'uint8' }),
      drawn(seed, 'randint', [0n, 2n], { size: 40n, dtype: 'bool' }),
      drawn(seed, 'randint', [-5n, 300n], { size, dtype: 'int16' }),
      drawn(seed, 'choice', [5n, 3n]),
      drawn(seed, 'choice', [[2n, 4n, 8n]]),
      drawn(seed, 'choice', [10n], { size: 4n, replace: false }),
      drawn(seed, 'choice', [4n], { size: 5n, p: [0.1, 0.2, 0.3, 0.4] }),
      drawn(seed, 'choice', [4n], { size: 3n, p: [0.1, 0.2, 0.3, 0.4], replace: false }),
      drawn(seed, 'permutation', [9n]),
      drawn(seed, 'permutation', [
        [
          [1n, 2n],
          [3n, 4n],
          [5n, 6n],
        ],
      ]),
      drawn(seed, 'normal', [2.0, 0.5, 3n]),
    ])
    compareAll(all)
  })
  it('prints floats of every size alike', () => {
    const { int, pick, session } = generator(6)
    const all = Array.from({ length: 1500 }, () => {
      const name = pick(['float64', 'float64', 'float32', 'float16'])
      const scale = pick([0, 0, 3, 6, 12])
      const special = () => pick([0, -0, NaN, Infinity, -Infinity, 0.5, 1e-5, 123456.789])
      const values = Array.from({ length: 1 + int(7) }, () =>
        int(6) === 0 ? special() : (session.random.rand() - 0.5) * 10 ** (int(2 * scale + 1) - scale),
      )
      const rounded = values.map((x) => (int(3) === 0 ? Math.round(x * 64) / 64 : x))
      return call('array', [rounded], { dtype: name })
    })
    compareAll(all)
  })
  it('wraps, aligns and summarises alike', () => {
    const { int, pick } = generator(7)
    const all = Array.from({ length: 120 }, (): Both => {
      const shape = pick([[40], [3, 30], [2, 3, 4], [1200], [40, 40], [11, 11, 11], [2, 600], [1, 1], [0, 3], []])
      const scale = pick([1n, 7n, 1000n, -3n, 0.1, 1e-3, 123.456])
      const count = BigInt(shape.reduce((product, n) => product * n, 1))
      const offset = BigInt(int(50))
      return {
        code: `str(np.arange(${count}).reshape(${source(new Tuple(shape.map(BigInt)))}) * ${source(scale)} - ${offset})`,
        run: () => {
          const session = new Session()
          const row = callFunction('arange', numpy.arange!, session, [count])
          const a = callFunction('reshape', numpy.reshape!, session, [row, new Tuple(shape.map(BigInt))])
          const text = str(binary('-', binary('*', a, scale), offset))
          return text
        },
      }
    })
    compareAll(all)
  })
})
