/** Pictures as Pillow opens them, for the lab: the last few are kept, since each cell may open them anew. */

import type { ImageId } from '../../shared/api.ts'
import type { OpenedPicture } from '../../shared/lab.ts'
import { StageCache } from '../pipeline/cache.ts'
import { loadImages, watched } from './decoding.ts'
import { readSource } from './files.ts'
import type { EngineLimits } from './limits.ts'
import type { ImageSource, RequestContext } from './protocol.ts'

/** Bytes of all that are kept, the last one aside. */
const budget = 256 * 1024 ** 2

export class OpenedPictures {
  readonly #kept = new StageCache<OpenedPicture>(budget)
  /** Pinned: it stays whatever its size. */
  #last: ImageId | undefined

  async open(source: ImageSource, context: RequestContext, limits: EngineLimits): Promise<OpenedPicture> {
    const { id } = source.info
    const opened = this.#kept.get(id) ?? (await decode(source, context, limits))
    this.#kept.put(id, opened, opened.photo.data.byteLength)
    if (this.#last !== undefined) this.#kept.unpin(this.#last)
    this.#last = id
    return opened
  }
}

async function decode(source: ImageSource, context: RequestContext, limits: EngineLimits): Promise<OpenedPicture> {
  const { id, name } = source.info
  const bytes = await readSource(source, limits.bytes)
  const { openAsPillow } = await loadImages()
  return watched(id, context, () => openAsPillow({ name, bytes }, limits))
}
