import type { LabLesson } from './lesson.ts'
import { code, isArray, makeInput, makePhoto, python, task, text } from './pieces.ts'

export const pooling: LabLesson = {
  id: 'pooling',
  title: 'Pooling',
  summary: 'Keep the largest, or the mean, of each window: with loops, then with one reshape.',
  parts: [
    text(
      'Pooling replaces each window by one number. With windows of 2 × 2 that do not overlap, half of the rows and half of the columns remain. As loops, with the largest value of each window:',
    ),
    code(
      makePhoto,
      makeInput,
      python`
      def max_pool(x, size):
          height = x.shape[0] // size
          width = x.shape[1] // size
          out = np.zeros((height, width))
          for row in range(height):
              for column in range(width):
                  window = x[row * size:(row + 1) * size, column * size:(column + 1) * size]
                  out[row, column] = window.max()
          return out

      pooled = max_pool(x, 2)
      print(x.shape, pooled.shape)
      pooled
    `,
    ),
    text(
      'In one line: `reshape` gives the inside of the windows axes of their own, and the maximum runs along those. Look at what becomes of the axes: (4, 4) is dealt into (2, 2, 2, 2), which is window row, row in the window, window column, column in the window.',
    ),
    code(python`
      m = np.arange(16).reshape(4, 4)
      windows = m.reshape(2, 2, 2, 2)

      print(m)
      print(windows[0, :, 1, :])
      print(windows.max(axis=(1, 3)))
    `),
    code(python`
      quick = x.reshape(32, 2, 32, 2).max(axis=(1, 3))

      print(np.array_equal(quick, pooled))
    `),
    text(
      '`reshape` only works if the size divides both sides. Rows and columns that are left over are dropped first, as the loops did.',
    ),
    code(python`
      size = 3
      rows, columns = x.shape[0] // size, x.shape[1] // size
      even = x[:rows * size, :columns * size]
      thirds = even.reshape(rows, size, columns, size).max(axis=(1, 3))

      print(x.shape, even.shape, thirds.shape)
      print(np.array_equal(thirds, max_pool(x, 3)))
    `),
    text(
      'The maximum asks whether something was there at all; the mean asks how much. Thin light lines survive the one and fade in the other. The maximum is never below the mean.',
    ),
    code(python`
      largest = x.reshape(16, 4, 16, 4).max(axis=(1, 3))
      mean = x.reshape(16, 4, 16, 4).mean(axis=(1, 3))

      print(np.all(largest >= mean), f'{x.mean():.4f} {mean.mean():.4f} {largest.mean():.4f}')
      np.concatenate((largest, mean), axis=1)
    `),
    text(
      'If you have made a run, this cell pools its convolution (after the activation, if there is one) again. With maximum pooling by 2, as in the pipelines “Walkthrough” and “Edges”, the largest difference is 0.',
    ),
    code(python`
      if 'conv2d' in stages and 'pool2d' in stages:
          before = stages['activation'] if 'activation' in stages else stages['conv2d']
          after = stages['pool2d']
          height, width, channels = after.shape
          try:
              even = before[:height * 2, :width * 2]
              again = even.reshape(height, 2, width, 2, channels).max(axis=(1, 3))
              print(before.shape, after.shape, 'largest difference', np.abs(again - after).max())
          except ValueError as error:
              print('This pipeline pools otherwise:', error)
      else:
          print('No run with convolution and pooling yet.')
    `),
    task({
      text: 'Make `average`: `x` pooled by the **mean** over windows of 8 × 8, without a loop.',
      code: python`
        average = x.reshape(8, 8, 8, 8).max(axis=(1, 3))
        average
      `,
      check: isArray(
        'average',
        'x.reshape(8, 8, 8, 8).mean(axis=(1, 3))',
        'Is it the mean of each window?',
        'x.reshape(8, 8, 8, 8).max(axis=(1, 3))',
      ),
      hint: 'The axes are right; the reduction is not.',
      solution: python`
        average = x.reshape(8, 8, 8, 8).mean(axis=(1, 3))
        average
      `,
    }),
    task({
      text: 'A stage has channels: (64, 64, 3). Make `smaller`, the colours of `small` pooled by the maximum over 2 × 2, with the shape (32, 32, 3). Each channel is pooled for itself.',
      code: python`
        smaller = ...
      `,
      check: isArray(
        'smaller',
        'small.reshape(32, 2, 32, 2, 3).max(axis=(1, 3))',
        'The channels should stay apart: they are an axis of their own, the last.',
      ),
      hint: 'The channels are a fifth axis in the `reshape`; the maximum runs along the same two axes as before.',
      solution: python`
        smaller = small.reshape(32, 2, 32, 2, 3).max(axis=(1, 3))
        smaller
      `,
    }),
  ],
}
