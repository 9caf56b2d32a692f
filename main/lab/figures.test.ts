import { expect, it } from 'vitest'
import type { LabDrawnPanel } from '../../shared/lab.ts'
import { runProgram } from '../../tests/support/lab.ts'

function panels(code: string): readonly LabDrawnPanel[] {
  const { figures, error } = runProgram(`import matplotlib.pyplot as plt\n${code}`)
  expect(error?.traceback ?? '').toBe('')
  return figures.flatMap(({ drawing }) => drawing.panels)
}

const pixel = ({ rgba }: LabDrawnPanel, at: number) => Array.from(rgba.subarray(4 * at, 4 * at + 3))

/** What Matplotlib 3.6 paints the smallest and the largest element in. */
it.each([
  ['viridis', [68, 1, 84], [253, 231, 36]],
  ['viridis_r', [253, 231, 36], [68, 1, 84]],
  ['inferno', [0, 0, 3], [252, 254, 164]],
  ['gray', [0, 0, 0], [255, 255, 255]],
  ['gray_r', [255, 255, 255], [0, 0, 0]],
  ['RdBu', [103, 0, 31], [5, 48, 97]],
  ['RdBu_r', [5, 48, 97], [103, 0, 31]],
  ['PuOr', [127, 59, 8], [45, 0, 75]],
])('the colour map %s begins and ends as Matplotlib’s', (name, low, high) => {
  const [shown] = panels(`plt.imshow([[0, 1], [2, 3]], cmap='${name}')`)
  pixel(shown!, 0).forEach((value, i) => expect(Math.abs(value - low[i]!)).toBeLessThan(4))
  pixel(shown!, 3).forEach((value, i) => expect(Math.abs(value - high[i]!)).toBeLessThan(4))
})

it('shows what lets light through on white', () => {
  const [shown] = panels(`plt.imshow(np.array([[[10, 20, 30, 255], [10, 20, 30, 0]]], dtype=np.uint8))`)
  expect([pixel(shown!, 0), pixel(shown!, 1)]).toEqual([
    [10, 20, 30],
    [255, 255, 255],
  ])
})

it('gives subplots as an array, by index, in rows and flat', () => {
  const shown = panels(`
fig, axes = plt.subplots(2, 3)
assert axes.shape == (2, 3) and len(axes) == 2 and axes.ravel().shape == (6,)
axes[0, 1].imshow(np.eye(2)); axes[1][2].imshow(np.eye(3))
for i, ax in enumerate(axes.flat): ax.set_title(str(i))
for a, b in zip(axes[:, 0], [row[0] for row in axes]): assert a is b
plt.show()
fig, (left, right) = plt.subplots(1, 2)
right.imshow(np.eye(4))
`)
  expect(shown.map(({ title, row, column, width }) => [title, row, column, width])).toEqual([
    ['1', 0, 1, 2],
    ['5', 1, 2, 3],
    ['', 0, 1, 4],
  ])
})
