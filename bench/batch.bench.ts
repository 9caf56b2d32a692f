/**
 * Many photos: all stages as pictures and arrays, against a Python program doing the same on the same cores; with the
 * scripts that prove them, which it does not write; how memory grows with their number; and one photo, everything saved,
 * in a program that is warm.
 * LAYERLOUPE_BENCH_PHOTOS sets their number (1000), LAYERLOUPE_BENCH_ROUNDS the rounds (3).
 */

import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { appendFile, copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { createEngine } from '../main/engine/index.ts'
import { presets } from '../shared/presets.ts'
import { usualSaveKinds, type SaveKind } from '../shared/api.ts'
import { median, printTable, processCost, pythonCommand, pythonHas, pythonScript, type Cost } from './measure.ts'
import { makePhoto } from './photos.ts'

const dist = fileURLToPath(new URL('../../dist/main/', import.meta.url))
const command = path.join(dist, 'cli.js')
const photos = Number(process.env['LAYERLOUPE_BENCH_PHOTOS'] ?? 1000)
const rounds = Number(process.env['LAYERLOUPE_BENCH_ROUNDS'] ?? 3)
const variants = 10
/** What the Python program writes too. */
const compared: readonly SaveKind[] = ['png', 'npy', 'figure', 'manifest']
const { pipeline } = presets[0]!

/** Photos of 2 megapixels: a few different ones under many names, and no two files of the same bytes. */
async function makePhotos(folder: string, count: number): Promise<string> {
  await mkdir(folder)
  const made = []
  for (let variant = 0; variant < Math.min(variants, count); variant++) {
    made.push(await makePhoto(folder, 1632, 1224, variant))
  }
  for (let i = made.length; i < count; i++) {
    const copy = path.join(folder, `copy-${String(i).padStart(5, '0')}.jpg`)
    await copyFile(made[i % made.length]!, copy)
    // After the end of the picture, where decoders do not look.
    await appendFile(copy, `copy ${i}`)
  }
  return folder
}

/** Bytes of memory a process and those it has started hold at the most; Linux tells. */
async function peakOf(args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [command, ...args], { stdio: 'ignore' })
  let peak = 0
  const watch = setInterval(() => {
    peak = Math.max(peak, heldBy(child.pid!))
  }, 50)
  await new Promise((resolve) => child.on('close', resolve))
  clearInterval(watch)
  return peak
}

function heldBy(pid: number): number {
  const folders = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  let kilobytes = 0
  for (const folder of folders) {
    try {
      const status = readFileSync(`/proc/${folder}/status`, 'utf8')
      const parent = Number(/^PPid:\s+(\d+)/m.exec(status)?.[1])
      if (Number(folder) === pid || parent === pid) kilobytes += Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0)
    } catch {
      // It has ended meanwhile.
    }
  }
  return kilobytes * 1024
}

function batchCost(photos: string, out: string, save: readonly SaveKind[]): Cost {
  return processCost(process.execPath, [command, 'batch', photos, '--out', out, '--save', save.join()])
}

export async function benchBatch(): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'layerloupe-bench-'))
  const all = await makePhotos(path.join(folder, 'all'), photos)
  const python = pythonHas('PIL', 'numpy')
  const ours: Cost[] = []
  const theirs: Cost[] = []
  const usual: Cost[] = []
  for (let round = 0; round < rounds; round++) {
    // Nothing is deleted before the end: for some minutes, ext4 takes long to make a file where one has just gone.
    const out = (name: string) => path.join(folder, `${name}-${round}`)
    ours.push(batchCost(all, out('out'), compared))
    if (python) {
      const args = [pythonScript('batch.py'), all, out('python'), String(availableParallelism())]
      theirs.push(processCost(pythonCommand(), args))
    }
    usual.push(batchCost(all, out('usual'), usualSaveKinds))
  }
  const one = await oneWarm(folder)
  const times = (costs: readonly Cost[]) => costs.map(({ milliseconds }) => milliseconds)
  const what = `${photos} photos, ${availableParallelism()} cores`
  printTable('Many photos (2 megapixels), walkthrough: pictures, arrays, figure, table, sheet, statistics', 'Python', [
    { what, ours: times(ours), theirs: python ? times(theirs) : undefined, goal: '2× or more' },
    { what: 'the same, with scripts', ours: times(usual), goal: '' },
    { what: 'one photo, everything saved, warm', ours: one, goal: 'under 100 ms' },
  ])
  const [own, other] = [ours, theirs].map((costs) => (median(costs.map(({ cpu }) => cpu)) * 1000) / photos)
  if (python && own! > 0) {
    process.stdout.write(
      `Processor time a photo: ${own!.toFixed(1)} ms, Python ${other!.toFixed(1)} ms: ${(other! / own!).toFixed(2)}×\n`,
    )
  }
  if (process.platform === 'linux') {
    const few = await makePhotos(path.join(folder, 'few'), Math.ceil(photos / 10))
    const small = await peakOf(['batch', few, '--out', path.join(folder, 'few-out')])
    const large = await peakOf(['batch', all, '--out', path.join(folder, 'all-out')])
    const share = ((large / small - 1) * 100).toFixed(1)
    process.stdout.write(
      `Peak memory of all processes: ${format(small)} for ${Math.ceil(photos / 10)} photos, ${format(large)} for ${photos}: ${share} % more (goal: 10 % or less)\n`,
    )
  }
  await rm(folder, { recursive: true })
}

function format(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`
}

/** Milliseconds from the file to its last saved file, in an engine that has saved others before. */
async function oneWarm(folder: string): Promise<number[]> {
  const engine = createEngine({ version: 'bench', entry: path.join(dist, 'engine.js') })
  const times: number[] = []
  for (let i = 0; i < 25; i++) {
    // Of other bytes each time: nothing of it is in a cache.
    const photo = path.join(folder, `warm-${i}.jpg`)
    await copyFile(await makePhoto(folder, 1632, 1224, 77), photo)
    await appendFile(photo, `warm ${i}`)
    const begin = performance.now()
    const image = await engine.addFile(photo)
    const { run } = await engine.call('runs.start', { image: image.id, pipeline })
    await engine.exportTo({ runs: [run], save: usualSaveKinds, directory: path.join(folder, 'warm') })
    times.push(performance.now() - begin)
  }
  await engine.close()
  return times.slice(5)
}
