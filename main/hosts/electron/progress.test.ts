import { expect, it } from 'vitest'
import { TaskProgress } from './progress.ts'

it('shows what is done of all that has lasted a while, and nothing when it is over', () => {
  const shown: (number | null)[] = []
  let now = 0
  const progress = new TaskProgress(
    (fraction) => shown.push(fraction),
    () => now,
  )
  progress.planned('run', 4)
  progress.take({ type: 'run.progress', run: 'run', stage: 0, fraction: 0.5 })
  expect(shown).toEqual([])
  now = 1000
  progress.take({ type: 'run.progress', run: 'run', stage: 2, fraction: 0 })
  progress.take({ type: 'export.progress', job: 'job', done: 0, total: 8, file: '' })
  now = 2000
  progress.take({ type: 'export.progress', job: 'job', done: 2, total: 8, file: '' })
  progress.take({ type: 'run.done', run: 'run', milliseconds: 1 })
  progress.take({ type: 'export.done', job: 'job', result: { files: [], byteLength: 0, name: '' } })
  expect(shown).toEqual([0.5, (0.5 + 0.25) / 2, 0.25, null])
})

it('counts the images of a batch that are done or have failed, until it ends', () => {
  const shown: (number | null)[] = []
  let now = 0
  const progress = new TaskProgress(
    (fraction) => shown.push(fraction),
    () => now,
  )
  const at = (done: number, failed: number) =>
    ({ state: 'running', total: 8, done, skipped: 0, failed, secondsLeft: null }) as const
  progress.take({ type: 'batch.progress', batch: 'batch', progress: at(0, 0) })
  now = 1000
  progress.take({ type: 'batch.progress', batch: 'batch', progress: at(3, 1) })
  const failed = {
    name: 'a.png',
    image: null,
    error: { ok: false, code: 'image-damaged', message: '', detail: {} },
  } as const
  progress.take({ type: 'batch.imageFailed', batch: 'batch', failure: failed })
  progress.take({ type: 'batch.done', batch: 'batch', progress: at(7, 1) })
  expect(shown).toEqual([0.5, null])
})
