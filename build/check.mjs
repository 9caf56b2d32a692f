/** `npm run check`: types, lint, format, unused code. */

import { runChecks } from './checks.mjs'
import { setUp } from './setup.mjs'

await setUp({ build: false })
const results = await runChecks()
const failed = results.filter(({ ok }) => !ok)
console.log(failed.length === 0 ? 'All checks passed.' : `Failed: ${failed.map(({ name }) => name).join(', ')}.`)
process.exitCode = failed.length === 0 ? 0 : 1
