import type { LabLesson } from './lesson.ts'
import { code, makeInput, makePhoto, python, task, text } from './pieces.ts'

export const convolution: LabLesson = {
  id: 'convolution',
  title: 'Convolution',
  summary: 'Slide a kernel over the picture: with two loops, then as nine shifted pictures. Padding, stride, channels.',
  parts: [
    text(
      'A **kernel** is a small array of numbers. It is laid on the picture; each value below it is multiplied by the kernel’s number on top, and the products are added: one new value. Then it moves on by one. First, one single place. `x` is your photo as a network gets it: 64 × 64 fractions, grey.',
    ),
    code(
      makePhoto,
      makeInput,
      python`
      sobel = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
      region = x[30:33, 40:43]

      print(region.round(3))
      print((region * sobel).round(3))
      print(f'{np.sum(region * sobel):.3f}')
      x
    `,
    ),
    text(
      'This kernel subtracts what is on the left from what is on the right, so it answers to vertical edges. Over the whole picture it takes two loops. At the edges a part of the kernel would hang over; padding with zeros gives it something to stand on, and the result is as large as the picture: “same” padding.',
    ),
    code(python`
      def convolve(x, kernel):
          size = kernel.shape[0]
          before = (size - 1) // 2
          padded = np.pad(x, before)
          height = padded.shape[0] - size + 1
          width = padded.shape[1] - size + 1
          out = np.zeros((height, width))
          for row in range(height):
              for column in range(width):
                  region = padded[row:row + size, column:column + size]
                  out[row, column] = np.sum(region * kernel)
          return out

      edges = convolve(x, sobel)
      print(x.shape, edges.shape)
      edges
    `),
    text(
      'Flat areas are 0, because the kernel adds up to 0. Positive is where it gets lighter to the right, negative where it gets darker. A kernel that adds up to 1 keeps the brightness; with nine equal numbers it blurs.',
    ),
    code(python`
      box = np.ones((3, 3)) / 9
      blurred = convolve(x, box)

      print(f'{x.mean():.3f} {blurred.mean():.3f}')
      blurred
    `),
    text(
      'The mean is a little lower: along the border the kernel sees the padding’s zeros, which are black. Look for the dark rim.',
      'Now without the loops over the picture. Turn the thought around: not nine products for each place, but for each of the kernel’s nine numbers **the whole picture, shifted**, times that number. All nine are added.',
    ),
    code(python`
      def quick(x, kernel):
          size = kernel.shape[0]
          padded = np.pad(x, (size - 1) // 2)
          height = padded.shape[0] - size + 1
          width = padded.shape[1] - size + 1
          return sum(kernel[i, j] * padded[i:i + height, j:j + width] for i in range(size) for j in range(size))

      print(np.allclose(quick(x, sobel), edges))
    `),
    text(
      'How large is the result? Each side has `(n + 2 * p - k) // stride + 1` places, for a picture of `n`, padding `p` on both sides and a kernel of `k`. With the usual padding `p = (k - 1) // 2` that is `n` again, but only if `k` is **odd**. An even kernel has no middle: its result is one smaller. (PyTorch and TensorFlow then pad one more at the bottom and on the right.)',
    ),
    code(python`
      for k in [1, 2, 3, 4, 5]:
          p = (k - 1) // 2
          print(f'kernel {k}: padding {p}, {64 + 2 * p - k + 1} of 64')
      print(quick(x, np.ones((2, 2)) / 4).shape)
      print(blurred[::2, ::2].shape, 'with stride 2')
    `),
    text(
      'A kernel for several channels is as deep as they are many: it multiplies and adds over rows, columns **and** channels. Several kernels give several channels. `einsum` writes that sum out: for each place `y, x` and each filter `f`, add over `u`, `v` and `c`.',
    ),
    code(python`
      colours = small / 255
      np.random.seed(0)
      kernels = np.random.randn(3, 3, 3, 4) * 0.2
      around = np.pad(colours, ((1, 1), (1, 1), (0, 0)))
      windows = np.array([[around[i:i + 64, j:j + 64] for j in range(3)] for i in range(3)])
      features = np.einsum('uvyxc,uvcf->yxf', windows, kernels)

      print(windows.shape, kernels.shape, features.shape)
      np.concatenate([features[..., f] for f in range(4)], axis=1)
    `),
    text(
      'If you have sent your photo through a pipeline, its stages are here as `stages`, and you can compute any of them yourself. With the pipeline “Walkthrough”, whose kernel is the box, this cell says `True`.',
    ),
    code(python`
      if 'conv2d' in stages:
          again = quick(stages['input'][..., 0], box)
          result = stages['conv2d'][..., 0]
          print(result.shape, result.shape == again.shape and np.allclose(result, again))
      else:
          print('No run with a convolution yet.')
    `),
    task({
      text: 'Write a 3 × 3 kernel `k` that finds **horizontal** edges: 0 on flat areas, positive where the picture is lighter below than above, and 0 where it only changes from left to right.',
      code: python`
        k = np.ones((3, 3)) / 9
        quick(x, k)
      `,
      check: python`
        _k = np.asarray(k)
        assert _k.shape == (3, 3), f'k should have the shape (3, 3); it has {_k.shape}.'
        assert abs(_k.sum()) < 1e-9, f'On a flat area k should give 0, so its numbers should add up to 0; they add up to {_k.sum():.3f}.'
        _down = np.sum(_k * np.array([[0], [1], [2]]))
        _across = np.sum(_k * np.array([0, 1, 2]))
        assert abs(_across) < 1e-9, 'k still answers where the picture changes from left to right: the kernel should be the same on both sides.'
        assert abs(_down) > 1e-9, 'k does not answer where the picture gets lighter downwards.'
        assert _down > 0, 'k answers to horizontal edges, but with the other sign: it should be positive where it is lighter below.'
      `,
      hint: '`sobel` does this for vertical edges. Which operation makes columns of rows?',
      solution: python`
        k = sobel.T
        quick(x, k)
      `,
    }),
    task({
      text: 'Write `output_size(n, k, padding, stride)`: how many places a kernel of `k` has on a side of `n`, with `padding` on both ends, moving by `stride`. The code below forgets the stride.',
      code: python`
        def output_size(n, k, padding, stride):
            return n + 2 * padding - k + 1

        print(output_size(64, 3, 1, 2))
      `,
      check: python`
        for _n, _k, _p, _s in [(64, 3, 1, 1), (64, 3, 1, 2), (64, 2, 0, 2), (7, 3, 0, 2), (28, 4, 1, 1), (224, 7, 3, 2)]:
            _got = output_size(_n, _k, _p, _s)
            _is = (_n + 2 * _p - _k) // _s + 1
            assert _got == _is, f'For n = {_n}, k = {_k}, padding {_p} and stride {_s} it is {_is}; output_size says {_got}.'
      `,
      hint: 'Divide by the stride with `//`, before adding 1 for the first place.',
      solution: python`
        def output_size(n, k, padding, stride):
            return (n + 2 * padding - k) // stride + 1

        print(output_size(64, 3, 1, 2))
      `,
    }),
  ],
}
