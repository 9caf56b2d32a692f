import { expect, test } from 'vitest'
import { isPipelineName } from '../../shared/pictureNames.ts'
import { fakeApi } from '../transport/fake.ts'
import { NoticeState } from './notices.svelte.ts'
import { PresetState } from './presets.svelte.ts'

async function open() {
  const notices = new NoticeState()
  const presets = new PresetState(fakeApi({ delay: 0 }), notices)
  await presets.load()
  return { presets, notices }
}

function file(name: string, content: unknown) {
  return new File([typeof content === 'string' ? content : JSON.stringify(content)], name)
}

const halving = { version: 1, name: 'Halving', layers: [{ kind: 'input' }, { kind: 'pool2d' }] }

test('the first built-in pipeline is in use at the start', async () => {
  const { presets } = await open()
  expect(presets.pipeline?.name).toBe('Walkthrough')
  presets.choose('edges')
  expect(presets.pipeline?.name).toBe('Edges')
  presets.choose('no such')
  expect(presets.chosen).toBe('edges')
})

test('an opened file is in use at once; opening it again replaces it', async () => {
  const { presets } = await open()
  await presets.open([file('halving.pipeline.json', halving)])
  expect(presets.current).toMatchObject({ file: 'halving.pipeline.json', pipeline: { name: 'Halving' } })
  await presets.open([file('halving.pipeline.json', { ...halving, name: 'Halving again' })])
  expect(presets.opened.length).toBe(1)
  expect(presets.pipeline?.name).toBe('Halving again')
})

test.each([
  ['{', /it is not JSON/],
  [{ ...halving, version: 2 }, /version 2 is unknown/],
  [{ ...halving, colour: 'red' }, /unknown key "colour"/],
  [{ ...halving, layers: [{ kind: 'pool2d' }] }, /the first layer must be an input layer/],
])('what is wrong with a file is said with its name, and the pipeline in use stays', async (content, reason) => {
  const { presets, notices } = await open()
  await presets.open([file('bad.pipeline.json', content)])
  expect(presets.pipeline?.name).toBe('Walkthrough')
  expect(notices.list.length).toBe(1)
  expect(notices.list[0]!.message).toMatch(/^bad\.pipeline\.json: /)
  expect(notices.list[0]!.message).toMatch(reason)
})

test('a pipeline that does not fit is opened all the same, with the reason', async () => {
  const { presets, notices } = await open()
  const layers = [
    { kind: 'input', size: { width: 4, height: 4 } },
    { kind: 'conv2d', size: 7, padding: 'valid' },
  ]
  await presets.open([file('large.pipeline.json', { ...halving, layers })])
  expect(presets.pipeline?.name).toBe('Halving')
  expect(notices.list[0]).toMatchObject({ kind: 'info' })
  expect(notices.list[0]!.message).toMatch(/7×7/)
})

test('where a picture is shown its run says what does not fit, and nothing else does', async () => {
  const notices = new NoticeState()
  const presets = new PresetState(fakeApi({ delay: 0 }), notices, () => true)
  const layers = [
    { kind: 'input', size: { width: 4, height: 4 } },
    { kind: 'conv2d', size: 7, padding: 'valid' },
  ]
  await presets.open([file('large.json', { ...halving, layers })])
  expect(presets.pipeline?.name).toBe('Halving')
  expect(notices.list).toEqual([])
})

test('what was wrong with a file is said until the next attempt, and all of one attempt together', async () => {
  const { presets, notices } = await open()
  await presets.open([file('one.json', '{'), file('two.json', '['), file('good.json', halving)])
  expect(notices.list.length).toBe(1)
  expect(notices.list[0]).toMatchObject({ kind: 'error' })
  expect(notices.list[0]!.message).toMatch(/^one\.json: .* two\.json: /)
  expect(presets.pipeline?.name).toBe('Halving')
  await presets.open([file('good.json', halving)])
  expect(notices.list).toEqual([])
  await presets.open([file('one.json', '{')])
  presets.choose('edges')
  expect(notices.list).toEqual([])
})

test('any JSON file is taken for a pipeline, and no picture is', () => {
  expect(isPipelineName('Mine.PIPELINE.json')).toBe(true)
  expect(isPipelineName('manifest.JSON')).toBe(true)
  expect(isPipelineName('json.png')).toBe(false)
})
