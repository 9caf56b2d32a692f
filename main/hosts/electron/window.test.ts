import type { BrowserWindow } from 'electron'
import { EventEmitter } from 'node:events'
import { expect, it } from 'vitest'
import { noLog } from '../../user/log.ts'
import { pageUrl } from './address.ts'
import type { Electron } from './electron.ts'
import { showPage } from './window.ts'

/** A hidden window whose page fails to load as often as there are errors, and a person who presses a button. */
function hiddenWindow(errors: string[], { button = 0, destroyed = false, crashed = false } = {}) {
  const loads: string[] = []
  const asked: string[] = []
  const seen: string[] = []
  const window = Object.assign(new EventEmitter(), {
    visible: false,
    webContents: { isCrashed: () => crashed },
    isDestroyed: () => destroyed,
    isVisible: () => window.visible,
    show: () => (window.visible = true),
    loadURL: (url: string) => {
      loads.push(url)
      const code = errors.shift()
      return code === undefined ? Promise.resolve() : Promise.reject(Object.assign(new Error('failed'), { code }))
    },
  })
  const electron = {
    app: { quit: () => seen.push('quit') },
    dialog: {
      showMessageBox: (_window: unknown, { message, detail }: { message: string; detail: string }) => {
        asked.push(message)
        seen.push(window.visible ? 'seen' : 'hidden', /\((.*)\)/.exec(detail)![1]!)
        return Promise.resolve({ response: button })
      },
    },
  }
  const shown = showPage(electron as unknown as Electron, window as unknown as BrowserWindow, noLog)
  return { shown, loads, asked, seen }
}

it('a page that does not load is told of in a window that is seen, and loaded again as often as asked', async () => {
  const { shown, loads, asked, seen } = hiddenWindow(['ERR_FAILED', 'ERR_FILE_NOT_FOUND'])
  await shown
  expect(loads).toEqual([pageUrl, pageUrl, pageUrl])
  expect(asked).toEqual(Array(2).fill('The window cannot be shown.'))
  expect(seen).toEqual(['seen', 'ERR_FAILED', 'seen', 'ERR_FILE_NOT_FOUND'])
})

it('a page that does not load may be the end of it', async () => {
  const { shown, loads, seen } = hiddenWindow(['ERR_FAILED'], { button: 1 })
  await shown
  expect([loads.length, seen.at(-1)]).toEqual([1, 'quit'])
})

it.each([
  ['was closed while it loaded', { destroyed: true }, 'ERR_FAILED'],
  ['died while it loaded, which is told by itself', { crashed: true }, 'ERR_FAILED'],
  ['was loaded again while it loaded', {}, 'ERR_ABORTED'],
])('a page that %s asks nothing and throws nothing', async (_what, state, code) => {
  const { shown, loads, asked } = hiddenWindow([code], state)
  await expect(shown).resolves.toBeUndefined()
  expect([loads.length, asked]).toEqual([1, []])
})
