import type { LabLesson } from './lesson.ts'
import { code, isArray, makePhoto, python, task, text } from './pieces.ts'

export const searching: LabLesson = {
  id: 'searching',
  title: 'Masks, search and sort',
  summary: 'Find the pixels for which something is true; count, change or keep them; sort.',
  parts: [
    text(
      'A comparison gives a **mask**: an array of the same shape, `True` where it holds. Masks are joined by `&` (and), `|` (or) and `~` (not). The brackets are needed, because `&` binds more tightly than `>`.',
    ),
    code(
      makePhoto,
      python`
      a = np.array([1, 5, 8, 12])
      mask = (a > 3) & (a < 10)

      print(mask)
      print(~mask)
      print(a[mask])
      print(np.count_nonzero(mask), mask.mean(), np.any(mask), np.all(mask))
    `,
    ),
    text(
      'As an index, a mask takes the elements where it is `True`, in one row: their places are lost. On the left of `=` it changes just those, in place. The mean of a mask is the share of `True`.',
      'Here `brightness` is the mean of the three channels, and every pixel that is brighter than the average turns red.',
    ),
    code(python`
      brightness = photo.mean(axis=2)
      bright = brightness > brightness.mean()
      marked = photo.copy()
      marked[bright] = [255, 0, 0]

      print(bright.shape, bright.dtype, photo[bright].shape)
      print(f'{bright.mean():.1%} of the photo')
      marked
    `),
    text(
      '`np.where(mask, this, that)` chooses element by element, and keeps the shape. With the mask alone it tells the places: an array of rows and an array of columns.',
    ),
    code(python`
      print(np.where(a > 5, a, 0))
      print(np.where(np.array([3, 9, 3, 7]) == 3))
      rows, columns = np.where(brightness == brightness.max())
      print('brightest first at row', rows[0], 'column', columns[0])
      np.where(bright, 255, 0).astype(np.uint8)
    `),
    text(
      '`argmax` finds the largest too, but counts through all elements in one row. `np.unravel_index` turns that number into a row and a column again.',
    ),
    code(python`
      place = brightness.argmax()
      row, column = np.unravel_index(place, brightness.shape)

      print(place, row, column)
      print(place == row * brightness.shape[1] + column)
    `),
    text(
      '`np.sort` gives a sorted copy, along the last axis unless told otherwise; `a.sort()` sorts in place. `np.argsort` tells in which order to take the elements, so that something else can be sorted along with them.',
    ),
    code(python`
      scores = np.array([0.2, 0.7, 0.1])
      names = np.array([4, 8, 15])
      order = np.argsort(scores)[::-1]

      print(np.sort(scores), scores)
      print(order, names[order])
      values, counts = np.unique(np.array([3, 1, 3, 3]), return_counts=True)
      print(values, counts)
      np.sort(photo, axis=0)
    `),
    text(
      'The last line sorts every column of your photo, each channel for itself, from dark at the top to light at the bottom. Not one value is lost, and yet nothing can be recognised: a picture is where its numbers stand.',
    ),
    task({
      text: 'Make `spotlight`: a copy of `photo` in which every pixel **darker** than the average brightness is black and the others are as they were. `photo` should not change.',
      code: python`
        spotlight = photo.copy()
        spotlight[brightness > brightness.mean()] = 0
      `,
      check: isArray(
        'spotlight',
        'np.where((photo.mean(axis=2) < photo.mean(axis=2).mean())[..., np.newaxis], np.uint8(0), photo)',
        'Is it the dark pixels that turn black, and the light ones that stay?',
        'np.where((photo.mean(axis=2) > photo.mean(axis=2).mean())[..., np.newaxis], np.uint8(0), photo)',
      ),
      hint: 'Which way round does the comparison go? A mask of shape (height, width) takes whole pixels of (height, width, 3).',
      solution: python`
        spotlight = photo.copy()
        spotlight[brightness < brightness.mean()] = 0
        spotlight
      `,
    }),
  ],
}
