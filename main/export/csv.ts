/**
 * Numbers as text that a spreadsheet and NumPy read. A picture of (height, width, channels) is a block of `height` lines
 * of `width` numbers for each channel, one block below the other; a vector is a number a line. Lines that begin with #
 * say what it is. Each number is the shortest decimal that reads back as the same double.
 *
 *     numpy.loadtxt(file, delimiter=',').reshape(channels, height, width).transpose(1, 2, 0)
 */

import { LoupeError } from '../../shared/errors.ts'
import { dtypeOf, elementCount, formatNumberExactly, pictureShape, type Tensor } from '../../shared/tensor.ts'

/** Numbers in a piece. */
const pace = 50_000

/**
 * The file in pieces, for as text it is several times as large as its tensor. `subject` says in the first line what it
 * is of. Names a person has given are left to the manifest: a spreadsheet takes a cell that begins with `=` for a command.
 */
export function* csvPieces({ shape, data }: Tensor, subject: string): Generator<Uint8Array> {
  const vector = shape.length === 1
  const [height, width, channels] = pictureShape(shape)
  const encoder = new TextEncoder()
  const layout = vector ? `${channels} numbers` : `${height} rows ${width} columns ${channels} channels`
  let text = `# ${subject}: ${layout} ${dtypeOf(data)}\n`
  let written = 0
  for (let channel = 0; channel < channels; channel++) {
    if (!vector) text += `# channel ${channel}\n`
    for (let row = 0; row < height; row++) {
      const from = row * width * channels + channel
      for (let column = 0; column < width; column++) {
        if (column > 0) text += ','
        text += formatNumberExactly(data[from + column * channels]!)
        if (++written < pace) continue
        yield encoder.encode(text)
        text = ''
        written = 0
      }
      text += '\n'
    }
  }
  yield encoder.encode(text)
}

/** Reads what `csvPieces` wrote; throws `bad-request` saying what is wrong. float32 and uint8 come back as such. */
export function decodeCsv(bytes: Uint8Array): Tensor {
  const lines = new TextDecoder('utf-8', { fatal: true }).decode(bytes).split('\n')
  const found = /: (?:(\d+) numbers|(\d+) rows (\d+) columns (\d+) channels) (uint8|float32|float64)$/.exec(lines[0]!)
  if (!found) throw refused('its first line does not say what it holds')
  const shape = (found[1] === undefined ? found.slice(2, 5) : [found[1]]).map(Number)
  const [height, width, channels] = pictureShape(shape)
  const rows = lines.filter((line) => line !== '' && !line.startsWith('#')).map((line) => line.split(',').map(read))
  const [across, down] = shape.length === 1 ? [1, channels] : [width, height * channels]
  if (rows.length !== down || rows.some((row) => row.length !== across)) {
    throw refused(`it does not hold ${down} lines of ${across} numbers`)
  }
  const constructor = { uint8: Uint8Array, float32: Float32Array, float64: Float64Array }[found[5] as 'uint8']
  const data = new constructor(elementCount(shape))
  rows.forEach((row, line) => {
    row.forEach((value, column) => {
      const [channel, y] = shape.length === 1 ? [line, 0] : [Math.floor(line / height), line % height]
      data[(y * width + column) * channels + channel] = value
    })
  })
  return { shape, data }
}

function read(text: string): number {
  if (text === 'nan') return NaN
  if (text === 'inf') return Infinity
  if (text === '-inf') return -Infinity
  const value = Number(text)
  if (text.trim() === '' || Number.isNaN(value)) throw refused(`${JSON.stringify(text)} is not a number`)
  return value
}

function refused(reason: string): LoupeError {
  return new LoupeError('bad-request', `The .csv file cannot be read: ${reason}.`)
}
