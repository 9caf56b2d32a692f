/** One stage as a cell of the array lab: it computes the stage from the one before and says whether both are equal. */

import type { ImageInfo } from '../api.ts'
import { parameterText, pythonString, type LayerStage } from './code.ts'
import { definitions, isExact, numpyCode } from './index.ts'

export interface LabNames {
  readonly image: ImageInfo | null
  /** The key in `stages` of the stage before; null for the first stage, which is made of the photo. */
  readonly input: string | null
  readonly output: string
}

export function labCell(stage: LayerStage, { image, input, output }: LabNames): string {
  const code = numpyCode(stage)
  const { imports, texts } = definitions(code.functions)
  const grey = image?.channels === 1
  const begin =
    input !== null
      ? `x = stages[${pythonString(input)}]  # what the stage before made`
      : `photo = image${grey ? '[:, :, np.newaxis]' : ''}  # as it was decoded`
  const parameters = (code.parameters ?? []).map((one) => `${one.name} = ${parameterText(one)}`)
  const made = `stages[${pythonString(output)}]`
  const compare = isExact(stage)
    ? `print("Equal to the stage:", np.array_equal(x, ${made}))`
    : `print("Equal to the stage within rounding:", np.allclose(x, ${made}, rtol=1e-12, atol=0))`
  const head = ['import numpy as np', ...imports].join('\n')
  const body = [begin, ...parameters, ...code.lines, compare, 'x'].join('\n')
  return [head, ...texts, body].join('\n\n')
}
