import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { hasPython, runScripts } from '../support/python.ts'
import { clouds, layerloupe, shapes, start, temporaryFolder } from './support/program.ts'

async function program(code: string): Promise<string> {
  const file = path.join(await temporaryFolder(), 'program.py')
  await writeFile(file, code)
  return file
}

const text = `
import numpy as np
a = np.arange(6).reshape(2, 3)
print(a, a.mean(), a.dtype, sep=' | ')
print('no newline', end='')
print('\\ttab é 😀')
a
`

test('lab prints what the program prints and nothing else', async () => {
  const file = await program(text)
  const { code, out, err } = await layerloupe(['lab', file])
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).toBe('[[0 1 2]\n [3 4 5]] | 2.5 | int64\nno newline\ttab é 😀\n')
  if (hasPython('numpy')) expect(runScripts(['numpy'], [{ file }])[0]!.out).toBe(out)
})

test('lab gives the first picture as image and opens all by name, and saves what is shown', async () => {
  const file = await program(`
import matplotlib.pyplot as plt
from PIL import Image
other = np.array(Image.open('clouds.jpg'))
print(image.shape, other.shape)
plt.imshow(image[:20, :30]); plt.title('corner'); plt.show()
plt.imshow(np.eye(3)); plt.show()
`)
  const out = path.join(path.dirname(file), 'shown')
  const ended = await layerloupe(['lab', file, '--image', shapes, '--image', clouds, '--out', out])
  expect(ended.code).toBe(0)
  expect(ended.out).toBe('(200, 300, 3) (427, 641, 3)\n')
  expect(await readdir(out)).toEqual(['figure-1.png', 'figure-2.png'])
  const { width, height } = await sharp(await readFile(path.join(out, 'figure-1.png'))).metadata()
  expect(width).toBeGreaterThan(240)
  expect(height).toBeGreaterThan(160)
})

test('lab ends with the traceback and exit code 1 where the program fails, after what it printed', async () => {
  const file = await program('def half(x):\n    return x / 0\n\nprint("before")\nhalf(3)\n')
  const { code, out, err } = await layerloupe(['lab', file])
  expect({ code, out }).toEqual({ code: 1, out: 'before\n' })
  expect(err).toBe(
    [
      'Traceback (most recent call last):',
      `  File "${file}", line 5, in <module>`,
      '    half(3)',
      `  File "${file}", line 2, in half`,
      '    return x / 0',
      '           ~~^~~',
      'ZeroDivisionError: division by zero',
      '',
    ].join('\n'),
  )
})

test.each([
  ['raise SystemExit', 0, ''],
  ['raise SystemExit(3)', 3, ''],
  ['raise SystemExit("no photo")', 1, 'no photo\n'],
])('lab ends with what the program ends itself with: %s', async (code, expected, err) => {
  const ended = await layerloupe(['lab', await program(`print(1)\n${code}\nprint(2)\n`)])
  expect(ended).toEqual({ code: expected, out: '1\n', err })
})

test('lab prints while the program runs, and stops at once where it is interrupted', async () => {
  const file = await program('import numpy as np\nprint("begun")\nwhile True:\n    np.zeros(10).sum()\n')
  const { child, ended, said } = start(['lab', file])
  await expect.poll(said).toBe('begun\n')
  child.kill('SIGINT')
  expect(await ended).toEqual({ code: 130, out: 'begun\n', err: '' })
})

test.each([
  [['lab', 'nowhere.py'], /nowhere\.py: .*no such file/i, 2],
  [['lab', 'PROGRAM', '--image', 'nowhere.png'], /nowhere\.png/, 1],
  [['lab', 'PROGRAM', '--out', 'PROGRAM'], /--out/, 2],
])('lab refuses %j with what is wrong', async (args, says, expected) => {
  const file = await program('print(1)\n')
  const { code, out, err } = await layerloupe(args.map((arg) => (arg === 'PROGRAM' ? file : arg)))
  expect({ code, out }).toEqual({ code: expected, out: '' })
  expect(err).toMatch(says)
})

test('lab reads and writes nothing but its own output', async () => {
  const file = await program("from PIL import Image\nImage.open('/etc/hostname')\n")
  const { code, err } = await layerloupe(['lab', file])
  expect(code).toBe(1)
  expect(err).toContain("FileNotFoundError: there is no picture '/etc/hostname' in the lab")
  expect((await stat(path.dirname(file))).isDirectory()).toBe(true)
  expect(await readdir(path.dirname(file))).toEqual(['program.py'])
})
