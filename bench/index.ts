/** Every benchmark, or those named on the command line. */

import { benchBatch } from './batch.bench.ts'
import { benchCommandLine } from './commandLine.bench.ts'
import { benchEditing } from './editing.bench.ts'
import { benchGallery } from './gallery.bench.ts'
import { benchKernels } from './kernels.bench.ts'
import { benchLab } from './lab.bench.ts'
import { benchMany } from './many.bench.ts'
import { benchRun } from './run.bench.ts'
import { benchViewer } from './viewer.bench.ts'

const benchmarks: Record<string, () => Promise<void>> = {
  kernels: benchKernels,
  run: benchRun,
  'command-line': benchCommandLine,
  batch: benchBatch,
  gallery: benchGallery,
  lab: benchLab,
  many: benchMany,
  editing: benchEditing,
  viewer: benchViewer,
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !(name in benchmarks))
if (unknown.length > 0) {
  process.stderr.write(
    `No benchmark is called ${unknown.join(', ')}; there are ${Object.keys(benchmarks).join(', ')}.\n`,
  )
  process.exitCode = 2
} else {
  for (const [name, run] of Object.entries(benchmarks)) if (wanted.length === 0 || wanted.includes(name)) await run()
}
