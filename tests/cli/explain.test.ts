import { readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import type { Explanation, ReceptiveField, Trace } from '../../shared/explain.ts'
import { readNpy } from '../support/npy.ts'
import { fixturesDir } from '../support/shared.ts'
import { layerloupe, shapes, temporaryFolder } from './support/program.ts'

const reference = (name: string) => readNpy(path.join(fixturesDir, 'synthetic/shapes/default', name)).data

test('explain writes a convolution as its nine products, with NumPy’s value under them', async () => {
  const { code, out, err } = await layerloupe(['explain', shapes, '--stage', '1', '--at', '20,30'])
  expect({ code, err }).toEqual({ code: 0, err: '' })
  const input = reference('input.npy')
  const lines = out.split('\n').filter((line) => /^ +row .* × /.test(line))
  expect(lines).toHaveLength(9)
  for (const [i, line] of lines.entries()) {
    const [row, column] = [19 + Math.floor(i / 3), 29 + (i % 3)]
    const value = Number(input[row * 64 + column])
    expect(line.trim().split(/\s+/).join(' ')).toBe(
      `row ${row}, column ${column}: ${value} × ${1 / 9} = ${value * (1 / 9)}`,
    )
  }
  // Equal signs stand under each other.
  expect(new Set(lines.map((line) => line.indexOf('='))).size).toBe(1)
  expect(out).toContain(`value = ${String(reference('convolution.npy')[20 * 64 + 30])}\n`)
  expect(out).toMatch(/stage 0 \(Input\): rows 19 to 21 of 64, columns 29 to 31 of 64/)
  expect(out).toMatch(/the photo: +rows \d+ to \d+ of 200, columns \d+ to \d+ of 300, all 3 channels/)
})

test('explain marks padding, and the winner of a maximum', async () => {
  const corner = await layerloupe(['explain', shapes, '--stage', '1', '--at', '0,0'])
  expect(corner.out.match(/padding: +0 /g)).toHaveLength(5)
  const pool = await layerloupe(['explain', shapes, '--stage', '2', '--at', '5,7'])
  expect(pool.out).toMatch(/← the largest/)
  expect(pool.out).toContain(`value = ${String(reference('pooling.npy')[5 * 32 + 7])}\n`)
})

test('explain writes what was painted over once, under what it was', async () => {
  const file = path.join(await temporaryFolder(), 'painted.json')
  const paint = { kind: 'paint', marks: [{ row: 8, column: 9, value: 0.9 }] }
  await writeFile(file, JSON.stringify({ version: 1, name: 'Painted', layers: [{ kind: 'input' }, paint] }))
  const { out } = await layerloupe(['explain', shapes, '-p', file, '--stage', '1', '--at', '8,9'])
  const was = String(reference('input.npy')[8 * 64 + 9])
  expect(out).toContain(`\n  row 8, column 9: ${was}\n  Painted over by mark 0: 0.9\n\n  value = 0.9\n`)
  expect(out).not.toContain('Its value comes from')
})

test('explain prints the largest terms of a long sum, and how to see more', async () => {
  const { out } = await layerloupe(['explain', shapes, '--stage', '4', '--at', '1', '--terms', '7'])
  expect(out.match(/^ +element \d+ \(row \d+, column \d+, channel 0 of stage 2\):/gm)).toHaveLength(7)
  expect(out).toContain('the 7 largest of 1,024 terms; --terms 1024 prints all')
})

test('explain goes back to the bytes of the photo, and into one row of it', async () => {
  const { out } = await layerloupe(['explain', shapes, '--stage', '0', '--at', '8,9'])
  expect(out).toMatch(/Red, resized \(bicubic\) down column 9: sample × weight, in units of 1\/4194304/)
  expect(out).toMatch(/The mean of the channels: \(\d+ \+ \d+ \+ \d+\) \/ 3/)
  expect(out).toContain(`value = ${String(reference('input.npy')[8 * 64 + 9])}\n`)
  const row = await layerloupe(['explain', shapes, '--stage', '0', '--at', '8,9', '--photo-row', '26'])
  expect(row.out).toMatch(/along row 26: sample × weight/)
  expect(row.out).toMatch(/column \d+: +\d+ × +-?\d+ = +-?\d+/)
})

test('explain --json prints the explanation and the receptive field with every term', async () => {
  const { code, out } = await layerloupe(['explain', shapes, '--stage', '4', '--at', '0', '--json'])
  expect(code).toBe(0)
  const told = JSON.parse(out) as { image: string; explanation: Explanation; receptiveField: ReceptiveField }
  expect(told.image).toBe('shapes.png')
  expect(told.explanation).toMatchObject({ stage: 4, kind: 'dense', unflattened: 2 })
  const { formula } = told.explanation
  expect(formula.kind === 'sum' && formula.terms.items.length).toBe(1024)
  expect(told.receptiveField.photo).toMatchObject({ rect: { left: 0, top: 0, width: 300, height: 200 } })
})

test('explain writes numbers that JSON does not have as text', async () => {
  const file = path.join(await temporaryFolder(), 'overflow.json')
  const huge = { kind: 'conv2d', size: 1, kernels: { type: 'values', values: [[[[1e308]]]] }, bias: [1e308] }
  await writeFile(file, JSON.stringify({ version: 1, name: 'Overflow', layers: [{ kind: 'input' }, huge, huge] }))
  const { out } = await layerloupe(['explain', shapes, '-p', file, '--stage', '2', '--at', '0,0', '--json'])
  expect(JSON.parse(out)).toMatchObject({ explanation: { value: 'Infinity' } })
})

test.each([
  [['--stage', '6', '--at', '0'], /--stage 6: Walkthrough has stages 0 to 5/],
  [['--stage', '1', '--at', '64,3'], /--at 64,3: stage 1 \(Conv 3×3\) has rows 0 to 63, columns 0 to 63 and channel 0/],
  [['--stage', '1', '--at', '3'], /--at 3: stage 1 .* ROW,COLUMN/],
  [['--stage', '5', '--at', '2'], /--at 2: stage 5 \(Softmax\) is a vector with elements 0 to 1: --at INDEX/],
  [['--stage', 'one', '--at', '0,0'], /--stage one: .*whole number/],
  [['--stage', '1', '--at', '1;2'], /--at 1;2: this must be ROW,COLUMN/],
  [['--stage', '1', '--at', '0,0', '--terms', '0'], /--terms 0: between 1 and 4096/],
  [
    ['--stage', '0', '--at', '0,0', '--photo-row', '199'],
    /Row 199 of the photo has no part in this element; rows 0 to/,
  ],
  [['--at', '0,0'], /required option '--stage <n>'/],
])('explain %j is bad usage that says what is there: exit code 2', async (args, sentence) => {
  const ended = await layerloupe(['explain', shapes, ...args])
  expect(ended.err).toMatch(sentence)
  expect(ended).toMatchObject({ code: 2, out: '' })
})

test('explain of a picture that is not there fails with exit code 1', async () => {
  const ended = await layerloupe(['explain', 'nothing.png', '--stage', '1', '--at', '0,0'])
  expect(ended).toMatchObject({ code: 1, out: '', err: 'layerloupe: nothing.png: there is no such file.\n' })
})

test('explain --figure draws the formula as well, as SVG or PNG by the name of the file', async () => {
  const folder = await temporaryFolder()
  const svg = path.join(folder, 'sum.svg')
  const { code, out } = await layerloupe(['explain', shapes, '--stage', '1', '--at', '20,30', '--figure', svg])
  expect(code).toBe(0)
  expect(out).toContain(`Drawn in ${svg}`)
  expect(await readFile(svg, 'utf8')).toContain(`>${String(reference('convolution.npy')[20 * 64 + 30])}</text>`)
  const look = ['--theme', 'dark', '--no-labels', '--no-legend', '--no-scale-bar', '--scale', '2']
  const png = path.join(folder, 'sum.png')
  await layerloupe(['explain', shapes, '--stage', '1', '--at', '20,30', '--figure', png, ...look])
  const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true })
  expect([...data.subarray(0, 3)]).toEqual([24, 25, 28])
  expect([info.width % 2, info.height % 2]).toEqual([0, 0])
  expect(await readdir(folder)).toEqual(['sum.png', 'sum.svg'])
})

