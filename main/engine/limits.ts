/** What the engine accepts and holds; a host may set each. */

import { totalmem } from 'node:os'
import { defaultLimits, type ImageLimits } from '../images/limits.ts'

export interface EngineLimits extends ImageLimits {
  /** Bytes one run may hold, and bytes of stages and photos kept between runs. */
  readonly memory: number
}

/** Two gigabytes, or half of the machine's memory where that is less. */
export function defaultEngineLimits(): EngineLimits {
  return { ...defaultLimits, memory: Math.min(2 * 1024 ** 3, Math.floor(totalmem() / 2)) }
}
