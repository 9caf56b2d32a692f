import type { LabLesson } from './lesson.ts'
import { code, isArray, makePhoto, python, task, text } from './pieces.ts'

export const photo: LabLesson = {
  id: 'photo',
  title: 'A photo is an array',
  summary: 'From file to numbers and back, channel by channel; and what a picture of numbers can hide.',
  parts: [
    text(
      'Pillow (`PIL`) reads picture files; `np.array` makes an array of what it read, `Image.fromarray` goes back. In the lab, `Image.open` opens the pictures of your gallery by name; the selected one is there already, as `image`.',
    ),
    code(
      makePhoto,
      python`
      from PIL import Image

      picture = Image.fromarray(photo)

      print(picture.size, picture.mode)
      print(np.array(picture).shape)
      photo
    `,
    ),
    text(
      'The two do not agree on the order. A Pillow picture has a size, **width × height**; the array has a shape, **height × width** × channels. It is the same picture.',
      'Each pixel has three numbers: how much red, green and blue light it sends. Equal numbers are a grey; all 0 is black, all 255 is white.',
    ),
    code(python`
      print(photo[0, 0])
      colours = np.zeros((2, 3, 3), dtype=np.uint8)
      colours[0] = [[255, 0, 0], [0, 255, 0], [0, 0, 255]]
      colours[1] = [[255, 255, 0], [128, 128, 128], [255, 255, 255]]
      colours
    `),
    text(
      'A single channel is an array with two axes, and is shown in grey. To see it in its own colour, set the other two to 0.',
    ),
    code(python`
      only_red = photo.copy()
      only_red[..., 1:] = 0

      print('mean of red, green and blue', photo.mean(axis=(0, 1)).round(1))
      only_red
    `),
    text(
      'What a picture shows depends on how its numbers become colours. Matplotlib spreads a one-channel array over the **whole** colour scale, from its smallest to its largest value, so a dull picture looks brilliant. With `vmin` and `vmax` you say what black and white mean, and the picture is honest.',
    ),
    code(python`
      import matplotlib.pyplot as plt

      dull = photo[..., 0] // 4 + 96
      print(dull.min(), dull.max())

      plt.subplot(1, 2, 1)
      plt.imshow(dull, cmap='gray')
      plt.title('spread')
      plt.subplot(1, 2, 2)
      plt.imshow(dull, cmap='gray', vmin=0, vmax=255)
      plt.title('as it is')
      plt.show()
    `),
    text(
      'A calculation with the numbers is a change of the picture. `255 - photo` makes the **negative**: no value leaves 0 to 255, so here bytes are safe.',
    ),
    code(python`
      255 - photo
    `),
    task({
      text: 'Make `warm`: a copy of `photo` with half of the blue taken away (whole numbers, rounded down), red and green as they were.',
      code: python`
        warm = photo.copy()
        warm[..., 0] = warm[..., 0] // 2
        warm
      `,
      check: isArray(
        'warm',
        'np.stack((photo[..., 0], photo[..., 1], photo[..., 2] // 2), axis=2)',
        'Only blue should change. Which channel is blue?',
        'np.stack((photo[..., 0] // 2, photo[..., 1], photo[..., 2]), axis=2)',
      ),
      hint: 'Red is channel 0, green is 1, blue is 2.',
      solution: python`
        warm = photo.copy()
        warm[..., 2] = warm[..., 2] // 2
        warm
      `,
    }),
  ],
}
