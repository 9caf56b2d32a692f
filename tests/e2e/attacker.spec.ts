/**
 * Pages of other origins against a running LayerLoupe, in one browser with a window that is in use: they read nothing
 * and cause nothing. The same attempts are shown to succeed against a server that trusts whoever asks.
 */

import { expect, test as base, type Page } from '@playwright/test'
import path from 'node:path'
import { createEngine } from '../../main/engine/index.ts'
import { startWebHost, type WebHost } from '../../main/hosts/web/server.ts'
import { encodeWire } from '../../shared/wire.ts'
import { repoRoot } from '../support/shared.ts'
import { recordAnswers, type Answered } from './support/answered.ts'
import {
  attackPage,
  openAndLook,
  startAttackerSite,
  startCarelessServer,
  tryEverything,
  type AttackerSite,
} from './support/attacks.ts'
import { guardPage } from './support/guard.ts'
import { Loupe, shapes } from './support/test.ts'

interface Victim {
  readonly host: WebHost
  /** Where its window was opened; the token in it is spent. */
  readonly address: string
  readonly loupe: Loupe
  readonly page: Page
  readonly session: string
  /** Whatever the host answered to anyone but its own window. */
  readonly toOthers: () => Answered[]
  readonly answers: readonly Answered[]
  /** The methods the engine was asked for since this was called last. */
  readonly caused: () => string[]
}

interface Fixtures {
  readonly site: AttackerSite
  readonly victim: Victim
}

const test = base.extend<Fixtures>({
  // eslint-disable-next-line no-empty-pattern -- Playwright reads the parameter for what a fixture needs
  site: async ({}, use) => {
    const site = await startAttackerSite()
    await use(site)
    await site.close()
  },
  victim: async ({ context }, use) => {
    const dist = path.join(repoRoot, 'dist')
    const engine = createEngine({
      version: 'test',
      host: 'web',
      entry: path.join(dist, 'main/engine.js'),
      samples: path.join(dist, 'samples'),
    })
    const calls: string[] = []
    const watched: typeof engine = Object.create(engine, {
      call: {
        value: async (...args: Parameters<typeof engine.call>) => {
          // To serve the page in its theme, which anyone may open, the host reads the settings.
          if (args[0] !== 'settings.read') calls.push(args[0])
          return await engine.call(...args)
        },
      },
    }) as typeof engine
    const host = await startWebHost({ engine: watched, renderer: path.join(dist, 'renderer') })
    const { answers, stop } = recordAnswers(host.port)
    await engine.addFile(shapes)
    const page = await context.newPage()
    const guard = await guardPage(page, host.origin)
    const address = host.address()
    await page.goto(address)
    const loupe = new Loupe(page, guard)
    await loupe.finished(6)
    const session = await page.evaluate(() => sessionStorage.getItem('layerloupe.session')!)
    expect(session).toMatch(/^[\w-]{43}$/)
    // What the window itself asks for must be over before what others cause can be told from it.
    await expect.poll(() => calls.splice(0).length, { intervals: [700] }).toBe(0)
    const toOthers = () => answers.filter(({ headers }) => headers['sec-fetch-site'] !== 'same-origin').slice(1)
    await use({ host, address, loupe, page, session, answers, toOthers, caused: () => calls.splice(0) })
    stop()
    await host.close()
    await engine.close()
  },
})

// A name of the attacker's that has come to resolve to this computer; and a browser that lets any page ask there, as
// older ones do, so that what holds is LayerLoupe's own doing.
test.use({
  launchOptions: [
    async ({ launchOptions }, use) => {
      const args = [
        ...(launchOptions.args ?? []),
        '--host-resolver-rules=MAP rebind.test 127.0.0.1',
        '--disable-features=LocalNetworkAccessChecks',
      ]
      await use({ ...launchOptions, args })
    },
    { scope: 'worker' },
  ],
})

/** A call that would remove the picture, were it let through. */
const call = [...encodeWire({ images: ['0'.repeat(64)] })]

/** Nothing was let in but the page itself in a window of its own, and the window in use is as it was. */
async function nothingChanged({ loupe, page, caused, toOthers }: Victim): Promise<void> {
  const letIn = toOthers().filter(({ status }) => status < 400)
  expect(
    letIn.filter(
      ({ method, url, headers }) => `${method} ${url} ${String(headers['sec-fetch-dest'])}` !== 'GET / document',
    ),
  ).toEqual([])
  expect(caused()).toEqual([])
  await page.bringToFront()
  await expect(loupe.pictures.getByRole('option')).toHaveCount(1)
  await loupe.usePipeline('Edges')
  await expect.poll(caused).toContain('runs.start')
  loupe.guard.check()
}

