/** What each end-to-end test is given: a host of its own, a guarded page at its window, and the window's parts by name. */

import { test as base, expect, type Locator, type Page } from '@playwright/test'
import path from 'node:path'
import { fixturesDir } from '../../support/shared.ts'
import { guardPage, type Guard } from './guard.ts'
import { startHost, type Host } from './host.ts'

export const shapes = path.join(fixturesDir, 'synthetic/shapes.png')
export const clouds = path.join(fixturesDir, 'synthetic/clouds.jpg')
export const zoneplate = path.join(fixturesDir, 'synthetic/zoneplate.png')

export interface FileToAdd {
  readonly name: string
  readonly mimeType: string
  readonly buffer: Buffer
}

/** The window by what a person sees of it. */
export class Loupe {
  readonly page: Page
  readonly guard: Guard
  readonly gallery: Locator
  readonly pictures: Locator
  readonly stages: Locator
  readonly cards: Locator
  readonly viewer: Locator
  readonly stage: Locator
  readonly details: Locator
  readonly status: Locator
  readonly notices: Locator
  readonly pipeline: Locator
  readonly dialog: Locator

  constructor(page: Page, guard: Guard) {
    this.page = page
    this.guard = guard
    this.gallery = page.getByRole('complementary', { name: 'Gallery' })
    this.pictures = this.gallery.getByRole('listbox', { name: 'Pictures' })
    this.stages = page.getByRole('listbox', { name: 'Stages' })
    this.cards = this.stages.getByRole('option')
    this.viewer = page.getByRole('region', { name: 'Stage viewer' })
    this.stage = this.viewer.getByRole('application')
    this.details = page.getByRole('complementary', { name: 'Layer details' })
    this.status = page.getByRole('contentinfo', { name: 'Status' })
    this.notices = page.getByRole('log', { name: 'Messages' })
    this.pipeline = page.getByRole('combobox', { name: 'Pipeline' })
    this.dialog = page.getByRole('dialog')
  }

  /** The empty window, its samples there. */
  async ready(): Promise<void> {
    await expect(this.page.getByRole('button', { name: /^Add the sample picture/ }).first()).toBeVisible()
  }

  async add(files: readonly string[] | readonly FileToAdd[]): Promise<void> {
    await this.page.getByLabel('Pictures to add').setInputFiles(files)
  }

  picture(name: string | RegExp): Locator {
    return this.pictures.getByRole('option', { name })
  }

  /** 0 is the original. */
  card(index: number): Locator {
    return this.cards.nth(index)
  }

  /** Waits until the run in hand has ended with this many stages. */
  async finished(stages: number): Promise<void> {
    await expect(this.status.getByRole('status')).toHaveText(new RegExp(`^${stages} stages? in `))
    await expect(this.cards).toHaveCount(stages + 1)
  }

  /** Chooses a stage and waits until it is what the viewer shows. */
  async choose(index: number): Promise<void> {
    await this.card(index).click()
    await this.shows(index)
  }

  async shows(index: number): Promise<void> {
    await expect(this.card(index)).toHaveAttribute('aria-selected', 'true')
    const name = (await this.card(index).getAttribute('aria-label'))!.split(', ')[0]!
    await expect(this.viewer.getByRole('heading', { level: 2 })).toHaveText(name)
    await expect(this.viewer.locator('.stage.late')).toHaveCount(0)
  }

  async usePipeline(name: string): Promise<void> {
    await this.pipeline.click()
    await this.page.getByRole('option', { name: new RegExp(`^${name}`) }).click()
    await expect(this.pipeline).toHaveText(name)
  }

  /** Points at the middle of an element of a picture of `columns` × `rows` elements that is shown whole. */
  async pointAt(row: number, column: number, rows: number, columns: number, tile = 0): Promise<void> {
    const box = (await this.viewer.locator('.frame').nth(tile).boundingBox())!
    await this.page.mouse.move(
      box.x + ((column + 0.5) * box.width) / columns,
      box.y + ((row + 0.5) * box.height) / rows,
    )
  }

  /** Drops files and folders of this machine on the window, as the system hands them to the browser. */
  async dropPaths(paths: readonly string[]): Promise<void> {
    const { width, height } = this.page.viewportSize()!
    const session = await this.page.context().newCDPSession(this.page)
    const data = { items: [], files: [...paths], dragOperationsMask: 1 }
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
      await session.send('Input.dispatchDragEvent', { type, x: width / 2, y: height / 2, data })
    }
    await session.detach()
  }

  /** Drops files that are nowhere on the disk. */
  async drop(files: readonly FileToAdd[]): Promise<void> {
    const data = await this.page.evaluateHandle(
      (list) => {
        const transfer = new DataTransfer()
        for (const { name, type, base64 } of list) {
          const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
          transfer.items.add(new File([bytes], name, { type }))
        }
        return transfer
      },
      files.map(({ name, mimeType, buffer }) => ({ name, type: mimeType, base64: buffer.toString('base64') })),
    )
    for (const type of ['dragenter', 'dragover', 'drop']) {
      await this.page.dispatchEvent('main', type, { dataTransfer: data })
    }
  }
}

interface Fixtures {
  readonly files: readonly string[]
  readonly host: Host
  readonly loupe: Loupe
}

export const test = base.extend<Fixtures>({
  /** Pictures named on the host's command line. */
  files: [[], { option: true }],
  host: async ({ files }, use) => {
    const host = await startHost(files)
    await use(host)
    await host.stop()
  },
  loupe: async ({ page, host }, use) => {
    const guard = await guardPage(page, host.origin)
    await page.goto(host.address)
    await use(new Loupe(page, guard))
    guard.check()
  },
})

/** What the browser itself logs of a file the engine refused: the answer has status 422. */
export const refusal = [
  /status of 422/,
  /\/api\/call\/images\.(add|thumbnail|read)$|\/api\/call\/runs\.start$/,
] as const

export { expect }
