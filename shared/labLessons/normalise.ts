import type { LabLesson } from './lesson.ts'
import { code, isArray, makePhoto, python, task, text } from './pieces.ts'

export const normalise: LabLesson = {
  id: 'normalise',
  title: 'Normalise',
  summary: 'Bytes become fractions from 0 to 1, from −1 to 1, or with mean 0 and deviation 1.',
  parts: [
    text(
      'Networks learn best from small numbers around 0, not from bytes. The simplest scale divides by 255: black is 0 and white is 1. `/` makes fractions, so nothing can wrap around.',
    ),
    code(
      makePhoto,
      python`
      unit = photo / 255

      print(photo.dtype, photo.min(), photo.max())
      print(unit.dtype, f'{unit.min():.3f} {unit.max():.3f}')
      unit
    `,
    ),
    text(
      'The picture looks as before: only the scale has moved. Beware of `//`, which rounds down: all but pure white becomes 0. And beware of doing it twice, which leaves a picture all but black, and no error.',
    ),
    code(python`
      print(np.unique(photo // 255))
      print(f'twice: at most {(unit / 255).max():.5f}')
    `),
    text('A scale from −1 to 1 has its 0 in the middle. Divide by half of 255, then subtract 1.'),
    code(python`
      signed = photo / 127.5 - 1

      print(np.array([0, 127.5, 255]) / 127.5 - 1)
      print(f'{signed.min():.3f} to {signed.max():.3f}')
      signed[..., 0]
    `),
    text(
      'Or **standardise**: subtract the mean of each channel and divide by its standard deviation. What comes out has mean 0 and deviation 1, however bright and flat the photo was. The tiny number added below keeps a photo of one plain colour, whose deviation is 0, from dividing by 0.',
    ),
    code(python`
      mean = unit.mean(axis=(0, 1))
      deviation = unit.std(axis=(0, 1)) + 1e-7
      standard = (unit - mean) / deviation

      print(mean.shape, standard.shape)
      print(np.allclose(standard.mean(axis=(0, 1)), 0))
      print(f'{standard.min():.2f} to {standard.max():.2f}')
    `),
    text(
      'A trained network wants the numbers **it was trained with**, not those of your photo. These are the means and deviations of ImageNet, for red, green and blue, and many pre-trained networks expect them, as `float32`: half the memory, and precise enough.',
    ),
    code(python`
      imagenet_mean = np.array([0.485, 0.456, 0.406])
      imagenet_std = np.array([0.229, 0.224, 0.225])
      ready = ((unit - imagenet_mean) / imagenet_std).astype(np.float32)

      print(ready.dtype, ready.nbytes, standard.nbytes)
      back = (ready * imagenet_std + imagenet_mean) * 255
      print(np.array_equal(np.round(back).astype(np.uint8), photo))
    `),
    task({
      text: '`scaled` should bring `photo` to the range from −1 to 1: 0 becomes −1 and 255 becomes 1. The code below leaves little of the picture. Mend it.',
      code: python`
        scaled = (photo // 255) * 2.0 - 1
        print(np.unique(scaled))
      `,
      check: isArray('scaled', 'photo / 127.5 - 1', 'Which division drops the fraction?', '(photo // 255) * 2.0 - 1'),
      hint: '`//` rounds down; `/` does not.',
      solution: python`
        scaled = (photo / 255) * 2 - 1
        print(f'{scaled.min():.3f} to {scaled.max():.3f}')
      `,
    }),
  ],
}
