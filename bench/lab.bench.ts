/** Programs of the array lab, against Python with NumPy; in it, nothing of the engine around. */

import { LabSession } from '../main/lab/index.ts'
import { convertPicture, resizePicture } from '../main/pipeline/photo.ts'
import { finish } from '../shared/steps.ts'
import { printTable, pythonHas, pythonTimes, time, type Row } from './measure.ts'

const images = { names: [], open: () => undefined, resize: resizePicture, convert: convertPicture }

const programs: readonly [what: string, repeats: number, goal: string, code: string][] = [
  [
    'convolution of 64×64 in two loops, np.sum(region * kernel)',
    5,
    'under 1000',
    `
import numpy as np
x = np.random.RandomState(0).randn(66, 66)
kernel = np.ones((3, 3)) / 9
out = np.zeros((64, 64))
for i in range(64):
    for j in range(64):
        region = x[i:i+3, j:j+3]
        out[i, j] = np.sum(region * kernel)
print(out.sum())
`,
  ],
  [
    'sum of squares below 300,000 in a loop',
    5,
    '',
    `
total = 0
for i in range(300000):
    total += i * i
print(total)
`,
  ],
  [
    'grey, normalise and pad 512×512×3',
    5,
    '',
    `
import numpy as np
x = (np.arange(512 * 512 * 3) % 256).astype(np.uint8).reshape(512, 512, 3)
grey = np.mean(x, axis=2) / 255.0
print(np.pad(grey, 1).sum())
`,
  ],
  [
    'matrix product of 400×400',
    5,
    '',
    `
import numpy as np
x = np.arange(160000.0).reshape(400, 400)
print((x @ x)[0, 0])
`,
  ],
]

export async function benchLab(): Promise<void> {
  const numpy = pythonHas('numpy')
  const rows: Row[] = []
  for (const [what, repeats, goal, code] of programs) {
    const ours: number[] = []
    const theirs: number[] = []
    for (let round = 0; round < 3; round++) {
      ours.push(
        ...(await time(repeats, () => {
          const { error } = finish(
            new LabSession({ now: () => performance.now() }).run({ cell: 'bench', code, images }),
          )
          if (error) throw new Error(error.traceback)
        })),
      )
      if (numpy) theirs.push(...pythonTimes('lab.py', code, repeats))
    }
    rows.push({ what, ours, theirs: numpy ? theirs : undefined, goal })
  }
  printTable('Programs of the lab', 'Python with NumPy', rows)
}
