import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { repoRoot } from '../../tests/support/shared.ts'
import { labNames } from './index.ts'

const names = labNames()

it('says of everything the lab has what it does, in one line', () => {
  expect(names.filter(({ doc }) => doc === '').map(({ name }) => name)).toEqual([])
  expect(names.filter(({ doc }) => !/^\S.*[.…]$/.test(doc)).map(({ name }) => name)).toEqual([])
})

it('lists everything once, with its parameters', () => {
  const listed = names.map(({ name }) => name)
  expect(listed.filter((name, i) => listed.indexOf(name) !== i)).toEqual([])
  const of = (name: string) => names.find((entry) => entry.name === name)
  expect(of('np.reshape')).toMatchObject({ kind: 'function', signature: "(a, shape, order='C')" })
  expect(of('ndarray.mean')).toMatchObject({
    kind: 'method',
    signature: expect.stringMatching(/^\(axis=None, /) as string,
  })
  expect(of('ndarray.shape')).toMatchObject({ kind: 'attribute', signature: '' })
  expect(of('print')).toMatchObject({ kind: 'function', signature: '(*values, sep=…, end=…, file=…, flush=…)' })
  expect(of('for')).toMatchObject({ kind: 'keyword', signature: '' })
})

it('is what the reference page lists', async () => {
  const file = path.join(repoRoot, 'docs/array-lab.md')
  const prose = readFileSync(file, 'utf8').split('\n## Everything in it\n')[0]!
  const groups: readonly (readonly [title: string, of: RegExp])[] = [
    ['NumPy', /^np\.[^.]*$/],
    ['np.random, np.linalg and np.lib', /^np\..*\./],
    ['Arrays', /^ndarray\./],
    ['Built-in functions and types', /^[^.]+$/],
    ['Strings, lists, tuples, dicts and sets', /^(str|list|tuple|dict|set)\./],
    ['Pictures: from PIL import Image', /^Image\./],
    ['Figures: import matplotlib.pyplot as plt', /^(plt|Axes|Figure)\./],
  ]
  const entries = names.filter(({ kind }) => kind !== 'keyword' && kind !== 'exception')
  const listed = groups.map(([title, of]) => {
    const lines = entries
      .filter(({ name }) => of.test(name))
      .map(({ name, signature, doc }) => `- \`${name}${signature}\`: ${doc}`)
    return `### ${title}\n\n${lines.join('\n')}\n`
  })
  const exceptions = names.filter(({ kind }) => kind === 'exception').map(({ name }) => `\`${name}\``)
  const page = [
    `${prose.trimEnd()}\n`,
    '## Everything in it\n',
    ...listed,
    '### Exceptions\n',
    `${exceptions.join(', ')}\n`,
  ]
  await expect(page.join('\n')).toMatchFileSnapshot(file)
})
