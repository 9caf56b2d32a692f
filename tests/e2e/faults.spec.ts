/** Faults a person can cause with the window: odd names, folders without end, a compute process that dies. */

import { readdirSync, readFileSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { unzipSync } from 'fflate'
import { madePicture } from './support/pictures.ts'
import { slowPipeline } from './support/pipelines.ts'
import { clouds, expect, shapes, test } from './support/test.ts'

test('names with emoji, right-to-left text, line ends and 255 bytes are shown, run and saved', async ({
  loupe,
  page,
}) => {
  const names = ['👩‍🔬🔬 lab.png', 'صورة.png', 'two\nlines.png', `${'n'.repeat(251)}.png`, '<b>bold.png']
  await loupe.ready()
  for (const [index, name] of names.entries()) await loupe.drop([await madePicture(name, 32, 32, index + 1)])
  const shown = names.map((name) => name.replace('\n', '\ufffd'))
  for (const name of shown) await expect(loupe.pictures.getByRole('option', { name })).toHaveCount(1)
  await loupe.finished(6)
  // Nothing is wider than the window, and nothing of a name is taken for markup.
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
  await expect(page.locator('b', { hasText: 'bold' })).toHaveCount(0)
  for (const name of [shown[1]!, shown[2]!]) {
    await loupe.pictures.getByRole('option', { name }).click()
    await loupe.finished(6)
    await page.keyboard.press('Control+s')
    await loupe.dialog.getByRole('radio', { name: /^All stages/ }).check()
    const download = page.waitForEvent('download')
    await loupe.dialog.getByRole('button', { name: 'Save', exact: true }).click()
    const saved = await download
    expect(saved.suggestedFilename()).toBe(name.replace('.png', '.zip'))
    const files = unzipSync(new Uint8Array(readFileSync(await saved.path())))
    const manifest = Object.entries(files).find(([file]) => file.endsWith('manifest.json'))![1]
    expect(JSON.parse(new TextDecoder().decode(manifest))).toMatchObject({ image: { name } })
    await page.keyboard.press('Escape')
    await expect(loupe.dialog).toBeHidden()
  }
})

test('a dropped folder that leads to itself is read to its end', async ({ loupe }) => {
  const top = await mkdtemp(path.join(tmpdir(), 'faults-round-'))
  await mkdir(path.join(top, 'below/deeper'), { recursive: true })
  await copyFile(shapes, path.join(top, 'one.png'))
  await copyFile(clouds, path.join(top, 'below/deeper/two.jpg'))
  await symlink(top, path.join(top, 'below/self'), 'junction')
  await loupe.ready()
  await loupe.dropPaths([top])
  await expect(loupe.picture(/^one\.png/)).toBeVisible()
  await expect(loupe.picture(/^two\.jpg/)).toBeVisible()
  await expect(loupe.gallery.getByText(/^(Adding|Looking)/)).toBeHidden()
  await expect(loupe.pictures.getByRole('option')).toHaveCount(2)
  await rm(top, { recursive: true })
})

test('a compute process killed in the middle of a run is told of, and the window works on', async ({ loupe, host }) => {
  test.skip(process.platform !== 'linux', 'where a process tells its children: Linux')
  await loupe.drop([await madePicture('holiday.png')])
  await loupe.finished(6)
  await loupe.drop([slowPipeline])
  await expect(loupe.status).toContainText('Computing Conv 31×31…')
  // What the window was reading just then is lost with the process, and read anew.
  loupe.guard.allow(/status of 422/, /\/api\/call\/(stages\.read|images\.read|explain|receptiveField)$/)
  const [engine] = children(host.pid)
  process.kill(engine!, 'SIGKILL')
  await expect(loupe.notices).toContainText(
    'The compute process stopped (it was ended by SIGKILL) and was started again.',
  )
  await expect(loupe.viewer.getByRole('alert').or(loupe.status.getByRole('alert')).first()).toContainText('holiday.png')
  await loupe.viewer.getByRole('button', { name: 'Try again' }).click()
  await expect(loupe.status).toContainText('Computing Conv 31×31…')
  await expect(loupe.viewer.getByRole('alert')).toHaveCount(0)
  await loupe.usePipeline('Walkthrough')
  await loupe.finished(6)
  await loupe.choose(2)
})

/** The processes a process has started and that live. */
function children(pid: number): number[] {
  const parentOf = (other: string) => {
    try {
      return Number(/\) \S+ (\d+)/.exec(readFileSync(`/proc/${other}/stat`, 'utf8'))?.[1])
    } catch {
      return undefined
    }
  }
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && parentOf(name) === pid)
    .map(Number)
}
