import type { LabLesson } from './lesson.ts'
import { code, isArray, makePhoto, python, task, text } from './pieces.ts'

export const shapes: LabLesson = {
  id: 'shapes',
  title: 'Shapes',
  summary: 'The same numbers in other rows and columns: reshape, flatten, transpose, and axes of length 1.',
  parts: [
    text(
      'What can be asked of an array: its shape, the number of its axes, of its elements, the bytes of one element and of all. The last is the product of the two before it.',
    ),
    code(
      makePhoto,
      python`
      print(photo.shape)
      print(photo.ndim, photo.size, photo.itemsize, photo.nbytes)
    `,
    ),
    text(
      '`reshape` deals the elements, read row by row, into other rows. Their number has to stay the same; one length may be −1, and NumPy works it out.',
    ),
    code(python`
      a = np.arange(12)

      print(a.reshape(3, 4))
      print(a.reshape(2, -1))
      print(a.reshape(2, 3, 2)[1, 2, 0])
      try:
          a.reshape(5, -1)
      except ValueError as error:
          print(error)
    `),
    text(
      'Back to a single row go `flatten`, which copies, and `ravel`, which gives a view where it can. A dense layer wants its input so: one long vector.',
    ),
    code(python`
      m = np.arange(6).reshape(2, 3)
      flat = m.flatten()
      row = m.ravel()
      flat[0] = 100
      row[1] = 200

      print(m)
      print(photo.flatten().shape)
    `),
    text(
      '`transpose`, or `.T`, does something else: it changes the order of the axes, so that what was `m[i, j]` is now `m.T[j, i]`. A `for` loop over an array goes along its first axis.',
    ),
    code(python`
      print(m.T)
      print(m.T.ravel())
      for line in m:
          print(line, line.sum())
    `),
    text(
      'Some libraries want the channels first: (3, height, width) in place of (height, width, 3). `transpose` takes the old axes in their new order. `reshape` gives the same shape, and **nonsense**: it reads the same bytes in the same order, red, green and blue in turns, and deals them into rows that mix all three.',
    ),
    code(python`
      height, width = photo.shape[:2]
      right = photo.transpose(2, 0, 1)
      wrong = photo.reshape(3, height, width)

      print(right.shape, wrong.shape)
      print(np.array_equal(right[0], photo[..., 0]))
      right[0]
    `),
    code(python`
      wrong[0]
    `),
    text(
      'Axes of length 1 cost nothing and are often asked for: networks take photos in batches, and a batch of one has the shape (1, height, width, 3). `np.newaxis` (another name of `None`) adds such an axis; `squeeze` takes them away.',
    ),
    code(python`
      batch = photo[np.newaxis]

      print(batch.shape)
      print(photo[..., 0].shape, photo[..., 0, np.newaxis].shape)
      print(batch.squeeze(axis=0).shape)
    `),
    task({
      text: 'Make `tensor`: your photo as PyTorch would take it, as a batch of one with the channels first, (1, 3, height, width). The code below has the right shape, but look at the picture.',
      code: python`
        height, width = photo.shape[:2]
        tensor = photo.reshape(1, 3, height, width)
        tensor[0, 0]
      `,
      check: isArray(
        'tensor',
        'photo.transpose(2, 0, 1)[np.newaxis]',
        'reshape does not move channels; the axes have to change places.',
        'photo.reshape((1, 3) + photo.shape[:2])',
      ),
      hint: 'First the axes in another order with `transpose(2, 0, 1)`, then a new axis in front.',
      solution: python`
        tensor = photo.transpose(2, 0, 1)[np.newaxis]
        tensor[0, 0]
      `,
    }),
  ],
}
