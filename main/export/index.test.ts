import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { saveKinds, usualSaveKinds } from '../../shared/api.ts'
import { LoupeError } from '../../shared/errors.ts'
import { usualFigure } from '../../shared/figures.ts'
import { parseManifest } from '../../shared/manifest.ts'
import { finishedRun, finishedStage, tensorOf } from '../../tests/support/stages.ts'
import { finish } from '../layers/steps.ts'
import { cutStage } from '../pipeline/region.ts'
import { countFiles, exportRun, folderSink } from './index.ts'
import { decodeCsv } from './csv.ts'
import { decodeNpy } from './npy.ts'
import { decodeNpz } from './npz.ts'
import type { Content } from './sink.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'layerloupe-export-'))
})
afterEach(() => {
  rmSync(directory, { recursive: true })
})
const read = (file: string) => readFileSync(path.join(directory, 'photo', file))

/** Width and height a PNG says it has. */
function pngSize(bytes: Buffer): readonly [number, number] {
  expect(bytes.subarray(0, 8)).toEqual(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'))
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)]
}

const allFiles = [
  '00-input.csv',
  '00-input.npy',
  '00-input.png',
  '00-input.svg',
  '01-conv2d.csv',
  '01-conv2d.npy',
  '01-conv2d.png',
  '01-conv2d.svg',
  '02-flatten.csv',
  '02-flatten.npy',
  '02-flatten.png',
  '02-flatten.svg',
  '03-dense-weights.npy',
  '03-dense.csv',
  '03-dense.npy',
  '03-dense.png',
  '03-dense.svg',
  '04-softmax.csv',
  '04-softmax.npy',
  '04-softmax.png',
  '04-softmax.svg',
  'evolution.png',
  'evolution.svg',
  'manifest.json',
  'reproduce.py',
  'reproduce_torch.py',
  'stages.npz',
]

