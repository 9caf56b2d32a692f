/**
 * A session of the array lab: runs cells in the part of Python that array code uses, over one namespace. It reaches nothing
 * but its own values: no files, no network, no objects of JavaScript's, no code made while it runs; steps, time, memory and
 * output are bounded.
 */

import { LoupeError } from '../../shared/errors.ts'
import type { LabDrawing, LabError, LabOutline, LabPanel, LabValue, LabVariable } from '../../shared/lab.ts'
import type { Steps } from '../../shared/steps.ts'
import type { Tensor } from '../../shared/tensor.ts'
import { dtypes, NDArray, Session, Storage } from '../ndarray/index.ts'
import { Halted } from './errors.ts'
import { figureModules, type Shown } from './figures.ts'
import { KeptArrays, tensorOf, type LabTensor } from './kept.ts'
import { keyOf } from './keys.ts'
import { Meter, usualLimits, type LabLimits } from './limits.ts'
import { Machine } from './machine.ts'
import { numpyModules } from './numpy.ts'
import { outlines, type PictureShapes } from './outline.ts'
import { photoArray, pictureModules, type LabImages, type LabPhoto } from './pictures.ts'
import { compileProgram } from './program.ts'
import { describeFailure } from './traceback.ts'
import { Source } from './tree.ts'
import { Dict, type Module, type Value } from './values.ts'
import { describeValue, describeVariables } from './variables.ts'

export interface LabSessionOptions {
  readonly limits?: Partial<LabLimits>
  /** Milliseconds from any start on. */
  readonly now: () => number
  /** Of the random generator, until a cell gives one. */
  readonly seed?: number
}

export interface LabCell {
  /** What tracebacks call it; what it has shown is kept until a cell of this name runs again. */
  readonly cell: string
  readonly code: string
  readonly images: LabImages
  /** What `image` is: the picture as an array. */
  readonly image?: LabPhoto
  /** What `stages` has, by name; not bound if left out. */
  readonly stages?: ReadonlyMap<string, Tensor>
  /** Takes what is printed, as it is. */
  readonly print?: (text: string) => void
}

/** A figure with what its panels were made of, the panels in the same order. */
export interface LabShown {
  readonly drawing: LabDrawing
  readonly panels: readonly LabPanel[]
}

export interface LabOutcome {
  readonly output: string
  readonly value: LabValue | null
  readonly figures: readonly LabShown[]
  readonly error: LabError | null
  readonly variables: readonly LabVariable[]
}

export class LabSession {
  readonly #limits: LabLimits
  readonly #machine: Machine
  readonly #kept = new KeptArrays()
  #figures: LabShown[] = []
  #cell = ''
  /** What `image` was in the cell before. */
  #image: NDArray | undefined
  #write: (text: string) => void = () => undefined
  #endFigure: () => void = () => undefined
  readonly #mentioned = new Set<string>()

