/** What the lessons are written with: parts of a lesson, Python indented as the code around it, and usual checks. */

import type { LabCodePart, LabTaskPart, LabTextPart } from './lesson.ts'

/** Python as it stands, without the indentation that all its lines share. */
export function python({ raw }: TemplateStringsArray): string {
  const lines = raw.join('').replace(/^\n/, '').trimEnd().split('\n')
  const indents = lines.filter((line) => line.trim() !== '').map((line) => line.search(/\S/))
  const shared = Math.min(...indents)
  return lines.map((line) => line.slice(shared)).join('\n')
}

export function text(...paragraphs: readonly string[]): LabTextPart {
  return { kind: 'text', text: paragraphs.join('\n\n') }
}

export function code(...blocks: readonly string[]): LabCodePart {
  return { kind: 'code', code: blocks.join('\n\n') }
}

export function task(part: Omit<LabTaskPart, 'kind'>): LabTaskPart {
  return { kind: 'task', ...part }
}

/** Makes `photo`: (height, width, 3) bytes, whatever `image` is. */
export const makePhoto = python`
  # In colour and without transparency, whatever the photo is;
  # every so many pixels of a large one.
  step = max(image.shape) // 300 + 1
  photo = image[::step, ::step]
  if photo.ndim == 3 and photo.shape[2] < 3:
      photo = photo[..., 0]
  if photo.ndim == 2:
      photo = np.stack([photo, photo, photo], axis=2)
  photo = photo[..., :3].copy()
`

/** Makes `x`, the `photo` as a network gets it: 64 rows and columns of fractions, grey. */
export const makeInput = python`
  from PIL import Image

  small = np.array(Image.fromarray(photo).resize((64, 64)))
  x = small.mean(axis=2).astype(np.uint8) / 255
`

const tooPlain =
  'Your photo is too plain for this task: on it, right and wrong answers look alike. Choose another photo, and run the cells above again.'

const answered = (name: string) => `assert ${name} is not ..., 'Put your answer in place of the three dots.'`

/**
 * The check that the variable `name` is the array that the expression `wanted` makes; `otherwise` says what is likely
 * wrong where only values differ. `trap` makes what the mistake makes that the task is about: on a photo where that is the
 * same, as on one of a single colour, no answer is called right.
 */
export function isArray(name: string, wanted: string, otherwise: string, trap?: string): string {
  return [
    `_wanted = ${wanted}`,
    answered(name),
    `assert isinstance(${name}, np.ndarray), f'${name} should be an array; it is of type {type(${name}).__name__}.'`,
    `assert ${name}.shape == _wanted.shape, f'${name} has the shape {${name}.shape}; it should be {_wanted.shape}.'`,
    `assert ${name}.dtype == _wanted.dtype, f'${name} is an array of {${name}.dtype}; it should be {_wanted.dtype}.'`,
    `assert np.allclose(${name}, _wanted), ${quote(`The shape of ${name} is right, but not all of its values are. ${otherwise}`)}`,
    ...(trap === undefined
      ? []
      : [
          `_trap = ${trap}`,
          `assert _trap.shape != _wanted.shape or not np.allclose(_trap, _wanted), ${quote(tooPlain)}`,
        ]),
  ].join('\n')
}

/** The check that the variable `name` is the whole number that the expression `wanted` makes. */
export function isNumber(name: string, wanted: string, otherwise: string): string {
  return [
    answered(name),
    `assert isinstance(${name}, (int, np.integer)), f'${name} should be a whole number; it is of type {type(${name}).__name__}.'`,
    `assert ${name} == ${wanted}, f'${name} is {${name}}, which is not right. ' ${quote(otherwise)}`,
  ].join('\n')
}

function quote(sentence: string): string {
  return `'${sentence.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
