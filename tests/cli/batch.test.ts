import { readFileSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import sharp from 'sharp'
import { beforeAll, expect, test } from 'vitest'
import type { Manifest } from '../../shared/manifest.ts'
import { readNpy } from '../support/npy.ts'
import { smallDisk } from '../support/smallDisk.ts'
import { filesBelow, layerloupe, start, temporaryFolder, until } from './support/program.ts'

/** Pictures of different greys, in folders of `folder`, which is made. */
async function makePictures(folder: string, count: number): Promise<string> {
  await mkdir(path.join(folder, 'deep/deeper'), { recursive: true })
  for (let i = 0; i < count; i++) {
    const pixels = Uint8Array.from({ length: 16 * 12 * 3 }, (_, at) => (at * (3 + i) + 40 * i) % 256)
    const name = `${['', 'deep/', 'deep/deeper/'][i % 3]!}picture-${String(i).padStart(2, '0')}.png`
    await sharp(pixels, { raw: { width: 16, height: 12, channels: 3 } }).toFile(path.join(folder, name))
  }
  return folder
}

const summaryOf = async (out: string) => await readFile(path.join(out, 'summary.csv'), 'utf8')

/** Every file, with what differs between two runs of the same taken out of manifests; what they are taken up from is left out. */
function contents(out: string, files: readonly string[]): Map<string, string> {
  return new Map(
    files
      .filter((file) => !file.endsWith('.layerloupe'))
      .map((file) => {
        const bytes = readFileSync(path.join(out, file))
        if (path.basename(file) !== 'manifest.json') return [file, bytes.toString('base64')]
        return [file, bytes.toString().replace(/"milliseconds": [\d.e-]+/g, '"milliseconds": 0')]
      }),
  )
}

/** Whether it, or a folder it is in, is one of those where unfinished files are. */
const isHidden = (file: string) => file.split(path.sep).some((part) => part.startsWith('.'))

/** A batch of a dozen, run without a stop: what others are compared with. */
let pictures: string
let whole: string
const args = ['--save', 'npy,manifest', '--recursive', '--jobs', '2']
/** The same, with one process to start where two would show nothing more. */
const alone = [...args.slice(0, -1), '1']

beforeAll(async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'layerloupe-batch-'))
  pictures = await makePictures(path.join(folder, 'pictures'), 12)
  whole = path.join(folder, 'whole')
  expect(await layerloupe(['batch', pictures, '--out', whole, ...args])).toMatchObject({ code: 0, err: '' })
  return async () => await rm(folder, { recursive: true, force: true })
}, 60_000)

test('a batch saves each picture under its own name and folder, and one table of all', async () => {
  const files = await filesBelow(whole)
  expect(files).toContain(path.join('deep/deeper/picture-02.png', '01-conv2d.npy'))
  expect(files).toEqual(
    expect.arrayContaining(['summary.csv', 'summary.json', 'contact-sheet.png', 'batch.layerloupe']),
  )
  const lines = (await summaryOf(whole)).trimEnd().split('\r\n')
  expect(lines).toHaveLength(13)
  expect(lines[0]).toMatch(/^name,width,height,class,p\(class 0\),p\(class 1\),00-input\.min,/)
  const [name, width, height] = lines[1]!.split(',')
  expect([name, width, height]).toEqual(['deep/deeper/picture-02.png', '16', '12'])
  const manifest = JSON.parse(await readFile(path.join(whole, 'deep/picture-01.png/manifest.json'), 'utf8')) as Manifest
  const line = lines.find((text) => text.startsWith('deep/picture-01.png'))!.split(',')
  const at = lines[0]!.split(',').indexOf('01-conv2d.mean')
  expect(Number(line[at])).toBe(manifest.stages[1]!.mean)
})

test('mean and standard deviation over the pictures are those of the saved arrays', async () => {
  const files = (await filesBelow(whole)).filter((file) => file.endsWith(path.join('.png', '02-pool2d.npy')))
  expect(files).toHaveLength(12)
  const arrays = files.map((file) => readNpy(path.join(whole, file)).data as Float64Array)
  const mean = readNpy(path.join(whole, 'statistics/02-pool2d-mean.npy'))
  const std = readNpy(path.join(whole, 'statistics/02-pool2d-std.npy')).data as Float64Array
  expect(mean.shape).toEqual([32, 32, 1])
  for (const [i, value] of (mean.data as Float64Array).entries()) {
    const values = arrays.map((array) => array[i]!)
    const expected = values.reduce((sum, x) => sum + x) / 12
    expect(value).toBeCloseTo(expected, 14)
    expect(std[i]).toBeCloseTo(Math.sqrt(values.reduce((sum, x) => sum + (x - expected) ** 2, 0) / 12), 14)
  }
})

