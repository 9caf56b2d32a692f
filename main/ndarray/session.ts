/** What NumPy keeps from one statement to the next: the random generator and how arrays are printed. */

import { LegacyRandom } from '../../shared/random.ts'

export interface PrintOptions {
  precision: number
  threshold: number
  edgeitems: number
  linewidth: number
  suppress: boolean
  /** In front of numbers that are not negative: nothing, a plus, or a space. */
  sign: '-' | '+' | ' '
  /** How many digits of `precision` are written: as many as needed, as many in all, or always all of them. */
  floatmode: 'maxprec' | 'maxprec_equal' | 'fixed' | 'unique'
  nanstr: string
  infstr: string
}

export function defaultPrintOptions(): PrintOptions {
  return {
    precision: 8,
    threshold: 1000,
    edgeitems: 3,
    linewidth: 75,
    suppress: false,
    sign: '-',
    floatmode: 'maxprec',
    nanstr: 'nan',
    infstr: 'inf',
  }
}

export class Session {
  random: LegacyRandom
  readonly print: PrintOptions = defaultPrintOptions()

  /** An unseeded generator of Python differs at every start; the host gives a seed. */
  constructor(seed = 0) {
    this.random = new LegacyRandom(seed)
  }
}
