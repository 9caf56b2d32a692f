/**
 * The array lab's part of the contract: sessions that run cells of Python over NumPy arrays, and what they answer.
 * A session is one namespace, what a notebook calls its kernel.
 */

import type { ImageId, Picture, RunId, TensorStatistics, TensorWindow, WindowRequest } from './api.ts'
import type { LayerKind } from './layers/index.ts'
import type { Shape, Tensor } from './tensor.ts'

export type LabSessionId = string

/** Longest program, in characters. */
export const longestProgram = 1_000_000

/** Pictures a program may be given. */
export const mostLabImages = 16

/** Where an array lies in another along one axis: every `step`-th of [start, stop), `step` at least 1. */
export type LabSpan = readonly [start: number, stop: number, step: number]

/** The part of a picture-like array that basic indexing takes; `channels` null where the array has none. */
export interface LabRegion {
  readonly rows: LabSpan
  readonly columns: LabSpan
  readonly channels: LabSpan | null
}

/** Whose memory an array looks at. */
export interface LabView {
  /** A variable that is the array which owns the memory; null where none is. */
  readonly base: string | null
  readonly baseId: string
  /** Where in it; null where that is no picture, or the view no rectangle of it. */
  readonly region: LabRegion | null
}

export interface LabArray {
  readonly dtype: string
  readonly shape: readonly number[]
  /** In bytes. */
  readonly strides: readonly number[]
  readonly bytes: number
  /** Whether it can be shown as a picture: 2-D, or 3-D with 1, 3 or 4 channels, both sides 2 or more. */
  readonly picture: boolean
  /** Null where the array owns its memory. */
  readonly view: LabView | null
}

/** What a cell's last line gave. */
export interface LabValue {
  /** Of an array, to be read by; null for all else. */
  readonly id: string | null
  /** Its `repr`. */
  readonly text: string
  readonly array: LabArray | null
}

export interface LabVariable {
  readonly name: string
  /** Python's name of its type. */
  readonly kind: string
  /** Of an array, to be read by; null for all else. */
  readonly id: string | null
  readonly array: LabArray | null
  /** Its `repr` in one line of up to 80 characters. */
  readonly text: string
}

/** What one `imshow` showed. */
export interface LabPanel {
  readonly title: string
  /** To read the array by; null where it is no longer kept. */
  readonly value: string | null
  /** Whether it was shown in its own colours. */
  readonly rgb: boolean
  /** What the ends of the colour scale mean; null for a picture in its own colours. */
  readonly range: readonly [low: number, high: number] | null
}

/** What one `plt.show()` showed. */
export interface LabFigure {
  readonly title: string
  readonly picture: Picture
  readonly panels: readonly LabPanel[]
}

/** Why a cell ended before its end. */
export interface LabError {
  /** `NameError`, `KeyboardInterrupt`, … */
  readonly kind: string
  readonly message: string
  /** Where in the cell, from 1 on, the end exclusive; null where no place in it is to blame. */
  readonly line: number | null
  readonly column: number | null
  readonly endLine: number | null
  readonly endColumn: number | null
  /** All of it as Python tells it. */
  readonly traceback: string
}

/** What one run of a cell did. */
export interface LabResult {
  /** All it printed. */
  readonly output: string
  /** What its last line gave, if that is an expression and not None. */
  readonly value: LabValue | null
  readonly figures: readonly LabFigure[]
  readonly error: LabError | null
  /** Those of the session after it, by name; modules and names that begin with `_` left out. */
  readonly variables: readonly LabVariable[]
  readonly milliseconds: number
}

/** A cell prints; the result has all of it once more. */
export interface LabEvent {
  readonly type: 'lab.output'
  readonly session: LabSessionId
  readonly cell: string
  readonly text: string
}

/** A part of an array as height × width × channels: bytes as they are, all else as float64. */
export interface LabWindow extends TensorWindow {
  /** What is not as in the array: whole numbers of 64 bits that a double does not hold. */
  readonly note: string | null
}

export interface LabSummary extends TensorStatistics {
  readonly shape: Shape
  readonly dtype: string
}

/** Where a subscript in the code lies in the picture it is of. */
export interface LabOutline {
  /** The subscript, in characters of the code. */
  readonly from: number
  readonly to: number
  /** What stands before the brackets. */
  readonly name: string
  /** The array it is of, to be read by; null where that is not in the session yet. */
  readonly id: string | null
  readonly region: LabRegion
}

