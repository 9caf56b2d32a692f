/** `npm run e2e [-- ARGUMENTS]`: the end-to-end tests in a real browser; arguments go to Playwright. */

import { setUp } from './setup.mjs'
import { findTestBrowser } from './testBrowser.mjs'
import { runTool } from './tools.mjs'

await setUp({ build: true })
const found = await findTestBrowser()
if (found.browser === undefined) {
  console.error(`The end-to-end tests cannot run: ${found.problem}.`)
  process.exitCode = 1
} else {
  const args = ['test', ...process.argv.slice(2)]
  const { code } = await runTool('playwright', args, { show: true, env: { LAYERLOUPE_BROWSER: found.browser } })
  process.exitCode = code
}