describe('saving a run', () => {
  it('writes a picture and an array of each stage, the evolution, the scripts and the manifest', async () => {
    const run = finishedRun()
    const seen: string[] = []
    const sink = folderSink(directory)
    await exportRun(run, saveKinds, sink, { folder: 'photo', onFile: (file) => seen.push(file) })
    await sink.close()
    expect(readdirSync(path.join(directory, 'photo')).sort()).toEqual(allFiles)
    expect(seen.sort()).toEqual(allFiles)
    expect(countFiles(run, saveKinds, {})).toBe(allFiles.length)
    run.stages.forEach(({ tensor, summary }) => {
      expect(decodeNpy(read(`0${summary.index}-${summary.kind}.npy`))).toEqual(tensor)
      expect(decodeCsv(read(`0${summary.index}-${summary.kind}.csv`))).toEqual(tensor)
    })
    expect(decodeNpz(read('stages.npz'))).toEqual(
      run.stages.map(({ tensor, summary }) => ({ name: `0${summary.index}-${summary.kind}`, tensor })),
    )
    for (const file of allFiles.filter((name) => name.endsWith('.png'))) {
      const [width, height] = pngSize(read(file))
      expect(Math.min(width, height), file).toBeGreaterThan(100)
    }
  })

  it('tells all about it in the manifest', async () => {
    const run = finishedRun()
    const manifest = await exportRun(run, usualSaveKinds, folderSink(directory), { folder: 'photo' })
    expect(JSON.parse(read('manifest.json').toString())).toEqual(JSON.parse(JSON.stringify(manifest)))
    expect(parseManifest(read('manifest.json').toString())).toEqual(manifest)
    const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1)
    expect(manifest.files.toSorted(byName)).toEqual(
      [...manifest.figures, ...manifest.scripts, ...manifest.stages.flatMap(({ files }) => files)]
        .map((name) => ({
          name,
          sha256: createHash('sha256').update(read(name)).digest('hex'),
          byteLength: read(name).length,
        }))
        .sort(byName),
    )
    expect(manifest).toMatchObject({
      program: 'LayerLoupe',
      image: {
        name: 'photo.png',
        sha256: 'ab'.repeat(32),
        byteLength: 1234,
        width: 40,
        height: 30,
        format: 'png',
        channels: 3,
        space: 'rgb',
        depth: 8,
        orientation: 1,
        hasAlpha: false,
        hasProfile: false,
        pages: 1,
      },
      pipeline: run.pipeline,
      figures: ['evolution.png'],
      scripts: ['reproduce.py', 'reproduce_torch.py'],
      probabilities: [
        { name: 'cat', value: 0.25 },
        { name: 'dog', value: 0.75 },
      ],
      options: {
        save: ['png', 'npy', 'figure', 'script', 'manifest'],
        figure: usualFigure,
        stage: null,
        channel: null,
        rect: null,
      },
    })
    expect(manifest.stages[3]).toEqual({
      index: 3,
      kind: 'dense',
      title: 'Dense 2',
      shape: [2],
      dtype: 'float64',
      min: -0.5,
      max: 0.25,
      mean: -0.125,
      std: 0.375,
      nan: 0,
      infinite: 0,
      milliseconds: 0.25,
      files: ['03-dense.png', '03-dense.npy', '03-dense-weights.npy'],
    })
  })

  it('says null, not zero, of a stage with no finite value, and draws it all the same', async () => {
    const run = finishedRun()
    const odd = finishedStage(
      { shape: [2, 2, 1], data: Float64Array.of(NaN, Infinity, -Infinity, NaN) },
      { kind: 'conv2d' },
    )
    const manifest = await exportRun({ ...run, stages: [odd] }, saveKinds, folderSink(directory), { folder: 'photo' })
    expect(manifest.stages[0]).toMatchObject({ min: null, max: null, mean: null, std: null, nan: 2, infinite: 2 })
    expect(manifest.probabilities).toBeUndefined()
    pngSize(read('00-conv2d.png'))
  })

  it('writes only what is asked for, and only one stage where one is named', async () => {
    const manifest = await exportRun(finishedRun(), ['npy'], folderSink(directory), { folder: 'photo', stage: 1 })
    expect(readdirSync(path.join(directory, 'photo'))).toEqual(['01-conv2d.npy'])
    expect(manifest.stages.map(({ files }) => files)).toEqual([[], ['01-conv2d.npy'], [], [], []])
    expect(manifest.figures).toEqual([])
  })

  it('saves a channel, a rectangle or both of one stage under names that say so', async () => {
    const sink = folderSink(directory)
    const part = { stage: 1, channel: 2, rect: { left: 3, top: 1, width: 2, height: 4 } }
    const run = finishedRun()
    const { summary, tensor } = run.stages[1]!
    const cut = finish(cutStage(summary, tensor, part))
    const kinds = ['png', 'npy', 'csv', 'npz', 'manifest'] as const
    const manifest = await exportRun({ ...run, cut }, kinds, sink, { folder: 'photo', ...part })
    expect(manifest.options).toMatchObject(part)
    const stem = '01-conv2d-channel2-rows1-4-columns3-4'
    const wanted = {
      shape: [4, 2, 1],
      data: Float64Array.from({ length: 8 }, (_, i) => Math.sin(((1 + (i >> 1)) * 8 + 3 + (i & 1)) * 4 + 2)),
    }
    expect(decodeNpy(read(`${stem}.npy`))).toEqual(wanted)
    expect(decodeCsv(read(`${stem}.csv`))).toEqual(wanted)
    expect(decodeNpz(read('stages.npz'))).toEqual([{ name: stem, tensor: wanted }])
    for (const bad of [{ channel: 4 }, { rect: { left: 7, top: 0, width: 2, height: 1 } }]) {
      expect(() => finish(cutStage(summary, tensor, { stage: 1, ...bad }))).toThrow('outside the stage')
    }
    await expect(exportRun(run, ['npy'], sink, { folder: 'photo', channel: 0 })).rejects.toMatchObject({
      message: 'A channel or a rectangle is saved of one stage; say of which.',
    })
  })

  it.each(['csv', 'npz'] as const)('stops in the middle of a long .%s when cancelled', async (kind) => {
    const controller = new AbortController()
    const long = finishedStage(tensorOf([100, 1000, 10], Math.sqrt), { kind: 'conv2d' })
    let pieces = 0
    const sink = {
      async write(_name: string, content: Content) {
        if (content instanceof Uint8Array) throw new Error('it is in memory all at once')
        for await (const piece of content) {
          expect(piece.length).toBeLessThan(2 ** 21)
          if (++pieces === 3) controller.abort()
        }
      },
    }
    const saving = exportRun({ ...finishedRun(), stages: [long] }, [kind], sink, {
      folder: '',
      signal: controller.signal,
    })
    await expect(saving).rejects.toMatchObject({ code: 'cancelled' })
    expect(pieces).toBe(3)
  })

  it('refuses scripts of a single stage, since they compute all of them', async () => {
    const saving = exportRun(finishedRun(), ['npy', 'script'], folderSink(directory), { folder: 'photo', stage: 1 })
    await expect(saving).rejects.toMatchObject({ code: 'bad-request', message: /all stages/ })
  })

  it('refuses a stage the run has not', async () => {
    await expect(
      exportRun(finishedRun(), ['npy'], folderSink(directory), { folder: '', stage: 9 }),
    ).rejects.toMatchObject({
      code: 'not-found',
    })
  })

  it('stops between two files when cancelled, and aborting leaves nothing', async () => {
    const controller = new AbortController()
    const sink = folderSink(directory)
    const written: string[] = []
    const saving = exportRun(finishedRun(), saveKinds, sink, {
      folder: 'photo',
      signal: controller.signal,
      onFile(file) {
        written.push(file)
        controller.abort()
      },
    })
    await expect(saving).rejects.toMatchObject({ code: 'cancelled' })
    // Those begun with it may still be finished, but no other is begun.
    expect(written.length).toBeLessThan(6)
    expect(written).not.toContain('manifest.json')
    expect(readdirSync(path.join(directory, 'photo')).sort()).toEqual(written.sort())
    await sink.abort()
    expect(readdirSync(directory)).toEqual([])
  })

  it('passes on why a file could not be written, after those begun have ended', async () => {
    let open = 0
    const sink = {
      async write(name: string) {
        open++
        await new Promise((resolve) => setTimeout(resolve, name.endsWith('.npy') ? 20 : 1))
        open--
        if (name === '00-input.png') throw new LoupeError('write-failed', 'no room')
      },
    }
    await expect(exportRun(finishedRun(), saveKinds, sink, { folder: '' })).rejects.toMatchObject({
      message: 'no room',
    })
    expect(open).toBe(0)
  })
})
