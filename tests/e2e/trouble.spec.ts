/** What goes wrong, and what the window says and does then. */

import { pipelineFile, slowPipeline } from './support/pipelines.ts'
import { expect, shapes, test } from './support/test.ts'

test.use({ files: [shapes] })

test('a pipeline file that is dropped is used at once; a broken one is refused with a sentence', async ({ loupe }) => {
  await loupe.finished(6)
  const layers = [
    { kind: 'input', size: { width: 32, height: 20 } },
    { kind: 'flip', direction: 'horizontal' },
  ]
  await loupe.drop([pipelineFile('mirror.pipeline.json', { version: 1, name: 'Mirror', layers })])
  await expect(loupe.pipeline).toHaveText('Mirror')
  await loupe.finished(2)
  await expect(loupe.card(2)).toHaveAccessibleName(/^Flip.*, 20×32×1/)

  await loupe.drop([pipelineFile('other name.json', { version: 1, name: 'Other', layers })])
  await expect(loupe.pipeline).toHaveText('Other')
  await loupe.usePipeline('Mirror')

  await loupe.drop([pipelineFile('odd.pipeline.json', { version: 1, name: 'Odd', layers, colour: 'blue' })])
  await expect(loupe.notices).toContainText(/odd\.pipeline\.json: .*colour/)
  await loupe.drop([
    { name: 'text.pipeline.json', mimeType: 'application/json', buffer: Buffer.from('{"version": 1,') },
  ])
  await expect(loupe.notices).toContainText(/text\.pipeline\.json: /)
  await loupe.drop([pipelineFile('new.pipeline.json', { version: 99, name: 'New', layers })])
  await expect(loupe.notices).toContainText(/new\.pipeline\.json: .*99/)
  await expect(loupe.notices).not.toContainText('text.pipeline.json')
  await expect(loupe.pipeline).toHaveText('Mirror')
  await loupe.usePipeline('Edges')
  await expect(loupe.notices).toBeEmpty()
})

test('a pipeline that does not fit the picture says which layer and why', async ({ loupe, page }) => {
  loupe.guard.allow(/status of 422/, /runs\.start$/)
  await loupe.finished(6)
  const layers = [
    { kind: 'input', size: { width: 4, height: 4 } },
    { kind: 'pool2d', size: 7, stride: 1 },
  ]
  await loupe.drop([pipelineFile('large.pipeline.json', { version: 1, name: 'Large', layers })])
  await expect(page.getByText(/7×7 window does not fit a 4×4 input/).first()).toBeVisible()
  await loupe.usePipeline('Walkthrough')
  await loupe.finished(6)
  await expect(loupe.viewer.getByRole('alert')).toHaveCount(0)
})

test('a run is cancelled and goes on after a reload in its middle', async ({ loupe, page }) => {
  await loupe.finished(6)
  await loupe.drop([slowPipeline])
  await expect(loupe.status).toContainText('Computing Conv 31×31…')
  await expect(page.getByRole('progressbar')).toBeVisible()
  await loupe.status.getByRole('button', { name: 'Cancel' }).click()
  await expect(loupe.status.getByRole('button', { name: 'Cancel' })).toBeHidden()
  await expect(loupe.status.getByRole('status')).toHaveText('Cancelled')
  await loupe.status.getByRole('button', { name: 'Run again' }).click()
  await expect(loupe.status).toContainText('Computing Conv 31×31…')
  await loupe.usePipeline('Walkthrough')
  await loupe.finished(6)
  await loupe.usePipeline('Slow')
  await expect(loupe.status).toContainText('Computing')
  await page.reload()
  await loupe.finished(6)
  await loupe.choose(2)
})

test('where the host has died the window says so and what to do', async ({ loupe, page, host }) => {
  loupe.guard.allow(/net::ERR_/)
  await loupe.finished(6)
  await host.kill()
  const banner = page.getByRole('alert')
  await expect(banner).toContainText('The connection to LayerLoupe was lost')
  await page.keyboard.press('Control+s')
  await loupe.dialog.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(loupe.dialog.getByRole('alert')).toContainText(/LayerLoupe/)
  await page.keyboard.press('Escape')
  await expect(banner).toContainText('LayerLoupe has stopped. Start it again')
})

test('a second window at the used address says what to do', async ({ loupe, host, context }) => {
  await loupe.finished(6)
  const second = await context.newPage()
  await second.goto(host.address)
  await expect(second.getByRole('heading', { name: 'LayerLoupe cannot start here' })).toBeVisible()
  await expect(second.locator('main p')).toContainText(/address/)
})
