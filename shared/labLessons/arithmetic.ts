import type { LabLesson } from './lesson.ts'
import { code, makePhoto, python, task, text } from './pieces.ts'

export const arithmetic: LabLesson = {
  id: 'arithmetic',
  title: 'Arithmetic and broadcasting',
  summary: 'Calculate with whole arrays, with arrays of different shapes, and along one axis.',
  parts: [
    text(
      'Operators work **element by element**, without a loop. Comparisons do too, and give an array of `True` and `False`.',
    ),
    code(
      makePhoto,
      python`
      a = np.arange(4)
      b = np.array([10, 20, 30, 40])

      print(a + b, b - a, a * b)
      print(a + 1, a / 2, a // 2, a % 2, a ** 2)
      print(a >= 2)
    `,
    ),
    text(
      'Arrays of different shapes meet by **broadcasting**. NumPy lines the shapes up at their **ends**. Two lengths go together if they are equal or if one of them is 1; an axis of length 1, or one that is missing in front, is repeated as often as needed.',
    ),
    code(python`
      m = np.zeros((2, 3), dtype=int)

      print(m + np.array([1, 2, 3]))
      print(m + np.array([[10], [20]]))
      print(np.arange(3)[:, np.newaxis] * np.arange(4))
      try:
          m + np.array([1, 2])
      except ValueError as error:
          print(error)
    `),
    text(
      'So a photo of shape (height, width, 3) can be multiplied by three numbers, one for each channel; or by a column of shape (height, 1, 1), one for each row. Here the light falls off towards the bottom.',
    ),
    code(python`
      height = photo.shape[0]
      light = np.linspace(1, 0, height)[:, np.newaxis, np.newaxis]
      evening = photo * light * np.array([1.0, 0.8, 0.6])

      print(photo.shape, light.shape, evening.shape, evening.dtype)
      evening.astype(np.uint8)
    `),
    text(
      'A **reduction** makes one number of many: `sum`, `mean`, `min`, `max`, `std`, `argmax` (the place of the largest). With `axis` it works along that axis only, and **that axis is the one that goes away**.',
    ),
    code(python`
      m = np.arange(12).reshape(3, 4)

      print(m.sum(), m.mean(), m.max(), m.argmax())
      print(m.sum(axis=0))
      print(m.sum(axis=1))
      print(m.max(axis=1, keepdims=True))
    `),
    text(
      '`keepdims=True` keeps the axis with length 1, so that the result can be broadcast against what it came from.',
      'On your photo: the mean over rows and columns leaves the mean colour, three numbers.',
    ),
    code(python`
      mean_colour = photo.mean(axis=(0, 1))

      print(photo.min(), photo.max(), f'{photo.mean():.1f}')
      print(mean_colour.round(1))
      np.full(photo.shape, mean_colour).astype(np.uint8)
    `),
    task({
      text: 'Write `centre(picture)`: from each channel it subtracts the mean **of that channel**, so that each of them averages to 0. The code below subtracts the mean of all.',
      code: python`
        def centre(picture):
            return picture - picture.mean()

        print(centre(photo).mean(axis=(0, 1)).round(6))
      `,
      check: python`
        _given = np.array([[[0, 10, 100], [2, 30, 100]], [[4, 10, 100], [6, 30, 200]]])
        _result = centre(_given)
        assert isinstance(_result, np.ndarray), f'centre should return an array; it returned a value of type {type(_result).__name__}.'
        assert _result.shape == (2, 2, 3), f'Of an array of shape (2, 2, 3) it should make one of the same shape; it made {_result.shape}.'
        assert np.allclose(_result.mean(axis=(0, 1)), 0), f'The channels of a small test picture averaged to {_result.mean(axis=(0, 1)).round(3).tolist()} afterwards, not to 0: which axes does the mean run over?'
        assert np.allclose(_result, _given - _given.mean(axis=(0, 1))), 'The means are 0, but the differences between the pixels are not what they were.'
      `,
      hint: 'The mean over axes 0 and 1 has the shape (3,), which broadcasts against (height, width, 3).',
      solution: python`
        def centre(picture):
            return picture - picture.mean(axis=(0, 1))

        print(np.allclose(centre(photo).mean(axis=(0, 1)), 0))
      `,
    }),
  ],
}
