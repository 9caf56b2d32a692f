/** Watches a page: anything it logs, throws, is forbidden or asks of another origin fails the test. */

import { expect, type Page } from '@playwright/test'

export interface Guard {
  /** A console message that belongs to this scenario: its text and the path it is about must match. */
  allow(text: RegExp, path?: RegExp): void
  /** Fails where something came that was not allowed. */
  check(): void
}

export async function guardPage(page: Page, origin: string): Promise<Guard> {
  const problems: { text: string; path: string }[] = []
  const allowed: { text: RegExp; path: RegExp }[] = []
  const add = (text: string, url = '') => problems.push({ text, path: url.replace(origin, '') })

  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') {
      add(`console ${message.type()}: ${message.text()}`, message.location().url)
    }
  })
  page.on('pageerror', (error) => add(`uncaught: ${error.stack ?? error.message}`))
  page.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(`${origin}/`) && !/^(blob|data):/.test(url)) add(`request to another origin: ${url}`)
  })
  await page.exposeFunction('forbidden', (what: string) => add(`forbidden by the content security policy: ${what}`))
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      void (window as unknown as { forbidden(what: string): Promise<void> }).forbidden(
        `${event.effectiveDirective} ${event.blockedURI}`,
      )
    })
  })
  return {
    allow: (text, path = /(?:)/) => void allowed.push({ text, path }),
    check() {
      const left = problems.filter(
        ({ text, path }) => !allowed.some((one) => one.text.test(text) && one.path.test(path)),
      )
      expect(left).toEqual([])
    },
  }
}
