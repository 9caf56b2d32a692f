/** A compute process that lives and does nothing: stopped by a signal, as one would be that waits for ever. */

import { describe, test } from 'vitest'
import { presets } from '../../shared/presets.ts'
import { endOf, photos, testEngine, type TestEngine } from '../support/engine.ts'

const walkthrough = presets.find(({ id }) => id === 'walkthrough')!.pipeline
const [shapes, clouds] = photos as [string, string]

describe.skipIf(process.platform === 'win32')('a compute process that stops answering (skipped on Windows)', () => {
  // Side by side: each waits for most of its time.
  const own = async (use: (engine: TestEngine, pid: number) => Promise<void>) => {
    const engine = await testEngine()
    try {
      await use(engine, engine.computePid!)
    } finally {
      await engine.close()
    }
  }

  test.concurrent(
    'is found out, told of and replaced; its run fails with a coded error, and what waited is done',
    async ({ expect }) =>
      await own(async (engine, pid) => {
        const [first, second] = [await engine.addFile(shapes), await engine.addFile(clouds)]
        process.kill(pid, 'SIGSTOP')
        const { run } = await engine.call('runs.start', { image: first.id, pipeline: walkthrough })
        const waiting = engine.run(second.id, walkthrough)
        expect(await engine.event(endOf(run))).toMatchObject({
          type: 'run.failed',
          error: { code: 'image-crashed', detail: { name: 'shapes.png' } },
        })
        expect(engine.events).toContainEqual({
          type: 'engine.restarted',
          reason: 'it did not answer any more',
        })
        expect((await waiting).stages).toHaveLength(6)
        expect(() => process.kill(pid, 0)).toThrow('ESRCH')
      }),
    60_000,
  )

  test.concurrent(
    'does not keep the program from closing',
    async ({ expect }) =>
      await own(async (engine, pid) => {
        await engine.addFile(shapes)
        process.kill(pid, 'SIGSTOP')
        await engine.close()
        expect(() => process.kill(pid, 0)).toThrow('ESRCH')
      }),
    60_000,
  )

  test.concurrent(
    'while it starts is replaced as well',
    async ({ expect }) =>
      await own(async (engine, pid) => {
        process.kill(pid, 'SIGSTOP')
        expect(await engine.addFile(shapes)).toMatchObject({ name: 'shapes.png' })
        expect(engine.computePid).not.toBe(pid)
      }),
    60_000,
  )
})
