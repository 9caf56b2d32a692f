/** Settings, about and the report, in a real window. */

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Page } from '@playwright/test'
import sharp from 'sharp'
import { expectNoViolations } from './support/axe.ts'
import { startHost } from './support/host.ts'
import { expect, shapes, test as base } from './support/test.ts'

/** A folder of its own for each test's settings and log. */
const test = base.extend<{ data: string }>({
  // eslint-disable-next-line no-empty-pattern -- Playwright reads the parameter for what a fixture needs
  data: async ({}, use) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'layerloupe-settings-'))
    await use(folder)
    rmSync(folder, { recursive: true, force: true })
  },
  host: async ({ files, data }, use) => {
    const host = await startHost(files, { LAYERLOUPE_DATA: data })
    await use(host)
    await host.stop()
  },
})

const choose = async (page: Page, item: string) => {
  await page.getByRole('button', { name: 'Menu' }).click()
  await page.getByRole('menuitem', { name: item }).click()
}
const ground = async (page: Page) => await page.evaluate(() => getComputedStyle(document.body).backgroundColor)
test('the theme and the motion hold at once and after the next start', async ({ loupe, page, data, host }) => {
  await page.emulateMedia({ colorScheme: 'light' })
  await loupe.ready()
  const light = await ground(page)
  await page.keyboard.press('Control+,')
  await expect(loupe.dialog).toHaveAccessibleName('Settings')
  await expectNoViolations(page)
  await loupe.dialog.getByRole('radio', { name: 'Dark' }).check()
  await loupe.dialog.getByRole('radio', { name: 'Reduced' }).check()
  await expect.poll(async () => await ground(page)).toBe('rgb(22, 22, 21)')
  expect(light).toBe('rgb(246, 246, 244)')
  await expectNoViolations(page)
  await loupe.dialog.getByRole('button', { name: 'Done' }).click()
  await expect(loupe.dialog).toBeHidden()
  await host.stop()
  loupe.guard.allow(/./)
  const again = await startHost([], { LAYERLOUPE_DATA: data })
  // The page says it itself, so that it is never seen in other colours, not even before its program runs.
  expect(await (await fetch(again.origin)).text()).toContain('<html data-theme="dark" data-motion="reduced" lang="en">')
  await page.goto(again.address)
  await expect.poll(async () => await ground(page)).toBe('rgb(22, 22, 21)')
  const passing = await page
    .getByRole('button', { name: 'Help' })
    .evaluate((one) => getComputedStyle(one).transitionDuration)
  expect(Number.parseFloat(passing)).toBeLessThan(0.001)
  await choose(page, 'Settings…')
  await loupe.dialog.getByRole('button', { name: 'Reset to defaults' }).click()
  await expect.poll(async () => await ground(page)).toBe('rgb(246, 246, 244)')
  await again.stop()
})

test('what cannot be is said beside its field, and what can be is kept', async ({ loupe, page, data }) => {
  await loupe.ready()
  await choose(page, 'Settings…')
  const limit = loupe.dialog.getByLabel('Pixel limit')
  await limit.fill('none')
  await limit.press('Enter')
  await expect(limit).toHaveAttribute('aria-invalid', 'true')
  await expect(loupe.dialog.getByRole('alert').filter({ hasText: 'The pixel limit must be' })).toBeVisible()
  await expectNoViolations(page)
  await limit.fill('0.05')
  await limit.press('Enter')
  await expect(limit).toHaveAttribute('aria-invalid', 'false')
  await page.keyboard.press('Escape')
  const file = path.join(data, 'settings.json')
  // The window does not wait for the file, so the test does.
  await expect.poll(() => existsSync(file)).toBe(true)
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ pixels: 50_000 })
  loupe.guard.allow(/status of 413/)
  await loupe.add([shapes])
  await expect(page.getByText('the limit is 0.05 million').first()).toBeVisible()
})

test('the background changes what transparent pixels are seen on', async ({ loupe, page }) => {
  const clear = await sharp({ create: { width: 64, height: 64, channels: 4, background: '#00000000' } })
    .png()
    .toBuffer()
  await loupe.ready()
  await loupe.add([{ name: 'clear.png', mimeType: 'image/png', buffer: clear }])
  await loupe.finished(6)
  // Read from another canvas, for reading from the window's own would make it another kind.
  const painted = async () =>
    await loupe.viewer
      .locator('canvas')
      .first()
      .evaluate((canvas: HTMLCanvasElement) => {
        const copy = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })!
        copy.drawImage(canvas, canvas.width / 2, canvas.height / 2, 1, 1, 0, 0, 1, 1)
        return [...copy.getImageData(0, 0, 1, 1).data]
      })
  await loupe.choose(0)
  await expect.poll(painted).toEqual([255, 255, 255, 255])
  await choose(page, 'Settings…')
  const background = loupe.dialog.getByLabel('Background', { exact: true })
  await background.fill('#ff8000')
  await background.press('Enter')
  await page.keyboard.press('Escape')
  await loupe.finished(6)
  await expect.poll(painted).toEqual([255, 128, 0, 255])
})

test('a damaged file is told in the window, and the defaults are used', async ({ page, data }) => {
  writeFileSync(path.join(data, 'settings.json'), '{"version": 1, "theme": "dark"')
  const host = await startHost([], { LAYERLOUPE_DATA: data })
  await page.goto(host.address)
  const notices = page.getByRole('log', { name: 'Messages' })
  await expect(notices).toContainText('The settings in settings.json are damaged.')
  await expect(notices).toContainText(readdirSync(data).find((name) => name.startsWith('settings.corrupt-'))!)
  await host.stop()
})

test('the report is copied as it is shown, and neither it nor the log has a key or a picture’s name', async ({
  loupe,
  page,
  context,
  data,
  host,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: host.origin })
  await loupe.ready()
  await loupe.add([shapes])
  await loupe.finished(6)
  await choose(page, 'About LayerLoupe')
  await expect(loupe.dialog.getByText(sharp.versions.sharp)).toBeVisible()
  await expectNoViolations(page)
  await loupe.dialog.getByRole('button', { name: 'Copy diagnostic report…' }).click()
  const text = loupe.dialog.getByRole('textbox', { name: 'Report' })
  await expect(text).toHaveValue(/libvips \d/)
  await expectNoViolations(page)
  await loupe.dialog.getByRole('button', { name: 'Copy', exact: true }).click()
  await expect(loupe.dialog.getByRole('status')).toHaveText('Copied.')
  const shown = await text.inputValue()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(shown)
  const log = readFileSync(path.join(data, 'logs/layerloupe.log'), 'utf8')
  const session = await page.evaluate(() => Object.values(sessionStorage).join())
  const [, token] = host.address.split('#')
  for (const secret of [token!, session, 'shapes']) {
    expect(secret).not.toBe('')
    expect(shown + log).not.toContain(secret)
  }
})

test('the menu is played by keys', async ({ loupe, page }) => {
  await loupe.ready()
  const menu = page.getByRole('button', { name: 'Menu' })
  await menu.press('Enter')
  await expect(page.getByRole('menuitem').first()).toBeFocused()
  await expectNoViolations(page)
  await page.keyboard.press('End')
  await expect(page.getByRole('menuitem', { name: 'About LayerLoupe' })).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('menu')).toBeHidden()
  await expect(menu).toBeFocused()
  // The host cannot open a file again, so none is offered.
  await menu.press('Enter')
  await expect(page.getByText('Open recent')).toHaveCount(0)
})