/** Something the lab has: for completion, signature help and the reference. */
export interface LabName {
  /** `np.reshape`, `ndarray.reshape`, `len`, `Image.open`, `plt.imshow`, `str.join`. */
  readonly name: string
  /** `(a, newshape)`; empty for what is not called. */
  readonly signature: string
  readonly doc: string
  readonly kind: 'function' | 'method' | 'attribute' | 'constant' | 'type' | 'exception' | 'keyword'
}

/** What a cell is given: images it can open, the first of them its `image`; the run whose tensors are its `stages`. */
export interface LabSurroundings {
  readonly images: readonly ImageId[]
  readonly run: RunId | null
}

/** The lab's methods of the contract. */
export interface LabMethods {
  /** A session of the array lab: one namespace, in a compute process of its own. */
  'lab.open': { params: Record<string, never>; result: { session: LabSessionId } }
  'lab.close': { params: { session: LabSessionId }; result: null }
  /**
   * Runs a cell; one at a time in a session. It opens the images by their names; the first is its `image`, as an array, and
   * the run's tensors are its `stages`, read-only. `cell` is what tracebacks call the file. What is wrong with the code is in
   * the answer. Stopped by `lab.stop`, and then answers with a KeyboardInterrupt, or by the signal. `lab-restarted` where
   * the process was started again, or the session was put aside for others: its variables are gone then, once.
   */
  'lab.run': { params: { session: LabSessionId; cell: string; code: string } & LabSurroundings; result: LabResult }
  /**
   * Interrupts the cell that runs, if one does. Where it does not stop within two seconds, in one call on many elements,
   * the process is started again, and the cell's run rejects with `lab-restarted`.
   */
  'lab.stop': { params: { session: LabSessionId }; result: null }
  /**
   * A window of an array of a result, by its id. Those of variables can be read until the session's next result, those of
   * cells' values and figures until their cell's next, or until later ones need the room; then `not-found`.
   */
  'lab.read': { params: { session: LabSessionId; value: string } & WindowRequest; result: LabWindow }
  'lab.summary': { params: { session: LabSessionId; value: string }; result: LabSummary }
  /** Where the subscripts in the code lie in the pictures they are of; evaluates no call. */
  'lab.outline': {
    params: { session: LabSessionId; code: string } & LabSurroundings
    result: { outlines: readonly LabOutline[] }
  }
  /** The first place of the code that is no Python, or not the lab's; null where all of it can be read. Runs nothing. */
  'lab.check': { params: { code: string }; result: { error: LabError | null } }
  /** Everything the lab has. */
  'lab.names': { params: Record<string, never>; result: { names: readonly LabName[] } }
}

/** Pillow's modes that the lab has: bilevel, grey and colour, each without or with opacity, and a palette. */
export type PictureMode = '1' | 'L' | 'LA' | 'RGB' | 'RGBA' | 'P'

/** A picture as Pillow opens it. */
export interface OpenedPicture {
  readonly mode: PictureMode
  /** `PNG`, `JPEG`, …; null for one that was made. */
  readonly format: string | null
  /** (height, width, channels of the mode), bytes; of a palette its colours, with opacity where it has some. */
  readonly photo: Tensor<Uint8Array>
}

/** A pixel array that is drawn: an element a pixel. */
export interface LabDrawnPanel {
  readonly title: string
  /** Row and column in the figure, from 0 on. */
  readonly row: number
  readonly column: number
  readonly width: number
  readonly height: number
  /** Red, green, blue and 255 of each element. */
  readonly rgba: Uint8Array
  readonly range: readonly [low: number, high: number] | null
}

/** Panels in a grid, before they are a picture. */
export interface LabDrawing {
  readonly title: string
  readonly rows: number
  readonly columns: number
  readonly panels: readonly LabDrawnPanel[]
}

/** The key of each stage in `stages`: its layer's kind; from the second of a kind on with its number, `conv2d_2`. */
export function stageNames(kinds: readonly LayerKind[]): string[] {
  const seen = new Map<LayerKind, number>()
  return kinds.map((kind) => {
    const count = (seen.get(kind) ?? 0) + 1
    seen.set(kind, count)
    return count === 1 ? kind : `${kind}_${count}`
  })
}
