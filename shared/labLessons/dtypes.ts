import type { LabLesson } from './lesson.ts'
import { code, makePhoto, python, task, text } from './pieces.ts'

export const dtypes: LabLesson = {
  id: 'dtypes',
  title: 'Types of numbers',
  summary: 'Bytes, whole numbers and fractions: what each can hold, what it costs, and how bytes wrap around.',
  parts: [
    text(
      'All elements of an array have the same type, its **dtype**. NumPy chooses it from what it is given, unless you name one. The name says the kind and the bits: `int64`, `uint8` (unsigned: never negative), `float32`, `float64`, `bool`.',
    ),
    code(
      makePhoto,
      python`
      print(np.array([1, 2]).dtype)
      print(np.array([1, 2.5]).dtype)
      print(np.array([True, False]).dtype)
      print(np.array([1, 2], dtype=np.float32).dtype)
      print(photo.dtype)
    `,
    ),
    text(
      'The type decides what an array costs. A byte takes 1 byte of memory, a `float64` takes 8: turned into fractions, the same photo is eight times as large.',
    ),
    code(python`
      for dtype in [np.uint8, np.float32, np.float64]:
          copy = photo.astype(dtype)
          print(copy.dtype, copy.itemsize, copy.nbytes)
    `),
    text(
      '`astype` converts, and always copies. From fractions to whole numbers it **drops** what stands after the point, towards 0; it does not round. Numbers that do not fit lose their upper bits, without a word.',
    ),
    code(python`
      print(np.array([1.9, -1.9, 2.5]).astype(int))
      print(np.round(np.array([1.9, -1.9, 2.5])).astype(int))
      print(np.array([255, 256, 300, -1]).astype(np.uint8))
    `),
    text(
      'The same happens in calculations, and this is the trap of working with photos: **bytes wrap around**. A `uint8` counts modulo 256 like a mileage counter: after 255 comes 0, before 0 comes 255. There is no error and no warning.',
    ),
    code(python`
      b = np.array([200, 100, 250], dtype=np.uint8)

      print(b + 50)
      print(b * 2)
      print(b - np.array([201, 1, 1], dtype=np.uint8))
      photo + 100
    `),
    text(
      'Whatever was brighter than 155 has become dark. The way out is to calculate in a type with room, and come back to bytes when the result fits.',
      'When two types meet, NumPy takes one that can hold both; a plain Python number adapts to the array. And `/` always makes fractions.',
    ),
    code(python`
      wide = np.array([1], dtype=np.int16)

      print((b + wide).dtype)
      print((b + 1).dtype)
      print((b + 0.5).dtype)
      print((b / 2).dtype)
      print(b.astype(int) + 50)
    `),
    task({
      text: 'How does the light change from left to right? `change` should be each pixel minus its left neighbour. A difference can be negative, and the bytes below wrap around. Mend it.',
      code: python`
        change = photo[:, 1:] - photo[:, :-1]
      `,
      check: python`
        _wanted = photo[:, 1:].astype(int) - photo[:, :-1].astype(int)
        assert isinstance(change, np.ndarray), f'change should be an array; it is of type {type(change).__name__}.'
        assert change.shape == _wanted.shape, f'change has the shape {change.shape}; it should be {_wanted.shape}.'
        assert change.dtype.kind in 'if', f'change is an array of {change.dtype}, which has no negative numbers.'
        assert np.array_equal(change, _wanted), 'Some differences are wrong: make room before the subtraction, not after it.'
      `,
      hint: 'Convert both sides with `astype(int)`, or `photo` once, before the minus sign sees them.',
      solution: python`
        wide = photo.astype(int)
        change = wide[:, 1:] - wide[:, :-1]
      `,
    }),
  ],
}
