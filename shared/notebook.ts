/** A notebook of the array lab: its file, and the same as a Python script and as a Jupyter notebook. Pure. */

import * as v from 'valibot'
import type { ImageInfo } from './api.ts'
import { LoupeError } from './errors.ts'
import { describeIssue } from './issues.ts'
import { pythonString } from './python/code.ts'
import { photoCode } from './python/index.ts'

export const notebookVersion = 1
const mostCells = 1000
const longestCell = 1_000_000

const cellSchema = v.strictObject({
  /** `text`: paragraphs between blank lines, with `code` in backticks and **bold**. */
  kind: v.picklist(['code', 'text']),
  source: v.pipe(v.string(), v.maxLength(longestCell)),
})
const notebookSchema = v.strictObject({
  version: v.literal(notebookVersion),
  cells: v.pipe(v.array(cellSchema), v.maxLength(mostCells)),
})
export type NotebookCell = Readonly<v.InferOutput<typeof cellSchema>>
export interface Notebook {
  readonly version: typeof notebookVersion
  readonly cells: readonly NotebookCell[]
}

/** What a notebook's code may name that is the lab's own, for a Python that has no lab. */
export interface Surroundings {
  /** What `image` is; null where there is none. */
  readonly image: ImageInfo | null
  /** `#ffffff`: laid under transparent pixels. */
  readonly background: string
  /** The keys of `stages`, each with the file its array is saved as. */
  readonly stages: ReadonlyMap<string, string>
}

/** What a notebook's file is called ends so. */
export const notebookEnding = '.notebook.json'

export function isNotebookName(name: string): boolean {
  return name.toLowerCase().endsWith(notebookEnding)
}

/** Reads a notebook file; throws `notebook-invalid`, saying what is wrong with it. */
export function parseNotebook(text: string): Notebook {
  let document: unknown
  try {
    document = JSON.parse(text.replace(/^\ufeff/, ''))
  } catch (error) {
    throw invalid(`it is not JSON (${error instanceof Error ? error.message : String(error)})`)
  }
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    throw invalid('it is not an object with a version and cells')
  }
  if ('nbformat' in document) throw invalid('it is a Jupyter notebook; the lab opens only what it has saved itself')
  const version: unknown = 'version' in document ? document.version : undefined
  if (version !== notebookVersion) {
    const said = version === undefined ? 'it names no version' : `its version is ${JSON.stringify(version)}`
    throw invalid(`${said}; this LayerLoupe reads version ${notebookVersion}`)
  }
  const result = v.safeParse(notebookSchema, document)
  if (result.success) return result.output
  throw invalid(describeIssue(result.issues[0], document))
}

function invalid(reason: string): LoupeError {
  return new LoupeError('notebook-invalid', `The notebook cannot be opened: ${reason}.`)
}

export function notebookText(cells: readonly NotebookCell[]): string {
  const document: Notebook = { version: notebookVersion, cells: cells.map(({ kind, source }) => ({ kind, source })) }
  return `${JSON.stringify(document, null, 2)}\n`
}

