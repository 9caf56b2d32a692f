/** NumPy's .npz files, as `numpy.savez` writes them: a zip of .npy files, stored as they are. */

import { unzipSync, Zip, ZipPassThrough } from 'fflate'
import { LoupeError } from '../../shared/errors.ts'
import { bytesPerElement, dtypeOf, type Tensor } from '../../shared/tensor.ts'
import { decodeNpy, npyParts } from './npy.ts'

export interface NamedArray {
  /** What it is called in `numpy.load(file)[name]`. */
  readonly name: string
  readonly tensor: Tensor
}

/** Larger ones would need the 64-bit form of a zip. */
const mostBytes = 0x7fff_ffff

/** Bytes of a piece of an array. */
const pieceLength = 1 << 20

/**
 * The file in pieces, which are the arrays' own memory. The same arrays give the same bytes: the entries carry no time
 * but the format's first. Throws `write-failed` before the first piece where they are too large for one file.
 */
export function* npzPieces(arrays: readonly NamedArray[]): Generator<Uint8Array> {
  const total = arrays.reduce((sum, { tensor }) => sum + sizeOf(tensor), 0)
  if (total > mostBytes) {
    throw new LoupeError(
      'write-failed',
      `One .npz holds at most ${(mostBytes / 1e9).toFixed(1)} GB, and these stages are more. Save .npy files instead.`,
    )
  }
  const made: Uint8Array[] = []
  const zip = new Zip((error, piece) => {
    if (error) throw error
    made.push(piece)
  })
  for (const { name, tensor } of arrays) {
    const entry = new ZipPassThrough(`${name}.npy`)
    entry.mtime = new Date(1980, 0, 1)
    zip.add(entry)
    const { header, data } = npyParts(tensor)
    entry.push(header)
    for (let at = 0; at < data.length; at += pieceLength) {
      entry.push(data.subarray(at, at + pieceLength))
      yield* made.splice(0)
    }
    entry.push(new Uint8Array(0), true)
  }
  zip.end()
  yield* made
}

function sizeOf({ data }: Tensor): number {
  return data.length * bytesPerElement[dtypeOf(data)] + 512
}

/** Reads what `numpy.savez` or `numpy.savez_compressed` wrote; throws `bad-request` where it is not of that form. */
export function decodeNpz(bytes: Uint8Array): readonly NamedArray[] {
  let files: Record<string, Uint8Array>
  try {
    files = unzipSync(bytes)
  } catch (error) {
    throw new LoupeError('bad-request', 'The .npz file cannot be read: it is not a whole zip.', {}, { cause: error })
  }
  return Object.entries(files).map(([file, content]) => ({
    name: file.replace(/\.npy$/, ''),
    tensor: decodeNpy(content),
  }))
}
