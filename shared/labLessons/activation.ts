import type { LabLesson } from './lesson.ts'
import { code, makeInput, makePhoto, python, task, text } from './pieces.ts'

export const activation: LabLesson = {
  id: 'activation',
  title: 'Activation',
  summary: 'Bend every value by the same curve: ReLU, leaky ReLU, sigmoid; and why a network needs the bend.',
  parts: [
    text(
      'An activation sends every value through one curve, on its own. **ReLU** keeps what is positive and makes 0 of the rest. Values of both signs come from an edge kernel, here as six shifted pictures (the middle column of the kernel is 0).',
    ),
    code(
      makePhoto,
      makeInput,
      python`
      sobel = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
      padded = np.pad(x, 1)
      edges = sum(sobel[i, j] * padded[i:i + 64, j:j + 64] for i in range(3) for j in (0, 2))

      print(f'{edges.min():.3f} to {edges.max():.3f}, {np.mean(edges < 0):.1%} negative')
      edges
    `,
    ),
    text('As loops, and in one line:'),
    code(python`
      by_hand = np.zeros(edges.shape)
      for row in range(64):
          for column in range(64):
              value = edges[row, column]
              by_hand[row, column] = value if value > 0 else 0

      relu = np.maximum(edges, 0)
      print(np.array_equal(relu, by_hand))
      print(f'{np.mean(relu == 0):.1%} are 0 now')
      relu
    `),
    text(
      'Mind the name: `np.maximum` compares two arrays element by element, with broadcasting. `np.max` is the reduction, the largest of one array.',
      'Where ReLU is 0 it tells nothing of how negative the value was, and learning stops there. **Leaky ReLU** lets a little through. **Sigmoid** presses everything between 0 and 1, and **tanh** between −1 and 1.',
    ),
    code(python`
      z = np.array([-4.0, -1.0, 0.0, 1.0, 4.0])

      print(np.maximum(z, 0))
      print(np.where(z > 0, z, 0.01 * z))
      print((1 / (1 + np.exp(-z))).round(4))
      print(np.tanh(z).round(4))
    `),
    text(
      'Why bend at all? Two layers that only multiply and add are **one**: blurring twice by 3 × 3 is, away from the border, the same as once by a 5 × 5 kernel that could have been written down at first. With a ReLU between them that is no longer so. In one dimension:',
    ),
    code(python`
      signal = np.array([0.0, 1.0, 3.0, 2.0, -1.0, 0.0, 4.0])
      first = np.array([1.0, -1.0])
      second = np.array([0.5, 2.0])
      together = np.convolve(first, second)

      print(np.convolve(np.convolve(signal, first), second))
      print(np.convolve(signal, together))
      print(np.convolve(np.maximum(np.convolve(signal, first), 0), second))
    `),
    text('The first two lines are equal, the third is not: no single kernel makes it.'),
    task({
      text: 'Write `leaky(x, slope)`: positive values stay, all others are multiplied by `slope`. It should work on whole arrays, without a loop, and leave its argument as it was. The code below is plain ReLU.',
      code: python`
        def leaky(x, slope):
            return np.maximum(x, 0)

        leaky(edges, 0.1)
      `,
      check: python`
        _given = np.array([[-2.0, -0.5], [0.0, 3.0]])
        _result = leaky(_given, 0.1)
        assert np.array_equal(_given, [[-2.0, -0.5], [0.0, 3.0]]), 'leaky has changed the array it was given.'
        assert isinstance(_result, np.ndarray) and _result.shape == (2, 2), 'leaky should return an array of the same shape.'
        assert np.allclose(_result, [[-0.2, -0.05], [0, 3]]), f'Of -2, -0.5, 0 and 3 with the slope 0.1 it should make -0.2, -0.05, 0 and 3; it made {_result.ravel().tolist()}.'
        assert np.allclose(leaky(_given, 0.5), [[-1, -0.25], [0, 3]]), 'With the slope 0.1 it is right, with another it is not: does it use slope?'
      `,
      hint: '`np.where` takes a mask and the values for both cases.',
      solution: python`
        def leaky(x, slope):
            return np.where(x > 0, x, slope * x)

        leaky(edges, 0.1)
      `,
    }),
  ],
}