/** A script whose cells begin with `# %%`, as editors know them; text stands in comments. */
export function notebookPython(cells: readonly NotebookCell[], around: Surroundings): string {
  const parts = withBeginning(cells, around).map(({ kind, source }) =>
    kind === 'code'
      ? `# %%\n${source}`
      : `# %% [markdown]\n${source
          .split('\n')
          .map((line) => `# ${line}`.trimEnd())
          .join('\n')}`,
  )
  return parts.map((part) => `${part.trimEnd()}\n`).join('\n')
}

/** A Jupyter notebook (nbformat 4.5) without outputs. */
export function notebookIpynb(cells: readonly NotebookCell[], around: Surroundings): string {
  const document = {
    cells: withBeginning(cells, around).map(({ kind, source }, index) => {
      const common = { id: `cell-${index + 1}`, metadata: {}, source: source.split(/(?<=\n)/) }
      return kind === 'code'
        ? { cell_type: 'code', execution_count: null, ...common, outputs: [] }
        : { cell_type: 'markdown', ...common }
    }),
    metadata: {
      kernelspec: { display_name: 'Python 3', language: 'python', name: 'python3' },
      language_info: { name: 'python' },
    },
    nbformat: 4,
    nbformat_minor: 5,
  }
  return `${JSON.stringify(document, null, 1)}\n`
}

const imports = [
  ['np', 'import numpy as np'],
  ['Image', 'from PIL import Image'],
  ['plt', 'import matplotlib.pyplot as plt'],
] as const

/** The cells with what the lab has and Python has not: before them the imports and the stages, in them `image`. */
function withBeginning(cells: readonly NotebookCell[], around: Surroundings): readonly NotebookCell[] {
  const code = cells.filter(({ kind }) => kind === 'code').map(({ source }) => source)
  const photo = code.some((source) => uses(source, 'image')) ? photoLines(around) : null
  const stages = code.some((source) => uses(source, 'stages'))
  const needed = new Set([...(photo ? ['np', 'Image'] : []), ...(stages ? ['np'] : [])])
  // What the first cell imports itself is not said twice; further down it may come too late.
  const said = new Set(code[0]?.split('\n').map((line) => line.trim()))
  const used = (name: string, statement: string) =>
    needed.has(name) || (!said.has(statement) && code.some((source) => uses(source, name)))
  // Who brings more of Pillow along brings its Image too.
  const pillow = photo?.imports.find((statement) => statement.startsWith('from PIL import Image,'))
  const statements = [
    ...(stages ? ['from pathlib import Path'] : []),
    ...(photo?.imports ?? []),
    ...imports.flatMap(([name, statement]) =>
      used(name, statement) && !(pillow && name === 'Image') ? [statement] : [],
    ),
  ]
  const beginning = [
    [...new Set(statements)].join('\n'),
    ...(photo?.functions ?? []),
    ...(stages ? [stagesText([...new Set(code.flatMap(stageKeysIn))], around)] : []),
  ]
  return [
    ...(statements.length > 0 ? [{ kind: 'code' as const, source: beginning.join('\n\n\n') }] : []),
    ...cells.map((cell) =>
      // The lab binds the photo anew for every cell, whatever an earlier one did to it.
      cell.kind === 'code' && photo && uses(cell.source, 'image')
        ? { ...cell, source: `${photo.bind}\n${cell.source}` }
        : cell,
    ),
  ]
}

/** `stages` of the arrays that lie beside the file. */
function stagesText(keys: readonly string[], { stages }: Surroundings): string {
  const files = keys.map((key) => `    ${pythonString(key)}: ${pythonString(stages.get(key) ?? `${key}.npy`)},`)
  if (files.length === 0) return 'stages = {}'
  return [
    '# The arrays of the stages as LayerLoupe saves them, where they lie beside this file.',
    ...['files = {', ...files, '}'],
    'stages = {key: np.load(file) for key, file in files.items() if Path(file).exists()}',
  ].join('\n')
}

/** How the lab's `image` is read with Pillow: (height, width, 3) bytes, (height, width) of a grey photo. */
function photoLines({ image, background }: Surroundings): {
  readonly imports: readonly string[]
  readonly functions: readonly string[]
  readonly bind: string
} {
  if (!image) {
    return { imports: [], functions: [], bind: 'image = np.array(Image.open("photo.png"))  # name your own photo' }
  }
  const file = pythonString(image.name)
  const mode = image.channels === 1 ? 'L' : 'RGB'
  const plain = { imports: [], functions: [], bind: `image = np.array(Image.open(${file}).convert("${mode}"))` }
  const code = photoCode(image, { background, profile: 'ignore' })
  if ('whyNot' in code) return { ...plain, bind: `${plain.bind}  # not the lab's own numbers: ${code.whyNot}` }
  if (!image.hasAlpha && image.orientation === 1 && image.depth <= 8 && code.read.text.split('\n').length === 3)
    return plain
  const read = `read_photo(${file})${image.channels === 1 ? '[:, :, 0]' : ''}`
  return { imports: code.read.imports ?? [], functions: [code.read.text], bind: `image = np.array(${read})` }
}

/** Whether code names a variable: not in comments or plain strings, and not as an attribute. */
function uses(source: string, name: string): boolean {
  return new RegExp(`(?<![\\w.])${name}(?!\\w)`).test(withoutText(source))
}

/** Code without its comments and strings, but with what f-strings compute. */
function withoutText(source: string): string {
  const text = /([a-zA-Z]*)("""[^]*?"""|'''[^]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|#[^\n]*/g
  return source.replace(text, (found, prefix: string | undefined) => {
    if (prefix === undefined) return ''
    return prefix.toLowerCase().includes('f') ? ` ${(found.match(/\{[^{}]*\}/g) ?? []).join(' ')}` : ''
  })
}

function stageKeysIn(source: string): readonly string[] {
  return [...source.matchAll(/(?<![\w.])stages\s*\[\s*(?:"(\w+)"|'(\w+)')\s*\]/g)].map(([, a, b]) => a ?? b!)
}
