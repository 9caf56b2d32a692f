import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { hasPython, runPython, runScripts } from '../tests/support/python.ts'
import { fixturesDir } from '../tests/support/shared.ts'
import type { ImageInfo } from './api.ts'
import {
  isNotebookName,
  notebookIpynb,
  notebookPython,
  notebookText,
  parseNotebook,
  type NotebookCell,
} from './notebook.ts'

const shapes: ImageInfo = {
  id: '0'.repeat(64),
  name: path.join(fixturesDir, 'synthetic/shapes.png'),
  format: 'png',
  byteLength: 1,
  width: 300,
  height: 200,
  channels: 3,
  space: 'rgb',
  depth: 8,
  orientation: 1,
  hasAlpha: false,
  hasProfile: false,
  pages: 1,
}
const code = (source: string): NotebookCell => ({ kind: 'code', source })
const text = (source: string): NotebookCell => ({ kind: 'text', source })
const around = { image: shapes, background: '#ffffff', stages: new Map([['conv2d', '01-conv2d.npy']]) }
const refused = (document: unknown) => {
  try {
    parseNotebook(typeof document === 'string' ? document : JSON.stringify(document))
  } catch (error) {
    return error
  }
  return null
}

describe('the file', () => {
  test('what is written is read back', () => {
    const cells = [text('Hello `x`.'), code('x = 1\n\nprint("é\\n")')]
    expect(parseNotebook(notebookText(cells)).cells).toEqual(cells)
    expect(parseNotebook(`\ufeff${notebookText(cells)}`).cells).toEqual(cells)
  })

  test('what is wrong with a file is said by its place', () => {
    const cases: readonly (readonly [unknown, string])[] = [
      ['{', 'it is not JSON'],
      [[], 'it is not an object with a version and cells'],
      [{ version: 1, layers: [] }, 'the document lacks the key "cells"'],
      [{ nbformat: 4, cells: [] }, 'it is a Jupyter notebook; the lab opens only'],
      [{ cells: [] }, 'it names no version; this LayerLoupe reads version 1'],
      [{ version: 2, cells: [] }, 'its version is 2; this LayerLoupe reads version 1'],
      [{ version: 1, cells: [{ kind: 'cod', source: '' }] }, 'cell 1: kind must be'],
      [{ version: 1, cells: [{ kind: 'code' }] }, 'cell 1 lacks the key "source"'],
    ]
    for (const [document, said] of cases) {
      expect(refused(document)).toMatchObject({
        code: 'notebook-invalid',
        message: expect.stringContaining(`The notebook cannot be opened: ${said}`) as string,
      })
    }
  })

  test('it is known by the end of its name', () => {
    expect(isNotebookName('a.Notebook.JSON')).toBe(true)
    expect(isNotebookName('a.pipeline.json')).toBe(false)
  })
})

describe('the script', () => {
  test('cells begin with # %%, text is comments, and nothing is added that nothing needs', () => {
    expect(notebookPython([text('One.\n\nTwo.'), code('x = 1  # of the image\ny = "np"')], around)).toBe(
      '# %% [markdown]\n# One.\n#\n# Two.\n\n# %%\nx = 1  # of the image\ny = "np"\n',
    )
  })

  test('what is used is imported before, once, unless the first cell does', () => {
    expect(notebookPython([code('print(np.pi)'), code('import numpy as np')], around)).toBe(
      '# %%\nimport numpy as np\n\n# %%\nprint(np.pi)\n\n# %%\nimport numpy as np\n',
    )
    const own = 'import numpy as np\nprint(np.pi)'
    expect(notebookPython([code(own)], around)).toBe(`# %%\n${own}\n`)
  })

  test('the photo is read anew in every cell that names it, as the lab binds it', () => {
    const script = notebookPython([code('image[0] = 0'), code('1'), code('print(f"{image.shape}")')], around)
    expect(script.split('image = np.array(')).toHaveLength(3)
  })

  test('names as attributes, in plain strings and in comments are no uses', () => {
    expect(notebookPython([code('x.image = "image"  # image')], around)).not.toContain('Image')
  })
})

const folder = mkdtempSync(path.join(tmpdir(), 'layerloupe-notebook-'))
afterAll(() => rmSync(folder, { recursive: true }))

const cells = [
  text('The photo.'),
  code('print(image.shape, image.dtype)\nimage[:] = 0'),
  code('print(image.sum(), (image[10:12, 20:23, 1] // 2).tolist())'),
  code("print('conv2d' in stages and stages['conv2d'].sum())\nprint(np.arange(3) * 2)"),
]

describe.skipIf(!hasPython('numpy', 'PIL'))('in real Python', () => {
  const image = `np.array(__import__("PIL.Image").Image.open(${JSON.stringify(shapes.name)}).convert("RGB"))`
  const facts = () =>
    runPython(`import numpy as np\nimage = ${image}\nprint(image.sum(), (image[10:12, 20:23, 1] // 2).tolist())`)

  test('the script prints what the photo and NumPy say', () => {
    const file = path.join(folder, 'plain.py')
    writeFileSync(file, notebookPython(cells, around))
    const [end] = runScripts(['numpy', 'PIL'], [{ file }])
    expect(end).toMatchObject({ code: 0, said: '' })
    expect(end!.out).toBe(`(200, 300, 3) uint8\n${facts()}False\n[0 2 4]\n`)
  })

  test('a photo with transparency and a stage saved beside it are read too', () => {
    const saved = path.join(folder, '01-conv2d.npy')
    const clear = path.join(folder, 'clear.png')
    runPython(
      `import numpy as np, sys\nfrom PIL import Image\nnp.save(sys.argv[1], np.full((2, 2), 1.5))\nImage.new("RGBA", (3, 2), (10, 20, 30, 0)).save(sys.argv[2])`,
      saved,
      clear,
    )
    const image = { ...shapes, name: clear, width: 3, height: 2, hasAlpha: true }
    const file = path.join(folder, 'clear.py')
    const program = [code('print(image[0, 0].tolist(), stages["conv2d"].sum())')]
    writeFileSync(file, notebookPython(program, { image, background: '#0a0b0c', stages: new Map([['conv2d', saved]]) }))
    const [end] = runScripts(['numpy', 'PIL'], [{ file }])
    expect(end).toEqual({ code: 0, out: '[10, 11, 12] 6.0\n', said: '' })
  })

  test('the Jupyter notebook is of format 4.5, and its code cells run one after the other to the same', () => {
    const file = path.join(folder, 'notebook.ipynb')
    writeFileSync(file, notebookIpynb(cells, around))
    const out = runPython(
      `import json, sys
book = json.load(open(sys.argv[1]))
assert (book["nbformat"], book["nbformat_minor"]) == (4, 5)
assert [cell["cell_type"] for cell in book["cells"]] == ["code", "markdown", "code", "code", "code"]
assert len({cell["id"] for cell in book["cells"]}) == 5
for cell in book["cells"]:
    if cell["cell_type"] == "code":
        assert cell["outputs"] == [] and cell["execution_count"] is None
        exec("".join(cell["source"]), globals())`,
      file,
    )
    expect(out).toBe(`(200, 300, 3) uint8\n${facts()}False\n[0 2 4]\n`)
  })
})
