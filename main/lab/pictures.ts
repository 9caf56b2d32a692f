/** `PIL.Image`: the gallery's pictures by name, resized and converted as Pillow does; nothing is read or written. */

import { asArray, type DType, dtypes, zeros, type NDArray } from '../ndarray/index.ts'
import type { OpenedPicture, PictureMode } from '../../shared/lab.ts'
import type { Steps as HostSteps } from '../../shared/steps.ts'
import type { Size, Tensor } from '../../shared/tensor.ts'
import { raised } from './errors.ts'
import type { Machine } from './machine.ts'
import { bindMethod, builtin, methodTable, type MethodTable, type Runtime } from './signatures.ts'
import { indexNumber } from './subscripts.ts'
import { quote, str } from './text.ts'
import { typeName } from './types.ts'
import { Deferred, isList, itemsOf, LabObject, Module, Tuple, type Steps, type Value } from './values.ts'

const convertedModes = ['L', 'LA', 'RGB', 'RGBA'] as const
export type ConvertedMode = (typeof convertedModes)[number]
export type LabFilter = 'nearest' | 'bilinear' | 'bicubic' | 'lanczos'
/** (height, width, 1 or 3), bytes. */
export type LabPhoto = Tensor<Uint8Array>

/** What a program may do with pictures; the room that knows how hands it in. */
export interface LabImages {
  /** The picture of this name, or why it cannot be opened; undefined where there is none. */
  open(name: string): OpenedPicture | { readonly whyNot: string } | undefined
  /** What can be opened. */
  readonly names: readonly string[]
  /** Pillow's `Image.resize`. */
  resize(picture: OpenedPicture, size: Size, filter: LabFilter): HostSteps<LabPhoto>
  /** Pillow's `Image.convert`. */
  convert(picture: OpenedPicture, mode: ConvertedMode): LabPhoto
}

/** Where no picture was given. */
export const noImages: LabImages = {
  names: [],
  open: () => undefined,
  resize: unreachable,
  convert: unreachable,
}

function unreachable(): never {
  throw new Error('There is no picture.')
}

export class PyImage extends LabObject {
  readonly typeName = 'PIL.Image.Image'
  readonly picture: OpenedPicture
  constructor(picture: OpenedPicture) {
    super()
    this.picture = picture
  }
  get photo(): LabPhoto {
    return this.picture.photo
  }
  get size(): Size {
    return { width: this.photo.shape[1]!, height: this.photo.shape[0]! }
  }
  get mode(): PictureMode {
    return this.picture.mode
  }
  /** A picture of the same mode made of this one. */
  like(photo: LabPhoto): PyImage {
    return new PyImage({ mode: this.mode, format: null, photo })
  }
  override get bytes(): number {
    return this.photo.data.byteLength
  }
  /** What `np.array(image)` is: (height, width), of booleans if bilevel, or (height, width, channels). */
  toArray(): NDArray {
    if (this.mode === 'P') {
      throw raised(
        'ValueError',
        "this picture has a palette (mode 'P'): as an array it would be numbers of colours, which the lab has not; use .convert('RGB') first",
      )
    }
    return photoArray(this.photo, this.mode === '1' ? dtypes.bool : dtypes.uint8)
  }
  override describe(): string {
    const { width, height } = this.size
    return `<PIL.Image.Image image mode=${this.mode} size=${width}x${height}>`
  }
  override attribute(name: string, runtime: Runtime): Value | undefined {
    const { width, height } = this.size
    switch (name) {
      case 'size':
        return new Tuple([BigInt(width), BigInt(height)])
      case 'width':
        return BigInt(width)
      case 'height':
        return BigInt(height)
      case 'mode':
        return this.mode
      case 'format':
        return this.picture.format
      default: {
        const method = imageMethods.get(name)
        if (method) return bindMethod(method, this, runtime)
        if (name === 'save') throw raised('AttributeError', 'the lab writes no files: there is no save()')
        return undefined
      }
    }
  }
}

