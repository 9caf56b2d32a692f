/** Decoding the photo and making the input stage in Python. */

import type { ImageInfo } from '../api.ts'
import type { InputSpec } from '../layers/input.ts'
import type { FloatDType } from '../tensor.ts'
import { pythonNumber, pythonString, type LayerPython, type PythonFunction } from './code.ts'

const pillow = 'from PIL import Image'

const resizeFunction: PythonFunction = {
  name: 'resize',
  imports: [pillow],
  text: `def resize(photo, size, resample):
    """The photo, (height, width, 1 or 3) bytes, in another size (width, height), as Pillow resizes."""
    image = Image.fromarray(photo[:, :, 0] if photo.shape[2] == 1 else photo)
    return np.asarray(image.resize(size, resample)).reshape(size[1], size[0], -1)`,
}

const meanFunction: PythonFunction = {
  name: 'grey_mean',
  text: `def grey_mean(photo):
    """Grey as the mean of red, green and blue, cut down to whole bytes."""
    return photo.mean(axis=2, keepdims=True).astype(np.uint8)`,
}

const lumaFunction: PythonFunction = {
  name: 'grey_luma',
  imports: [pillow],
  text: `def grey_luma(photo):
    """Grey as BT.601 luma, in which green counts most and blue least."""
    return np.asarray(Image.fromarray(photo).convert("L"))[:, :, np.newaxis]`,
}

/** The expression of bytes `x`. */
function scaled(range: InputSpec['range'], dtype: FloatDType): string {
  const x = `x.astype(np.${dtype})`
  switch (range.type) {
    case 'unit':
      return `${x} / 255`
    case 'signed':
      return `${x} / 127.5 - 1`
    case 'standard': {
      const each = (values: readonly number[]) =>
        values.length === 1
          ? pythonNumber(values[0]!)
          : `np.array([${values.map(pythonNumber).join(', ')}], np.${dtype})`
      return `(${x} / 255 - ${each(range.mean)}) / ${each(range.std)}`
    }
  }
}

export const input: LayerPython<'input'> = {
  exact: () => true,
  numpy: ({ spec, input: [, , channels], dtype }) => {
    const grey = spec.colour === 'mean' ? meanFunction : lumaFunction
    const toGrey = channels === 3 && spec.colour !== 'rgb'
    const lines =
      spec.size === 'original'
        ? ['x = photo']
        : [`x = resize(photo, (${spec.size.width}, ${spec.size.height}), Image.${spec.filter.toUpperCase()})`]
    if (toGrey) lines.push(`x = ${grey.name}(x)`)
    if (channels === 1 && spec.colour === 'rgb')
      lines.push('x = np.repeat(x, 3, axis=2)  # the same in red, green and blue')
    lines.push(`x = ${scaled(spec.range, dtype)}`)
    return {
      functions: [...(spec.size === 'original' ? [] : [resizeFunction]), ...(toGrey ? [grey] : [])],
      lines,
    }
  },
  /** Preprocessing is NumPy's and Pillow's; PyTorch goes on from what they made. */
  torch: () => ({ functions: [], lines: [] }),
}

/** Above this Pillow takes a picture for an attack, unless told otherwise. */
const pillowPixels = 89_478_485

/** How the photo is decoded with Pillow, or why Pillow has not the same samples as we. */
export function photoCode(
  image: ImageInfo,
  spec: Pick<InputSpec, 'profile' | 'background'>,
): { readonly read: PythonFunction } | { readonly whyNot: string } {
  const whyNot = otherSamples(image, spec)
  if (whyNot !== null) return { whyNot }
  const shape = image.channels === 1 ? '(height, width, 1)' : '(height, width, 3)'
  const turned = image.orientation > 1
  const large = image.width * image.height > pillowPixels
  return {
    read: {
      name: 'read_photo',
      imports: [turned ? 'from PIL import Image, ImageOps' : pillow],
      text: [
        'def read_photo(path):',
        `    """The photo as bytes, ${shape}${turned ? ', upright as its EXIF orientation says' : ''}."""`,
        ...(large ? ['    Image.MAX_IMAGE_PIXELS = None  # it is known to be this large'] : []),
        ...samples(image, spec.background, turned ? 'ImageOps.exif_transpose(Image.open(path))' : 'Image.open(path)'),
      ].join('\n'),
    },
  }
}

/** The lines of read_photo; `open` is the expression of the picture. */
function samples(image: ImageInfo, background: string, open: string): readonly string[] {
  const grey = image.channels === 1
  const axis = grey ? '[:, :, np.newaxis]' : ''
  if (image.depth > 8)
    return [`    high = np.asarray(${open}) >> 8  # of 16 bits`, `    return high.astype(np.uint8)${axis}`]
  const mode = grey ? 'L' : 'RGB'
  if (!image.hasAlpha) return [`    return np.asarray(${open}.convert("${mode}"))${axis}`]
  return [
    `    image = ${open}.convert("${grey ? 'LA' : 'RGBA'}")`,
    `    opaque = Image.new("${mode}", image.size, ${pythonString(background.toLowerCase())})  # what shows through`,
    `    opaque.paste(image.convert("${mode}"), mask=image.getchannel("A"))`,
    `    return np.asarray(opaque)${axis}`,
  ]
}

function otherSamples(image: ImageInfo, spec: Pick<InputSpec, 'profile'>): string | null {
  const { format, space, depth, hasAlpha, hasProfile, channels, orientation } = image
  if (format === 'avif') return 'Pillow reads AVIF only with a plugin'
  if (space === 'cmyk') return 'Pillow makes other colours of CMYK'
  if (space === 'other') return 'Pillow makes other colours of its colour space'
  if (hasProfile && spec.profile === 'srgb') return 'its colour profile was converted to sRGB'
  if (depth > 8 && (channels === 3 || hasAlpha || orientation > 1))
    return 'Pillow does not read all of its 16-bit samples alike'
  if (format === 'tiff' && orientation > 1) return 'some versions of Pillow turn a TIFF themselves, others do not'
  if (format === 'tiff' && hasAlpha) return 'Pillow reads the transparency of TIFF otherwise'
  return null
}