for (const kind of ['sameSite', 'crossSite'] as const) {
  const name = kind === 'sameSite' ? 'another port' : 'another site on this computer'

  test(`a page of ${name} reads nothing and causes nothing, whatever it tries`, async ({ site, victim, context }) => {
    const attacker = await context.newPage()
    await attacker.goto(site[kind])
    const got = await attacker.evaluate(tryEverything, { victim: victim.host.origin, call })
    expect(Object.keys(got).length).toBeGreaterThan(20)
    expect(Object.fromEntries(Object.entries(got).filter(([, what]) => what !== ''))).toEqual({})
    // They did come: each got an answer, and it was no.
    expect(victim.toOthers().length).toBeGreaterThan(20)
    expect(victim.toOthers().filter(({ status }) => status < 400)).toEqual([])
    await nothingChanged(victim)
  })

  test(`a page of ${name} that opens the window itself is cut off from it`, async ({ site, victim, context }) => {
    const attacker = await context.newPage()
    await attacker.goto(site[kind])
    for (const address of [
      `${victim.host.origin}/`,
      // A token spent, one made up, and script where a token should be.
      victim.address,
      `${victim.host.origin}/#${'A'.repeat(43)}`,
      `${victim.host.origin}/#"><img src=x onerror=alert(1)>`,
    ]) {
      const opening = context.waitForEvent('page')
      const looking = attacker.evaluate(openAndLook, address)
      const opened = await opening
      // Without a key it is a page that says so.
      await expect(opened.getByRole('heading', { name: 'LayerLoupe cannot start here' })).toBeVisible()
      await expect(opened.locator('img[src="x"]')).toHaveCount(0)
      expect(await opened.evaluate(() => [opener === null, sessionStorage.length])).toEqual([true, 0])
      expect(await looking).toEqual({ read: '', seen: [], closed: true, frames: 0 })
      await opened.close()
    }
    await nothingChanged(victim)
  })

  test(`the attempts of a page of ${name} do succeed where the server is careless`, async ({ site, context }) => {
    const careless = await startCarelessServer()
    const attacker = await context.newPage()
    await attacker.goto(site[kind])
    const got = await attacker.evaluate(tryEverything, { victim: careless.origin, call })
    for (const attempt of ['fetch /', 'fetch with a header', 'XMLHttpRequest', 'image', 'script', 'module']) {
      expect([attempt, got[attempt]]).not.toEqual([attempt, ''])
    }
    for (const attempt of ['style sheet', 'preload', 'EventSource', 'cache']) {
      expect([attempt, got[attempt]]).not.toEqual([attempt, ''])
    }
    // Posts: with a header, three plain ones, a beacon and three forms.
    expect(careless.posted.length).toBe(8)
    const opened = context.waitForEvent('page')
    const looked = await attacker.evaluate(openAndLook, `${careless.origin}/`)
    expect(looked.closed).toBe(false)
    await (await opened).close()
    await careless.close()
  })
}

test('a name that comes to resolve to this computer gets nothing, though the browser holds nothing back', async ({
  victim,
  context,
}) => {
  const rebound = `http://rebind.test:${victim.host.port}`
  const attacker = await context.newPage()
  // The page itself still came from the attacker's own server; everything after it goes to this computer.
  await attacker.route(`${rebound}/kittens`, (route) => route.fulfill({ contentType: 'text/html', body: attackPage }))
  await attacker.goto(`${rebound}/kittens`)
  const report = await attacker.evaluate(
    async ({ wire, call, session }) => {
      const got: string[] = []
      for (const path of ['/', '/assets/x.js', '/api/events', '/api/call/images.list', '/api/session']) {
        for (const method of ['GET', 'POST', 'PUT']) {
          // Not even with the key, should it ever learn it.
          const headers = { 'Content-Type': wire, Authorization: `Bearer ${session}` }
          const body = method === 'GET' ? null : new Uint8Array(call)
          const response = await fetch(path, { method, headers, body })
          got.push(`${response.status} ${await response.text()}`)
        }
      }
      return got
    },
    { wire: 'application/x-layerloupe', call, session: victim.session },
  )
  expect(report).toHaveLength(15)
  for (const told of report) expect(told).toMatch(/^421 .*This address is not the one LayerLoupe answers to\./s)
  const opened = await attacker.goto(`${rebound}/`)
  expect(opened?.status()).toBe(421)
  await nothingChanged(victim)
})

test('the keys of a window are in no address, no history, no Referer and no other header', async ({
  site,
  victim: { address, host, page, session, loupe, answers },
  context,
}) => {
  const launch = new URL(address).hash.slice(1)
  expect(page.url()).toBe(`${host.origin}/`)
  const debug = await context.newCDPSession(page)
  const { entries } = await debug.send('Page.getNavigationHistory')
  expect(entries.map(({ url }) => url)).toContain(`${host.origin}/`)
  for (const { url, title } of entries) expect(`${url} ${title}`).not.toMatch(new RegExp(`${launch}|${session}`))

  await page.reload()
  await loupe.finished(6)
  await loupe.usePipeline('Edges')
  await expect.poll(() => answers.length).toBeGreaterThan(20)
  // A link to elsewhere, as no page of ours has one: even that tells nothing of where it was followed from.
  await page.evaluate((there) => {
    const link = Object.assign(document.createElement('a'), { href: there, textContent: 'elsewhere' })
    document.body.append(link)
    link.click()
  }, `${site.crossSite}/visit`)
  await page.waitForURL(`${site.crossSite}/visit`)
  expect(await page.evaluate(() => document.referrer)).toBe('')
  const [visit] = site.visits
  expect(visit?.headers).not.toHaveProperty('referer')
  expect(JSON.stringify(site.visits)).not.toMatch(new RegExp(`${launch}|${session}`))

  for (const { url, headers } of answers) {
    expect(url).not.toMatch(new RegExp(`${launch}|${session}`))
    expect(headers).not.toHaveProperty('referer')
    const { authorization, ...rest } = headers
    expect(JSON.stringify(rest)).not.toMatch(new RegExp(`${launch}|${session}`))
    if (authorization !== undefined) expect(url).toMatch(/^\/api\/(call|events)/)
  }
  // Nor is it kept where another page of this origin, or a later start on the same port, could find it.
  const kept = await context.storageState({ indexedDB: true })
  expect(JSON.stringify(kept)).not.toMatch(new RegExp(`${launch}|${session}`))
})
