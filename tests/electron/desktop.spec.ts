/** The desktop app, its window a real page: from start to end, against a stand-in of Electron (see stand-in/). */

import { expect } from '@playwright/test'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import sharp from 'sharp'
import { startDesktop } from '../../main/hosts/electron/start.ts'
import { browserScreens } from './stand-in/browserScreen.ts'
import {
  changesThePipeline,
  opensFromTheFinder,
  opensFromTheMenu,
  photo,
  picture,
  pictures,
  survivesAKilledEngine,
} from './scenarios.ts'
import { test } from './stand-in/desktopTest.ts'
import { StandIn } from './stand-in/electron.ts'

test('the window is sandboxed, served by its own scheme, and allowed nothing', async ({ start }) => {
  const { standIn, page } = await start()
  expect(standIn.schemes).toEqual([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ])
  expect(standIn.app.sandboxed).toBe(true)
  expect(standIn.app.switches).toEqual({ 'host-resolver-rules': 'MAP * ~NOTFOUND', 'no-proxy-server': '' })
  expect(standIn.window.webContents.webRtc).toBe('disable_non_proxied_udp')
  expect(standIn.window.options.webPreferences).toMatchObject({
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    webviewTag: false,
  })
  expect(standIn.window.visible).toBe(true)
  if (process.platform === 'linux') {
    const icon = await sharp(standIn.window.options.icon as string).metadata()
    expect([icon.format, icon.width, icon.height]).toEqual(['png', 256, 256])
  }
  await expect(page.getByRole('heading', { name: /Drop a photo/ })).toBeVisible()
  // Light or dark as the system, before the page is there and after.
  expect([standIn.nativeTheme.themeSource, standIn.window.options.backgroundColor]).toEqual(['system', '#f6f6f4'])
  for (const [colorScheme, ground] of [
    ['dark', 'rgb(22, 22, 21)'],
    ['light', 'rgb(246, 246, 244)'],
  ] as const) {
    await page.emulateMedia({ colorScheme })
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(ground)
  }
  // The policy of the pages holds: a script of the page's own making does not run.
  await page.evaluate(() => {
    const script = document.createElement('script')
    script.textContent = 'document.title = "owned"'
    document.body.append(script)
  })
  expect(await page.title()).not.toBe('owned')
  const session = standIn.sessions.get('layerloupe')!
  expect([session, standIn.defaultSession].map(({ spellChecker }) => spellChecker)).toEqual([false, false])
  const answers: boolean[] = []
  for (const permission of ['media', 'geolocation', 'notifications', 'fileSystem', 'clipboard-read'] as const) {
    session.permissionRequest!(null as never, permission, (granted) => answers.push(granted), {} as never)
    answers.push(session.permissionCheck!(null, permission, 'app://layerloupe', {} as never))
  }
  expect(answers.every((granted) => !granted)).toBe(true)
  expect(session.devicePermission!({} as never)).toBe(false)
  expect(session.permissionCheck!(null, 'clipboard-sanitized-write', 'app://layerloupe', {} as never)).toBe(true)
})

test('a file is added by where it lies, run, and saved to a chosen folder that can be shown', async ({
  start,
  userData,
}) => {
  const { standIn, page, finished } = await start()
  const file = photo('shapes.png')
  await page.evaluate(
    ([name, place]) => {
      ;(window as unknown as { standIn: { paths: Map<string, string> } }).standIn.paths.set(name, place)
    },
    [path.basename(file), file] as const,
  )
  await page.getByLabel('Pictures to add').setInputFiles(file)
  await finished()
  const out = path.join(userData, 'out')
  standIn.picks.push([out])
  standIn.chooseMenu('File', 'Save…')
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(dialog.getByRole('button', { name: 'Show in folder' })).toBeVisible()
  const folder = path.join(out, readdirSync(out)[0]!)
  expect(readdirSync(folder)).toContain('manifest.json')
  await dialog.getByRole('button', { name: 'Show in folder' }).click()
  await expect.poll(() => standIn.shown.length).toBe(1)
  // The page was never told where anything is.
  expect(await page.content()).not.toContain(path.dirname(file))
})

