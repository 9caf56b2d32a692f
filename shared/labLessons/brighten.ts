import type { LabLesson } from './lesson.ts'
import { code, makePhoto, python, task, text } from './pieces.ts'

export const brighten: LabLesson = {
  id: 'brighten',
  title: 'Brightness and contrast',
  summary: 'Add light without turning the sky black: bytes wrap around before clip can see them.',
  parts: [
    text(
      'To brighten, add the same to every value. With bytes this is the most famous trap of all: 250 + 60 is 310, and a byte makes 54 of it. The lightest places turn dark.',
    ),
    code(
      makePhoto,
      python`
      sky = np.array([180, 200, 250], dtype=np.uint8)

      print(sky + 60)
      photo + 60
    `,
    ),
    text(
      '`np.clip` holds values between a lowest and a highest. But put around the sum of bytes it comes **too late**: the sum has wrapped around already, and all that `clip` sees are harmless bytes.',
    ),
    code(python`
      print(np.clip(sky + 60, 0, 255))
      print(np.clip(sky.astype(int) + 60, 0, 255))
    `),
    text('So the order is: make room, calculate, clip, and only then go back to bytes.'),
    code(python`
      lighter = np.clip(photo.astype(int) + 60, 0, 255).astype(np.uint8)

      print(f'mean {photo.mean():.1f}, then {lighter.mean():.1f}')
      print(f'{np.mean(photo.astype(int) + 60 > 255):.1%} of the values were clipped')
      lighter
    `),
    text(
      'What has been clipped is gone: all those values are 255 now, and subtracting 60 will not bring their differences back.',
    ),
    code(python`
      back = np.clip(lighter.astype(int) - 60, 0, 255)

      print(f'{np.mean(back == photo):.1%} of the values are what they were')
    `),
    text(
      '**Contrast** is the distance from a middle grey: subtract it, multiply, add it again. More than 1 pulls values apart, less than 1 brings them closer.',
    ),
    code(python`
      contrast = np.clip((photo - 128.0) * 1.5 + 128, 0, 255).astype(np.uint8)

      print(f'deviation {photo.std():.1f}, then {contrast.std():.1f}')
      contrast
    `),
    text(
      'And a power of the fractions, called **gamma**, leaves black and white where they are, so that nothing is clipped. Below 1 it lightens the middle, above 1 it darkens it.',
    ),
    code(python`
      gamma = ((photo / 255) ** 0.5 * 255).astype(np.uint8)

      print(((np.array([0, 64, 128, 255]) / 255) ** 0.5 * 255).astype(np.uint8))
      gamma
    `),
    task({
      text: 'The function `brighten` should add `amount` to a picture of bytes, hold the result between 0 and 255, and return bytes. It is clipped, and still wrong. Mend it.',
      code: python`
        def brighten(picture, amount):
            return np.clip(picture + np.uint8(amount), 0, 255)

        brighten(photo, 90)
      `,
      check: python`
        _result = brighten(np.array([[0, 100, 250]], dtype=np.uint8), 90)
        assert isinstance(_result, np.ndarray), f'brighten should return an array; it returned a value of type {type(_result).__name__}.'
        assert _result.tolist() != [[90, 190, 84]], 'Bytes of 0, 100 and 250, brightened by 90, came out as 90, 190 and 84: the last one had wrapped around before clip saw it.'
        assert np.array_equal(_result, [[90, 190, 255]]), f'Bytes of 0, 100 and 250, brightened by 90, should be 90, 190 and 255; they came out as {_result.tolist()}.'
        assert _result.dtype == np.uint8, f'The values are right, but they are {_result.dtype}; a picture has uint8.'
      `,
      hint: 'Where does the wrapping happen: in `clip`, or in the sum? Give the sum a type with room, `astype(int)`, and convert back at the end.',
      solution: python`
        def brighten(picture, amount):
            return np.clip(picture.astype(int) + amount, 0, 255).astype(np.uint8)

        brighten(photo, 90)
      `,
    }),
  ],
}
