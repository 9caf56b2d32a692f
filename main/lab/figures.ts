/** `matplotlib.pyplot`: what `imshow` shows, in a grid of subplots, becomes pictures. */

import { asArray, doublesOf, shapeText, type NDArray } from '../ndarray/index.ts'
import { colourTable, notANumberColour, type ScaleName } from '../../shared/colour.ts'
import type { LabDrawing, LabDrawnPanel } from '../../shared/lab.ts'
import { finiteRange } from '../../shared/tensor.ts'
import { truth } from './comparing.ts'
import { raised } from './errors.ts'
import type { Machine } from './machine.ts'
import { bindMethod, builtin, methodTable, type MethodTable, type Runtime } from './signatures.ts'
import { ObjectArray } from './objectArray.ts'
import { indexNumber } from './subscripts.ts'
import { str } from './text.ts'
import { LabObject, Module, Tuple, type Value } from './values.ts'

/** A figure, and a copy of the array each of its panels was made of. */
export interface Shown {
  readonly drawing: LabDrawing
  readonly arrays: readonly NDArray[]
}

interface Drawn extends Pick<LabDrawnPanel, 'width' | 'height' | 'rgba' | 'range'> {
  readonly array: NDArray
}

interface ColourMap {
  readonly scale: ScaleName
  /** Whether Matplotlib's begins where our scale ends. */
  readonly turned: boolean
}

/** By Matplotlib's names; each with `_r` is the same turned round. */
const colourMaps: ReadonlyMap<string, ColourMap> = new Map(
  (
    [
      ['viridis', 'viridis', false],
      ['cividis', 'cividis', false],
      ['inferno', 'inferno', false],
      ['gray', 'grey', false],
      ['grey', 'grey', false],
      ['Greys', 'grey', true],
      ['RdBu', 'red-blue', true],
      ['coolwarm', 'red-blue', false],
      ['PuOr', 'purple-orange', false],
    ] as const
  ).flatMap(([name, scale, turned]) => [
    [name, { scale, turned }],
    [`${name}_r`, { scale, turned: !turned }],
  ]),
)

/** Pixels of one panel. */
const mostPixels = 1 << 25

class Axes extends LabObject {
  readonly typeName = 'Axes'
  title = ''
  drawn: Drawn | null = null
  readonly row: number
  readonly column: number
  constructor(row: number, column: number) {
    super()
    this.row = row
    this.column = column
  }
  override attribute(name: string, runtime: Runtime): Value | undefined {
    const method = axesMethods.get(name)
    return method && bindMethod(method, this, runtime)
  }
}

class Figure {
  title = ''
  rows = 1
  columns = 1
  readonly axes: Axes[] = []
  current: Axes | null = null

  /** The axes at a place, made where there are none. */
  at(row: number, column: number): Axes {
    const found = this.axes.find((axes) => axes.row === row && axes.column === column)
    if (found) this.current = found
    else this.axes.push((this.current = new Axes(row, column)))
    return this.current
  }

  here(): Axes {
    return this.current ?? this.at(0, 0)
  }
}

/** What `plt.figure()` gives. */
class FigureHandle extends LabObject {
  readonly typeName = 'Figure'
  readonly figure: Figure
  constructor(figure: Figure) {
    super()
    this.figure = figure
  }
  override attribute(name: string, runtime: Runtime): Value | undefined {
    const method = figureMethods.get(name)
    return method && bindMethod(method, this, runtime)
  }
}

function finite(value: Value | undefined, usual: number): number {
  if (value === undefined || value === null) return usual
  const number = typeof value === 'number' ? value : Number(asArray(value).at(0))
  if (!Number.isFinite(number)) throw raised('ValueError', 'vmin and vmax must be finite')
  return number
}

