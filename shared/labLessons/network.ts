import type { LabLesson } from './lesson.ts'
import { code, isArray, isNumber, makePhoto, python, task, text } from './pieces.ts'

export const network: LabLesson = {
  id: 'network',
  title: 'A whole network',
  summary: 'All layers in a row, a line or two each, on your own photo, from bytes to shares.',
  parts: [
    text(
      'Everything so far, put together: input, convolution, ReLU, pooling, flatten, dense, softmax. Each is a short function from an array to an array.',
    ),
    code(
      makePhoto,
      python`
      from PIL import Image

      def to_input(picture, size):
          small = np.array(Image.fromarray(picture).resize((size, size)))
          return small.mean(axis=2).astype(np.uint8)[..., np.newaxis] / 255

      def conv2d(x, kernels):
          size, _, channels, filters = kernels.shape
          height, width, _ = x.shape
          p = (size - 1) // 2
          padded = np.pad(x, ((p, p), (p, p), (0, 0)))
          return sum(padded[i:i + height, j:j + width] @ kernels[i, j] for i in range(size) for j in range(size))

      def relu(x):
          return np.maximum(x, 0)

      def max_pool(x, size):
          height, width, channels = x.shape[0] // size, x.shape[1] // size, x.shape[2]
          even = x[:height * size, :width * size]
          return even.reshape(height, size, width, size, channels).max(axis=(1, 3))

      def softmax(z):
          e = np.exp(z - z.max())
          return e / e.sum()
    `,
    ),
    text(
      'In `conv2d`, a pixel’s channels times a matrix of (channels, filters) are its share in every filter at once; the nine shifted pictures are added, as before. The kernel is odd, so that the result is as large as the picture.',
      'The weights: four kernels written by hand, and random ones for two classes.',
    ),
    code(python`
      kernels = np.zeros((3, 3, 1, 4))
      kernels[:, :, 0, 0] = [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]
      kernels[:, :, 0, 1] = [[-1, -2, -1], [0, 0, 0], [1, 2, 1]]
      kernels[:, :, 0, 2] = [[0, 1, 0], [1, -4, 1], [0, 1, 0]]
      kernels[:, :, 0, 3] = 1 / 9

      np.random.seed(0)
      weights = np.random.randn(32 * 32 * 4, 2) * 0.01
      bias = np.zeros(2)
    `),
    text('And your photo goes through.'),
    code(python`
      x = to_input(photo, 64)
      convolved = conv2d(x, kernels)
      active = relu(convolved)
      pooled = max_pool(active, 2)
      vector = pooled.flatten()
      logits = vector @ weights + bias
      shares = softmax(logits)

      for name, stage in [('photo', photo), ('input', x), ('convolution', convolved), ('ReLU', active),
                          ('pooling', pooled), ('flatten', vector), ('dense', logits), ('softmax', shares)]:
          print(f'{name:<12} {str(stage.shape):<16} {stage.size:>7} numbers')
      print(shares.round(4), 'class', shares.argmax())
    `),
    text(
      'What each filter has found, side by side: vertical edges, horizontal edges, spots and lines, and the blurred photo.',
    ),
    code(python`
      np.concatenate([pooled[..., f] for f in range(4)], axis=1)
    `),
    text(
      'Both shares are a guess: the weights of the dense layer have learned nothing. Training would change kernels and weights, a little at a time, until the right class gets the larger share; these functions would stay as they are.',
      'What does it notice when the subject moves? Here the same photo is one pixel further to the left, and each line says by how much the numbers change, compared with their size. The kernels answer to edges, and edges that move change everything. But the mean of each filter over the whole picture, a **global pooling**, hardly cares where they are.',
    ),
    code(python`
      def features(x):
          return max_pool(relu(conv2d(x, kernels)), 2)

      def change(before, after):
          return np.abs(after - before).sum() / (np.abs(before).sum() + 1e-9)

      here, there = x[:, :-2], x[:, 1:-1]
      print(f'input    {change(here, there):6.1%}')
      print(f'features {change(features(here), features(there)):6.1%}')
      print(f'means    {change(features(here).mean(axis=(0, 1)), features(there).mean(axis=(0, 1))):6.1%}')
    `),
    task({
      text: 'How many numbers would this network learn: all kernels (with a bias for each of the four), all weights and biases of the dense layer? Put it in `parameters`.',
      code: python`
        parameters = kernels.size
      `,
      check: isNumber(
        'parameters',
        '3 * 3 * 1 * 4 + 4 + 32 * 32 * 4 * 2 + 2',
        'Count the kernels, four biases, the dense weights, and two biases.',
      ),
      hint: '`size` counts the elements of an array: `kernels.size + 4` for the convolution; the same for the dense layer.',
      solution: python`
        parameters = kernels.size + 4 + weights.size + bias.size
        print(parameters)
      `,
    }),
    task({
      text: 'Go deeper. Make `deeper`: the pooled stage through a second convolution with the kernels `second`, then ReLU and pooling by 2 again. Its shape should be (16, 16, 6).',
      code: python`
        np.random.seed(2)
        second = np.random.randn(3, 3, 4, 6) * 0.2

        deeper = relu(conv2d(pooled, second))
        print(deeper.shape)
      `,
      check: isArray(
        'deeper',
        'max_pool(relu(conv2d(pooled, second)), 2)',
        'Convolution first, then ReLU, then pooling.',
      ),
      hint: 'The functions nest: what one returns is what the next one takes. The last one is `max_pool`.',
      solution: python`
        np.random.seed(2)
        second = np.random.randn(3, 3, 4, 6) * 0.2

        deeper = max_pool(relu(conv2d(pooled, second)), 2)
        print(deeper.shape)
      `,
    }),
  ],
}
