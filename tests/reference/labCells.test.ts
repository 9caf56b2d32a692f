/** The cell that "Open in lab" writes computes its stage again: in the lab, and in Python with NumPy itself. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { stageNames } from '../../shared/lab.ts'
import { layerDefinitions } from '../../shared/layers/index.ts'
import { notebookPython } from '../../shared/notebook.ts'
import { parsePipeline } from '../../shared/pipeline.ts'
import { presets } from '../../shared/presets.ts'
import { encodeNpy } from '../../main/export/npy.ts'
import { isExact } from '../../shared/python/index.ts'
import { labCell } from '../../shared/python/labCell.ts'
import type { LayerStage } from '../../shared/python/code.ts'
import type { Tensor } from '../../shared/tensor.ts'
import { photos, testEngine, type TestEngine } from '../support/engine.ts'
import { hasPython, runScripts } from '../support/python.ts'

/** Every kind of layer, those with random and with many numbers too. */
const everyKind = {
  version: 1,
  name: 'Every kind',
  layers: [
    { kind: 'input', size: { width: 24, height: 20 }, colour: 'rgb', range: { type: 'signed' } },
    { kind: 'crop', top: 1, left: 2, height: 16, width: 20 },
    { kind: 'pad', top: 1, bottom: 1, left: 1, right: 1 },
    { kind: 'flip' },
    { kind: 'rotate90' },
    { kind: 'brighten' },
    {
      kind: 'paint',
      marks: [
        { row: 2, column: 3, height: 2, width: 4, value: [1, 0, -1] },
        { row: 5, column: 5, channel: 1, value: 0.25 },
      ],
    },
    { kind: 'conv2d', filters: 4, kernels: { type: 'random', seed: 3 } },
    { kind: 'batchNorm' },
    { kind: 'activation', function: 'relu' },
    { kind: 'pool2d', operation: 'average' },
    { kind: 'conv2d', filters: 2, kernels: { type: 'preset', names: ['sobel-x', 'sharpen'] } },
    { kind: 'globalPool' },
    { kind: 'dropout' },
    { kind: 'flatten' },
    { kind: 'dense', units: 3 },
    { kind: 'softmax' },
  ],
}

let engine: TestEngine
let place: string
beforeAll(async () => {
  engine = await testEngine()
  place = mkdtempSync(path.join(tmpdir(), 'layerloupe-cells-'))
})
afterAll(async () => {
  await engine.close()
  rmSync(place, { recursive: true })
})

/** The cells of all stages of a pipeline on a colour photo, and what the lab printed for each. */
async function cellsOf(document: unknown) {
  const pipeline = parsePipeline(document)
  const [photo] = photos as [string]
  const image = await engine.call('images.add', { name: path.basename(photo), bytes: readFileSync(photo) })
  const { run, stages } = await engine.run(image.id, document)
  const keys = stageNames(stages.map(({ kind }) => kind))
  const { session } = await engine.call('lab.open', {})
  const cells: { code: string; exact: boolean; kind: string; said: string }[] = []
  for (const [index, spec] of pipeline.layers.entries()) {
    const input = stages[index - 1]?.shape ?? [image.height, image.width, image.channels]
    const stage: LayerStage = { spec, index, input, output: stages[index]!.shape, dtype: pipeline.dtype }
    const code = labCell(stage, { image, input: keys[index - 1] ?? null, output: keys[index]! })
    const result = await engine.call('lab.run', { session, cell: `cell ${index}`, code, images: [image.id], run })
    cells.push({ code, exact: isExact(stage), kind: spec.kind, said: result.output + (result.error?.traceback ?? '') })
    expect(result.value?.array?.shape, spec.kind).toEqual(stages[index]!.shape)
  }
  await engine.call('lab.close', { session })
  const arrays = new Map<string, Tensor>()
  for (const { index, shape } of stages) {
    const { data } = await engine.call('stages.read', { run, stage: index })
    arrays.set(keys[index]!, { shape, data })
  }
  return { cells, arrays, image: { ...image, name: photo } }
}

const equal = 'Equal to the stage: True\n'
const close = 'Equal to the stage within rounding: True\n'

test('the pipeline of every kind has every kind', () => {
  expect(new Set(everyKind.layers.map(({ kind }) => kind))).toEqual(new Set(Object.keys(layerDefinitions)))
})

describe.each([...presets.map(({ pipeline }) => pipeline), everyKind])('$name', (document) => {
  test('each cell equals its stage: in the lab, and exported in Python where it is installed', async () => {
    const { cells, arrays, image } = await cellsOf(document)
    const wanted = cells.map(({ exact, kind }) => [kind, exact ? equal : close])
    expect(cells.map(({ kind, said }) => [kind, said])).toEqual(wanted)
    if (!hasPython('numpy', 'PIL')) return
    const files = new Map<string, string>()
    for (const [key, tensor] of arrays) {
      const file = path.join(place, `${key}.npy`)
      writeFileSync(file, encodeNpy(tensor))
      files.set(key, file)
    }
    const ends = runScripts(
      ['numpy', 'PIL'],
      cells.map(({ code }, i) => {
        const file = path.join(place, `cell${i}.py`)
        const around = { image, background: '#ffffff', stages: files }
        writeFileSync(file, notebookPython([{ kind: 'code', source: code }], around))
        return { file }
      }),
    )
    expect(ends.map(({ out, said }, i) => [cells[i]!.kind, said === '' ? out : said])).toEqual(wanted)
  })
})
