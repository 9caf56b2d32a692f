/** The array lab's answers in tests of the window: it knows a handful of lines, not Python. */

import type { ApiEvent, Params, Result } from '../../shared/api.ts'
import { LoupeError } from '../../shared/errors.ts'
import type { LabError, LabMethods, LabResult, LabVariable } from '../../shared/lab.ts'
import { syntheticPhoto, syntheticWindow, measure } from './fakeTensors.ts'

type Answers = {
  readonly [M in keyof LabMethods]: (params: Params<M>) => Result<M> | Promise<Result<M>>
}

const height = 4
const width = 6

function errorIn(index: number, { length }: string, kind: string, message: string): LabError {
  const place = { line: index + 1, column: 1, endLine: index + 1, endColumn: length + 1 }
  return { kind, message, ...place, traceback: `${kind}: ${message}` }
}

/**
 * `print(…)` prints what it is given, `x = …` makes a picture, `fail…` fails in its own line, `loop` runs until stopped;
 * `no python` cannot be read.
 */
export function fakeLab(emit: (event: ApiEvent) => void): Answers {
  const sessions = new Map<string, { variables: LabVariable[]; stop: (() => void) | null }>()
  let counter = 0
  const sessionOf = (id: string) => {
    const session = sessions.get(id)
    if (!session) throw new LoupeError('not-found', 'There is no such session of the lab.')
    return session
  }
  const array = { dtype: 'uint8', shape: [height, width, 3], strides: [18, 3, 1], bytes: 72, picture: true, view: null }
  return {
    'lab.open': () => {
      const session = `lab-${++counter}`
      sessions.set(session, { variables: [], stop: null })
      return { session }
    },
    'lab.close': ({ session }) => {
      sessions.delete(session)
      return null
    },
    'lab.stop': ({ session }) => {
      sessionOf(session).stop?.()
      return null
    },
    'lab.run': async ({ session: id, cell, code }) => {
      const session = sessionOf(id)
      let output = ''
      let error: LabError | null = null
      for (const [index, line] of code.split('\n').entries()) {
        const name = /^(\w+) = /.exec(line)?.[1]
        if (line.startsWith('print(')) {
          output += `${line.slice(6, -1)}\n`
          emit({ type: 'lab.output', session: id, cell, text: `${line.slice(6, -1)}\n` })
        }
        if (name !== undefined) {
          const others = session.variables.filter((one) => one.name !== name)
          session.variables = [...others, { name, kind: 'ndarray', id: `${id}-${++counter}`, array, text: 'array(…)' }]
        } else if (line === 'loop') {
          await new Promise<void>((resolve) => (session.stop = resolve))
          error = errorIn(index, line, 'KeyboardInterrupt', '')
        } else if (line.startsWith('fail')) error = errorIn(index, line, 'AssertionError', line.slice(5))
        if (error) break
      }
      const last = code.split('\n').at(-1)!
      const known = session.variables.find(({ name }) => name === last)
      const value = known ? { id: `${known.id}-${cell}`, text: known.text, array } : null
      return { output, value, figures: [], error, variables: session.variables, milliseconds: 1 } satisfies LabResult
    },
    'lab.read': ({ session, ...request }) => {
      sessionOf(session)
      return { ...syntheticWindow(syntheticPhoto(1, height, width, 3), request), note: null }
    },
    'lab.summary': () => ({
      ...measure(syntheticPhoto(1, height, width, 3)),
      shape: [height, width, 3],
      dtype: 'uint8',
    }),
    'lab.outline': ({ session, code }) => ({
      outlines: [...code.matchAll(/(\w+)\[(\d+):(\d+)\]/g)].map((found) => ({
        from: found.index,
        to: found.index + found[0].length,
        name: found[1]!,
        id: sessionOf(session).variables.find(({ name }) => name === found[1])?.id ?? null,
        region: { rows: [Number(found[2]), Number(found[3]), 1], columns: [0, width, 1], channels: [0, 3, 1] },
      })),
    }),
    'lab.check': ({ code }) => {
      const at = code.split('\n').indexOf('no python')
      return { error: at < 0 ? null : errorIn(at, 'no python', 'SyntaxError', 'invalid syntax') }
    },
    'lab.names': () => ({ names: [{ name: 'np.zeros', signature: '(shape)', doc: 'Zeros.', kind: 'function' }] }),
  }
}