test('explain says what a figure can be, and where none can be written', async () => {
  const typed = await layerloupe(['explain', shapes, '--stage', '1', '--at', '0,0', '--figure', 'sum.gif'])
  expect(typed.code).toBe(2)
  expect(typed.err).toContain('--figure sum.gif: the name must end in .png or .svg')
  const nowhere = path.join(await temporaryFolder(), 'none', 'sum.png')
  const failed = await layerloupe(['explain', shapes, '--stage', '1', '--at', '0,0', '--figure', nowhere])
  expect(failed.code).toBe(1)
  expect(failed.err).toContain('sum.png could not be written: the folder is not there')
})

test('explain --trace tells what each earlier stage adds, and what that is of', async () => {
  const { code, out } = await layerloupe(['explain', shapes, '--stage', '4', '--at', '0', '--trace', '3'])
  expect(code).toBe(0)
  const pooled = [...reference('pooling.npy')].map(Number)
  const value = Number(/^ {2}value = (.*)$/m.exec(out)![1])
  const stages = out.split('\n').filter((line) => /^ {2}stage \d .*, together /.test(line))
  expect(stages.map((line) => line.replace(/ count.*$/, ''))).toEqual([
    '  stage 3 (Flatten): 1,024 of 1,024 elements',
    '  stage 2 (Max pool 2×2): 1,024 of 1,024 elements',
    expect.stringMatching(/^ {2}stage 1 \(Conv 3×3\): 1,024 of 4,096 elements$/) as string,
    expect.stringMatching(/^ {2}stage 0 \(Input\): [\d,]+ of 4,096 elements$/) as string,
  ])
  // Without biases all of them add up to the logit.
  for (const line of stages) expect(Number(line.split('together ')[1])).toBeCloseTo(value, 12)
  const terms = [...out.matchAll(/^ {4}element (\d+): +(\S+) +× +(\S+) += +(\S+)$/gm)].map((term) =>
    term.slice(1).map(Number),
  )
  expect(terms).toHaveLength(3)
  for (const [index, slope, element, contribution] of terms) {
    expect(element).toBe(pooled[index!])
    expect(contribution).toBe(slope! * element!)
  }
  expect(out).toContain('Contribution = slope × value')
  const json = await layerloupe(['explain', shapes, '--stage', '4', '--at', '0', '--trace', '2', '--json'])
  expect((JSON.parse(json.out) as { trace: Trace }).trace.stages.map(({ ranked }) => ranked.length)).toEqual([
    2, 2, 2, 2,
  ])
})
