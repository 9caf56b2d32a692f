/** The import table of the house is enforced: lint refuses a forbidden import in every room and lets a right one pass. */

import { ESLint } from 'eslint'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { layerDefinitions } from '../shared/layers/index.ts'
import { repoRoot } from './support/shared.ts'

const eslint = new ESLint({
  cwd: repoRoot,
  // Types need real files; the boundaries do not.
  overrideConfig: {
    files: ['**/*'],
    languageOptions: { parserOptions: { project: false, projectService: false } },
  },
  ruleFilter: ({ ruleId }) => ruleId.startsWith('boundaries/') || ruleId === 'no-restricted-imports',
})

async function refusals(file: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: path.join(repoRoot, file) })
  const fatal = result!.messages.find((message) => message.fatal)
  if (fatal) throw new Error(fatal.message)
  return result!.messages.map((message) => message.ruleId ?? '')
}

const forbidden: [room: string, source: string][] = [
  ['shared/virtual.ts', 'node:fs'],
  ['shared/virtual.ts', 'fflate'],
  ['shared/virtual.ts', '../main/layers/steps.ts'],
  ['main/layers/virtual.ts', 'node:fs'],
  ['main/layers/virtual.ts', 'sharp'],
  ['main/layers/virtual.ts', 'valibot'],
  ['main/pipeline/virtual.ts', 'node:path'],
  ['main/pipeline/virtual.ts', 'sharp'],
  ['main/ndarray/virtual.ts', '../lab/session.ts'],
  ['main/ndarray/virtual.ts', 'node:fs'],
  ['main/lab/virtual.ts', 'node:fs'],
  ['main/lab/virtual.ts', '../pipeline/window.ts'],
  ['main/lab/virtual.ts', '../engine/labs.ts'],
  ['main/engine/virtual.ts', '../ndarray/index.ts'],
  ['main/images/virtual.ts', '../layers/layer.ts'],
  ['main/images/virtual.ts', 'fflate'],
  ['main/export/virtual.ts', 'sharp'],
  ['main/engine/virtual.ts', 'sharp'],
  ['main/engine/virtual.ts', '../layers/layer.ts'],
  ['main/engine/virtual.ts', '../app.ts'],
  ['main/hosts/web/virtual.ts', '../../app.ts'],
  ['main/hosts/web/virtual.ts', '../../layers/layer.ts'],
  ['main/hosts/web/virtual.ts', 'commander'],
  ['main/hosts/cli/virtual.ts', 'hono'],
  ['main/hosts/cli/virtual.ts', '../../layers/layer.ts'],
  ['main/hosts/electron/virtual.ts', 'hono'],
  ['renderer/transport/virtual.ts', 'node:fs'],
  ['renderer/transport/virtual.ts', '../../main/layers/layer.ts'],
  ['renderer/draw/virtual.ts', 'svelte'],
  ['renderer/state/virtual.ts', '../transport/fake.ts'],
  ['renderer/ui/virtual.ts', '../../shared/api.ts'],
  ['renderer/gallery/virtual.ts', '../transport/fake.ts'],
  ['renderer/viewer/virtual.ts', '../main.ts'],
  ['main/virtual.ts', '../shared/api.ts'],
  ['elsewhere/virtual.ts', '../shared/api.ts'],
]

test.each(forbidden)('%s may not import %s', async (file, source) => {
  expect(await refusals(file, `export * from '${source}'\n`)).not.toEqual([])
})

test.each(forbidden.slice(0, 1))(
  '%s may not import %s as a type or in the middle of a function',
  async (file, source) => {
    expect(await refusals(file, `import type { Stats } from '${source}'\nexport type S = Stats\n`)).not.toEqual([])
    expect(await refusals(file, `export const load = () => import('${source}')\n`)).not.toEqual([])
  },
)

test.each([
  ['shared/virtual.ts', 'valibot'],
  ['shared/virtual.ts', './api.ts'],
  ['main/layers/virtual.ts', './layer.ts'],
  ['main/layers/virtual.ts', '../../shared/tensor.ts'],
  ['main/pipeline/virtual.ts', '../layers/layer.ts'],
  ['main/images/virtual.ts', 'sharp'],
  ['main/images/virtual.ts', 'node:fs/promises'],
  ['main/export/virtual.ts', 'fflate'],
  ['main/engine/virtual.ts', '../layers/steps.ts'],
  ['main/engine/virtual.ts', 'node:child_process'],
  ['main/hosts/web/virtual.ts', 'hono'],
  ['main/hosts/cli/virtual.ts', 'commander'],
  ['renderer/draw/virtual.ts', '../../shared/colour.ts'],
  ['renderer/ui/virtual.ts', 'svelte'],
  ['renderer/gallery/virtual.ts', '../../shared/api.ts'],
  ['tests/virtual.test.ts', '../main/layers/layer.ts'],
])('%s may import %s', async (file, source) => {
  expect(await refusals(file, `export * from '${source}'\n`)).toEqual([])
})

