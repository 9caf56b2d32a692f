/** The command line: what may be typed, its help, and what each command calls. */

import { Command, CommanderError, Help, Option } from 'commander'
import { existsSync } from 'node:fs'
import { saveKinds, usualSaveKinds } from '../../../shared/api.ts'
import { toWire } from '../../../shared/errors.ts'
import { describeBatch, kindsHelp } from './batchProgram.ts'
import { exitCodes, processConsole, type Console } from './console.ts'
import { parseAt, parseIndex, parseTerms } from './element.ts'
import type { ExplainOptions } from './explain.ts'
import { addFigureOptions, addPartOptions, addStageLook, parseFigureFile } from './figureOptions.ts'
import type { LabOptions } from './lab.ts'
import type { RunOptions } from './run.ts'
import { parsePixels, parsePort, parseSave, UsageError } from './usage.ts'
import type { Engine } from '../../engine/index.ts'
import type { ImageLimits, WindowParts } from './window.ts'

export interface CliParts extends WindowParts {
  readonly version: string
  openEngine(limits: ImageLimits): Engine
}

const examples = `
Examples:
  layerloupe                                  open the window
  layerloupe photo.jpg                        open it with a photo
  layerloupe run photo.jpg --out stages       save every stage of a photo
  layerloupe run *.jpg --json > all.json      numbers of many photos, nothing saved
  layerloupe run a.png --pipeline edges --out stages --save png,figure
  layerloupe batch holiday --recursive --out results    thousands of photos on all cores, resumable
  layerloupe plan --pipeline tiny-vgg-shape --size 640x480
  layerloupe explain photo.jpg --stage 1 --at 20,30   the sum behind one value
  layerloupe lab exercise.py --image photo.jpg        NumPy on a photo, without Python

Exit codes: 0 all done, 1 a picture or a plan failed (the others are done), 2 bad usage, 130 interrupted.`

const runExamples = `
Examples:
  layerloupe run photo.jpg --out stages --save png,svg,npy,npz,csv,figure,manifest
  layerloupe run photo.jpg -o stages --save figure,figure-svg --theme dark --scale 2
  layerloupe run photo.jpg -o stages --save png --stage 1 --channel 0 --no-labels --no-legend --no-scale-bar
  layerloupe run photo.jpg -o stages --save csv --stage 1 --rows 0-7 --columns 8-15     some numbers as text
  layerloupe run photo.jpg -o stages --save png --range channel   each channel on its own colour scale`

const explainExamples = `
Examples:
  layerloupe explain photo.jpg --stage 1 --at 20,30              a convolution's nine products
  layerloupe explain photo.jpg --stage 0 --at 20,30              an input value, from the photo's bytes
  layerloupe explain photo.jpg --stage 4 --at 0 --terms 20       the 20 terms that count most for class 0
  layerloupe explain photo.jpg --stage 5 --at 1 --trace 5        what each stage adds to the share of class 1
  layerloupe explain photo.jpg -p edges --stage 1 --at 5,6,2 --json
  layerloupe explain photo.jpg --stage 1 --at 20,30 --figure sum.svg --theme dark`

const labExamples = `
Examples:
  layerloupe lab exercise.py                          prints what Python would print
  layerloupe lab crop.py --image photo.jpg            image is the photo as an array
  layerloupe lab pair.py -i a.png -i b.png --out shown   Image.open('b.png') opens the second

What the lab does not have, and every mistake, ends the program with a traceback and exit code 1.`

/** Runs what was typed; resolves to the exit code and never rejects. */
export async function runCli(
  argv: readonly string[],
  parts: CliParts,
  console: Console = processConsole,
): Promise<number> {
  let exitCode: number = exitCodes.done
  const program = describeProgram(parts, console, (code) => {
    exitCode = code
  })
  try {
    await program.parseAsync(argv, { from: 'user' })
    return exitCode
  } catch (error) {
    // Commander has said what was wrong; help and the version end the same way, with 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage
    if (error instanceof UsageError) {
      console.note(`layerloupe: ${error.message}`)
      return exitCodes.usage
    }
    console.note(`layerloupe: ${toWire(error).message}`)
    return exitCodes.failed
  }
}

