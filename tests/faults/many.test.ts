/** Far more pictures at once than anybody looks at, some of them damaged. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ImageInfo } from '../../shared/api.ts'
import { toWire } from '../../shared/errors.ts'
import { testEngine, type TestEngine } from '../support/engine.ts'
import { numberedPicture, pictureNumber } from '../support/manyPictures.ts'

const [all, damaged] = [10_000, 100]
const isDamaged = (index: number) => index % (all / damaged) === 7

let engine: TestEngine
beforeAll(async () => {
  engine = await testEngine()
}, 60_000)
afterAll(() => engine.close(), 60_000)

test(`${all} pictures at once, ${damaged} of them damaged: all others are there, and each damaged one has its reason`, async () => {
  const picture = numberedPicture()
  const pid = engine.computePid
  const names = Array.from({ length: all }, (_, index) => `picture ${index}.png`)
  const answers = await Promise.all(
    names.map(async (name, index) => {
      const bytes = pictureNumber(index, picture, isDamaged(index))
      return await engine.call('images.add', { name, bytes }).catch((error: unknown) => toWire(error))
    }),
  )
  for (const [index, answer] of answers.entries()) {
    if (isDamaged(index)) {
      expect(answer).toMatchObject({ ok: false, code: 'image-damaged' })
      expect((answer as { message: string }).message).toContain(`“${names[index]!}”`)
    } else expect(answer).toMatchObject({ name: names[index], width: 8, height: 8 })
  }
  const good = answers.filter((answer): answer is ImageInfo => 'id' in answer)
  const listed = await engine.call('images.list', {})
  expect(new Set(listed.map(({ id }) => id))).toEqual(new Set(good.map(({ id }) => id)))
  expect(listed).toHaveLength(all - damaged)
  expect(engine.events.filter(({ type }) => type === 'images.added')).toHaveLength(all - damaged)
  // It has lived through all of them.
  expect(engine.computePid).toBe(pid)
  expect((await engine.call('images.thumbnail', { image: good.at(-1)!.id, size: 16 })).bytes.length).toBeGreaterThan(50)
}, 180_000)