test('a view may import what every layer says of itself, and no layer', async () => {
  for (const [name, refused] of [
    ['paint', true],
    ['window', true],
    ['index', false],
    ['definition', false],
    ['fields', false],
    ['options', false],
  ] as const) {
    const code = `import type { A } from '../../shared/layers/${name}.ts'\nexport type B = A\n`
    expect([name, (await refusals('renderer/viewer/virtual.ts', code)).length > 0]).toEqual([name, refused])
  }
})

/** Words of the window that are kinds of layers as well, and what they mean where they are. */
const otherMeanings = [
  'editor/KernelGrid.svelte: input', // an element of the page
  'inspector/SoftmaxView.svelte: softmax', // a kind of formula
  'inspector/WindowGrids.svelte: input', // what a term reads
  'inspector/view.ts: softmax', // a kind of formula
  'state/brush.svelte.ts: paint', // what a brush does
  'viewer/brushKeys.ts: paint', // what a brush does
]

test('the window names no kind of layer, so that adding one needs no change of it', () => {
  const quoted = new RegExp(`['"\`](${Object.keys(layerDefinitions).join('|')})['"\`]`, 'g')
  const window = path.join(repoRoot, 'renderer')
  const found = readdirSync(window, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(ts|svelte)$/.test(file) && !/\.test\.ts$|^transport\/fake/.test(file))
    .flatMap((file) => {
      const text = readFileSync(path.join(window, file), 'utf8')
      return [...text.matchAll(quoted)].map(([, kind]) => `${file}: ${kind}`)
    })
  expect([...new Set(found)].sort()).toEqual(otherMeanings)
})

test('every room of the import table has a forbidden import above', () => {
  const rooms = new Set(forbidden.map(([file]) => path.dirname(file)))
  expect([...rooms].filter((room) => /^(main|renderer|shared)/.test(room)).sort()).toEqual([
    'main',
    'main/engine',
    'main/export',
    'main/hosts/cli',
    'main/hosts/electron',
    'main/hosts/web',
    'main/images',
    'main/lab',
    'main/layers',
    'main/ndarray',
    'main/pipeline',
    'renderer/draw',
    'renderer/gallery',
    'renderer/state',
    'renderer/transport',
    'renderer/ui',
    'renderer/viewer',
    'shared',
  ])
})

/** The modules of ours that are loaded with one, by what imports each; `import()` and types do not count. */
function loadedWith(entry: string): ReadonlyMap<string, string | null> {
  const loaded = new Map<string, string | null>([[entry, null]])
  for (const file of loaded.keys()) {
    if (!file.endsWith('.ts')) continue
    const text = readFileSync(path.join(repoRoot, file), 'utf8')
    for (const [, source] of text.matchAll(/^(?:import|export)\s(?!type\s)(?:[^;']*?\sfrom\s+)?'(\.[^']+)'/gm)) {
      const target = path.posix.join(path.posix.dirname(file), source!)
      if (!loaded.has(target)) loaded.set(target, file)
    }
  }
  return loaded
}

/** By which imports a file is loaded, from it to the entry; nothing where it is not. */
function wayTo(wanted: string, loaded: ReadonlyMap<string, string | null>): readonly string[] {
  const way: string[] = []
  for (let file = loaded.has(wanted) ? wanted : null; file; file = loaded.get(file) ?? null) way.push(file)
  return way
}

const decoder = 'main/images/sharp.ts'

test('the compute process loads what decodes pictures, so that its name below is the right one', () => {
  expect([...loadedWith('main/images/index.ts').keys()]).toContain(decoder)
})

test.each(['main/app.ts', 'main/desktop.ts', 'main/engine/index.ts', 'main/hosts/electron/start.ts'])(
  'a host loads nothing that decodes pictures: %s',
  (entry) => {
    const loaded = loadedWith(entry)
    expect(loaded.size).toBeGreaterThan(20)
    expect(wayTo(decoder, loaded)).toEqual([])
  },
)

test('a compute process starts without the lab, which most of them never need', () => {
  const evaluator = 'main/lab/session.ts'
  const loaded = loadedWith('main/engine/process.ts')
  expect(loaded.size).toBeGreaterThan(20)
  expect(wayTo(evaluator, loaded)).toEqual([])
  expect(wayTo(evaluator, loadedWith('main/engine/labRoom.ts'))).not.toEqual([])
})
