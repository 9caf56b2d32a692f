import type { LabLesson } from './lesson.ts'
import { code, isArray, python, task, text } from './pieces.ts'

export const arrays: LabLesson = {
  id: 'arrays',
  title: 'Arrays',
  summary: 'A photo is a block of numbers. Make such blocks yourself, from lists, by their size and by counting.',
  parts: [
    text(
      'A NumPy **array** is a block of numbers, all of one type, in rows and columns and further axes. Your photo is one: it is called `image` here, whichever photo is selected. Run the cell below to ask what it is.',
    ),
    code(python`
      import numpy as np

      print(image.shape)
      print(image.dtype)
    `),
    text(
      'The **shape** says how many elements lie along each axis: height first, then width, then the channels if the photo has colours. The **dtype** says what one element is: `uint8` is a byte, a whole number from 0 (none of this colour) to 255 (all of it).',
      'Lists become arrays too, and lists of equally long lists become rows.',
    ),
    code(python`
      a = np.array([4, 8, 15, 16, 23, 42])
      m = np.array([[1, 2], [3, 4], [5, 6]])

      print(a)
      print(m)
      print(a.ndim, a.shape, a.size)
      print(m.ndim, m.shape, m.size)
    `),
    text(
      '`ndim` counts the axes and `size` the elements. Mind the shape of `a`: `(6,)` is a tuple of one number, because there is one axis.',
      'More often an array is made by its size: full of zeros, of ones, of any value, or with ones on the diagonal. The shape is one argument, so it has brackets of its own.',
    ),
    code(python`
      print(np.zeros((2, 4)))
      print(np.ones(3))
      print(np.full((2, 3), 7))
      print(np.eye(3))
    `),
    text(
      'Or by counting. `arange` goes by a step and stops **before** its end, as `range` does; `linspace` divides a span into so many numbers, both ends **included**.',
    ),
    code(python`
      print(np.arange(5))
      print(np.arange(2, 11, 3))
      print(np.arange(10, 0, -4))
      print(np.linspace(0, 1, 5))
    `),
    text(
      'Numbers are all it takes to make a picture. Here one row runs from black to white and is laid out 64 times. What the last line of a cell gives is shown below the cell, and an array that can be seen is shown as a picture: point at it to read its numbers.',
    ),
    code(python`
      row = np.linspace(0, 255, 128).astype(np.uint8)
      ramp = np.tile(row, (64, 1))

      print(ramp.shape, ramp[0, 0], ramp[0, -1])
      ramp
    `),
    task({
      text: 'Make `card`, a plain grey picture as high and as wide as your photo: one channel, every element 128, of dtype `uint8`.',
      code: python`
        height, width = image.shape[:2]
        card = ...
      `,
      check: isArray('card', 'np.full(image.shape[:2], 128, dtype=np.uint8)', 'Each should be 128.'),
      hint: '`np.full` takes the shape, the value and, if you name it, a `dtype`.',
      solution: python`
        height, width = image.shape[:2]
        card = np.full((height, width), 128, dtype=np.uint8)
      `,
    }),
  ],
}
