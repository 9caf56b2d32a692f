import type { LabLesson } from './lesson.ts'
import { code, python, task, text } from './pieces.ts'

export const softmax: LabLesson = {
  id: 'softmax',
  title: 'Softmax',
  summary: 'From scores to shares that add up to 1; and how to keep the exponentials from overflowing.',
  parts: [
    text(
      'The last layer’s scores, the **logits**, can be any numbers. **Softmax** makes shares of them: each becomes its exponential, which is positive, and is divided by the sum of all.',
    ),
    code(python`
      z = np.array([2.0, 1.0, 0.1])
      e = np.exp(z)
      p = e / e.sum()

      print(e.round(4))
      print(p.round(4), f'{p.sum():.4f}')
      print('class', p.argmax())
    `),
    text('As a loop, it is a sum and a list of quotients:'),
    code(python`
      total = 0.0
      for value in z:
          total += np.exp(value)
      by_hand = np.array([np.exp(value) / total for value in z])

      print(np.allclose(by_hand, p))
    `),
    text(
      'Only **differences** of logits count. Add 5 to all of them, and nothing changes; a logit that is larger by 1 gets e ≈ 2.718 times the share.',
    ),
    code(python`
      def shares(z):
          e = np.exp(z)
          return e / e.sum()

      print(np.allclose(shares(z), shares(z + 5)))
      print(f'{p[0] / p[1]:.4f}')
    `),
    text(
      'In exact numbers, that is. A `float64` ends near 1.8e308, and exp(710) is beyond it. Infinity divided by infinity is **nan**, “not a number”. So the largest logit is subtracted first: it changes nothing, and the largest exponential is exp(0) = 1.',
    ),
    code(python`
      large = np.array([1000.0, 999.0, 998.1])

      print(shares(large - large.max()).round(4))
      print(np.isfinite(np.exp(large)))
    `),
    text(
      'Several photos are several rows of logits, and each row gets its own shares: the maximum and the sum run along the **last axis**. `keepdims` keeps that axis, so that the results can be broadcast against the rows.',
    ),
    code(python`
      rows = np.array([[2.0, 1.0, 0.1], [0.0, 0.0, 0.0]])

      print(rows.max(axis=-1).shape, rows.max(axis=-1, keepdims=True).shape)
    `),
    text('If you have made a run that ends in softmax, its shares should add up to 1.'),
    code(python`
      if 'softmax' in stages:
          print(stages['softmax'].ravel().round(4), np.isclose(stages['softmax'].sum(), 1))
      else:
          print('No run yet.')
    `),
    task({
      text: 'Write `softmax(z)` so that it takes one row of logits or several, and never overflows. The code below treats all rows as one.',
      code: python`
        def softmax(z):
            e = np.exp(z - z.max())
            return e / e.sum()

        print(softmax(rows).round(4))
      `,
      check: python`
        _one = softmax(np.array([2.0, 1.0, 0.1]))
        assert isinstance(_one, np.ndarray), f'softmax should return an array; it returned a value of type {type(_one).__name__}.'
        assert np.allclose(_one, [0.65900114, 0.24243297, 0.09856589]), f'Of the single row 2, 1 and 0.1 it makes {_one.round(4).tolist()}; it should be 0.659, 0.2424 and 0.0986.'
        _several = softmax(np.array([[2.0, 1.0, 0.1], [3.0, 3.0, 3.0]]))
        assert _several.shape == (2, 3), f'Two rows of three logits should give two rows of three shares; the shape is {_several.shape}.'
        assert np.allclose(_several.sum(axis=-1), 1), f'Each row should add up to 1; they add up to {_several.sum(axis=-1).round(4).tolist()}.'
        assert np.allclose(_several[1], 1 / 3), 'Three equal logits should get a third each.'
        assert np.all(np.isfinite(softmax(np.array([1000.0, 999.0])))), 'Logits of 1000 and 999 overflow: subtract the largest first.'
        _far = softmax(np.array([[1000.0, 1000.0], [0.0, 0.0]]))
        assert np.allclose(_far, 0.5), 'Rows with very different logits disturb each other: subtract the largest of each row, not of all.'
      `,
      hint: 'Both the maximum and the sum take `axis=-1, keepdims=True`.',
      solution: python`
        def softmax(z):
            e = np.exp(z - z.max(axis=-1, keepdims=True))
            return e / e.sum(axis=-1, keepdims=True)

        print(softmax(rows).round(4))
      `,
    }),
  ],
}
