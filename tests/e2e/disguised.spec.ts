/** Files that are not what their names say, and names that are not just names: text stays text, and nothing runs. */

import type { Page } from '@playwright/test'
import { readFileSync } from 'node:fs'
import { madePicture } from './support/pictures.ts'
import { expect, refusal, shapes, test } from './support/test.ts'

const markup = [
  `<img src=x onerror="document.title='owned'">.png`,
  `"><script>document.title='owned'<\u2044script>.png`,
  `<b id=made>bold<svg onload=document.title='owned'>.png`,
  '{{7*7}}${7*7}<style>*{display:none}.png',
]

/** Elements no part of the window makes: they would be a name's doing. */
async function madeOfNames(page: Page): Promise<number> {
  return await page.locator('#made, img[src="x"], body script, body style, [onerror], [onload]').count()
}

test('a picture whose name is markup shows it letter by letter, wherever the name stands', async ({ loupe, page }) => {
  await loupe.ready()
  const scripts = await madeOfNames(page)
  const title = await page.title()
  const made = await Promise.all(markup.map((name, seed) => madePicture(name, 48, 36, seed + 1)))
  await loupe.add(made)
  await expect(loupe.pictures.getByRole('option')).toHaveCount(made.length)
  for (const name of markup) {
    const option = loupe.pictures.getByRole('option', { name })
    await option.click()
    await expect(option).toHaveAttribute('aria-selected', 'true')
    await loupe.finished(6)
    expect(await option.getAttribute('title')).toContain(name)
  }
  await page.keyboard.press('Control+s')
  await expect(loupe.dialog).toBeVisible()
  expect(await madeOfNames(page)).toBe(scripts)
  expect(await page.title()).toBe(title)
})

const script = `document.title='owned';fetch('/api/call/images.list',{method:'POST'})`
const disguised = {
  'vector.png': `<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20" onload="${script}"><script>${script}</script></svg>`,
  'declared.png': `<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY f SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg"><text>&f;</text></svg>`,
  'page.png': `<!doctype html><title>page</title><script>${script}</script>`,
}

test('an SVG or HTML file named .png is refused, and nothing of it is shown or run', async ({ loupe, page }) => {
  loupe.guard.allow(...refusal)
  await loupe.ready()
  const asked: string[] = []
  page.on('request', (request) => asked.push(new URL(request.url()).pathname))
  await loupe.add(
    Object.entries(disguised).map(([name, text]) => ({ name, mimeType: 'image/png', buffer: Buffer.from(text) })),
  )
  for (const name of Object.keys(disguised)) {
    await expect(loupe.picture(new RegExp(`^${name.replace('.', '\\.')}, not added\\. `))).toBeVisible()
  }
  expect(asked.filter((path) => path === '/api/call/images.list')).toEqual([])
  expect(await page.locator('svg text, svg script, iframe, object, embed').count()).toBe(0)
  expect(await page.title()).not.toBe('owned')
})

test('whatever a picture holds, what the window is given of it are pixels made anew', async ({ loupe, page, host }) => {
  await loupe.ready()
  // A PNG that is also a page: what follows the picture's end would be HTML to whoever sniffs.
  const buffer = Buffer.concat([readFileSync(shapes), Buffer.from(`<html><script>${script}</script>`)])
  const pictures: Promise<{ type: string | undefined; sniff: string | undefined; text: string }>[] = []
  page.on('response', (response) => {
    if (!response.url().startsWith(`${host.origin}/api/call/images.`)) return
    pictures.push(
      response.body().then((body) => ({
        type: response.headers()['content-type'],
        sniff: response.headers()['x-content-type-options'],
        text: body.toString('latin1'),
      })),
    )
  })
  await loupe.add([{ name: 'both.png', mimeType: 'image/png', buffer }])
  await loupe.finished(6)
  await expect.poll(() => pictures.length).toBeGreaterThan(1)
  for (const { type, sniff, text } of await Promise.all(pictures)) {
    expect([type, sniff]).toEqual(['application/x-layerloupe', 'nosniff'])
    expect(text).not.toContain('<script>')
  }
})
