/** Moving, padding, brightening and painting pixels in Python. */

import type { Mark } from '../layers/definition.ts'
import {
  pythonCall,
  pythonList,
  pythonNumber,
  pythonString,
  pythonTuple,
  type LayerPython,
  type Parameter,
  type PythonFunction,
} from './code.ts'

const exact = () => true

const cropFunction: PythonFunction = {
  name: 'crop',
  text: `def crop(x, top, left, height, width):
    """Cuts out a rectangle; the values inside stay what they were."""
    return x[top : top + height, left : left + width]`,
}

export const crop: LayerPython<'crop'> = {
  exact,
  numpy: ({ spec }) => ({
    functions: [cropFunction],
    lines: [`x = crop(x, top=${spec.top}, left=${spec.left}, height=${spec.height}, width=${spec.width})`],
  }),
  torch: ({ spec: { top, left, height, width } }) => ({
    functions: [],
    lines: [`x = x[:, :, ${top}:${top + height}, ${left}:${left + width}]`],
  }),
}

const padFunction: PythonFunction = {
  name: 'pad',
  text: `def pad(x, top, right, bottom, left, **how):
    """Adds rows and columns on each side; how they are filled is said as to numpy.pad."""
    return np.pad(x, ((top, bottom), (left, right), (0, 0)), **how)`,
}

export const pad: LayerPython<'pad'> = {
  exact,
  numpy: ({ spec }) => ({
    functions: [padFunction],
    lines: [
      `x = ${pythonCall('pad', [
        'x',
        ...(['top', 'right', 'bottom', 'left'] as const).map((side) => `${side}=${spec[side]}`),
        `mode=${pythonString(spec.mode)}`,
        ...(spec.mode === 'constant' ? [`constant_values=${pythonNumber(spec.value)}`] : []),
      ])}`,
    ],
  }),
  torch: ({ spec }) => {
    const sides = pythonTuple([spec.left, spec.right, spec.top, spec.bottom])
    const mode = { constant: 'constant', edge: 'replicate', reflect: 'reflect' }[spec.mode]
    const value = spec.mode === 'constant' ? `, value=${pythonNumber(spec.value)}` : ''
    return {
      functions: [],
      lines: [`x = F.pad(x, ${sides}, mode=${pythonString(mode)}${value})  # left, right, top, bottom`],
    }
  },
}

const flips = {
  horizontal: {
    text: `def flip_horizontal(x):
    """Swaps left and right."""
    return x[:, ::-1]`,
    axis: 3,
  },
  vertical: {
    text: `def flip_vertical(x):
    """Swaps top and bottom."""
    return x[::-1]`,
    axis: 2,
  },
} as const

export const flip: LayerPython<'flip'> = {
  exact,
  numpy: ({ spec: { direction } }) => ({
    functions: [{ name: `flip_${direction}`, text: flips[direction].text }],
    lines: [`x = flip_${direction}(x)`],
  }),
  torch: ({ spec: { direction } }) => ({
    functions: [],
    lines: [`x = torch.flip(x, dims=[${flips[direction].axis}])`],
  }),
}

const rotateFunction: PythonFunction = {
  name: 'rotate90',
  text: `def rotate90(x, turns):
    """Turns the picture counter-clockwise, a quarter of a circle a turn."""
    return np.rot90(x, turns)`,
}

export const rotate90: LayerPython<'rotate90'> = {
  exact,
  numpy: ({ spec }) => ({ functions: [rotateFunction], lines: [`x = rotate90(x, turns=${spec.turns})`] }),
  torch: ({ spec }) => ({ functions: [], lines: [`x = torch.rot90(x, ${spec.turns}, dims=[2, 3])`] }),
}

const brightenFunction: PythonFunction = {
  name: 'brighten',
  text: `def brighten(x, amount, low, high):
    """Adds the same to every value, and holds what goes past the ends there."""
    return np.clip(x + amount, low, high)`,
}

export const brighten: LayerPython<'brighten'> = {
  exact,
  numpy: ({ spec }) => ({
    functions: [brightenFunction],
    lines: [
      `x = brighten(x, amount=${pythonNumber(spec.amount)}, low=${pythonNumber(spec.low)}, high=${pythonNumber(spec.high)})`,
    ],
  }),
  torch: ({ spec }) => ({
    functions: [],
    lines: [`x = torch.clamp(x + ${pythonNumber(spec.amount)}, ${pythonNumber(spec.low)}, ${pythonNumber(spec.high)})`],
  }),
}

const paintFunction: PythonFunction = {
  name: 'paint',
  text: `def paint(x, marks):
    """Paints over rectangles, one after the other; None brings back what was there."""
    out = x.copy()
    for row, column, height, width, channel, value in marks:
        channels = slice(None) if channel is None else slice(channel, channel + 1)
        place = slice(row, row + height), slice(column, column + width), channels
        out[place] = x[place] if value is None else value
    return out`,
}

const paintTorch: PythonFunction = {
  name: 'paint',
  text: `def paint(x, marks):
    """Paints over rectangles, one after the other; None brings back what was there."""
    out = x.clone()
    for row, column, height, width, channel, value in marks:
        channels = slice(None) if channel is None else slice(channel, channel + 1)
        place = slice(None), channels, slice(row, row + height), slice(column, column + width)
        out[place] = x[place] if value is None else tensor(value).reshape(-1, 1, 1)
    return out`,
}

function marksParameter(marks: readonly Mark[]): Parameter {
  const line = ({ row, column, height, width, channel, value }: Mark) => {
    const painted = value === null ? 'None' : value.length === 1 ? pythonNumber(value[0]!) : pythonList(value)
    return `    (${row}, ${column}, ${height}, ${width}, ${channel ?? 'None'}, ${painted}),\n`
  }
  if (marks.length === 0) return { name: 'marks', text: '[]' }
  return { name: 'marks', text: `[  # row, column, height, width, channel, value\n${marks.map(line).join('')}]` }
}

export const paint: LayerPython<'paint'> = {
  exact,
  numpy: ({ spec }) => ({
    functions: [paintFunction],
    parameters: [marksParameter(spec.marks)],
    lines: ['x = paint(x, marks)'],
  }),
  torch: ({ spec }) => ({
    functions: [paintTorch],
    parameters: [marksParameter(spec.marks)],
    lines: ['x = paint(x, marks)'],
  }),
}
