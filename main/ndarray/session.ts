/** What NumPy keeps from one statement to the next: the random generator and how arrays are printed. */

import { LegacyRandom } from '../../shared/random.ts'

export interface PrintOptions {
  precision: number
  threshold: number
  edgeitems: number
  linewidth: number
  suppress: boolean
}

export function defaultPrintOptions(): PrintOptions {
  return { precision: 8, threshold: 1000, edgeitems: 3, linewidth: 75, suppress: false }
}

export class Session {
  random: LegacyRandom
  readonly print: PrintOptions = defaultPrintOptions()

  /** An unseeded generator of Python differs at every start; the host gives a seed. */
  constructor(seed = 0) {
    this.random = new LegacyRandom(seed)
  }
}
