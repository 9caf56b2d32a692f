import type { LabLesson } from './lesson.ts'
import { code, isArray, makePhoto, python, task, text } from './pieces.ts'

export const grey: LabLesson = {
  id: 'grey',
  title: 'Grey',
  summary:
    'One channel instead of three: by the mean, or as the eye weighs colours; and why transparency is no colour.',
  parts: [
    text(
      'A grey picture has one number for each pixel. The simplest one is the mean of red, green and blue: the mean along axis 2, the channels. It is a fraction; `astype(np.uint8)` drops what stands after the point.',
    ),
    code(
      makePhoto,
      python`
      mean = photo.mean(axis=2)
      grey = mean.astype(np.uint8)

      print(photo.shape, mean.shape)
      print(photo[0, 0], f'{mean[0, 0]:.2f}', grey[0, 0])
      grey
    `,
    ),
    text(
      'Adding the channels by hand falls into a trap: three bytes add up to as much as 765, and bytes **wrap around**. `mean` does not, since it adds in `float64`.',
    ),
    code(python`
      wrapped = (photo[..., 0] + photo[..., 1] + photo[..., 2]) / 3

      print(f'{wrapped[0, 0]:.2f} in place of {mean[0, 0]:.2f}')
      print(f'{np.mean(wrapped != mean):.1%} of the pixels are wrong')
      wrapped
    `),
    text(
      'To the eye, green is far lighter than blue. Weights take that into account; these are the usual ones of television (BT.601). They add up to 1, so that white stays white.',
    ),
    code(python`
      weights = np.array([0.299, 0.587, 0.114])
      luma = (photo * weights).sum(axis=2)

      print(f'{weights.sum():.3f}')
      print(f'they differ by up to {np.abs(luma - mean).max():.1f}')
      np.concatenate((mean, luma), axis=1)
    `),
    text(
      'Pictures with transparency have a fourth channel, **alpha**: 255 is opaque, 0 is invisible. It is no colour. Averaged with the others, it makes every opaque pixel lighter that is not white: a black one, (0, 0, 0, 255), becomes 63.',
    ),
    code(python`
      height, width = photo.shape[:2]
      alpha = np.full((height, width, 1), 255, dtype=np.uint8)
      rgba = np.concatenate((photo, alpha), axis=2)
      wrong = rgba.mean(axis=2)

      print(rgba.shape, rgba[0, 0])
      print(f'too light by {(wrong - mean).mean():.1f} on average')
      np.concatenate((mean, wrong), axis=1)
    `),
    text(
      'Where a pixel is not opaque, its colour has to be mixed with a background first: alpha says how much of each is seen. Here the right half of the photo fades into white.',
    ),
    code(python`
      fading = np.clip(np.linspace(2, 0, width), 0, 1)[:, np.newaxis]
      background = np.array([255, 255, 255])
      seen = photo * fading + background * (1 - fading)

      print(fading.shape, seen.shape)
      seen.astype(np.uint8)
    `),
    task({
      text: '`grey` should be the grey of `rgba`: the mean of its colours, as bytes, dropping what stands after the point. The code below averages the transparency too.',
      code: python`
        grey = rgba.mean(axis=2).astype(np.uint8)
        grey
      `,
      check: isArray(
        'grey',
        'photo.mean(axis=2).astype(np.uint8)',
        'Is alpha still among the averaged channels?',
        '((photo.sum(axis=2) + 255) // 4).astype(np.uint8)',
      ),
      hint: 'A slice of the last axis takes the first three channels: `rgba[..., :3]`.',
      solution: python`
        grey = rgba[..., :3].mean(axis=2).astype(np.uint8)
        grey
      `,
    }),
  ],
}
