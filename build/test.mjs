/**
 * `npm test`: sets up what is missing, then runs every check that can run here, and says at the end what ran and what
 * could not. The exit code is 0 only if all that ran passed.
 */

import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { runChecks } from './checks.mjs'
import { setUp, SetupError } from './setup.mjs'
import { root } from './state.mjs'
import { canInstallPackages, findTestBrowser, installPackages } from './testBrowser.mjs'
import { run, runTool } from './tools.mjs'

/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 * @typedef {{ name: string, counts: Counts, seconds: number, note?: string }} Part
 */

/** @type {Part[]} */
const parts = []
/** What could not run here, as sentences. @type {string[]} */
const missing = []
const reports = path.join(root, '.cache/reports')

/** @param {string} title */
function heading(title) {
  console.log(`\n── ${title} ${'─'.repeat(Math.max(0, 76 - title.length))}`)
}

/** @param {string} name @param {boolean} ok @param {number} seconds @returns {Part} */
function single(name, ok, seconds) {
  return { name, counts: { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 }, seconds }
}

/**
 * A test runner's own counts; a runner that failed without a failing test (it crashed, or found no test) counts as one.
 * @param {string} name
 * @param {import('./tools.mjs').Outcome} outcome
 * @param {() => Counts} read
 * @returns {Part}
 */
function counted(name, { code, seconds }, read) {
  /** @type {Counts} */
  let counts = { passed: 0, failed: 0, skipped: 0 }
  try {
    counts = read()
  } catch (error) {
    console.log(`${name}: its report cannot be read (${error instanceof Error ? error.message : String(error)})`)
  }
  const ranNone = counts.passed + counts.failed === 0
  if ((code !== 0 || ranNone) && counts.failed === 0) counts.failed = 1
  return { name, counts, seconds, ...(ranNone ? { note: 'no test ran' } : {}) }
}

async function unitTests() {
  const report = path.join(reports, 'vitest.json')
  const outcome = await runTool(
    'vitest',
    ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    {
      show: true,
    },
  )
  parts.push(
    counted('unit and contract tests', outcome, () => {
      const told = JSON.parse(readFileSync(report, 'utf8'))
      listSkipped(told.testResults)
      const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = told
      return { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests + numTodoTests }
    }),
  )
}

async function browserTests() {
  const found = await findTestBrowser()
  if (found.browser === undefined) {
    console.log(`The end-to-end tests cannot run: ${found.problem}.`)
    parts.push({ ...single('end-to-end tests', false, 0), note: found.problem })
    return
  }
  console.log(`In ${found.browser}`)
  const report = path.join(reports, 'playwright.json')
  const outcome = await runTool('playwright', ['test', '--reporter=list,json'], {
    show: true,
    env: { LAYERLOUPE_BROWSER: found.browser, PLAYWRIGHT_JSON_OUTPUT_FILE: report },
  })
  parts.push(
    counted('end-to-end tests', outcome, () => {
      const { stats, suites } = JSON.parse(readFileSync(report, 'utf8'))
      for (const suite of suites) tellSkipped(`${suite.file} (end-to-end)`, skippedSpecs(suite))
      return { passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped }
    }),
  )
}

/** A short run of what `npm run fuzz` does for longer, always the same cases. */
async function fuzz() {
  const options = { show: true, timeout: 5 * 60_000 }
  const script = path.join(root, 'build/fuzz.mjs')
  const { code, seconds } = await run(process.execPath, [script, '--seconds', '25', '--seed', '1'], options)
  parts.push(single('fuzz', code === 0, seconds))
}

/** @param {string} file @param {readonly string[]} names */
function tellSkipped(file, names) {
  if (names.length === 0) return
  missing.push(`${file}: skipped "${names[0] ?? ''}"${names.length > 1 ? ` and ${names.length - 1} more` : ''}.`)
}

