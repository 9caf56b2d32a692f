import { CompletionContext } from '@codemirror/autocomplete'
import { python } from '@codemirror/lang-python'
import { EditorState } from '@codemirror/state'
import { expect, test } from 'vitest'
import type { LabName, LabVariable } from '../../shared/lab.ts'
import { completions } from './completion.ts'
import { definitionsIn, parametersOf, signatureAt } from './signatures.ts'

const name = (text: string, signature: string, kind: LabName['kind'] = 'function'): LabName => {
  return { name: text, signature, doc: `${text} does.`, kind }
}
const array: LabVariable = {
  name: 'photo',
  kind: 'ndarray',
  id: '1',
  array: { dtype: 'uint8', shape: [2, 3], strides: [3, 1], bytes: 6, picture: true, view: null },
  text: '',
}
const known = {
  names: [
    name('np.zeros', '(shape)'),
    name('np.pad', "(array, pad_width, mode='constant', *, constant_values=0)"),
    name('np.random.rand', '(*size)'),
    name('ndarray.reshape', '(*shape)', 'method'),
    name('str.join', '(items)', 'method'),
    name('len', '(x)'),
  ],
  variables: [array, { name: 'word', kind: 'str', id: null, array: null, text: "'a'" }],
  stages: ['input', 'conv2d'],
  sources: ['def half(x, by=(1, 2)):\n    """Half of it."""\n    return x // 2', 'y = half(3)'],
}

/** What is offered at the bar in a text. */
async function offered(text: string): Promise<readonly string[]> {
  const at = text.indexOf('|')
  const state = EditorState.create({ doc: text.replace('|', ''), extensions: [python()] })
  const complete = completions(
    () => known,
    () => Promise.resolve(),
  )
  const result = await complete(new CompletionContext(state, at, false))
  return result ? result.options.map(({ label }) => label) : []
}

function signature(text: string): string | null {
  const at = text.indexOf('|')
  const state = EditorState.create({ doc: text.replace('|', ''), extensions: [python()] })
  return signatureAt(state, at, known)?.name.name ?? null
}

test('behind a dot come the members of what stands before it', async () => {
  expect(await offered('np.|')).toEqual(['zeros', 'pad'])
  expect(await offered('np.random.r|')).toEqual(['rand'])
  expect(await offered('photo.re|')).toEqual(['reshape'])
  expect(await offered('word.|')).toEqual(['join'])
  expect(await offered('(photo + 1).|')).toEqual(['reshape'])
})

test('a plain word is one of the session’s, of the cell’s own, or a builtin', async () => {
  const names = await offered('mine = 1\np|')
  expect(names).toEqual(expect.arrayContaining(['photo', 'word', 'mine', 'image', 'len']))
  expect(names).not.toContain('p')
})

test('the keys of stages are offered in its brackets, and nothing in other strings and comments', async () => {
  expect(await offered("stages['c|']")).toEqual(['input', 'conv2d'])
  expect(await offered("'pho|'")).toEqual([])
  expect(await offered('# pho|')).toEqual([])
})

test('the innermost call that is known says how it is called', () => {
  expect(signature('np.zeros(|)')).toBe('np.zeros')
  expect(signature('numpy.zeros(|')).toBe('np.zeros')
  expect(signature('photo.reshape(len(|))')).toBe('len')
  expect(signature('photo.reshape(len(x), |)')).toBe('ndarray.reshape')
  expect(signature('word.join(|)')).toBe('str.join')
  expect(signature('photo[1:].reshape(|)')).toBe('ndarray.reshape')
  expect(signature('np.zeros(3)|')).toBeNull()
  expect(signature('unknown(|)')).toBeNull()
})

test('what the cells define is offered with its parameters, and says how it is called', async () => {
  expect(await offered('ha|')).toContain('half')
  expect(definitionsIn(known.sources)).toEqual([
    { name: 'half', signature: '(x, by=(1, 2))', doc: 'Half of it.', kind: 'function' },
  ])
  expect(signature('half(|')).toBe('half')
})

test('of what is called the parameter is marked that is being written: by its place or its name', () => {
  const marked = (text: string) => {
    const state = EditorState.create({ doc: text.replace('|', ''), extensions: [python()] })
    const found = signatureAt(state, text.indexOf('|'), known)!
    return found.parameter === null ? null : parametersOf(found.name.signature)[found.parameter]
  }
  expect(marked('np.pad(|)')).toBe('array')
  expect(marked('np.pad(photo, ((1, 1), |')).toBe('pad_width')
  expect(marked("np.pad(photo, 1, 'e|')")).toBe("mode='constant'")
  expect(marked('np.pad(photo, 1, constant_values=|')).toBe('constant_values=0')
  expect(marked("np.pad(photo, 1, 'edge', |)")).toBeNull()
  expect(marked('photo.reshape(2, 3, |)')).toBe('*shape')
  expect(marked('half(1, |)')).toBe('by=(1, 2)')
})

test('where an argument begins, the parameters come first that the call does not give yet', async () => {
  const named = async (text: string) => (await offered(text)).filter((label) => label.endsWith('='))
  expect(await named('np.pad(photo, 1, mo|')).toEqual(['mode=', 'constant_values='])
  expect((await offered('np.pad(photo, 1, mo|)'))[0]).toBe('mode=')
  expect(await named('np.pad(p|)')).toEqual(['array=', 'pad_width=', 'mode=', 'constant_values='])
  expect(await named("np.pad(photo, 1, c|, mode='edge')")).toEqual(['constant_values='])
  expect(await named("np.pad(photo, mode='edge', p|")).toEqual(['pad_width=', 'constant_values='])
  expect(await named("np.pad(photo, 1, 'edge', c|)")).toEqual(['constant_values='])
  expect(await named('np.pad(*both, m|)')).toEqual(['array=', 'pad_width=', 'mode=', 'constant_values='])
  expect(await named('half(photo, b|)')).toEqual(['by='])
  expect(await named('np.pad(\n  photo,\n  p|\n)')).toEqual(['pad_width=', 'mode=', 'constant_values='])
})

test('no parameters are offered within an argument, nor those that are taken by place alone', async () => {
  const named = async (text: string) => (await offered(text)).filter((label) => label.endsWith('='))
  expect(await named('np.pad(photo, 1 + m|)')).toEqual([])
  expect(await named('np.pad(photo, -m|)')).toEqual([])
  expect(await named('np.pad(photo, mode=m|)')).toEqual([])
  expect(await named('np.pad(photo, [m|])')).toEqual([])
  expect(await named('len(x|)')).toEqual([])
  expect(await named('np.random.rand(s|)')).toEqual([])
  expect(await named('unknown(m|)')).toEqual([])
  expect(await named('m|')).toEqual([])
})

test('a name that is followed by its sign is completed without another', async () => {
  const state = EditorState.create({ doc: "np.pad(photo, 1, mo='edge')", extensions: [python()] })
  const complete = completions(
    () => known,
    () => Promise.resolve(),
  )
  const result = await complete(new CompletionContext(state, 19, false))
  expect(result?.options[0]).toMatchObject({ label: 'mode=', apply: 'mode', detail: "'constant'" })
})