function draw(value: Value, cmap: Value, vmin: Value | undefined, vmax: Value | undefined, runtime: Runtime): Drawn {
  const array = asArray(value)
  const { shape } = array
  const channels = shape.length === 3 ? shape[2]! : 1
  if (!(shape.length === 2 || (shape.length === 3 && (channels === 3 || channels === 4 || channels === 1)))) {
    throw raised('TypeError', `Invalid shape ${shapeText(shape)} for image data`)
  }
  const [height, width] = shape as [number, number]
  if (width * height > mostPixels) throw raised('ValueError', `the lab shows up to ${mostPixels} elements as a picture`)
  runtime.meter.hold(width * height * 4 + array.nbytes)
  runtime.meter.work(width * height)
  const rgba = new Uint8Array(width * height * 4).fill(255)
  const values = doublesOf(array)
  const name = cmap === null ? 'viridis' : str(cmap)
  const map = colourMaps.get(name)
  if (!map) {
    const known = [...colourMaps.keys()].filter((one) => !one.endsWith('_r')).join(', ')
    throw raised('ValueError', `'${name}' is not a colour map of the lab; it has ${known}, and each with _r`)
  }
  if (channels >= 3) {
    // Bytes as they are, numbers from 0 to 1 in 255 steps; what lies outside is cut off, as Matplotlib does.
    const by = array.dtype.kind === 'f' ? 255 : 1
    for (let pixel = 0; pixel < width * height; pixel++) {
      const opacity = channels === 4 ? Math.min(Math.max((values[pixel * 4 + 3]! * by) / 255, 0), 1) : 1
      for (let channel = 0; channel < 3; channel++) {
        const byte = values[pixel * channels + channel]! * by
        const cut = byte <= 0 ? 0 : byte >= 255 ? 255 : Math.trunc(byte)
        // What lets light through lies on the white of the figure.
        rgba[pixel * 4 + channel] = opacity === 1 ? cut : Math.round(cut * opacity + 255 * (1 - opacity))
      }
    }
    return { width, height, rgba, range: null, array: array.copy() }
  }
  const [lowest, highest] = finiteRange(values)
  const [low, high] = [finite(vmin, lowest), finite(vmax, highest)]
  const table = colourTable(map.scale)
  for (let pixel = 0; pixel < values.length; pixel++) {
    const element = values[pixel]!
    const share = high > low ? (element - low) / (high - low) : 0
    // As Matplotlib: 256 colours, each for an equal part of the scale; our table has them four times as fine.
    const step = share <= 0 ? 0 : share >= 1 ? 255 : Math.floor(share * 256)
    const entry = Math.round(((map.turned ? 255 - step : step) / 255) * (table.length / 3 - 1))
    const colour = Number.isNaN(element) ? notANumberColour : table.subarray(entry * 3, entry * 3 + 3)
    rgba.set(colour, pixel * 4)
  }
  return { width, height, rgba, range: [low, high], array: array.copy() }
}

const nothing = () => null

const imshowSignature = 'X, cmap=, *, vmin=, vmax=, interpolation=, aspect=, origin=, extent=, norm=, alpha='

function imshow(axes: Axes, runtime: Runtime, values: readonly (Value | undefined)[]): null {
  const [array, cmap = null, vmin, vmax, , , origin, extent, norm, alpha] = values
  if ((origin ?? 'upper') !== 'upper' || (extent ?? norm ?? alpha ?? null) !== null) {
    throw raised('ValueError', 'the lab shows arrays as they are: no origin, extent, norm or alpha')
  }
  axes.drawn = draw(array!, cmap, vmin, vmax, runtime)
  return null
}

function setTitle(titled: Axes | Figure, label: Value | undefined): null {
  titled.title = str(label ?? '').slice(0, 1000)
  return null
}

export const axesMethods: MethodTable<Axes> = methodTable<Axes>([
  ['imshow', imshowSignature, (self, runtime, ...values) => imshow(self, runtime, values)],
  ['set_title', 'label, fontsize=', (self, _, label) => setTitle(self, label)],
  ['axis', 'arg=', nothing],
  ['set_axis_off', '', nothing],
  ['set_xticks', 'ticks, labels=', nothing],
  ['set_yticks', 'ticks, labels=', nothing],
])

export const figureMethods: MethodTable<FigureHandle> = methodTable<FigureHandle>([
  ['suptitle', 't, fontsize=', ({ figure }, _, title) => setTitle(figure, title)],
  ['tight_layout', 'pad=', nothing],
  ['colorbar', 'mappable=, ax=, fraction=, pad=, label=, shrink=', nothing],
])

/** Small whole numbers of rows and columns. */
function sizes(...values: (Value | undefined)[]): number[] {
  return values.map((value) => {
    const number = indexNumber(value ?? 1n)
    if (number === undefined || number < 1n || number > 100n) {
      throw raised('ValueError', 'a figure has 1 to 100 rows and columns')
    }
    return Number(number)
  })
}