  constructor({ limits, now, seed = 0 }: LabSessionOptions) {
    this.#limits = { ...usualLimits, ...limits }
    this.#machine = new Machine({
      meter: new Meter(this.#limits, now),
      session: new Session(seed),
      write: (text) => {
        this.#write(text)
      },
      modules: (machine) => this.#modules(machine),
    })
    // So that a single line of it can be tried without the imports.
    this.#machine.globals.set('np', this.#machine.importModule('numpy', true))
  }

  #modules(machine: Machine): Map<string, Module> {
    const figures = figureModules(machine, (shown) => {
      this.#show(shown)
    })
    this.#endFigure = figures.finish
    return new Map([...numpyModules(machine), ...pictureModules(machine), ...figures.modules])
  }

  #show({ drawing, arrays }: Shown): void {
    const { pictures } = this.#limits
    if (this.#figures.length >= pictures) {
      throw new Halted('OutputError', `the lab stopped this program after ${pictures} pictures`)
    }
    const panels = drawing.panels.map(({ title, range }, i): LabPanel => {
      const value = this.#kept.show(this.#cell, tensorOf(arrays[i]!))
      return { title, value, rgb: range === null, range }
    })
    this.#figures.push({ drawing, panels })
  }

  /** Whether code that has run, or this, has the word: `stages`, or `Image`, which are costly to make ready. */
  mentions(word: 'stages' | 'Image', code: string): boolean {
    if (code.includes(word)) this.#mentioned.add(word)
    return this.#mentioned.has(word)
  }

  /** Ends the cell that runs, or the next one, where it is. */
  interrupt(): void {
    this.#machine.interrupted = true
  }

  /** Runs a cell. Never throws for what is wrong with it: the outcome tells. Yields so that it can be interrupted. */
  *run({ cell, code, images, image, stages, print }: LabCell): Steps<LabOutcome> {
    const machine = this.#machine
    const { globals } = machine
    const source = new Source(code, cell)
    const printed: string[] = []
    this.#figures = []
    this.#cell = cell
    this.#kept.begin(cell)
    this.#write = (text) => {
      printed.push(text)
      print?.(text)
    }
    machine.images = images
    machine.meter.begin()
    let value: Value = null
    let error: LabError | null = null
    try {
      if (image) globals.set('image', this.#imageOf(image))
      if (stages) globals.set('stages', stagesDict(stages))
      const run = compileProgram(source, machine)
      yield 0
      value = yield* machine.run(source, run)
      // As a notebook: what was drawn and not shown is shown at the end.
      this.#endFigure()
    } catch (failure) {
      error = describeFailure(failure, source) ?? null
      if (!error) throw failed(failure)
    } finally {
      machine.interrupted = false
    }
    return this.#outcome(printed.join(''), value, error)
  }

  /** The array of the cell before, where it still is that photo: what views of it have as their base. */
  #imageOf(photo: LabPhoto): NDArray {
    if (!this.#image || !isOf(this.#image, photo)) this.#image = photoArray(photo)
    return this.#image
  }

  #outcome(output: string, value: Value, error: LabError | null): LabOutcome {
    const { globals } = this.#machine
    this.#kept.renew()
    const variables = describeVariables(globals, this.#kept)
    const shown = value === null || error ? null : describeValue(value, globals, this.#kept)
    if (shown?.array && value instanceof NDArray) this.#kept.show(this.#cell, tensorOf(value), shown.id ?? undefined)
    return { output, value: shown, figures: this.#figures, error, variables }
  }

  /** The array of this id; undefined where it is no longer kept, or is no picture and no stack of channels. */
  find(id: string): LabTensor | undefined {
    return this.#kept.find(id)
  }

  /** What keeps the code from being run at all: the first place of it that cannot be read. Runs nothing. */
  check(code: string): LabError | null {
    const source = new Source(code)
    try {
      compileProgram(source, this.#machine)
      return null
    } catch (failure) {
      const error = describeFailure(failure, source)
      if (error) return error
      throw failed(failure)
    }
  }

  /** Where the subscripts in the code lie in the pictures they are of. */
  outline(code: string, shapes: PictureShapes): LabOutline[] {
    return outlines(code, this.#machine.globals, shapes, this.#kept)
  }

  /** Bytes of its variables and of what its cells have shown. */
  get bytes(): number {
    return this.#machine.measure() + this.#kept.bytes
  }
}

/** Whether an array that `photoArray` made still has the shape and every byte of the photo. */
function isOf(array: NDArray, { shape, data }: LabPhoto): boolean {
  const [height, width, channels = 1] = array.shape
  if (!array.writeable || height !== shape[0] || width !== shape[1] || channels !== shape[2]) return false
  const bytes = array.storage.data as Uint8Array
  for (let i = 0; i < data.length; i++) if (bytes[i] !== data[i]) return false
  return true
}

/** The stages by name, as arrays that can only be read, on the memory of the stages themselves. */
function stagesDict(stages: ReadonlyMap<string, Tensor>): Dict {
  const dict = new Dict()
  for (const [name, { shape, data }] of stages) {
    const dtype =
      data instanceof Uint8Array ? dtypes.uint8 : data instanceof Float32Array ? dtypes.float32 : dtypes.float64
    const array = new NDArray(new Storage(dtype, data), [...shape])
    array.writeable = false
    dict.entries.set(keyOf(name), [name, array])
  }
  return dict
}

function failed(failure: unknown): LoupeError {
  const message = failure instanceof Error ? failure.message : String(failure)
  return new LoupeError('internal', `The lab failed: ${message}`, {}, { cause: failure })
}
