/** The register of layers in Python: a new layer is listed here, and a kind without one does not compile. */

import type { ImageInfo } from '../api.ts'
import type { LayerKind } from '../layers/index.ts'
import { stageFileStem } from '../pipeline.ts'
import { dense, flatten, softmax } from './classify.ts'
import {
  pythonString,
  pythonTuple,
  type LayerPython,
  type LayerStage,
  type Parameter,
  type PythonFunction,
  type StageCode,
} from './code.ts'
import { brighten, crop, flip, pad, paint, rotate90 } from './geometry.ts'
import { input, photoCode } from './input.ts'
import { activation, batchNorm, dropout } from './pointwise.ts'
import { conv2d, globalPool, pool2d } from './window.ts'

export { photoCode } from './input.ts'

const layerPython: { readonly [K in LayerKind]: LayerPython<K> } = {
  input,
  crop,
  pad,
  flip,
  rotate90,
  brighten,
  paint,
  conv2d,
  activation,
  batchNorm,
  pool2d,
  globalPool,
  flatten,
  dense,
  softmax,
  dropout,
}

function pythonOf(stage: LayerStage): LayerPython<LayerKind> {
  return layerPython[stage.spec.kind] as LayerPython<LayerKind>
}

/** The layer with NumPy; its function comes with it, and the call with this layer's numbers. */
export function numpyCode(stage: LayerStage): StageCode {
  return pythonOf(stage).numpy(stage)
}

/** The same with PyTorch. */
export function torchCode(stage: LayerStage): StageCode {
  return pythonOf(stage).torch(stage)
}

/** Whether NumPy makes the same numbers to the last bit of the same input, on every machine. */
export function isExact(stage: LayerStage): boolean {
  return pythonOf(stage).exact(stage.spec)
}

/** What is needed to define some functions: the import statements, and the definitions in the order they can stand in. */
export function definitions(functions: readonly PythonFunction[]): {
  readonly imports: readonly string[]
  readonly texts: readonly string[]
} {
  const found = new Map<string, PythonFunction>()
  const add = (needed: PythonFunction) => {
    needed.uses?.forEach(add)
    found.set(needed.name, needed)
  }
  functions.forEach(add)
  const all = [...found.values()]
  const imports = new Set(all.flatMap((one) => one.imports ?? []))
  // One line says what the other does too.
  if (imports.has('from PIL import Image, ImageOps')) imports.delete('from PIL import Image')
  return { imports: [...imports].sort(), texts: all.map(({ text }) => text) }
}

/** `01-conv2d-kernels.npy`: the file of a parameter's array. */
export function parameterFile(stem: string, parameter: Parameter): string {
  return `${stem}-${parameter.name}.npy`
}

/**
 * One stage as a text to read and try: what it needs, its functions, its numbers, its call. The first layer begins with
 * the photo's file.
 */
export function numpySnippet(stage: LayerStage, image: ImageInfo): string {
  const code = numpyCode(stage)
  const { index, spec, input, dtype } = stage
  const photo = spec.kind === 'input' ? photoCode(image, spec) : null
  const reads = photo && 'read' in photo
  const { imports, texts } = definitions([...(reads ? [photo.read] : []), ...code.functions])
  const begin = !photo
    ? `# x: what the stage before made, ${pythonTuple(input)} ${dtype}`
    : reads
      ? `photo = read_photo(${pythonString(image.name)})`
      : `# photo: as it was decoded, ${pythonTuple(input)} bytes; ${photo.whyNot}`
  const stem = stageFileStem(index, spec.kind)
  const load = (one: Parameter) => `np.load(${pythonString(parameterFile(stem, one))})  # saved with the scripts`
  const parameters = (code.parameters ?? []).map((one) => `${one.name} = ${one.text ?? load(one)}`)
  const head = ['import numpy as np', ...imports].join('\n')
  return `${[head, ...texts, [begin, ...parameters, ...code.lines].join('\n')].join('\n\n\n')}\n`
}
