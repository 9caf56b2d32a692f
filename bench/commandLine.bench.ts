/** The whole command, cold: one JPEG to all stage files and the evolution figure, against a Python script doing the same. */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { makePhoto } from './photos.ts'
import { printTable, processTime, pythonCommand, pythonHas, pythonScript, type Row } from './measure.ts'

const command = fileURLToPath(new URL('../../dist/main/cli.js', import.meta.url))
const rounds = 7

export async function benchCommandLine(): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'layerloupe-bench-'))
  const python = pythonHas('PIL', 'numpy', 'matplotlib')
  const rows: Row[] = []
  for (const { name, width, height, goal } of [
    { name: '2 megapixels', width: 1632, height: 1224, goal: '2.5× or more' },
    { name: '24 megapixels', width: 6000, height: 4000, goal: 'more than 1×' },
  ]) {
    const photo = await makePhoto(folder, width, height)
    const ours: number[] = []
    const theirs: number[] = []
    // The first round warms the disk cache for both and does not count.
    for (let round = 0; round <= rounds; round++) {
      const mine = processTime(process.execPath, [command, 'run', photo, '--out', path.join(folder, `ours-${round}`)])
      if (round > 0) ours.push(mine)
      if (!python) continue
      const other = processTime(pythonCommand(), [pythonScript('walkthrough.py'), photo, path.join(folder, 'theirs')])
      if (round > 0) theirs.push(other)
    }
    rows.push({ what: `${name} (${width}×${height} JPEG)`, ours, theirs: python ? theirs : undefined, goal })
  }
  printTable('Cold command line, walkthrough, every file and the figure', 'Python', rows)
  await rm(folder, { recursive: true })
}
