/** The window for everyone: axe on every screen, the keyboard alone, focus, motion, zoom. */

import type { Page } from '@playwright/test'
import { look, told, wear, type Scheme } from './support/axe.ts'
import { cutJpeg } from './support/pictures.ts'
import { clouds, expect, refusal, shapes, test } from './support/test.ts'

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']

/** All rules in one colour scheme; in the other those that depend on colours. */
async function axe(page: Page, screen: string, scheme: Scheme): Promise<void> {
  const { violations } = await look(page).withTags(tags).analyze()
  await wear(page, scheme === 'light' ? 'dark' : 'light')
  const other = await look(page).withRules(['color-contrast', 'link-in-text-block']).analyze()
  await wear(page, scheme)
  expect(told([...violations, ...other.violations]), screen).toEqual([])
}

/** Nothing is cut off sideways: the window itself never scrolls. */
async function fits(page: Page): Promise<void> {
  const over = await page.evaluate(() => {
    const { scrollWidth, scrollHeight } = document.documentElement
    return { x: scrollWidth - innerWidth, y: scrollHeight - innerHeight }
  })
  expect(over).toEqual({ x: 0, y: 0 })
}

for (const { colorScheme, ...viewport } of [
  { colorScheme: 'light', width: 1280, height: 800 },
  { colorScheme: 'dark', width: 900, height: 600 },
] as const) {
  test.describe(`at ${viewport.width}×${viewport.height}`, () => {
    test.use({ colorScheme, viewport, contextOptions: { reducedMotion: 'reduce' } })

    test('axe finds nothing on any screen', async ({ loupe, page }) => {
      test.slow()
      loupe.guard.allow(...refusal)
      await loupe.ready()
      await axe(page, 'empty', colorScheme)
      await fits(page)
      await loupe.add([shapes, clouds])
      await loupe.finished(6)
      for (const stage of [0, 1, 2, 4, 6]) {
        await loupe.choose(stage)
        await axe(page, `walkthrough, stage ${stage}`, colorScheme)
      }
      await fits(page)
      await loupe.pipeline.click()
      await axe(page, 'the pipelines', colorScheme)
      await page.keyboard.press('Escape')
      await loupe.usePipeline('Edges')
      await loupe.finished(4)
      await loupe.choose(2)
      await loupe.pointAt(9, 9, 128, 128)
      await axe(page, 'edges', colorScheme)
      await page.getByRole('button', { name: 'Help' }).click()
      await expect(loupe.dialog).toBeVisible()
      await axe(page, 'help', colorScheme)
      await page.keyboard.press('Escape')
      await page.keyboard.press('Control+s')
      await expect(loupe.dialog).toBeVisible()
      await axe(page, 'save', colorScheme)
      await loupe.dialog.getByRole('radio', { name: /^Evolution figure/ }).check()
      await loupe.dialog.getByRole('button', { name: 'Save', exact: true }).click()
      await expect(loupe.dialog.getByRole('heading', { name: 'Saved' })).toBeVisible()
      await axe(page, 'saved', colorScheme)
      await loupe.dialog.getByRole('button', { name: 'Done' }).click()
      await loupe.add([cutJpeg('cut.jpg')])
      await loupe.picture(/^cut/).click()
      await expect(page.getByRole('heading', { name: 'cut.jpg was not added' })).toBeVisible()
      await axe(page, 'failed', colorScheme)
      await loupe.gallery.getByRole('button', { name: 'Dismiss' }).click()
      await expect(loupe.notices.getByRole('button', { name: 'Undo' })).toBeVisible()
      await axe(page, 'a notice', colorScheme)
      await fits(page)
    })
  })
}

