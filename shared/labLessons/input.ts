import type { LabLesson } from './lesson.ts'
import { code, makePhoto, python, task, text } from './pieces.ts'

export const input: LabLesson = {
  id: 'input',
  title: 'The input layer',
  summary: 'From your photo to what a network receives: resize, grey, scale; first as loops, then in one line.',
  parts: [
    text(
      'A network receives an array of one fixed size. Its first layer makes it: **resize** the photo, take its **grey**, **scale** the bytes to fractions. From here on these numbers are all it knows of your photo.',
    ),
    code(
      makePhoto,
      python`
      from PIL import Image

      small = np.array(Image.fromarray(photo).resize((64, 64)))

      print(photo.shape, small.shape, small.dtype)
      small
    `,
    ),
    text(
      'As loops: for each row and each column, add the three channels, divide, drop the fraction, and scale. `int(…)` turns each byte into a Python number, which does not wrap around.',
    ),
    code(python`
      by_hand = np.zeros((64, 64))
      for row in range(64):
          for column in range(64):
              red, green, blue = small[row, column]
              grey = (int(red) + int(green) + int(blue)) // 3
              by_hand[row, column] = grey / 255

      print(by_hand.shape, f'{by_hand.min():.3f} to {by_hand.max():.3f}')
      by_hand
    `),
    text('With whole arrays, the two loops are a mean over the last axis.'),
    code(python`
      x = small.mean(axis=2).astype(np.uint8) / 255

      print(np.array_equal(x, by_hand))
      print(small.nbytes, x.nbytes)
    `),
    text(
      'Of each pixel one number is left, but it takes 8 bytes. What did the network lose? Blow its picture up to the old size and compare.',
    ),
    code(python`
      height, width = photo.shape[:2]
      seen = Image.fromarray((x * 255).round().astype(np.uint8)).resize((width, height), Image.NEAREST)

      np.concatenate((photo.mean(axis=2), np.array(seen)), axis=1)
    `),
    text(
      'If you have sent your photo through a pipeline, its stages are here as `stages`. Then this cell computes the input stage again, from the whole photo. With the input layer as it is at first (grey by the mean, scaled to 0 to 1), the largest difference is 0.',
    ),
    code(python`
      if 'input' not in stages:
          print('No run yet.')
      elif image.ndim == 3 and image.shape[2] != 3:
          print('The input layer lays a photo with transparency on a background first.')
      else:
          stage = stages['input']
          height, width = stage.shape[:2]
          again = np.array(Image.fromarray(image).resize((width, height)))
          if again.ndim == 3 and stage.shape[2] == 1:
              again = again.mean(axis=2).astype(np.uint8)
          again = again.reshape(height, width, -1) / 255
          print(stage.shape, 'largest difference', np.abs(again - stage).max())
    `),
    task({
      text: 'Write `to_input(picture, size)`: the picture, an array of bytes (height, width, 3), as a network would receive it that wants **colour** and a scale from −1 to 1: `size` rows, `size` columns, 3 channels. The code below forgets the scale.',
      code: python`
        def to_input(picture, size):
            small = np.array(Image.fromarray(picture).resize((size, size)))
            return small

        to_input(photo, 32)
      `,
      check: python`
        _result = to_input(photo, 16)
        _wanted = np.array(Image.fromarray(photo).resize((16, 16))) / 127.5 - 1
        assert isinstance(_result, np.ndarray), f'to_input should return an array; it returned a value of type {type(_result).__name__}.'
        assert _result.shape == (16, 16, 3), f'With size 16 the shape should be (16, 16, 3); it is {_result.shape}.'
        assert _result.dtype.kind == 'f', f'The result should be fractions; it is {_result.dtype}.'
        assert np.allclose(_result, _wanted), f'Black should be -1 and white 1; your values go from {_result.min():.3f} to {_result.max():.3f}, and should go from {_wanted.min():.3f} to {_wanted.max():.3f}.'
      `,
      hint: 'Divide by 127.5, then subtract 1.',
      solution: python`
        def to_input(picture, size):
            small = np.array(Image.fromarray(picture).resize((size, size)))
            return small / 127.5 - 1

        to_input(photo, 32)
      `,
    }),
  ],
}
