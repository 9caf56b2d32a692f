/** Many images at once, the same over every transport. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ApiEvent } from '../../shared/api.ts'
import type { BatchEvent, BatchId } from '../../shared/batch.ts'
import { openSession, photo, refusal, walkthrough, type Session } from './session.ts'
import { transports } from './transports.ts'

const none = { type: 'none' } as const

describe.each(transports)('batches $name', (transport) => {
  let session: Session
  beforeEach(async () => {
    session = await openSession(transport)
  })
  afterEach(async () => {
    await session.close()
  })

  const ofBatch = (batch: BatchId) =>
    session.events.filter((event: ApiEvent): event is BatchEvent => 'batch' in event && event.batch === batch)
  const endOf = async (batch: BatchId, type: 'batch.done' | 'batch.failed' = 'batch.done') =>
    await session.until(() => ofBatch(batch).find((event) => event.type === type))

  test('makes a table and statistics of the gallery without saving anything', async () => {
    const { api, shapes } = session
    const clouds = await api.call('images.add', { name: 'shapes.png', bytes: photo('clouds.jpg') })
    const started = await api.call('batches.start', { pipeline: walkthrough, save: [], destination: none })
    const { batch } = started
    expect(started).toMatchObject({ total: 2, pipeline: walkthrough })
    expect(started.stages.map(({ shape }) => shape[0])).toEqual([64, 64, 32, 1024, 2, 2])
    expect(await endOf(batch)).toMatchObject({ progress: { state: 'finished', total: 2, done: 2, failed: 0 } })
    expect(ofBatch(batch).some(({ type }) => type === 'batch.progress')).toBe(true)

    // What one image's own run says is what its line says.
    const run = await session.run()
    const summary = session.ofRun(run).flatMap((event) => (event.type === 'run.stage' ? [event.stage] : []))[1]!
    const column = '01-conv2d.mean'
    const request = { batch, first: 0, limit: 10, sort: { column, descending: true } }
    const table = await api.call('batches.table', request)
    const at = table.columns.findIndex(({ id }) => id === column)
    const values = table.rows.map(({ cells }) => cells[at] as number)
    expect(table.total).toBe(2)
    expect(values[0]).toBeGreaterThan(values[1]!)
    expect(table.rows.find(({ image }) => image === shapes.id)!.cells[at]).toBe(summary.mean)
    // Two of one name are told apart.
    expect(table.rows.map(({ cells }) => cells[0]).sort()).toEqual(['shapes.png', 'shapes.png (2)'])
    expect((await api.call('batches.table', { ...request, first: 1, limit: 1 })).rows).toEqual([table.rows[1]])
    // As it was when one line was there: as long as none was taken back.
    expect(table.snapshot).toBe('0.2')
    expect(await api.call('batches.table', { ...request, snapshot: '0.1' })).toMatchObject({
      total: 1,
      snapshot: '0.1',
    })
    expect((await refusal(api.call('batches.table', { ...request, snapshot: '1.1' }))).code).toBe('bad-request')

    const read = { run, stage: 1 }
    const own = await api.call('stages.read', read)
    const other = await api.call('runs.start', { image: clouds.id, pipeline: walkthrough })
    await session.endOf(other.run)
    const second = await api.call('stages.read', { run: other.run, stage: 1 })
    const statistics = await api.call('batches.statistics', { batch, stage: 1 })
    expect(statistics).toMatchObject({ count: 2, picture: 'map' })
    const [a, b] = [own.data[777]!, second.data[777]!]
    expect(statistics.mean!.window).toMatchObject({ shape: [64, 64, 1], step: 1 })
    expect(statistics.mean!.window.data[777]).toBe((a + b) / 2)
    expect(statistics.std!.window.data[777]).toBeCloseTo(Math.abs(a - b) / 2, 15)
    const [channel] = statistics.channels
    expect(channel!.most.map(({ value }) => value)).toEqual(values)
    expect(channel!.least).toEqual(channel!.most.toReversed())
  })

  test('refuses what is not there, and a batch that was released', async () => {
    const { api } = session
    const start = { pipeline: walkthrough, save: ['npy'] as const, destination: none }
    const unknown = await refusal(api.call('batches.start', { ...start, images: ['0'.repeat(64)] }))
    expect(unknown.code).toBe('not-found')
    const folder = { type: 'folder', folder: 'nowhere' } as const
    expect((await refusal(api.call('batches.start', { ...start, destination: folder }))).code).toBe('not-found')
    const bad = await refusal(api.call('batches.start', { ...start, pipeline: { version: 1, name: 'x', layers: [] } }))
    expect(bad.code).toBe('pipeline-invalid')
    const { batch } = await api.call('batches.start', start)
    await endOf(batch)
    const table = { batch, first: 0, limit: 10, sort: { column: 'weight', descending: false } }
    expect((await refusal(api.call('batches.table', table))).message).toContain('weight')
    expect((await refusal(api.call('batches.statistics', { batch, stage: 6 }))).code).toBe('not-found')
    await api.call('batches.release', { batch })
    expect((await refusal(api.call('batches.progress', { batch }))).code).toBe('not-found')
  })

  test('pauses, goes on, and is taken up again after it was cancelled', async () => {
    const { api } = session
    const { batch } = await api.call('batches.start', { pipeline: walkthrough, save: [], destination: none })
    await api.call('batches.pause', { batch })
    expect(await api.call('batches.progress', { batch })).toMatchObject({ state: 'paused' })
    await api.call('batches.cancel', { batch })
    expect(await endOf(batch, 'batch.failed')).toMatchObject({ error: { code: 'cancelled' } })
    await api.call('batches.retry', { batch })
    expect(await endOf(batch)).toMatchObject({ progress: { state: 'finished', done: 1, failed: 0 } })
    expect(await api.call('batches.failures', { batch, first: 0, limit: 10 })).toEqual({ failures: [], total: 0 })
  })
})
