/** Everything the lab has, with its parameters: what is completed while typing, and what the reference page lists. */

import type { LabName } from '../../shared/lab.ts'
import { attributes, constants, indexTricks, methods, numpy, scalarTypes, Session } from '../ndarray/index.ts'
import { dictMethods, listMethods, setMethods, tupleMethods } from './containers.ts'
import { ExceptionType } from './errors.ts'
import { axesMethods, figureMethods, figureModules } from './figures.ts'
import { Meter, usualLimits } from './limits.ts'
import { Machine } from './machine.ts'
import { numpyModules } from './numpy.ts'
import { imageMethods, pictureModules } from './pictures.ts'
import { docOf } from './docs/index.ts'
import { readableSignature } from './signatures.ts'
import { stringMethods } from './strings.ts'
import { Builtin, Type, type Module, type Value } from './values.ts'

/** What the language has of Python's words. */
const keywords =
  'and as assert break continue def del elif else except False finally for from global if import in is lambda None nonlocal not or pass raise return True try while'

let made: readonly LabName[] | undefined

export function labNames(): readonly LabName[] {
  made ??= list()
  return made
}

function list(): LabName[] {
  const names: LabName[] = []
  const add = (name: string, kind: LabName['kind'], signature: string | null) =>
    names.push({ name, kind, signature: signature === null ? '' : `(${signature})`, doc: docOf(name) })
  for (const [name, { signature }] of Object.entries(numpy)) add(`np.${name}`, 'function', signature)
  for (const name of Object.keys(scalarTypes)) add(`np.${name}`, 'type', 'x')
  for (const name of Object.keys(constants)) add(`np.${name}`, 'constant', null)
  for (const name of Object.keys(indexTricks)) add(`np.${name}`, 'constant', null)
  for (const [name, { signature }] of Object.entries(methods)) {
    add(`ndarray.${name}`, 'method', signature.split(', ').slice(1).join(', '))
  }
  for (const name of [...Object.keys(attributes), 'flat', 'flags']) add(`ndarray.${name}`, 'attribute', null)
  const machine = new Machine({
    meter: new Meter(usualLimits, () => 0),
    session: new Session(),
    write: () => undefined,
    modules: numpyModules,
  })
  const inNumpy = machine.importModule('numpy', true) as Module
  for (const name of ['fromfunction', 'vectorize', 'apply_along_axis']) {
    add(`np.${name}`, 'function', signatureOf(inNumpy.members.get(name)!))
  }
  add('np.random.RandomState', 'type', 'seed=…')
  for (const name of ['exceptions.AxisError', 'linalg.LinAlgError']) add(`np.${name}`, 'exception', '*args')
  for (const [name, value] of machine.builtins) add(name, kindOf(value), signatureOf(value))
  for (const [type, table] of [
    ['str', stringMethods],
    ['list', listMethods],
    ['dict', dictMethods],
    ['set', setMethods],
    ['tuple', tupleMethods],
    ['Image', imageMethods],
    ['Axes', axesMethods],
    ['Figure', figureMethods],
  ] as const) {
    for (const { name, signature } of table.values()) add(`${type}.${name}`, 'method', readableSignature(signature))
  }
  for (const name of ['size', 'width', 'height', 'mode', 'format']) add(`Image.${name}`, 'attribute', null)
  const image = pictureModules(machine).get('PIL.Image')!
  for (const [name, value] of image.members) add(`Image.${name}`, kindOf(value), signatureOf(value))
  const pyplot = figureModules(machine, () => undefined).modules.get('matplotlib.pyplot')!
  for (const [name, value] of pyplot.members) add(`plt.${name}`, kindOf(value), signatureOf(value))
  for (const word of keywords.split(' ')) add(word, 'keyword', null)
  return names
}

function kindOf(value: Value): LabName['kind'] {
  if (value instanceof ExceptionType) return 'exception'
  if (value instanceof Type) return 'type'
  return value instanceof Builtin ? 'function' : 'constant'
}

function signatureOf(value: Value): string | null {
  if (value instanceof ExceptionType) return '*args'
  return value instanceof Builtin ? readableSignature(value.signature) : null
}