/**
 * @typedef {{ type: string, description?: string }} Annotation
 * @typedef {{ title: string, tests: readonly { status: string, annotations: readonly Annotation[] }[] }} Spec
 * @typedef {{ specs?: readonly Spec[], suites?: readonly Suite[] }} Suite
 */

/**
 * The skipped tests of a Playwright suite, each with the reason it gave.
 * @param {Suite} suite @returns {string[]}
 */
function skippedSpecs({ specs = [], suites = [] }) {
  const own = specs.flatMap(({ title, tests }) =>
    tests.flatMap(({ status, annotations }) => {
      const reason = annotations.find(({ type }) => type === 'skip')?.description
      return status === 'skipped' ? [reason === undefined ? title : `${title}: ${reason}`] : []
    }),
  )
  return [...own, ...suites.flatMap(skippedSpecs)]
}

/**
 * The names of skipped tests, which say why.
 * @param {readonly { name: string, assertionResults: readonly { status: string, fullName: string }[] }[]} files
 */
function listSkipped(files) {
  for (const { name, assertionResults } of files) {
    const skipped = assertionResults.filter(({ status }) => status !== 'passed' && status !== 'failed')
    tellSkipped(
      path.relative(root, name),
      skipped.map(({ fullName }) => fullName),
    )
  }
}

/** NumPy and Pillow run the scripts we save and read our arrays back; without them those tests are skipped. */
async function getPython() {
  const works = async () => (await run('/usr/bin/python3', ['-c', 'import numpy, PIL'])).code === 0
  if (!(await works()) && canInstallPackages()) {
    console.log("Installing Debian's python3-numpy and python3-pil, to have our scripts and arrays run and read…")
    await installPackages(['python3-numpy', 'python3-pil'])
  }
  if (!(await works())) {
    missing.push(
      'The scripts and arrays we save were not run and read by NumPy and Pillow: install both for python3 (Debian: python3-numpy, python3-pil).',
    )
  } else if ((await run('/usr/bin/python3', ['-c', 'import torch'])).code !== 0) {
    missing.push('reproduce_torch.py was compiled but not run: install PyTorch for python3 (Debian: python3-torch).')
  }
}

function lookForPhotos() {
  const shared = process.env['LAYERLOUPE_SHARED'] ?? path.resolve(root, '../shared')
  if (existsSync(shared)) return
  missing.push(
    '../shared is absent: comparisons with NumPy and Pillow on its photos did not run; those on tests/fixtures did.',
  )
}

function summarise() {
  heading('Summary')
  const rows = parts.map(({ name, counts, seconds, note }) => [
    counts.failed === 0 ? 'ok' : 'FAILED',
    name,
    `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`,
    `${seconds.toFixed(0)} s`,
    note ?? '',
  ])
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  for (const row of rows)
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
  console.log(missing.length === 0 ? '\nEverything could run here.' : '\nWhat could not run here:')
  for (const sentence of missing) console.log(`- ${sentence}`)
  const total = parts.reduce(
    (sum, { counts }) => ({
      passed: sum.passed + counts.passed,
      failed: sum.failed + counts.failed,
      skipped: sum.skipped + counts.skipped,
    }),
    { passed: 0, failed: 0, skipped: 0 },
  )
  console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
  process.exitCode = total.failed === 0 ? 0 : 1
}

rmSync(reports, { recursive: true, force: true })
mkdirSync(reports, { recursive: true })
try {
  await setUp({ build: false })
  heading('Types, lint, format, unused code')
  parts.push(...(await runChecks()).map(({ name, ok, seconds }) => single(name, ok, seconds)))
  heading('Build')
  const begin = performance.now()
  await setUp({ build: true })
  parts.push(single('build', true, (performance.now() - begin) / 1000))
  lookForPhotos()
  heading('Unit and contract tests')
  await getPython()
  await unitTests()
  heading('Fuzz')
  await fuzz()
  heading('End-to-end tests')
  await browserTests()
} catch (error) {
  if (!(error instanceof SetupError)) throw error
  console.log(error.message)
  parts.push(single('set-up', false, 0))
}
summarise()
