/** `lab`: runs a program of the array lab; prints what it prints and saves what it shows. */

import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { LoupeError } from '../../../shared/errors.ts'
import { longestProgram, mostLabImages, type LabFigure } from '../../../shared/lab.ts'
import type { Engine } from '../../engine/index.ts'
import { exitCodes, interruption, type Console } from './console.ts'
import { checkFolder, reasonOf, UsageError, whyNoFile } from './usage.ts'

export interface LabOptions {
  readonly image?: readonly string[]
  readonly out?: string
}

export async function labCommand(
  file: string,
  { image: files = [], out }: LabOptions,
  openEngine: () => Engine,
  console: Console,
): Promise<number> {
  const code = await readProgram(file)
  if (out !== undefined) await checkFolder(out)
  if (files.length > mostLabImages) throw new UsageError(`--image: a program is given up to ${mostLabImages} pictures.`)
  const engine = openEngine()
  const interrupted = interruption()
  const { signal } = interrupted
  try {
    const images: string[] = []
    for (const picture of files) {
      try {
        const missing = await whyNoFile(picture)
        if (missing) throw new LoupeError('image-unreadable', `${missing}.`)
        const { id } = await engine.addFile(picture, signal)
        images.push(id)
      } catch (error) {
        if (signal.aborted) return exitCodes.interrupted
        console.note(`layerloupe: ${reasonOf(picture, error)}`)
        return exitCodes.failed
      }
    }
    const { session } = await engine.call('lab.open', {})
    let printed = 0
    const unsubscribe = engine.subscribe((event) => {
      if (event.type !== 'lab.output') return
      console.write(event.text)
      printed += event.text.length
    })
    const cell = { session, cell: path.resolve(file), code, images, run: null }
    const { output, figures, error } = await engine.call('lab.run', cell, { signal }).finally(unsubscribe)
    console.write(output.slice(printed))
    if (out !== undefined) await saveFigures(engine, figures, out, console)
    else if (figures.length > 0) {
      const n = figures.length
      console.note(`layerloupe: ${n} picture${n === 1 ? ' was' : 's were'} shown; --out FOLDER saves them.`)
    }
    if (error === null) return exitCodes.done
    if (error.kind === 'SystemExit') return exitOf(error.message, console)
    console.note(error.traceback)
    return exitCodes.failed
  } catch (error) {
    if (signal.aborted) return exitCodes.interrupted
    throw error
  } finally {
    interrupted.dispose()
    await engine.close()
  }
}

/** A program ends itself as in Python: with nothing, with a number, or with a sentence. */
function exitOf(message: string, console: Console): number {
  if (message === '' || message === 'None') return exitCodes.done
  if (/^-?\d+$/.test(message)) return Number(message) & 0xff
  console.note(message)
  return exitCodes.failed
}

async function readProgram(file: string): Promise<string> {
  const missing = await whyNoFile(file, 'this is a folder')
  if (missing) throw new UsageError(`${file}: ${missing}.`)
  const { size } = await stat(file)
  // Four bytes a character at most.
  if (size > 4 * longestProgram) throw new UsageError(`${file}: a program has up to ${longestProgram} characters.`)
  const code = await readFile(file, 'utf8')
  if (code.length > longestProgram) throw new UsageError(`${file}: a program has up to ${longestProgram} characters.`)
  return code
}

/** Each as `figure-1.png` and so on, whole or not there; those of an earlier run are replaced. Throws `write-failed`. */
async function saveFigures(
  engine: Engine,
  figures: readonly LabFigure[],
  out: string,
  console: Console,
): Promise<void> {
  for (const [i, { picture }] of figures.entries()) {
    const target = path.join(out, `figure-${i + 1}.png`)
    await engine.writeFile(target, picture.bytes)
    console.note(`layerloupe: saved ${target}`)
  }
}
