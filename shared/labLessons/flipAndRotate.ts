import type { LabLesson } from './lesson.ts'
import { code, isArray, makePhoto, python, task, text } from './pieces.ts'

export const flipAndRotate: LabLesson = {
  id: 'flip-and-rotate',
  title: 'Flip and rotate',
  summary: 'Mirror a photo and turn it by quarters. Values only change places, so nothing is lost.',
  parts: [
    text(
      'A step of −1 walks an axis backwards. On axis 1, the columns, it changes left and right; on axis 0, the rows, top and bottom. `np.fliplr` and `np.flipud` are names for these two slices.',
    ),
    code(
      makePhoto,
      python`
      left_right = photo[:, ::-1]

      print(np.array_equal(left_right, np.fliplr(photo)))
      print(np.array_equal(photo[::-1], np.flipud(photo)))
      left_right
    `,
    ),
    code(python`
      photo[::-1]
    `),
    text(
      'Which axis it is matters. Reversing the **last** axis of a colour photo does not mirror it: it swaps red and blue.',
    ),
    code(python`
      photo[..., ::-1]
    `),
    text(
      'A transpose mirrors along the diagonal: what was at row `y`, column `x` is now at row `x`, column `y`. For a photo the channels have to stay where they are.',
    ),
    code(python`
      m = np.arange(6).reshape(2, 3)

      print(m)
      print(m.T)
      print(photo.shape, photo.transpose(1, 0, 2).shape)
      photo.transpose(1, 0, 2)
    `),
    text(
      'Transposed and flipped once, it is a **quarter turn**. `np.rot90` turns counter-clockwise, as often as its second argument says; a negative number turns clockwise. Height and width change places with every odd number of turns.',
    ),
    code(python`
      print(np.rot90(m))
      print(np.rot90(m, 2))
      print(np.rot90(m, -1))
      print(np.rot90(photo).shape)
      np.rot90(photo)
    `),
    text(
      'Quarter turns and flips only move values, so they can be undone. Any other angle would have to invent values between the pixels. They do not even copy: all of them are views.',
    ),
    code(python`
      turned = photo
      for turn in range(4):
          turned = np.rot90(turned)
      print(np.array_equal(turned, photo), np.shares_memory(turned, photo))
      print(np.array_equal(photo[::-1, ::-1], np.rot90(photo, 2)))
    `),
    task({
      text: 'Make `clockwise`: your photo turned by one quarter **clockwise**, as one turns a photo taken with the camera on its side.',
      code: python`
        clockwise = photo.transpose(1, 0, 2)
        clockwise
      `,
      check: isArray(
        'clockwise',
        'np.rot90(photo, -1)',
        'After a clockwise turn, the upper left corner is at the upper right. Was it turned the other way, or only mirrored?',
        'photo.transpose(1, 0, 2)',
      ),
      hint: '`np.rot90` turns counter-clockwise. Three turns one way are one turn the other way; or flip the transposed photo from left to right.',
      solution: python`
        clockwise = np.rot90(photo, -1)
        clockwise
      `,
    }),
  ],
}
