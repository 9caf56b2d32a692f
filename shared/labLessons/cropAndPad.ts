import type { LabLesson } from './lesson.ts'
import { code, isArray, makePhoto, python, task, text } from './pieces.ts'

export const cropAndPad: LabLesson = {
  id: 'crop-and-pad',
  title: 'Crop and pad',
  summary: 'Cut a rectangle out with a slice; add rows and columns around it, in one of several ways.',
  parts: [
    text(
      'Cropping is slicing: rows from `top` to `bottom`, columns from `left` to `right`. No value changes, and nothing is copied. This is the largest square in the middle of your photo.',
    ),
    code(
      makePhoto,
      python`
      height, width = photo.shape[:2]
      side = min(height, width)
      top = (height - side) // 2
      left = (width - side) // 2
      square = photo[top:top + side, left:left + side]

      print(photo.shape, square.shape, np.shares_memory(photo, square))
      square
    `,
    ),
    text(
      'Two things to watch. A slice that reaches past the edge is cut short without an error, so the result may be smaller than you meant. And a negative start counts **from the end**: with `left = -5` the slice `left:left + 20` is no slice at the left edge.',
    ),
    code(python`
      row = np.arange(10)

      print(row[7:7 + 5])
      print(row[-5:-5 + 20])
      print(row[-2:-2 + 4])
    `),
    text(
      '`np.pad` adds elements around an array: for each axis, how many before and after it. Zeros, unless told otherwise.',
    ),
    code(python`
      m = np.arange(1, 5).reshape(2, 2)

      print(np.pad(m, 1))
      print(np.pad(m, ((0, 1), (2, 0)), constant_values=9))
      print(np.pad(m, 1, mode='edge'))
      print(np.pad(np.arange(4), 2, mode='reflect'))
    `),
    text(
      'A single number pads **every** axis, and a colour photo has three: it would get channels that are no colours. Say (0, 0) for the last axis.',
    ),
    code(python`
      print(np.pad(photo, 10).shape)
      framed = np.pad(photo, ((10, 10), (10, 10), (0, 0)))
      print(framed.shape)
      framed
    `),
    text(
      'A frame of zeros is an edge that the photo never had, and a convolution will find it. Repeating the edge pixels, or mirroring, hides the seam.',
    ),
    code(python`
      around = ((24, 24), (24, 24), (0, 0))

      np.pad(photo, around, mode='edge')
    `),
    code(python`
      np.pad(photo, around, mode='reflect')
    `),
    task({
      text: 'Make `whole`: your photo padded with zeros to a square, so that resizing it will not distort it. The photo is in the middle; if the number of rows or columns to add is odd, the odd one comes after it (at the bottom or on the right).',
      code: python`
        height, width = photo.shape[:2]
        side = max(height, width)
        top = (side - height) // 2
        left = (side - width) // 2

        whole = ...
      `,
      check: isArray(
        'whole',
        'np.pad(photo, [((max(photo.shape[:2]) - _n) // 2, (max(photo.shape[:2]) - _n + 1) // 2) for _n in photo.shape[:2]] + [(0, 0)])',
        'How many rows and columns come before the photo, and how many after it?',
      ),
      hint: 'Before the photo come `top` rows; after it come `side - height - top`. Columns in the same way, and (0, 0) for the channels.',
      solution: python`
        height, width = photo.shape[:2]
        side = max(height, width)
        top = (side - height) // 2
        left = (side - width) // 2

        whole = np.pad(photo, ((top, side - height - top), (left, side - width - left), (0, 0)))
        whole
      `,
    }),
  ],
}
