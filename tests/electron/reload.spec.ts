/** The desktop window loaded again while it is at work. */

import { expect } from '@playwright/test'
import { slowPipeline } from '../e2e/support/pipelines.ts'
import { Loupe } from '../e2e/support/test.ts'
import { photo, pictures } from './scenarios.ts'
import { test } from './stand-in/desktopTest.ts'

test('a page that is loaded again in the middle of a run has its pictures, and runs anew; the taskbar follows', async ({
  start,
}) => {
  const { standIn, page, finished } = await start()
  await page.getByLabel('Pictures to add').setInputFiles(photo('shapes.png'))
  await finished()
  const loupe = new Loupe(page, { allow: () => undefined, check: () => undefined })
  await loupe.drop([slowPipeline])
  await expect(loupe.status).toContainText('Computing')
  // Of a run that lasts the taskbar shows what is done, and nothing any more once its page is gone and the next has ended.
  const { progress } = standIn.window
  await expect.poll(() => progress.some((done) => done > 0 && done < 1)).toBe(true)
  await page.reload()
  await expect(pictures(page)).toHaveCount(1)
  await finished()
  await loupe.choose(2)
  expect(progress.at(-1)).toBe(-1)
  // The run of the page that is gone was no reason to start the compute process again.
  expect(standIn.children).toHaveLength(1)
})

test('a batch ends with the page that began it, whether that is loaded again or dies', async ({ start }) => {
  test.slow()
  const files = ['shapes.png', 'clouds.jpg', 'zoneplate.png'].map(photo)
  const { standIn, screen } = await start({ files })
  const alive = () => standIn.children.filter(({ pid }) => pid !== undefined && isAlive(pid)).length
  await expect(pictures(screen.page)).toHaveCount(3)
  for (const gone of [() => screen.page.reload(), () => screen.page.goto('chrome://crash').catch(() => undefined)]) {
    const { page } = screen
    const loupe = new Loupe(page, { allow: () => undefined, check: () => undefined })
    await loupe.drop([slowPipeline])
    await expect(loupe.status).toContainText('Computing')
    standIn.chooseMenu('File', 'Run on Many Pictures…')
    await loupe.dialog.getByRole('button', { name: 'Run 3 pictures' }).click()
    await expect(loupe.dialog.getByRole('status').filter({ hasText: 'Running' })).toBeVisible()
    await expect.poll(alive).toBeGreaterThan(1)
    await gone()
    // Only the process that serves the window is left.
    await expect.poll(alive).toBe(1)
  }
})

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