test('a picture is dragged out of the window as a file, drawn as it was chosen, and several as a folder', async ({
  start,
}) => {
  const { standIn, page, finished } = await start({ files: [photo('shapes.png')] })
  await finished()
  await page.getByRole('option', { name: /^Conv 3×3/ }).click()
  standIn.chooseMenu('File', 'Save…')
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('radio', { name: /^Evolution figure/ }).check()
  await dialog.getByRole('radio', { name: /^Drawing/ }).check()
  await dialog.getByRole('img', { name: /evolution\.svg/ }).dispatchEvent('dragstart')
  await expect.poll(() => standIn.window.webContents.drags.length).toBe(1)
  const [{ file, icon }] = standIn.window.webContents.drags as [{ file: string; icon: unknown }]
  expect(path.basename(file)).toBe('shapes-evolution.svg')
  expect(readFileSync(file, 'utf8')).toContain('>Conv 3×3</text>')
  // Small already: the host is no place to decode large pictures.
  const { bytes } = icon as { bytes: Buffer }
  expect([bytes.subarray(1, 4).toString(), bytes.readUInt32BE(20)]).toEqual(['PNG', 96])
  // The page was never told where it is.
  expect(await page.content()).not.toContain(path.dirname(file))

  // Of a stage, of all of them and of everything what was chosen comes in a folder, with the picture to see it by.
  const kinds = { 'This stage': 3, 'All stages': 17, Everything: 31 } as const
  for (const [index, [what, count]] of Object.entries(kinds).entries()) {
    await dialog.getByRole('radio', { name: new RegExp(`^${what}`) }).check()
    await dialog.getByTitle('Drag it out to have all files of it in a folder').dispatchEvent('dragstart')
    await expect.poll(() => standIn.window.webContents.drags.length).toBe(index + 2)
    const { file: folder } = standIn.window.webContents.drags.at(-1)!
    expect([path.basename(folder), readdirSync(folder).length]).toEqual(['shapes', count])
  }

  // A stage's picture comes straight out of the strip; one that was let go of too soon does not.
  await page.keyboard.press('Escape')
  const card = page.getByRole('option', { name: /^Max pool/ }).getByTitle('Drag it out to have it as a file')
  await card.dispatchEvent('dragstart')
  await expect.poll(() => standIn.window.webContents.drags.length).toBe(5)
  expect(path.basename(standIn.window.webContents.drags.at(-1)!.file)).toBe('shapes-02-pool2d.png')
  await card.dispatchEvent('dragstart')
  await card.dispatchEvent('pointerup')
  await card.dispatchEvent('dragstart')
  await expect.poll(() => standIn.window.webContents.drags.length).toBe(6)
})

test('a file without a place on disk is sent as bytes', async ({ start }) => {
  const { page, finished } = await start()
  await page.getByLabel('Pictures to add').setInputFiles(photo('shapes.png'))
  await finished()
})

test('files of the command line, of the Finder before the app is ready, and of a second start open', async ({
  start,
}) => {
  const { standIn, page } = await start({
    files: [photo('shapes.png')],
    beforeReady: ({ app }) => app.emit('open-file', { preventDefault: () => undefined }, photo('clouds.jpg')),
  })
  expect(standIn.app.handedOver).toEqual({ files: [photo('shapes.png')] })
  await expect(pictures(page)).toHaveCount(2)
  standIn.window.minimized = true
  standIn.app.emit('second-instance', {}, [], '/', { files: [photo('zoneplate.png'), 7, 'relative.png'] })
  await expect(pictures(page)).toHaveCount(3)
  await expect(picture(page, /^zoneplate/)).toHaveAttribute('aria-selected', 'true')
  expect([standIn.window.minimized, standIn.window.focused]).toEqual([false, 1])
})

test('the menu opens files and folders, and what could not be opened stays listed with the reason', async ({
  start,
}) => {
  await opensFromTheMenu((await start()).driver)
})

test('a file that the Finder opens while the app runs is shown', async ({ start }) => {
  await opensFromTheFinder((await start()).driver)
})

test('the page cannot leave, open windows, reach another origin or download what it did not make', async ({
  start,
}) => {
  const { screen, page, standIn } = await start()
  await page.evaluate(() => (location.href = 'https://example.com/'))
  await expect.poll(() => screen.refused).toContain('https://example.com/')
  await page.evaluate(() => window.open('https://example.com/popup'))
  await expect.poll(() => page.context().pages().length).toBe(1)
  expect(screen.popups).toBe(0)
  await page.evaluate(() => {
    const frame = document.createElement('iframe')
    frame.src = 'https://example.com/frame'
    document.body.append(frame)
  })
  expect(await page.evaluate(() => fetch('https://example.com/').catch(() => 'refused'))).toBe('refused')
  expect(page.url()).toBe('https://layerloupe.stand-in/')
  const session = standIn.sessions.get('layerloupe')!
  for (const [url, allowed] of [
    ['blob:app://layerloupe/1', true],
    ['https://example.com/a.zip', false],
    ['app://layerloupe/', false],
  ] as const) {
    let prevented = false
    session.emit('will-download', { preventDefault: () => (prevented = true) }, { getURL: () => url })
    expect([url, !prevented]).toEqual([url, allowed])
  }
  // No address names a file of the disk.
  for (const name of [
    '/../main/engine.js',
    '/%2e%2e/main/engine.js',
    '/..%2fmain/engine.js',
    '//etc/passwd',
    '/nothing',
  ]) {
    expect((await session.answer('GET', `app://layerloupe${name}`))?.status).toBe(404)
  }
  expect(await session.answer('GET', 'app://elsewhere/')).toBeUndefined()
})