function describeProgram(parts: CliParts, console: Console, done: (code: number) => void): Command {
  const pipeline = [
    '-p, --pipeline <preset|file>',
    'a preset (see presets) or a *.pipeline.json file',
    'walkthrough',
  ] as const
  const maxPixels = [
    '--max-pixels <n>',
    'largest picture accepted, in pixels (default: 50 million)',
    parsePixels,
  ] as const
  const program = new Command('layerloupe')
    .description('Watch a convolutional network take a photo apart, layer by layer.')
    .version(parts.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .argument('[image...]', 'pictures, or folders of them, to open the window with')
    .addHelpText('after', examples)
    .enablePositionalOptions()
    .exitOverride()
    // That a switch is off until it is typed goes without saying.
    .configureHelp({
      optionDescription: (option) =>
        option.isBoolean() ? option.description : Help.prototype.optionDescription(option),
    })
    .configureOutput({
      writeOut: (text) => console.out(text.trimEnd()),
      writeErr: (text) => console.note(text.trimEnd()),
      outputError: (text, write) => write(text.replace(/^error: /, 'layerloupe: ')),
    })
    .showHelpAfterError('(layerloupe --help tells what can be typed)')
    .option(...maxPixels)
    .action(async (images: string[], options: { maxPixels?: number }) => {
      checkNames(images)
      const { windowCommand } = await import('./window.ts')
      done(await windowCommand(images, limitsOf(options), parts, console))
    })

  const run = program
    .command('run')
    .description('run pictures through a pipeline; print, and with --out save, what every layer made')
    .argument('<image...>', 'picture files, or patterns of their names')
    .option(...pipeline)
    .option('-o, --out <folder>', 'save to a folder of its own for each picture, in this folder')
    .option(
      '-s, --save <kinds>',
      `any of ${saveKinds.join(',')}, or all (default: ${usualSaveKinds.join(',')})`,
      parseSave,
    )
    .option(...maxPixels)
    .option('--json', 'print the manifests as one JSON array, and nothing else, to standard output', false)
  addPartOptions(addStageLook(addFigureOptions(run)))
    .addHelpText('after', runExamples + kindsHelp)
    .action(async (images: string[], options: RunOptions & { maxPixels?: number }) => {
      const { runCommand } = await import('./run.ts')
      done(await runCommand(images, options, () => parts.openEngine(limitsOf(options)), console))
    })

  describeBatch(
    program,
    { pipeline, maxPixels: new Option(maxPixels[0], maxPixels[1]).argParser(maxPixels[2]) },
    (flags) => parts.openEngine(limitsOf(flags)),
    console,
    done,
  )

  const explain = program
    .command('explain')
    .description('print the arithmetic behind one value: every term, where it stands, down to the photo')
    .argument('<image>', 'a picture file')
    .option(...pipeline)
    .requiredOption('--stage <n>', 'which stage, numbered as run prints them', (text) => parseIndex('--stage', text))
    .requiredOption('--at <place>', 'ROW,COLUMN or ROW,COLUMN,CHANNEL, from 0 on; INDEX for a vector', parseAt)
    .option('--terms <n>', 'how many terms of a long sum to print, the largest first (default: 64)', (text) =>
      parseTerms(text),
    )
    .option('--photo-row <n>', 'of a resized input stage: the taps in this row of the photo', (text) =>
      parseIndex('--photo-row', text),
    )
    .option('--trace <n>', 'also print the n elements of each earlier stage that add most to it', (text) =>
      parseTerms(text, '--trace'),
    )
    .option('--figure <file>', 'draw it too, as PNG or SVG by the name of the file', parseFigureFile)
    .option('--json', 'print JSON', false)
    .option(...maxPixels)
  addFigureOptions(explain)
    .addHelpText('after', explainExamples)
    .action(async (image: string, options: ExplainOptions & { maxPixels?: number }) => {
      const { explainCommand } = await import('./explain.ts')
      done(await explainCommand(image, options, () => parts.openEngine(limitsOf(options)), console))
    })

  program
    .command('lab')
    .description('run a program of the array lab: the NumPy on photos that it knows, without Python')
    .argument('<file.py>', 'the program')
    .option('-i, --image <photo>', 'a picture it can open by its name; the first is the array image', collect)
    .option('-o, --out <folder>', 'save what plt.show() shows as figure-1.png, … in this folder')
    .option(...maxPixels)
    .addHelpText('after', labExamples)
    .action(async (file: string, options: LabOptions & { maxPixels?: number }) => {
      const { labCommand } = await import('./lab.ts')
      done(await labCommand(file, options, () => parts.openEngine(limitsOf(options)), console))
    })

  program
    .command('plan')
    .description('print the shapes a pipeline makes, before anything runs')
    .option(...pipeline)
    .option('--size <WxH|image>', 'size of the photo in pixels, or a picture to take it from', '512x512')
    .option('--json', 'print JSON', false)
    .action(async (options: { pipeline: string; size: string; json: boolean }) => {
      const { planCommand } = await import('./plan.ts')
      done(await planCommand(options, () => parts.openEngine({}), console))
    })

  program
    .command('presets')
    .description('print the built-in pipelines')
    .option('--json', 'print JSON', false)
    .action(async (options: { json: boolean }) => {
      const { listPresets } = await import('./presets.ts')
      done(listPresets(options, console))
    })

  program
    .command('serve')
    .description('serve the window to a browser on this machine, and print its address')
    .argument('[image...]', 'pictures, or folders of them, to begin with')
    .option('--port <n>', 'port to listen on; 0: any free one', parsePort, 0)
    .option(...maxPixels)
    .action(async (images: string[], options: { port: number; maxPixels?: number }) => {
      const { serveCommand } = await import('./window.ts')
      done(await serveCommand(images, { port: options.port, ...limitsOf(options) }, parts, console))
    })
  return program
}

/** All values of an option that is given again and again. */
function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value]
}

function limitsOf({ maxPixels }: { maxPixels?: number }): ImageLimits {
  return maxPixels === undefined ? {} : { pixels: maxPixels }
}

/** Refuses words that are neither a command nor could be a file, before a window opens for nothing. */
function checkNames(names: readonly string[]): void {
  const word = names.find((name) => !/[./\\]/.test(name) && !existsSync(name))
  if (word === undefined) return
  throw new UsageError(`${word}: there is no such file (and no command of this name). Try layerloupe --help.`)
}
