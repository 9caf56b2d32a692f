/** What the desktop window's page is given: the built preload, run with a stand-in of the two things it may use. */

import { compileFunction } from 'node:vm'
import { beforeAll, expect, it } from 'vitest'
import { channels } from '../../main/hosts/electron/channels.ts'
import type { Bridge } from '../../shared/bridge.ts'
import { preloadSource } from '../electron/stand-in/preload.ts'

const exposed: [string, Bridge][] = []
const required: string[] = []
const sent: unknown[][] = []
const listeners = new Map<string, (event: unknown, ...args: unknown[]) => void>()

beforeAll(async () => {
  const electron = {
    contextBridge: { exposeInMainWorld: (name: string, api: Bridge) => exposed.push([name, api]) },
    ipcRenderer: {
      invoke: (...args: unknown[]) => Promise.resolve(void sent.push(args)),
      send: (...args: unknown[]) => void sent.push(args),
      on: (channel: string, listener: () => void) => listeners.set(channel, listener),
      off: (channel: string) => listeners.delete(channel),
    },
    webUtils: {
      getPathForFile(file: unknown) {
        if (!(file instanceof File)) throw new TypeError('not a File')
        return file.name === 'pasted.png' ? '' : `/photos/${file.name}`
      },
    },
  }
  const run = compileFunction(await preloadSource(), ['require']) as (require: (name: string) => unknown) => void
  run((name) => {
    required.push(name)
    return electron
  })
}, 60_000)

it('is one object of four functions, made with nothing but electron', () => {
  expect(required).toEqual(['electron'])
  expect(exposed.map(([name, api]) => [name, Object.keys(api).sort()])).toEqual([
    ['layerloupe', ['addFile', 'call', 'cancel', 'subscribe']],
  ])
})

it('speaks on its own channels alone, whatever it is told', async () => {
  const [[, api] = []] = exposed
  await api!.call('1', 'some-other-channel' as 'host.info', {})
  api!.cancel('1')
  await api!.addFile('2', new File([], 'a.png'))
  expect(sent.splice(0)).toEqual([
    [channels.call, '1', 'some-other-channel', {}],
    [channels.cancel, '1'],
    [channels.addFile, '2', '/photos/a.png'],
  ])
})

it('takes no path from the page: only a file the person gave has one', async () => {
  const [[, api] = []] = exposed
  for (const file of ['/etc/passwd', { path: '/etc/passwd' }, null]) {
    await expect(api!.addFile('3', file)).rejects.toThrow('not a File')
  }
  expect(await api!.addFile('4', new File([], 'pasted.png'))).toBeNull()
  expect(sent.splice(0)).toEqual([])
})

it('hands over events without what they came with, until they are no longer wanted', () => {
  const [[, api] = []] = exposed
  const heard: unknown[][] = []
  const stop = api!.subscribe((...args) => heard.push(args))
  expect([...listeners.keys()]).toEqual([channels.event])
  listeners.get(channels.event)!({ sender: 'ipcRenderer' }, { type: 'engine.restarted', reason: 'x' })
  expect(heard).toEqual([[{ type: 'engine.restarted', reason: 'x' }]])
  stop()
  expect(listeners.size).toBe(0)
})
