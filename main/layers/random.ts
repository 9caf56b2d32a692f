/** Random weights of layers. */

import { LegacyRandom } from '../../shared/random.ts'
import type { Steps } from './steps.ts'

/** `scale * np.random.randn(count)` after `np.random.seed(seed)`. */
export function* randomNormals(seed: number, count: number, scale: number): Steps<Float64Array> {
  const random = new LegacyRandom(seed)
  const values = new Float64Array(count)
  for (let i = 0; i < count; i++) {
    values[i] = scale * random.randn()
    if (i % 8192 === 8191) yield i / count
  }
  return values
}