test('the same command again makes nothing anew, but what is missing, changed or of another pipeline', async () => {
  const out = path.join(await temporaryFolder(), 'out')
  await cp(whole, out, { recursive: true, preserveTimestamps: true })
  const array = path.join(out, 'deep/picture-01.png/02-pool2d.npy')
  await writeFile(array, 'damaged')
  await rm(path.join(out, 'picture-00.png'), { recursive: true })
  const untouched = path.join(out, 'picture-03.png/01-conv2d.npy')
  const before = (await stat(untouched)).mtimeMs
  const again = await layerloupe(['batch', pictures, '--out', out, ...alone, '--json'])
  expect(JSON.parse(again.out)).toMatchObject({ total: 12, done: 12, skipped: 10, failed: 0 })
  expect((await stat(untouched)).mtimeMs).toBe(before)
  expect(contents(out, await filesBelow(out))).toEqual(contents(whole, await filesBelow(whole)))

  const look = ['--theme', 'dark', '--no-labels', '--no-legend', '--no-scale-bar']
  const other = await layerloupe(['batch', pictures, '--out', out, ...alone, '--pipeline', 'edges', ...look, '--json'])
  expect(JSON.parse(other.out)).toMatchObject({ done: 12, skipped: 0 })
  const sheet = await sharp(path.join(out, 'contact-sheet.png')).raw().toBuffer({ resolveWithObject: true })
  // Ten small pictures in a row, of two rows, without their names.
  expect(sheet.info).toMatchObject({ width: 2 * 28 + 10 * 96 + 9 * 16, height: 2 * 28 + 2 * 96 + 16 })
  expect([...sheet.data.subarray(0, 3)]).toEqual([24, 25, 28])
  const files = await filesBelow(path.join(out, 'picture-00.png'))
  expect(files).not.toContain('02-pool2d.npy')
})

test('shards cover every picture once, and merged are what one batch is', async () => {
  const out = path.join(await temporaryFolder(), 'out')
  for (const shard of ['1/2', '2/2']) {
    const ended = await layerloupe(['batch', pictures, '--out', out, '--shard', shard, ...alone, '--json'])
    expect(JSON.parse(ended.out)).toMatchObject({ total: 6, done: 6, skipped: 0 })
    if (shard === '1/2') {
      const early = await layerloupe(['merge', out])
      expect(early).toMatchObject({ code: 1, err: expect.stringContaining('batch-2-of-2.layerloupe') as string })
    }
  }
  const merged = await layerloupe(['merge', out, '--json'])
  expect(JSON.parse(merged.out)).toMatchObject({ parts: 2, total: 12, done: 12, failed: 0 })
  expect(contents(out, await filesBelow(out))).toEqual(contents(whole, await filesBelow(whole)))
})

test('an interrupted batch leaves whole files alone, exits with 130, and the next one ends as if there had been no stop', async () => {
  const out = path.join(await temporaryFolder(), 'out')
  const command = ['batch', pictures, '--out', out, ...args]
  const begun = start(command)
  await until(
    async () => (await filesBelow(out).catch(() => [])).some((file) => file.endsWith('manifest.json')),
    begun.said,
  )
  begun.child.kill('SIGINT')
  expect(await begun.ended).toMatchObject({ code: 130, err: expect.stringContaining('goes on from here') as string })
  const left = await filesBelow(out)
  expect(left.filter(isHidden)).toEqual([])
  const made = contents(
    whole,
    left.filter((file) => file.includes('.png/') && !file.startsWith('statistics')),
  )
  expect(contents(out, [...made.keys()])).toEqual(made)
  expect(await layerloupe(command)).toMatchObject({ code: 0, err: '' })
  expect(contents(out, await filesBelow(out))).toEqual(contents(whole, await filesBelow(whole)))
})

test('two batches at once into one folder both end well, with every file whole', async () => {
  const out = path.join(await temporaryFolder(), 'out')
  const command = ['batch', pictures, '--out', out, ...alone]
  const ended = await Promise.all([layerloupe(command), layerloupe(command)])
  expect(ended).toMatchObject([
    { code: 0, err: '' },
    { code: 0, err: '' },
  ])
  expect(contents(out, await filesBelow(out))).toEqual(contents(whole, await filesBelow(whole)))
})

