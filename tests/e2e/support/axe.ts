/** What axe finds wrong with a page. */

import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

/** Legacy mode runs in this page alone: there are no frames here, and a helper page for each look takes seconds. */
export const look = (page: Page) => new AxeBuilder({ page }).setLegacyMode()

export type Scheme = 'light' | 'dark'

/** Waits until every colour has changed: half-way, one may have less contrast than it has before and after. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
    const passing = document.getAnimations().filter(({ effect }) => effect?.getTiming().iterations !== Infinity)
    await Promise.all(passing.map(({ finished }) => finished.catch(() => undefined)))
  })
}

/** Changes the colour scheme. */
export async function wear(page: Page, colorScheme: Scheme): Promise<void> {
  await page.emulateMedia({ colorScheme })
  await settled(page)
}

/** Fails where any rule is broken, in the whole page or in what a selector names; `what` is on show. */
export async function expectNoViolations(page: Page, what = '', within?: string): Promise<void> {
  await settled(page)
  const builder = within === undefined ? look(page) : look(page).include(within)
  const { violations } = await builder.analyze()
  expect(told(violations), what).toEqual([])
}

/** Each broken rule with the elements that break it. */
export function told(violations: Awaited<ReturnType<AxeBuilder['analyze']>>['violations']): string[] {
  return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(' | ')}`)
}
