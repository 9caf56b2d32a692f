import type { LabLesson } from './lesson.ts'
import { code, makePhoto, python, task, text } from './pieces.ts'

export const views: LabLesson = {
  id: 'views',
  title: 'Views and copies',
  summary: 'A slice is a view: it shows the same memory. What is written into it is written into the photo.',
  parts: [
    text(
      'A slice does not copy anything. It is a **view**: a new array that looks at the memory of the old one, its **base**. That makes slicing free, however large the photo is. It also means that who writes into a view writes into the base.',
    ),
    code(
      makePhoto,
      python`
      a = np.arange(6)
      view = a[1:4]
      copy = a[1:4].copy()

      view[0] = 99
      copy[1] = -1
      print(a)
      print(view)
      print(copy)
      print(view.base is a, copy.base is None)
    `,
    ),
    text(
      'On a photo this is how a part of it is painted over. Here `corner` is never looked at again, and yet the picture has changed.',
    ),
    code(python`
      painted = photo.copy()
      height, width = painted.shape[:2]
      corner = painted[:height // 2, :width // 2]
      corner[:] = [255, 0, 0]

      print(np.shares_memory(corner, painted), np.shares_memory(painted, photo))
      painted
    `),
    text(
      'Mind the difference between writing **into** an array and giving a name to another one. `corner[:] = …` and `corner += …` write into the memory. `corner = …` only makes the name mean something else.',
    ),
    code(python`
      a = np.arange(4)
      v = a[:2]
      v += 10
      print(a)
      v = v + 10
      print(a)
      print(v)
    `),
    text(
      'How can one block of memory be seen in so many ways? An array knows its shape and its **strides**: how many bytes to step to the next element along each axis. A slice with a step has longer strides, a reversed one has negative ones, a transposed one has them in another order. Nothing is moved.',
    ),
    code(python`
      m = np.arange(12, dtype=np.uint8).reshape(3, 4)

      print(m.strides)
      print(m[:, ::2].strides)
      print(m[::-1].strides)
      print(m.T.strides)
    `),
    text(
      'Views: slices, `reshape` (where it can), `.T`, `np.flip`, `np.rot90`. Copies: `copy`, `astype`, every calculation, and indexing with a list or a mask. If in doubt, ask `np.shares_memory`.',
    ),
    code(python`
      print(np.shares_memory(m, m.reshape(4, 3)))
      print(np.shares_memory(m, m[:, 1:3]))
      print(np.shares_memory(m, m[:, [1, 2]]))
      print(np.shares_memory(m, m[m > 3]))
      print(np.shares_memory(m, m + 0))
    `),
    task({
      text: '`framed` should be `picture` with two white rows at the top and at the bottom, and `picture` should stay as it was. The code below paints into both. Mend it.',
      code: python`
        picture = image[::step, ::step].copy()

        framed = picture
        framed[:2] = 255
        framed[-2:] = 255
      `,
      check: python`
        assert isinstance(framed, np.ndarray), f'framed should be an array; it is of type {type(framed).__name__}.'
        _before = image[::step, ::step]
        assert not np.shares_memory(framed, picture), 'framed and picture are still the same memory, so painting one paints both.'
        assert np.array_equal(picture, _before), 'picture is not what it was.'
        _wanted = _before.copy()
        _wanted[:2] = 255
        _wanted[-2:] = 255
        assert framed.shape == _wanted.shape, f'framed has the shape {framed.shape}; it should be {_wanted.shape}.'
        assert np.array_equal(framed, _wanted), 'framed should be the picture with two white rows at the top and at the bottom.'
      `,
      hint: 'A second name for an array is not a second array. Ask for memory of its own where `framed` is made.',
      solution: python`
        picture = image[::step, ::step].copy()

        framed = picture.copy()
        framed[:2] = 255
        framed[-2:] = 255
      `,
    }),
  ],
}
