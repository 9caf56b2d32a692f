/** The array lab without a Python of its own: a cell prints its code. */

import type { ApiEvent, Params, Result } from '../../shared/api.ts'
import { LoupeError } from '../../shared/errors.ts'
import type { LabMethods } from '../../shared/lab.ts'

export function fakeLab(emit: (event: ApiEvent) => void): {
  readonly [M in keyof LabMethods]: (params: Params<M>) => Result<M>
} {
  let sessions = 0
  return {
    'lab.open': () => ({ session: `lab-${++sessions}` }),
    'lab.close': () => null,
    'lab.run': ({ session, cell, code }) => {
      const output = `${code}\n`
      emit({ type: 'lab.output', session, cell, text: output })
      return { output, value: null, figures: [], error: null, variables: [], milliseconds: 1 }
    },
    'lab.stop': () => null,
    'lab.read': noArray,
    'lab.summary': noArray,
    'lab.outline': () => ({ outlines: [] }),
    'lab.names': () => ({
      names: [
        {
          name: 'np.reshape',
          signature: '(a, newshape)',
          doc: 'The same elements in another shape.',
          kind: 'function',
        },
      ],
    }),
  }
}

function noArray(): never {
  throw new LoupeError('not-found', 'That array is not kept any more; run its cell again.')
}
