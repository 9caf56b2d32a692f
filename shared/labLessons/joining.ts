import type { LabLesson } from './lesson.ts'
import { code, isArray, makePhoto, python, task, text } from './pieces.ts'

export const joining: LabLesson = {
  id: 'joining',
  title: 'Joining and splitting',
  summary: 'Put pictures beside, below and on top of each other, and take them apart again.',
  parts: [
    text(
      '`concatenate` joins arrays along an axis that they **have**: along axis 0 below each other, along axis 1 side by side. All other lengths must agree. `vstack` and `hstack` are short for the two.',
    ),
    code(
      makePhoto,
      python`
      a = np.arange(4).reshape(2, 2)
      b = -a

      print(np.concatenate((a, b)))
      print(np.concatenate((a, b), axis=1))
      print(np.array_equal(np.hstack((a, b)), np.concatenate((a, b), axis=1)))
      try:
          np.concatenate((a, np.zeros((3, 2))), axis=1)
      except ValueError as error:
          print(error)
    `,
    ),
    code(python`
      mirrored = np.concatenate((photo, photo[:, ::-1]), axis=1)

      print(photo.shape, mirrored.shape)
      mirrored
    `),
    text(
      '`stack` joins along an axis that is **new**; all shapes must be the same. So single channels become a colour picture, and several photos become a batch.',
    ),
    code(python`
      red, green, blue = photo[..., 0], photo[..., 1], photo[..., 2]
      swapped = np.stack((green, blue, red), axis=2)
      batch = np.stack((photo, photo[:, ::-1], photo[::-1]))

      print(red.shape, swapped.shape, batch.shape)
      swapped
    `),
    text(
      '`split` takes apart again. It insists on equal parts; `array_split` also makes parts that differ by one. The parts are views of the whole.',
    ),
    code(python`
      print(np.split(np.arange(6), 2))
      print(np.array_split(np.arange(7), 3))
      try:
          np.split(np.arange(7), 3)
      except ValueError as error:
          print(error)
      top, bottom = np.array_split(photo, 2)
      print(top.shape, bottom.shape, np.shares_memory(top, photo))
      np.concatenate((bottom, top))
    `),
    text('Split along axis 2, the channels come apart, but each keeps its axis: (height, width, 1).'),
    code(python`
      parts = np.split(photo, 3, axis=2)

      print([part.shape for part in parts])
      np.concatenate([part[..., 0] for part in parts], axis=1)
    `),
    task({
      text: 'Make `lake`: your photo with its own mirror image **below** it, upside down, as a lake would show it.',
      code: python`
        lake = np.concatenate((photo, photo))
      `,
      check: isArray(
        'lake',
        'np.concatenate((photo, photo[::-1]))',
        'The lower half should be upside down.',
        'np.concatenate((photo, photo))',
      ),
      hint: 'A slice with the step −1 on axis 0 turns the rows upside down.',
      solution: python`
        lake = np.concatenate((photo, photo[::-1]))
        lake
      `,
    }),
  ],
}
