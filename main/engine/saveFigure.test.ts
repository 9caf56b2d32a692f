import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { photos, testEngine } from '../../tests/support/engine.ts'
import { presets } from '../../shared/presets.ts'

test('a formula goes into a folder that was granted as it is drawn, beside one of that name, and can be shown', async () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'layerloupe-figure-'))
  const shown: string[] = []
  const revealFolder = (folder: string) => Promise.resolve(void shown.push(folder))
  const engine = await testEngine({ hostMethods: { revealFolder } })
  try {
    const image = await engine.addFile(photos[0]!)
    const { run } = await engine.run(image.id, presets[0]!.pipeline)
    const request = {
      run,
      subject: { type: 'formula', stage: 1, row: 3, column: 4, channel: 0 },
      format: 'svg',
    } as const
    const { folder } = engine.grantFolder(directory)
    const drawn = await engine.call('figures.draw', request)
    const name = 'shapes-01-conv2d-row3-column4-channel0'
    for (const file of [`${name}.svg`, `${name}-2.svg`]) {
      const { job, result } = await engine.call('figures.save', { ...request, folder })
      expect(result).toEqual({ files: [file], byteLength: drawn.bytes.byteLength, name: file })
      expect(Uint8Array.from(readFileSync(path.join(directory, file)))).toEqual(Uint8Array.from(drawn.bytes))
      await engine.call('host.revealExport', { job })
    }
    expect(shown).toEqual([directory, directory])
    expect(readdirSync(directory)).toHaveLength(2)
    const elsewhere = engine.call('figures.save', { ...request, folder: 'elsewhere' })
    await expect(elsewhere).rejects.toMatchObject({ code: 'not-found' })
  } finally {
    await engine.close()
    rmSync(directory, { recursive: true, force: true })
  }
}, 60_000)
