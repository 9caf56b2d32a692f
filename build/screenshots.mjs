/**
 * Makes docs/window-light.png and docs/window-dark.png again: the real window on the photos named on the command line,
 * the first of them open, or on the sample pictures.
 */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { setUp } from './setup.mjs'
import { root } from './state.mjs'
import { findTestBrowser } from './testBrowser.mjs'

const samples = ['cat', 'still-life', 'landscape', 'digits', 'test-chart', 'zone-plate']
const named = process.argv.slice(2).map((file) => path.resolve(file))
const docs = path.join(root, 'docs')

await setUp({ build: true })
const found = await findTestBrowser()
if (found.browser === undefined) throw new Error(found.problem)

const files = named.length > 0 ? named : samples.map((name) => path.join(root, 'dist/samples', `${name}.png`))
// The defaults, not the settings of whoever makes the pictures.
const data = await mkdtemp(path.join(tmpdir(), 'layerloupe-screenshots-'))
const host = spawn(process.execPath, [path.join(root, 'dist/main/cli.js'), 'serve', ...files], {
  stdio: ['ignore', 'pipe', 'inherit'],
  env: { ...process.env, LAYERLOUPE_DATA: data },
})
try {
  const [address] = await once(createInterface({ input: host.stdout }), 'line')
  const { chromium } = await import('@playwright/test')
  const browser = await chromium.launch({
    executablePath: found.browser,
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  })
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' })
    await page.goto(address)
    await page
      .getByRole('listbox', { name: 'Pictures' })
      .locator('img')
      .nth(files.length - 1)
      .waitFor()
    await page.getByRole('listbox', { name: 'Pictures' }).getByRole('option').first().click()
    await page.getByRole('combobox', { name: 'Pipeline' }).click()
    await page.getByRole('option', { name: /^Edges/ }).click()
    await page.getByText(/^4 stages in /).waitFor()
    await page.getByRole('option', { name: /^Conv 3×3/ }).click()
    await page.getByRole('heading', { level: 2, name: 'Conv 3×3' }).waitFor()
    // A probe at the edge of an eye, where the kernels disagree, and the sum that made its value.
    const picture = page.getByRole('application').locator('figure div').first()
    const box = await picture.boundingBox()
    if (box === null) throw new Error('the convolution is not on screen')
    await page.mouse.click(box.x + box.width * 0.34, box.y + box.height * 0.46)
    await page.getByRole('group', { name: 'The formula' }).waitFor()
    await mkdir(docs, { recursive: true })
    for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
      await page.emulateMedia({ colorScheme })
      await page.screenshot({ path: path.join(docs, `window-${colorScheme}.png`), animations: 'disabled' })
    }
  } finally {
    await browser.close()
  }
} finally {
  host.kill('SIGINT')
  await once(host, 'exit')
  await rm(data, { recursive: true, force: true })
}