/** A picture as an array, a copy. */
export function photoArray({ shape, data }: LabPhoto, dtype: DType = dtypes.uint8): NDArray {
  const array = zeros(shape[2] === 1 ? shape.slice(0, 2) : shape, dtype)
  const bytes = array.storage.data as Uint8Array
  bytes.set(data)
  if (dtype === dtypes.bool) for (let i = 0; i < bytes.length; i++) bytes[i] = bytes[i] === 0 ? 0 : 1
  return array
}

const filters: readonly [name: string, code: bigint, filter: LabFilter][] = [
  ['NEAREST', 0n, 'nearest'],
  ['LANCZOS', 1n, 'lanczos'],
  ['BILINEAR', 2n, 'bilinear'],
  ['BICUBIC', 3n, 'bicubic'],
]

function numbersOf(value: Value | undefined, count: number, what: string): number[] {
  const items = isList(value ?? null) ? (value as readonly Value[]) : value instanceof Tuple ? itemsOf(value) : []
  const numbers = items.map((item) => indexNumber(item))
  if (numbers.length !== count || numbers.some((number) => number === undefined)) {
    throw raised('TypeError', `${what} must be ${count} whole numbers`)
  }
  return numbers.map(Number)
}

function* resize(image: PyImage, size: Value | undefined, resample: Value, runtime: Runtime, images: LabImages): Steps {
  const [width, height] = numbersOf(size, 2, 'size (width, height)')
  if (width! < 1 || height! < 1) throw raised('ValueError', 'height and width must be > 0')
  const filter = filters.find(([, code]) => code === resample)?.[2]
  if (!filter) throw raised('ValueError', 'the lab resamples by NEAREST, BILINEAR, BICUBIC or LANCZOS')
  runtime.meter.hold(width! * height! * image.photo.shape[2]!)
  const steps = images.resize(image.picture, { width: width!, height: height! }, filter)
  for (;;) {
    const { done, value } = steps.next()
    if (done === true) return image.like(value)
    runtime.meter.work(10_000)
    yield null
  }
}

function crop(image: PyImage, box: Value | undefined, runtime: Runtime): PyImage {
  const [left, top, right, bottom] = numbersOf(box, 4, 'box (left, top, right, bottom)') as [
    number,
    number,
    number,
    number,
  ]
  const { photo } = image
  const [height, width, channels] = photo.shape as [number, number, number]
  if (right < left) throw raised('ValueError', "Coordinate 'right' is less than 'left'")
  if (bottom < top) throw raised('ValueError', "Coordinate 'lower' is less than 'upper'")
  const shape = [bottom - top, right - left, channels]
  runtime.meter.hold(shape[0]! * shape[1]! * channels)
  const data = new Uint8Array(shape[0]! * shape[1]! * channels)
  // Outside the picture it is black.
  for (let row = Math.max(0, top); row < Math.min(height, bottom); row++) {
    const [from, to] = [Math.max(0, left), Math.min(width, right)]
    if (to <= from) break
    const source = (row * width + from) * channels
    data.set(
      photo.data.subarray(source, source + (to - from) * channels),
      ((row - top) * shape[1]! + from - left) * channels,
    )
  }
  return image.like({ shape, data })
}

