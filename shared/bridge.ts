/** What Electron's preload gives to the window: the contract as messages, and files by where they are. */

import type { ApiEvent, ImageInfo, Method, Params, Result } from './api.ts'
import type { WireError } from './errors.ts'

/** An answer as it crosses: errors are values, for a thrown one would lose its code on the way. */
export type Reply<T> = { readonly ok: true; readonly result: T } | WireError

/** The name the window finds it under. */
export const bridgeName = 'layerloupe'

export interface Bridge {
  /** `id` is the caller's own name for this call, by which it can be cancelled. Never rejects. */
  call<M extends Method>(id: string, method: M, params: Params<M>): Promise<Reply<Result<M>>>
  cancel(id: string): void
  /** Adds a file where it lies; the window never learns its path. Null where it has none: it was pasted or made. */
  addFile(id: string, file: unknown): Promise<Reply<ImageInfo> | null>
  subscribe(listener: (event: ApiEvent) => void): () => void
}
