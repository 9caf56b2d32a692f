import type { LabLesson } from './lesson.ts'
import { code, makePhoto, python, task, text } from './pieces.ts'

export const resize: LabLesson = {
  id: 'resize',
  title: 'Resize',
  summary: 'Another number of pixels: width first here, height first there, and why a good resize looks at them all.',
  parts: [
    text(
      'A network wants every photo in the same size. Pillow resizes, and takes **width, then height**. An array has **height, then width**. Mixing them up gives no error, only a photo that is squeezed.',
    ),
    code(
      makePhoto,
      python`
      from PIL import Image

      picture = Image.fromarray(photo)
      small = picture.resize((96, 48))

      print(small.size)
      print(np.array(small).shape)
      np.array(small)
    `,
    ),
    text(
      'By hand, the quick way is a slice with a step: it keeps one pixel in so many and **throws away** the others. Thin lines break and patterns flicker. A good resize averages what falls into each new pixel.',
    ),
    code(python`
      stripes = np.zeros((64, 64), dtype=np.uint8)
      stripes[:, ::2] = 255
      smaller = np.array(Image.fromarray(stripes).resize((16, 16)))

      print(np.unique(stripes[::4, ::4]))
      print(smaller[8, 4:12])
    `),
    text(
      'Half of the stripes’ pixels are white. The slice saw only white ones; the resize found the grey that one would see from further away.',
      'The **nearest** neighbour for any size is a list of places: for each new pixel, the old one under its middle.',
    ),
    code(python`
      height, width = photo.shape[:2]
      rows = ((np.arange(48) + 0.5) * height / 48).astype(int)
      columns = ((np.arange(96) + 0.5) * width / 96).astype(int)
      nearest = photo[rows][:, columns]

      print(rows[:6], rows[-1], height)
      print(nearest.shape)
      nearest
    `),
    text(
      'Pillow’s default for photos is bicubic; others are named. They differ in how far each new pixel looks, and by how sharp the result is.',
    ),
    code(python`
      for name, method in [('nearest', Image.NEAREST), ('bilinear', Image.BILINEAR), ('bicubic', Image.BICUBIC)]:
          result = np.array(picture.resize((96, 48), method))
          difference = np.abs(result.astype(int) - nearest)
          print(f'{name:>8}: differs from our nearest by {difference.mean():.2f} on average')
    `),
    text('To keep the photo’s proportions, scale both sides by the same number, and round.'),
    code(python`
      scale = 100 / max(height, width)
      size = (max(1, round(width * scale)), max(1, round(height * scale)))

      print((height, width), '->', size)
      np.array(picture.resize(size))
    `),
    task({
      text: 'Make `banner`, an array of your photo that is 40 **high** and 120 **wide**. The code below makes something else.',
      code: python`
        banner = np.array(Image.fromarray(photo).resize((40, 120)))
        print(banner.shape)
        banner
      `,
      check: python`
        _wanted = np.array(Image.fromarray(photo).resize((120, 40)))
        assert isinstance(banner, np.ndarray), f'banner should be an array; it is of type {type(banner).__name__}.'
        assert banner.shape != (120, 40, 3), 'banner has the shape (120, 40, 3): 120 high and 40 wide. resize takes the width first.'
        assert banner.shape == _wanted.shape, f'banner has the shape {banner.shape}; it should be {_wanted.shape}.'
        assert np.array_equal(banner, _wanted), 'The shape of banner is right, but it is not your photo resized by Pillow: was it turned instead?'
      `,
      hint: '`resize` takes (width, height); the shape of the array says (height, width).',
      solution: python`
        banner = np.array(Image.fromarray(photo).resize((120, 40)))
        print(banner.shape)
        banner
      `,
    }),
  ],
}