export const imageMethods: MethodTable<PyImage> = methodTable<PyImage>([
  [
    'resize',
    'size, resample=',
    (self, runtime, size, resample = 3n) => new Deferred(resize(self, size, resample ?? 3n, runtime, runtime.images)),
  ],
  [
    'convert',
    'mode=',
    (self, runtime, mode = 'RGB') => {
      const to = convertedModes.find((known) => known === mode)
      if (to === undefined) {
        throw raised(
          'ValueError',
          `the lab converts to ${convertedModes.map(quote).join(', ')}, not ${quote(str(mode))}`,
        )
      }
      runtime.meter.hold(self.photo.shape[0]! * self.photo.shape[1]! * 4)
      if (to === self.mode) return self.like(self.photo)
      return new PyImage({ mode: to, format: null, photo: runtime.images.convert(self.picture, to) })
    },
  ],
  ['crop', 'box', (self, runtime, box) => crop(self, box, runtime)],
  ['copy', '', (self) => self.like(self.photo)],
  ['getbands', '', (self) => new Tuple(self.mode === '1' || self.mode === 'P' ? [self.mode] : Array.from(self.mode))],
  ['load', '', () => null],
  ['close', '', () => null],
  [
    'getpixel',
    'xy',
    (self, _, xy) => {
      if (self.mode === 'P') self.toArray()
      const [x, y] = numbersOf(xy, 2, 'xy') as [number, number]
      const [height, width, channels] = self.photo.shape as [number, number, number]
      if (x < 0 || y < 0 || x >= width || y >= height) throw raised('IndexError', 'image index out of range')
      const at = (y * width + x) * channels
      const bytes = Array.from(self.photo.data.subarray(at, at + channels), BigInt)
      return channels === 1 ? bytes[0]! : new Tuple(bytes)
    },
  ],
])

/** By the number of channels. */
const madeModes: Readonly<Record<number, PictureMode>> = { 2: 'LA', 3: 'RGB', 4: 'RGBA' }

/** `Image.fromarray`: bytes of shape (h, w) or (h, w, channels), or booleans of shape (h, w). */
function fromArray(value: Value | undefined): PyImage {
  const array = asArray(value ?? null)
  const { shape } = array
  const mode: PictureMode | undefined =
    shape.length === 2 ? (array.dtype.name === 'bool' ? '1' : 'L') : madeModes[shape.length === 3 ? shape[2]! : 0]
  const isRight = array.dtype.name === 'uint8' || (array.dtype.name === 'bool' && shape.length === 2)
  if (!isRight || mode === undefined) {
    throw raised(
      'TypeError',
      `Cannot handle this data type: the lab makes pictures of uint8 arrays of shape (h, w) or (h, w, 2 to 4), not ${array.dtype.name} of ${shape.join(' × ')}`,
    )
  }
  const data = array.copy().storage.data as Uint8Array
  if (mode === '1') data.forEach((value, i) => (data[i] = value === 0 ? 0 : 255))
  return new PyImage({ mode, format: null, photo: { shape: [shape[0]!, shape[1]!, shape[2] ?? 1], data } })
}

/** `PIL` and `PIL.Image`. */
export function pictureModules(machine: Machine): Map<string, Module> {
  const codes: [string, Value][] = filters.map(([name, code]) => [name, code])
  const members = new Map<string, Value>([
    ...codes,
    ['Resampling', new Module('Resampling', new Map(codes))],
    [
      'open',
      builtin('open', 'fp, mode=', (name) => {
        if (typeof name !== 'string')
          throw raised('TypeError', `the lab opens pictures by name, not by ${typeName(name!)}`)
        const picture = machine.images.open(name)
        if (picture) {
          if ('whyNot' in picture) throw raised('OSError', picture.whyNot)
          machine.meter.hold(picture.photo.data.byteLength)
          return new PyImage(picture)
        }
        const { names } = machine.images
        const has = names.length === 0 ? 'none was given' : names.map(quote).join(', ')
        throw raised(
          'FileNotFoundError',
          `there is no picture ${quote(name)} in the lab (it opens pictures of the gallery by name, no files: ${has})`,
        )
      }),
    ],
    ['fromarray', builtin('fromarray', 'obj, mode=', (array) => fromArray(array))],
  ])
  const image = new Module('PIL.Image', members)
  return new Map([
    ['PIL', new Module('PIL', new Map([['Image', image]]))],
    ['PIL.Image', image],
  ])
}