/** `matplotlib` and `matplotlib.pyplot`; each `show` hands over a figure, and `finish` what is left. */
export function figureModules(
  machine: Machine,
  show: (shown: Shown) => void,
): { readonly modules: ReadonlyMap<string, Module>; readonly finish: () => void } {
  let figure: Figure | null = null
  const now = () => (figure ??= new Figure())

  function finish(): null {
    const shown = figure
    figure = null
    const arrays: NDArray[] = []
    const panels = (shown?.axes ?? []).flatMap(({ title, row, column, drawn }): LabDrawnPanel[] => {
      if (!drawn) return []
      const { array, ...picture } = drawn
      arrays.push(array)
      return [{ title, row, column, ...picture }]
    })
    if (shown && panels.length > 0) {
      show({ drawing: { title: shown.title, rows: shown.rows, columns: shown.columns, panels }, arrays })
    }
    return null
  }

  function subplot(rows: Value | undefined, columns: Value | undefined, index: Value | undefined): Axes {
    // 231 is 2, 3, 1.
    const code = columns === undefined ? /^([1-9])([1-9])([1-9])$/.exec(str(rows ?? 111n)) : null
    const parts = code ? code.slice(1, 4).map(BigInt) : [rows, columns, index]
    const [height, width, place] = sizes(...parts) as [number, number, number]
    if (place > height * width)
      throw raised('ValueError', `num must be an integer with 1 <= num <= ${height * width}, not ${place}`)
    const here = now()
    if (here.rows !== height || here.columns !== width) {
      here.rows = height
      here.columns = width
    }
    return here.at(Math.floor((place - 1) / width), (place - 1) % width)
  }

  function subplots(rows: Value | undefined, columns: Value | undefined, squeeze: Value | undefined): Tuple {
    const [height, width] = sizes(rows, columns) as [number, number]
    figure = new Figure()
    figure.rows = height
    figure.columns = width
    const places = Array.from({ length: height * width }, (_, i) => [Math.floor(i / width), i % width] as const)
    const all = places.map(([row, column]) => figure!.at(row, column))
    const whole = squeeze !== undefined && !truth(squeeze)
    const shape = whole ? [height, width] : [height, width].filter((length) => length > 1)
    return new Tuple([new FigureHandle(figure), shape.length === 0 ? all[0]! : new ObjectArray(all, shape)])
  }

  const functions: [string, Value][] = [
    ['figure', builtin('figure', 'num=, figsize=, dpi=, facecolor=', () => new FigureHandle((figure = new Figure())))],
    ['imshow', builtin('imshow', imshowSignature, (...values) => imshow(now().here(), machine, values))],
    ['title', builtin('title', 'label, fontsize=', (label) => setTitle(now().here(), label))],
    ['suptitle', builtin('suptitle', 't, fontsize=', (title) => setTitle(now(), title))],
    ['subplot', builtin('subplot', 'nrows=, ncols=, index=', subplot)],
    [
      'subplots',
      builtin(
        'subplots',
        'nrows=, ncols=, *, figsize=, sharex=, sharey=, squeeze=',
        (rows, columns, _size, _x, _y, squeeze) => subplots(rows, columns, squeeze),
      ),
    ],
    ['show', builtin('show', 'block=', finish)],
    ['axis', builtin('axis', 'arg=', nothing)],
    ['xticks', builtin('xticks', 'ticks=, labels=', nothing)],
    ['yticks', builtin('yticks', 'ticks=, labels=', nothing)],
    ['tight_layout', builtin('tight_layout', 'pad=', nothing)],
    // The range stands below each picture anyway.
    ['colorbar', builtin('colorbar', 'mappable=, ax=, fraction=, pad=, label=, shrink=', nothing)],
    [
      'close',
      builtin('close', 'fig=', () => {
        figure = null
        return null
      }),
    ],
  ]
  const pyplot = new Module('matplotlib.pyplot', new Map(functions))
  const modules = new Map([
    ['matplotlib', new Module('matplotlib', new Map([['pyplot', pyplot]]))],
    ['matplotlib.pyplot', pyplot],
  ])
  return { modules, finish }
}
