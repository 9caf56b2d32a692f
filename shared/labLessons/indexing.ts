import type { LabLesson } from './lesson.ts'
import { code, isArray, makePhoto, python, task, text } from './pieces.ts'

export const indexing: LabLesson = {
  id: 'indexing',
  title: 'Indexing and slicing',
  summary: 'Take one pixel, a row, a corner, every second column or one channel. Rows come before columns.',
  parts: [
    text(
      'The first cell makes `photo`, a colour copy of your photo that is not too large: from a large one it takes every so many pixels. How it does that is what this lesson is about.',
    ),
    code(
      makePhoto,
      python`
      print(image.shape, photo.shape)
      photo
    `,
    ),
    text(
      'Places are counted from 0, and from the end with −1, −2 and so on. A **slice** `start:stop:step` takes several; its `stop` is not included, and whatever is left out means “from the beginning”, “to the end” and “each”.',
    ),
    code(python`
      a = np.arange(10) * 10

      print(a[3], a[-2])
      print(a[2:7])
      print(a[-3:])
      print(a[::3])
      print(a[::-1])
    `),
    text(
      'An index past the end is an error. A slice past the end is not: it takes what there is, and says nothing. That is convenient, and it hides mistakes.',
    ),
    code(python`
      try:
          a[10]
      except IndexError as error:
          print(error)
      print(a[7:100])
      print(a[50:100])
    `),
    text(
      'With more axes there is an index for each, separated by commas: the **row first**, then the column. A colon alone takes the whole axis, and axes that are not named at the end are taken whole.',
    ),
    code(python`
      m = np.arange(20).reshape(4, 5)

      print(m)
      print(m[2, 3])
      print(m[1])
      print(m[:, 2])
      print(m[1:3, ::2])
    `),
    text(
      'So `photo[y, x]` is the pixel `y` down and `x` to the right: the other way round from the (x, y) of most drawing programs. Point at a slice in the code to see where it lies in the picture.',
    ),
    code(python`
      height, width = photo.shape[:2]

      print(photo[0, 0])
      print(photo[-1, -1])
      print(photo[height // 2, width // 2, 0])
      photo[:height // 2, width // 2:]
    `),
    text(
      'The first two are pixels: red, green and blue of the upper left and the lower right corner. The third is a single number, the red in the middle. The last one is the upper right quarter.',
      'Three dots stand for all axes that are not named, so `photo[..., 0]` is channel 0, the red one, of every pixel. It has two axes, and is shown in grey: the more red, the lighter.',
    ),
    code(python`
      red = photo[..., 0]

      print(red.shape)
      red
    `),
    text(
      'A list of places takes just those, in that order and as often as they are named. With the channels in another order, red and blue change places.',
    ),
    code(python`
      print(a[[0, 3, 3]])
      photo[:, :, [2, 1, 0]]
    `),
    task({
      text: 'Cut `middle` out of `photo`: the rows from a quarter of the height (`height // 4`) up to, not including, three quarters (`height * 3 // 4`), the columns in the same way, all channels.',
      code: python`
        height, width = photo.shape[:2]
        middle = ...
      `,
      check: isArray(
        'middle',
        'photo[photo.shape[0] // 4:photo.shape[0] * 3 // 4, photo.shape[1] // 4:photo.shape[1] * 3 // 4]',
        'Rows are the first index, columns the second.',
      ),
      hint: 'Two slices separated by a comma: first the rows, from `height // 4` on, then the columns, from `width // 4` on.',
      solution: python`
        height, width = photo.shape[:2]
        middle = photo[height // 4:height * 3 // 4, width // 4:width * 3 // 4]
      `,
    }),
    task({
      text: 'Make `coarse`: every third row and every third column of the green channel (channel 1), beginning with the first.',
      code: python`
        coarse = ...
      `,
      check: isArray('coarse', 'photo[::3, ::3, 1]', 'Is it the green channel, and does it begin at 0?'),
      hint: 'A step stands after a second colon: `::3`. A single number as the third index takes one channel and drops the axis.',
      solution: python`
        coarse = photo[::3, ::3, 1]
      `,
    }),
  ],
}
