/** Pictures as Pillow opens them, for the lab: the last few are kept, since each cell may open them anew. */

import type { OpenedPicture } from '../../shared/lab.ts'
import { loadImages, watched } from './decoding.ts'
import { readSource } from './files.ts'
import type { EngineLimits } from './limits.ts'
import type { ImageSource, RequestContext } from './protocol.ts'

/** Bytes of all that are kept, the last one aside. */
const budget = 256 * 1024 ** 2

export class OpenedPictures {
  /** By the image's id, the longest unused first. */
  readonly #kept = new Map<string, OpenedPicture>()

  async open(source: ImageSource, context: RequestContext, limits: EngineLimits): Promise<OpenedPicture> {
    const { id, name } = source.info
    const opened = this.#kept.get(id) ?? (await this.#decode(source, context, limits, id, name))
    this.#kept.delete(id)
    this.#kept.set(id, opened)
    let bytes = 0
    for (const { photo } of this.#kept.values()) bytes += photo.data.byteLength
    for (const [oldest, { photo }] of this.#kept) {
      if (bytes <= budget || this.#kept.size === 1) break
      this.#kept.delete(oldest)
      bytes -= photo.data.byteLength
    }
    return opened
  }

  async #decode(source: ImageSource, context: RequestContext, limits: EngineLimits, id: string, name: string) {
    const bytes = await readSource(source, limits.bytes)
    const { openAsPillow } = await loadImages()
    return watched(id, context, () => openAsPillow({ name, bytes }, limits))
  }
}
