/** Finds a Chromium for the tests, or gets one. */

import { existsSync } from 'node:fs'
import path from 'node:path'
import { run, runTool } from './tools.mjs'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge']

/** @returns {Promise<string | undefined>} a browser that is there already: Playwright's own, else an installed one */
async function present() {
  const named = process.env['LAYERLOUPE_BROWSER']
  if (named && named !== 'none') return named
  const { chromium } = await import('@playwright/test')
  if (existsSync(chromium.executablePath())) return chromium.executablePath()
  const folders = (process.env['PATH'] ?? '').split(path.delimiter)
  return names.flatMap((name) => folders.map((folder) => path.join(folder, name))).find((file) => existsSync(file))
}

/** Whether Debian's packages can be installed here. */
export function canInstallPackages() {
  return process.getuid?.() === 0 && existsSync('/etc/debian_version') && existsSync('/usr/bin/apt-get')
}

let listsAreFresh = false

/**
 * Installs Debian packages; call only where `canInstallPackages`.
 * @param {readonly string[]} packages
 * @returns {Promise<boolean>}
 */
export async function installPackages(packages) {
  const options = { env: { DEBIAN_FRONTEND: 'noninteractive' }, timeout: 8 * 60_000 }
  if (!listsAreFresh) await run('apt-get', ['update', '-q'], options)
  listsAreFresh = true
  const { code, output } = await run(
    'apt-get',
    ['install', '-y', '-q', '--no-install-recommends', ...packages],
    options,
  )
  if (code !== 0) console.log(output.trimEnd())
  return code === 0
}

/**
 * A browser's path; gets one where there is none.
 * @returns {Promise<{ browser: string } | { browser: undefined, problem: string }>}
 */
export async function findTestBrowser() {
  const found = await present()
  if (found) return { browser: found }
  console.log('No Chromium found; asking Playwright for its own…')
  await runTool('playwright', ['install', 'chromium-headless-shell', 'chromium'], { timeout: 3 * 60_000 })
  const downloaded = await present()
  if (downloaded) return { browser: downloaded }
  if (canInstallPackages()) {
    console.log("Installing Debian's chromium…")
    await installPackages(['chromium'])
    const installed = await present()
    if (installed) return { browser: installed }
  }
  return {
    browser: undefined,
    problem:
      'there is no browser to test in: install Chromium or Chrome (Debian: apt-get install chromium), or run npx playwright install chromium',
  }
}
