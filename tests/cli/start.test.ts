/** `npm start` in a project of its own, with an npm and a build that only say that they were called. */

import { spawn } from 'node:child_process'
import { appendFile, cp, mkdir, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { repoRoot } from '../support/shared.ts'
import { start, temporaryFolder, until } from './support/program.ts'

interface Project {
  readonly folder: string
  readonly start: (...args: string[]) => ReturnType<typeof start>
  /** What was called so far: `npm ci …`, `build`, `run …`. */
  readonly calls: () => Promise<string[]>
}

async function project(): Promise<Project> {
  const folder = await temporaryFolder()
  const log = path.join(folder, 'calls.log')
  await mkdir(path.join(folder, 'build'), { recursive: true })
  for (const name of ['start.mjs', 'setup.mjs', 'state.mjs']) {
    await cp(path.join(repoRoot, 'build', name), path.join(folder, 'build', name))
  }
  for (const room of ['shared', 'main', 'renderer']) {
    await mkdir(path.join(folder, room))
    await writeFile(path.join(folder, room, 'source.ts'), 'export const one = 1\n')
  }
  const packages = {
    '': {},
    'node_modules/a': { version: '1.0.0', integrity: 'sha' },
    'node_modules/b': { version: '1.0.0', optional: true },
  }
  await writeFile(path.join(folder, 'package.json'), '{"type":"module"}')
  await writeFile(path.join(folder, 'package-lock.json'), JSON.stringify({ packages }))
  const say = `const { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } = await import('node:fs');const say = (text) => appendFileSync(${JSON.stringify(log)}, text + '\\n')\n`
  await writeFile(
    path.join(folder, 'npm-cli.js'),
    `${say}say('npm ' + process.argv.slice(2).join(' '))
console.log('added 1 package')
rmSync('node_modules', { recursive: true, force: true })
mkdirSync('node_modules', { recursive: true })
await new Promise((resolve) => setTimeout(resolve, 300))
if (process.env.FAIL_NPM) { console.error('no network'); process.exit(1) }
writeFileSync('node_modules/.package-lock.json', readFileSync('package-lock.json'))
`,
  )
  await writeFile(
    path.join(folder, 'build/build.mjs'),
    `${say}import { buildStamp, sourceHash } from './state.mjs'
say('build')
rmSync('dist', { recursive: true, force: true })
mkdirSync('dist/main', { recursive: true })
if (process.env.SLOW_BUILD) await new Promise((resolve) => setTimeout(resolve, 30_000))
await new Promise((resolve) => setTimeout(resolve, 300))
writeFileSync('dist/main/cli.js', ${JSON.stringify(`${say}say('run ' + process.argv.slice(2).join(' ')); if (process.argv[2] === 'where') console.error(process.cwd()); console.log('[]'); process.exitCode = process.argv.includes('bad') ? 2 : 0`)})
writeFileSync(buildStamp, sourceHash())
`,
  )
  await writeFile(log, '')
  const env = { npm_execpath: path.join(folder, 'npm-cli.js') }
  return {
    folder,
    start: (...args) => start(args, { cwd: folder, env }, path.join(folder, 'build/start.mjs')),
    calls: async () => (await readFile(log, 'utf8')).split('\n').filter(Boolean),
  }
}

const install = 'npm ci --include=dev --no-audit --no-fund --loglevel=error'

test('the first start installs, builds and runs with the arguments; what it says goes to standard error', async () => {
  const { start, calls } = await project()
  const { code, out, err } = await start('run', 'photo.jpg', '--json').ended
  expect(await calls()).toEqual([install, 'build', 'run run photo.jpg --json'])
  expect(out).toBe('[]\n')
  expect(err).toMatch(/Installing dependencies.*\nBuilding LayerLoupe/)
  expect(err).not.toContain('added 1 package')
  expect(code).toBe(0)
})

test('by way of npm, the program runs in the folder the person is in; without npm, where it was called', async () => {
  const { folder, calls } = await project()
  const typedIn = path.join(folder, 'shared')
  const program = path.join(folder, 'build/start.mjs')
  const npm = { npm_execpath: path.join(folder, 'npm-cli.js'), INIT_CWD: typedIn }
  const where = async (env: Record<string, string | undefined>) =>
    (await start(['where'], { cwd: folder, env: { ...npm, ...env } }, program).ended).err.trimEnd().split('\n').at(-1)
  expect(await where({ npm_lifecycle_event: 'start' })).toBe(await realpath(typedIn))
  expect(await where({ npm_lifecycle_event: 'test' })).toBe(await realpath(folder))
  expect(await where({ npm_lifecycle_event: 'start', INIT_CWD: path.join(folder, 'gone') })).toBe(
    await realpath(folder),
  )
  expect((await calls()).slice(0, 2)).toEqual([install, 'build'])
})

test('a second start does nothing again, and passes the exit code on', async () => {
  const { start, calls } = await project()
  await start().ended
  const { code, err } = await start('bad').ended
  expect((await calls()).slice(2)).toEqual(['run ', 'run bad'])
  expect({ code, err }).toEqual({ code: 2, err: '' })
})

test('a changed source is built again, a changed lock file installed again; a changed test is neither', async () => {
  const { folder, start, calls } = await project()
  await start().ended
  await writeFile(path.join(folder, 'main/source.test.ts'), 'a test')
  await start().ended
  await appendFile(path.join(folder, 'main/source.ts'), 'export const two = 2\n')
  await start().ended
  const packages = { '': {}, 'node_modules/a': { version: '2.0.0', integrity: 'sha2' } }
  await writeFile(path.join(folder, 'package-lock.json'), JSON.stringify({ packages }))
  await start().ended
  expect(await calls()).toEqual([install, 'build', 'run ', 'run ', 'build', 'run ', install, 'build', 'run '])
})

test('two starts at once set up once, and both run', async () => {
  const { start, calls } = await project()
  const ended = await Promise.all([start('one').ended, start('two').ended])
  expect(ended.map(({ code }) => code)).toEqual([0, 0])
  const [first, second, ...runs] = await calls()
  expect([first, second]).toEqual([install, 'build'])
  expect(runs.sort()).toEqual(['run one', 'run two'])
  expect(ended.some(({ err }) => err.includes('waiting for it'))).toBe(true)
})

test('a set-up that was killed is done again by the next start', async () => {
  const { folder, calls } = await project()
  const env = { ...process.env, npm_execpath: path.join(folder, 'npm-cli.js') }
  const first = spawn(process.execPath, ['build/start.mjs'], {
    cwd: folder,
    env: { ...env, SLOW_BUILD: '1' },
    stdio: 'ignore',
    detached: true,
  })
  await until(
    async () => (await calls()).includes('build'),
    () => 'no build',
  )
  process.kill(-first.pid!, 'SIGKILL')
  const { code, out } = await start([], { cwd: folder, env }, path.join(folder, 'build/start.mjs')).ended
  expect({ code, out }).toEqual({ code: 0, out: '[]\n' })
  expect(await calls()).toEqual([install, 'build', 'build', 'run '])
})

test('an installation that fails is told in a sentence with what npm said, and nothing runs', async () => {
  const { folder, calls } = await project()
  const env = { npm_execpath: path.join(folder, 'npm-cli.js'), FAIL_NPM: '1' }
  const { code, out, err } = await start([], { cwd: folder, env }, path.join(folder, 'build/start.mjs')).ended
  expect(await calls()).toEqual([install])
  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(err).toContain('no network')
  expect(err).toContain('npm could not install the dependencies')
})

test('a build for nothing is not made when only node_modules is gone', async () => {
  const { folder, start, calls } = await project()
  await start().ended
  await rm(path.join(folder, 'node_modules'), { recursive: true })
  await start().ended
  expect(await calls()).toEqual([install, 'build', 'run ', install, 'run '])
})
