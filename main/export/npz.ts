/** NumPy's .npz files, as `numpy.savez` writes them: a zip of .npy files, stored as they are. */

import { unzipSync, zipSync, type Zippable } from 'fflate'
import { LoupeError } from '../../shared/errors.ts'
import { bytesPerElement, dtypeOf, type Tensor } from '../../shared/tensor.ts'
import { decodeNpy, encodeNpy } from './npy.ts'

export interface NamedArray {
  /** What it is called in `numpy.load(file)[name]`. */
  readonly name: string
  readonly tensor: Tensor
}

/** Larger ones would need the 64-bit form of a zip, and cannot be held at once everywhere. */
const mostBytes = 0x7fff_ffff

/** The same arrays give the same bytes: the entries carry no time but the format's first. */
export function encodeNpz(arrays: readonly NamedArray[]): Uint8Array<ArrayBuffer> {
  const total = arrays.reduce((sum, { tensor }) => sum + sizeOf(tensor), 0)
  if (total > mostBytes) {
    throw new LoupeError(
      'write-failed',
      `One .npz holds at most ${(mostBytes / 1e9).toFixed(1)} GB, and these stages are more. Save .npy files instead.`,
    )
  }
  const files: Zippable = {}
  for (const { name, tensor } of arrays) files[`${name}.npy`] = encodeNpy(tensor)
  return zipSync(files, { level: 0, mtime: new Date(1980, 0, 1) })
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
