/** What the engine accepts and holds; a host may set each. */

import { totalmem } from 'node:os'

export interface EngineLimits {
  /** Pixels of a photo, checked before it is decoded. */
  readonly pixels: number
  /** Bytes of a file, checked before it is read. */
  readonly bytes: number
  /** Seconds a decode may take. */
  readonly seconds: number
  /** Bytes one run may hold, and bytes of stages and photos kept between runs. */
  readonly memory: number
}

/** Two gigabytes, or half of the machine's memory where that is less. */
export function defaultEngineLimits(): EngineLimits {
  return { pixels: 50e6, bytes: 256e6, seconds: 20, memory: Math.min(2 * 1024 ** 3, Math.floor(totalmem() / 2)) }
}
