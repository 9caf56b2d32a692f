import { expect, test } from 'vitest'
import type { StageSummary, WindowRequest } from '../../shared/api.ts'
import { fakeApi } from '../transport/fake.ts'
import { syntheticWindow } from '../transport/fakeTensors.ts'
import { stageSource } from './source.ts'

const shape = [5, 6, 3] as const
const tensor = { shape, data: Float64Array.from({ length: 90 }, (_, i) => i) }
const summary = { index: 2, title: 'Conv', shape, channelNames: [], min: 0, max: 1 } as unknown as StageSummary
const { signal } = new AbortController()

function withPreview(request: WindowRequest) {
  const api = fakeApi({ delay: 0 })
  return { api, source: stageSource(api, 'run-1', summary, syntheticWindow(tensor, request)) }
}

test.each<WindowRequest>([
  {},
  { maxSize: 6 },
  { rect: { left: 2, top: 1, width: 3, height: 4 } },
  { channels: [1, 2] },
  { rect: { left: 5, top: 4, width: 1, height: 1 }, channels: [2, 3], maxSize: 1 },
])('what came along answers any window of it by the elements themselves: %j', async (request) => {
  const { api, source } = withPreview({ maxSize: 192 })
  expect(source.inHand(request)).toEqual(syntheticWindow(tensor, request))
  expect(await source.read(request, signal)).toEqual(syntheticWindow(tensor, request))
  expect(api.calls).toEqual([])
})

test.each<[string, WindowRequest, WindowRequest]>([
  ['means, of elements', { maxSize: 192 }, { maxSize: 5 }],
  ['elements, of means', { maxSize: 3 }, { rect: { left: 0, top: 0, width: 2, height: 2 } }],
  ['channels that did not come', { channels: [0, 2] }, { channels: [1, 3] }],
  ['all channels, of some', { channels: [0, 2] }, {}],
])('what cannot be told from it is asked for: %s', async (_what, preview, request) => {
  const { api, source } = withPreview(preview)
  expect(source.inHand(request)).toBeNull()
  await expect(source.read(request, signal)).rejects.toMatchObject({ code: 'not-found' })
  expect(api.calls).toEqual([{ method: 'stages.read', params: { run: 'run-1', stage: 2, ...request } }])
})

test('of a stage without a preview everything is asked for', () => {
  expect(stageSource(fakeApi(), 'run-1', summary).inHand({})).toBeNull()
})