test('a picture that fails is named, the others are done, and the exit code is 1', async () => {
  const folder = await makePictures(await temporaryFolder(), 2)
  await writeFile(path.join(folder, 'broken.png'), 'no picture')
  const out = path.join(await temporaryFolder(), 'out')
  const ended = await layerloupe(['batch', folder, '--out', out, ...alone, '--json'])
  expect(ended.code).toBe(1)
  expect(ended.err).toContain('broken.png')
  expect(JSON.parse(ended.out)).toMatchObject({
    done: 2,
    failed: 1,
    failures: [{ name: 'broken.png', code: 'image-unsupported' }],
  })
  expect(JSON.parse(await readFile(path.join(out, 'summary.json'), 'utf8'))).toMatchObject({
    total: 3,
    failed: [{ name: 'broken.png', code: 'image-unsupported' }],
  })
})

test('a batch that can write nowhere does not say that it saved anything', async () => {
  const file = path.join(await temporaryFolder(), 'file')
  await writeFile(file, '')
  const ended = await layerloupe(['batch', pictures, '--out', path.join(file, 'out'), ...alone])
  expect(ended.code).toBe(1)
  expect(ended.out).toMatch(/^12 images: 0 done, 12 not begun, .* Nothing was saved\.\n$/)
})

test('patterns are expanded here, lists come with zeros, and the results are no pictures of the next batch', async () => {
  const folder = await makePictures(await temporaryFolder(), 5)
  const out = path.join(folder, 'out')
  const names = async () =>
    (await summaryOf(out))
      .trimEnd()
      .split('\r\n')
      .slice(1)
      .map((line) => line.split(',')[0])
  const flags = ['--save', 'none', '--jobs', '1', '--out', out]
  const list = path.join(folder, 'list')
  await writeFile(list, ['deep/picture-04.png', 'picture-03.png', ''].join('\0'))
  const named = ['batch', '**/*-0[14].png', '--list', list, 'picture-00.png', ...flags]
  expect((await layerloupe(named, { cwd: folder })).code).toBe(0)
  expect(await names()).toEqual(['deep/picture-01.png', 'deep/picture-04.png', 'picture-00.png', 'picture-03.png'])
  expect((await layerloupe(['batch', '.', '-r', ...flags], { cwd: folder })).code).toBe(0)
  expect(await names()).toHaveLength(5)
  // Without its state, as one is that was killed; what it saved is told by its manifests.
  expect((await layerloupe(['batch', '.', '-r', '--save', 'png', '--out', 'shown'], { cwd: folder })).code).toBe(0)
  await rm(path.join(folder, 'shown', 'batch.layerloupe'))
  await rm(path.join(folder, 'shown', 'contact-sheet.png'))
  await rm(path.join(folder, 'shown', 'statistics'), { recursive: true })
  expect(await layerloupe(['batch', '.', '-r', ...flags], { cwd: folder })).toMatchObject({
    code: 0,
    err: 'layerloupe: 30 pictures saved by LayerLoupe itself, left out.\n',
  })
  expect(await names()).toHaveLength(5)
  expect(await layerloupe(['batch', '.', '-r', '--out', '.'], { cwd: folder })).toMatchObject({
    code: 2,
    err: expect.stringMatching(/a folder of its name, and \S+\.png is in there itself; .* such as results\./) as string,
  })
  expect(await layerloupe(['batch', '*.jpg', ...flags], { cwd: folder })).toMatchObject({
    code: 2,
    err: expect.stringContaining('*.jpg') as string,
  })
})

const disk = smallDisk('900k')
test.runIf(disk.mounted)(`a full disk stops a batch, and what it leaves is whole${disk.note}`, async () => {
  const out = path.join(disk.folder, 'out')
  const ended = await layerloupe(['batch', pictures, '--out', out, ...args])
  expect(ended.code).toBe(1)
  expect(ended.err).toContain('the disk is full')
  const left = await filesBelow(out)
  expect(left.filter(isHidden)).toEqual([])
  const folders = new Set(left.map((file) => path.dirname(file)))
  expect(folders.size).toBeGreaterThan(2)
  for (const folder of folders) expect(left).toContain(path.join(folder, 'manifest.json'))
})
