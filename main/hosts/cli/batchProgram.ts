/** What may be typed for many pictures: `batch` and `merge`, with their help. */

import type { Command, Option } from 'commander'
import { saveKinds, usualSaveKinds, type SaveKind } from '../../../shared/api.ts'
import type { Engine } from '../../engine/index.ts'
import type { BatchCommandOptions } from './batch.ts'
import type { Console } from './console.ts'
import { addFigureOptions, addStageLook } from './figureOptions.ts'
import { parseSave, UsageError } from './usage.ts'

const batchExamples = `
Examples:
  layerloupe batch holiday --recursive --out results            a folder and the folders in it
  layerloupe batch 'photos/**/*.jpg' --out results              a pattern, in quotes: this program expands it
  layerloupe batch photos --pipeline edges --save npy --out results --jobs 4
  layerloupe batch photos --save png,figure --theme dark --scale 2 --out results
  find . -name '*.png' -print0 | layerloupe batch --list - --out results
  layerloupe batch photos --shard 3/8 --out results             the third of eight parts, the same on every machine
  layerloupe merge results                                      one table of all eight

What is there and whole, of the same picture, pipeline, kinds of files, look and version, is not made again: after an
interruption, or with more pictures, type the same command again. Files of pictures keep their names and folders; what
Windows does not allow in names becomes _. Pictures that LayerLoupe saved itself are left out of folders, patterns and
lists, and so are hidden files and folders that are links. Beside them lie summary.csv and summary.json (statistics of every stage and
the probabilities), contact-sheet.png, and in statistics/ the mean and standard deviation of every stage and the
pictures that excite each channel most and least, all with the background and the labels of the other pictures.`

/** What the names after --save mean. */
export const kindsHelp = `

Kinds of files:
  png, svg             a picture of each stage
  npy, npz, csv        the numbers: a NumPy array of each stage, all arrays in one file, text
  figure, figure-svg   the evolution: all stages side by side
  script               reproduce.py and reproduce_torch.py, which compute it all again and compare it with the arrays
  manifest             manifest.json: the photo, the pipeline and the hash of every file`

const mergeExamples = `
Examples:
  layerloupe merge results                              parts that were saved to one folder
  layerloupe merge node1 node2 node3 --out all          parts from several machines`

interface BatchFlags extends Omit<BatchCommandOptions, 'save'> {
  readonly save?: readonly SaveKind[]
  readonly maxPixels?: number
}

export function describeBatch(
  program: Command,
  shared: { readonly pipeline: readonly [string, string, string]; readonly maxPixels: Option },
  openEngine: (flags: { readonly maxPixels?: number }) => Engine,
  console: Console,
  done: (code: number) => void,
): void {
  const batch = program
    .command('batch')
    .description('run many pictures through a pipeline on all cores; type it again to go on where it stopped')
    .argument('[picture...]', 'picture files, folders of them, and patterns such as "photos/**/*.jpg"')
    .requiredOption('-o, --out <folder>', 'save to this folder: a folder for each picture, and the table of all')
    .option(...shared.pipeline)
    .option(
      '-s, --save <kinds>',
      `of each picture any of ${saveKinds.join(',')}, all, or none: only the table and statistics (default: ${usualSaveKinds.join(',')})`,
      (text) => (text === 'none' ? [] : parseSave(text)),
    )
    .option('-r, --recursive', 'look into the folders in folders too', false)
    .option('--list <file>', 'names of more pictures, a line each or with zeros between them; - is standard input')
    .option('--shard <I/N>', 'only part I of N of the pictures, split the same way on every machine', parseShard)
    .option('-j, --jobs <n>', 'pictures at the same time (default: one a core)', parseJobs)
    .option('--again', 'make everything again, also what is there and whole', false)
    .addOption(shared.maxPixels)
    .option('--json', 'print a summary as JSON', false)
  addStageLook(addFigureOptions(batch))
    .addHelpText('after', batchExamples + kindsHelp)
    .action(async (words: string[], flags: BatchFlags) => {
      const { batchCommand } = await import('./batch.ts')
      done(await batchCommand(words, flags, () => openEngine(flags), console))
    })

  program
    .command('merge')
    .description('make one table, contact sheet and statistics of the parts of a batch that were run with --shard')
    .argument('<folder...>', 'folders batches were saved to')
    .option('-o, --out <folder>', 'save to this folder (default: the first one)')
    .option('--json', 'print a summary as JSON', false)
    .addHelpText('after', mergeExamples)
    .action(async (folders: string[], flags: { out?: string; json: boolean }) => {
      const { mergeCommand } = await import('./merge.ts')
      done(await mergeCommand(folders, flags, () => openEngine({}), console))
    })
}

/** `3/8` as [3, 8]. */
function parseShard(text: string): readonly [number, number] {
  const match = /^(\d{1,6})\/(\d{1,6})$/.exec(text)
  const [part, parts] = [Number(match?.[1]), Number(match?.[2])]
  if (!match || part < 1 || part > parts) {
    throw new UsageError(`--shard ${text}: this must be I/N, part I of N, from 1/N to N/N.`)
  }
  return [part, parts]
}

function parseJobs(text: string): number {
  const jobs = Number(text)
  if (!/^\d{1,3}$/.test(text) || jobs < 1) {
    throw new UsageError(`--jobs ${text}: this must be a whole number from 1 to 999.`)
  }
  return jobs
}