test('a message from anything but the window’s own page is refused', async ({ start }) => {
  const { standIn } = await start()
  const { webContents } = standIn.window
  const ask = async (sender: ReturnType<typeof webContents.sender>) =>
    await standIn.ipcMain.invoke(sender, 'layerloupe:call', ['1', 'host.info', {}])
  expect(await ask(webContents.sender())).toMatchObject({ ok: true })
  for (const frame of [
    null,
    { url: 'app://layerloupe/', parent: {} },
    { url: 'https://example.com/', parent: null },
    { url: 'app://elsewhere/', parent: null },
    { url: 'about:blank', parent: null },
  ]) {
    expect(await ask(webContents.sender(frame))).toMatchObject({ ok: false, code: 'unauthorized' })
  }
  const foreign = { ...webContents.sender(), sender: {} as never }
  expect(await ask(foreign)).toMatchObject({ ok: false, code: 'unauthorized' })
  expect(await standIn.ipcMain.invoke(foreign, 'layerloupe:add-file', ['1', photo('shapes.png')])).toMatchObject({
    code: 'unauthorized',
  })
})

test('the window opens where it was, and on a screen when that one is gone', async ({ start, userData }) => {
  const first = await start()
  first.standIn.window.bounds = { x: 2500, y: 200, width: 900, height: 700 }
  first.standIn.window.maximized = true
  await first.standIn.end()
  // Whoever starts the app as this one ends is not sent to it.
  expect(first.standIn.app.hasSingleInstanceLock()).toBe(false)
  expect(existsSync(path.join(userData, 'window.json'))).toBe(true)
  expect(readdirSync(userData).filter((name) => name.endsWith('.part'))).toEqual([])
  const screens = [
    { x: 0, y: 0, width: 1920, height: 1080 },
    { x: 1920, y: 0, width: 1920, height: 1080 },
  ]
  const second = await start({ displays: screens })
  expect(second.standIn.window.options).toMatchObject({ x: 2500, y: 200, width: 900, height: 700 })
  expect(second.standIn.window.maximized).toBe(true)
  const third = await start({ displays: screens.slice(0, 1) })
  expect(third.standIn.window.options).toMatchObject({ width: 900, height: 700 })
  expect(third.standIn.window.options.x).toBeUndefined()
  writeFileSync(path.join(userData, 'window.json'), '{"bounds":{"x":"left"}}')
  const fourth = await start()
  expect(fourth.standIn.window.options).toMatchObject({ width: 1280, height: 820 })
  const aside = readdirSync(userData).filter((name) => name.startsWith('window.corrupt-'))
  expect(readFileSync(path.join(userData, aside[0]!), 'utf8')).toContain('left')
})

test('a page that asks to stay for its unsaved changes is left only where the person gives them up', async ({
  start,
}) => {
  const { standIn, page } = await start({ files: [photo('shapes.png')] })
  await changesThePipeline(page)
  for (const [button, leaves] of [
    [0, false],
    [1, true],
  ] as const) {
    standIn.button = button
    let left = false
    standIn.window.webContents.emit('will-prevent-unload', { preventDefault: () => (left = true) })
    expect(left).toBe(leaves)
  }
  expect(standIn.messages.map(({ message, buttons }) => [message, buttons])).toEqual(
    Array(2).fill([
      'Something would be lost: changes that no file has, or a run over many pictures.',
      ['Stay', 'Leave all the same'],
    ]),
  )
})

test('a page that dies is offered again, with the pictures still there', async ({ start }) => {
  const { standIn, screen } = await start({ files: [photo('shapes.png')] })
  await expect(pictures(screen.page)).toHaveCount(1)
  const dead = screen.page
  await dead.goto('chrome://crash').catch(() => undefined)
  await expect.poll(() => standIn.messages.map(({ message }) => message)).toEqual(['The window has stopped working.'])
  await expect.poll(() => screen.page === dead).toBe(false)
  await expect(pictures(screen.page)).toHaveCount(1)
})

test('a compute process that is killed is told of, started again, and the window works on', async ({ start }) => {
  await survivesAKilledEngine((await start({ files: [photo('shapes.png')] })).driver)
})

test('a second start hands its files over and ends', async ({ browser, script, userData }) => {
  const openScreen = browserScreens(browser, script)
  const standIn = new StandIn({ userData, openScreen, hasLock: false })
  await startDesktop(standIn.electron, {
    version: '1',
    renderer: '',
    preload: '',
    engineEntry: '',
    icon: '',
    samples: '',
    places: { config: userData, logs: userData },
    argv: ['electron', '.', 'a.png'],
    cwd: '/pictures',
  })
  await standIn.app.ended
  expect([standIn.app.handedOver, standIn.windows]).toEqual([{ files: [path.resolve('/pictures/a.png')] }, []])
})