test('the main job is done with the keyboard alone, the focus seen at every step', async ({ loupe, page }) => {
  await loupe.ready()
  await tabTo(page, /^Add the sample picture Cat/)
  await page.keyboard.press('Enter')
  await loupe.finished(6)
  await tabTo(page, 'Pipeline')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(loupe.pipeline).toHaveText('Edges')
  await loupe.finished(4)
  await tabTo(page, 'Stages')
  await page.keyboard.press('End')
  await loupe.shows(4)
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('ArrowLeft')
  await loupe.shows(2)
  await tabTo(page, /^Conv 3×3, 128×128×4/)
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('.')
  await expect(loupe.status).toContainText(/row \d+, column \d+, Sobel y/)
  await tabTo(page, 'Save…')
  await page.keyboard.press('Enter')
  await expect(loupe.dialog.getByRole('heading', { name: 'Save' })).toBeFocused()
  await tabTo(page, 'Save')
  const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')])
  expect(download.suggestedFilename()).toMatch(/\.zip$/)
  await expect(loupe.dialog.getByRole('heading', { name: 'Saved' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('button', { name: 'Save…' })).toBeFocused()
})

test('with reduced motion nothing moves for long', async ({ page, loupe }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await loupe.ready()
  await loupe.add([shapes])
  await loupe.finished(6)
  await page.keyboard.press('End')
  await loupe.shows(6)
  const moving = await page.evaluate(() =>
    document
      .getAnimations()
      .map(({ effect }) => effect?.getComputedTiming())
      .filter((timing) => timing !== undefined && (timing.iterations === Infinity || Number(timing.duration) > 200)),
  )
  expect(moving).toEqual([])
})

test.describe('at 200 % page zoom of 1280×800', () => {
  // What a page zoom of 200 % is to a page: half the CSS pixels, twice the device pixels to each.
  test.use({ viewport: { width: 640, height: 400 }, deviceScaleFactor: 2, files: [shapes] })

  test('everything can still be reached and used', async ({ loupe, page }) => {
    await loupe.finished(6)
    await fits(page)
    for (const name of ['Gallery', 'Help', 'Save…', 'Layer details', 'Play through the stages']) {
      await expect(page.getByRole('button', { name, exact: true })).toBeInViewport({ ratio: 1 })
    }
    await expect(loupe.pipeline).toBeInViewport({ ratio: 1 })
    // No bar of a card lies over its name.
    for (const bars of await loupe.cards.locator('.bars').all()) {
      const room = (await bars.boundingBox())!
      const last = (await bars.locator('.bar').last().boundingBox())!
      expect(last.y + last.height).toBeLessThanOrEqual(room.y + room.height)
    }
    await loupe.choose(2)
    await expect(loupe.viewer.locator('.frame').first()).toBeInViewport({ ratio: 1 })
    const box = (await loupe.viewer.locator('.frame').first().boundingBox())!
    expect(box.height).toBeGreaterThan(64)
    await loupe.pointAt(5, 6, 64, 64)
    await expect(loupe.status).toContainText('row 5, column 6')
    await expect(loupe.status.locator('b')).toBeInViewport({ ratio: 1 })

    await page.getByRole('button', { name: 'Layer details' }).click()
    await expect(loupe.details.getByRole('heading', { name: 'Convolution' })).toBeInViewport({ ratio: 1 })
    await loupe.details.getByRole('heading', { name: 'What to look for' }).scrollIntoViewIfNeeded()
    await fits(page)
    await loupe.choose(0)
    for (const button of await loupe.viewer.getByRole('button').all()) {
      await expect(button).toBeInViewport({ ratio: 1 })
      expect(await button.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0)
    }
    await page.getByRole('button', { name: 'Layer details' }).click()
    await page.getByRole('button', { name: 'Gallery' }).click()
    await expect(loupe.picture(/^shapes/)).toBeVisible()
    await fits(page)
    await page.getByRole('button', { name: 'Save…' }).click()
    await expect(loupe.dialog.getByRole('button', { name: 'Save', exact: true })).toBeInViewport({ ratio: 1 })
    await page.keyboard.press('Escape')
    await loupe.pipeline.click()
    await expect(page.getByRole('option', { name: /^Blur and pool/ })).toBeVisible()
    await page.getByRole('button', { name: 'Open a pipeline file…' }).scrollIntoViewIfNeeded()
    await expect(page.getByRole('button', { name: 'Open a pipeline file…' })).toBeInViewport({ ratio: 1 })
  })
})

/** Presses Tab until what is named has the focus; whatever has it on the way must show that it does. */
async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    const focused = await page.evaluate(() => {
      const element = document.activeElement
      if (!(element instanceof HTMLElement) || element === document.body) return null
      const lines = (of: Element) => {
        const style = getComputedStyle(of)
        return style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) > 0
      }
      const marked = [element, ...element.querySelectorAll('*'), ...(element.closest('label')?.children ?? [])]
      return {
        name: element.getAttribute('aria-label') ?? element.innerText.trim(),
        visible: marked.some(lines),
        heading: element.tagName === 'H2',
      }
    })
    if (focused !== null && !focused.heading)
      expect(focused.visible, `the focus on “${focused.name}” is seen`).toBe(true)
    if (
      focused !== null &&
      !focused.heading &&
      (typeof name === 'string' ? focused.name === name : name.test(focused.name))
    )
      return
    await page.keyboard.press('Tab')
  }
  throw new Error(`no press of Tab reaches ${String(name)}`)
}
