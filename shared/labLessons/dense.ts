import type { LabLesson } from './lesson.ts'
import { code, isArray, isNumber, makeInput, makePhoto, python, task, text } from './pieces.ts'

export const dense: LabLesson = {
  id: 'dense',
  title: 'Flatten and dense',
  summary: 'Read the picture out as one long vector, and let every number of it vote for each class.',
  parts: [
    text(
      '**Flatten** reads the picture row by row into one vector. No value changes; what was at row `y`, column `x` is now at place `y * width + x`.',
    ),
    code(
      makePhoto,
      makeInput,
      python`
      vector = x.flatten()

      print(x.shape, vector.shape)
      print(vector[10 * 64 + 20] == x[10, 20])
    `,
    ),
    text(
      'With channels it is row by row, pixel by pixel, channel by channel. Where a network was trained with the channels first, its weights stand in another order, and mixing the two up gives no error, only wrong results.',
    ),
    code(python`
      print(small.flatten()[:6])
      print(small.transpose(2, 0, 1).flatten()[:6])
      print(small.reshape(-1, 3)[:2])
    `),
    text(
      'A **dense** layer has one weight for every input and every output. Each output is the sum of all inputs, each times its weight, plus a bias. Weights begin as random numbers; a **seed** makes them the same ones each time.',
    ),
    code(python`
      np.random.seed(0)
      weights = np.random.randn(4096, 2) * 0.01
      bias = np.zeros(2)

      print(weights.shape, weights.size)
      print(weights[:3])
    `),
    text('As loops, and as one matrix product, `@`:'),
    code(python`
      by_hand = np.zeros(2)
      for j in range(2):
          total = 0.0
          for i in range(4096):
              total += vector[i] * weights[i, j]
          by_hand[j] = total + bias[j]

      logits = vector @ weights + bias
      print(np.allclose(logits, by_hand))
      print(logits.round(6))
    `),
    text(
      'They agree up to the last digits: sums of fractions depend a little on the order of adding, so compare with `np.allclose`, not with `==`.',
      '`@` needs the inner lengths to agree: (4096,) with (4096, 2). The outer ones remain. A batch of photos is a matrix with a row for each, and the same line of code does them all.',
    ),
    code(python`
      batch = np.stack((vector, vector[::-1], 1 - vector))

      print(batch.shape, (batch @ weights + bias).shape)
      try:
          weights @ vector
      except ValueError:
          print('inner lengths differ:', weights.shape, vector.shape)
      print((weights.T @ vector).round(6))
    `),
    text(
      'A column of weights is as long as the picture, so it can be **looked at** as a picture: what this output looks for. Random weights look for noise. A template makes the idea clear: weights that are positive on the left half and negative on the right one vote for photos that are lighter on the left.',
    ),
    code(python`
      template = np.ones((64, 64)) / 2048
      template[:, 32:] *= -1

      vote = x.flatten() @ template.flatten()
      difference = x[:, :32].mean() - x[:, 32:].mean()
      print(np.isclose(vote, difference), f'{difference:.4f}')
      weights[:, 0].reshape(64, 64)
    `),
    task({
      text: 'Make `scores`: the outputs of a dense layer with three units for `vector`. Its weights are `w` and its biases `b`. The code below has the product the wrong way round and no bias.',
      code: python`
        np.random.seed(1)
        w = np.random.randn(4096, 3) * 0.01
        b = np.array([0.5, 0.0, -0.5])

        scores = w.T * vector
        print(scores.shape)
      `,
      check: isArray('scores', 'vector @ w + b', 'Was the bias added, and each to its own output?'),
      hint: '`*` multiplies element by element; `@` multiplies and adds. The vector stands first.',
      solution: python`
        np.random.seed(1)
        w = np.random.randn(4096, 3) * 0.01
        b = np.array([0.5, 0.0, -0.5])

        scores = vector @ w + b
        print(scores.shape)
      `,
    }),
    task({
      text: 'How many numbers does a dense layer learn that takes a stage of (32, 32, 8) and has 10 outputs, weights and biases together? Put it in `parameters`.',
      code: python`
        parameters = ...
      `,
      check: isNumber(
        'parameters',
        '32 * 32 * 8 * 10 + 10',
        'Every input has a weight for every output, and every output has a bias.',
      ),
      hint: 'First how long the flattened stage is; then one weight for each input and output; then the biases.',
      solution: python`
        parameters = 32 * 32 * 8 * 10 + 10
      `,
    }),
  ],
}
