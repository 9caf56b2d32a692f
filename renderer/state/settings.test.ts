import { expect, it } from 'vitest'
import { LoupeError } from '../../shared/errors.ts'
import { defaultSettings } from '../../shared/settings.ts'
import { fakeApi } from '../transport/fake.ts'
import { NoticeState } from './notices.svelte.ts'
import { SettingsPanel } from './settings.svelte.ts'

async function panelOf(options: Parameters<typeof fakeApi>[0] = {}) {
  const api = fakeApi({ delay: 0, ...options })
  const notices = new NoticeState()
  const panel = new SettingsPanel(api, notices)
  api.subscribe((event) => {
    panel.hear(event)
  })
  await panel.load()
  panel.begin()
  const changes = () => api.calls.flatMap(({ method, params }) => (method === 'settings.change' ? [params] : []))
  return { api, panel, notices, changes }
}

it('shows pixels in millions and memory in megabytes', async () => {
  const { panel } = await panelOf({
    settings: { settings: { ...defaultSettings, pixels: 12_500_000, memory: 800e6 } },
  })
  expect(panel.typed).toEqual({ pixels: '12.5', memory: '800', background: '#ffffff' })
})

it('keeps what can be, and says beside the field why the rest cannot', async () => {
  const { panel, changes } = await panelOf()
  await panel.type('pixels', '0')
  await panel.type('memory', 'lots')
  await panel.type('background', 'red')
  expect(panel.problems).toEqual({
    pixels: 'The pixel limit must be a number from 0.01 to 1000 million pixels.',
    memory: 'The memory budget must be a number from 64 to 1000000 MB.',
    background: 'The background must be a colour such as #ffffff.',
  })
  expect(changes()).toEqual([])
  await panel.type('pixels', ' 20,5 ')
  await panel.type('background', 'FF8000')
  expect(changes()).toEqual([{ pixels: 20_500_000 }, { background: '#ff8000' }])
  expect(panel.problems).toMatchObject({
    pixels: null,
    background: null,
    memory: 'The memory budget must be a number from 64 to 1000000 MB.',
  })
  // What cannot be yet is still there to be put right.
  expect(panel.typed).toEqual({ pixels: '20.5', memory: 'lots', background: '#ff8000' })
  await panel.type('memory', '')
  expect([panel.problems, panel.settings.memory]).toEqual([{ pixels: null, memory: null, background: null }, null])
})

it('goes back to the defaults, the folder too', async () => {
  const { panel, changes } = await panelOf()
  await panel.chooseFolder()
  await panel.change({ theme: 'dark' })
  expect([panel.folder?.name, panel.settings.theme, panel.changed]).toEqual(['Pictures', 'dark', true])
  await panel.reset()
  expect([panel.folder, panel.settings, panel.changed]).toEqual([null, defaultSettings, false])
  expect(changes().at(-1)).toEqual({ ...defaultSettings, folder: null })
})

it('keeps which tasks of the lessons are solved when it goes back to the defaults', async () => {
  const { panel } = await panelOf()
  await panel.change({ lessonsDone: ['views/6'] })
  expect(panel.changed).toBe(false)
  await panel.change({ theme: 'dark' })
  await panel.reset()
  expect(panel.settings).toEqual({ ...defaultSettings, lessonsDone: ['views/6'] })
})

it('says what could not be kept, and shows what is so', async () => {
  const { api, panel } = await panelOf()
  api.failNext('settings.change', new LoupeError('write-failed', 'The settings could not be kept: the disk is full.'))
  await panel.change({ theme: 'dark' })
  expect([panel.failure, panel.settings.theme]).toEqual(['The settings could not be kept: the disk is full.', 'system'])
})

it('tells at the start what was wrong with the file', async () => {
  const { notices } = await panelOf({ settings: { problems: ['The settings in settings.json are damaged.'] } })
  expect(notices.list.map(({ kind, message }) => [kind, message])).toEqual([
    ['error', 'The settings in settings.json are damaged.'],
  ])
})
