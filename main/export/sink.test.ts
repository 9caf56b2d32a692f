import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { unzipSync } from 'fflate'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LoupeError } from '../../shared/errors.ts'
import { noNote } from './journal.ts'
import { folderSink, writeNewFile, zipSink } from './sink.ts'
import { smallDisk } from '../../tests/support/smallDisk.ts'

const text = (value: string) => new TextEncoder().encode(value)
let directory: string
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'layerloupe-sink-'))
})
afterEach(() => {
  rmSync(directory, { recursive: true, force: true })
})
const listing = (folder = directory) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()

describe('one file into a folder', () => {
  it('is written whole beside what is there, and named as nothing else', async () => {
    writeFileSync(path.join(directory, 'SUM.PNG'), 'mine')
    expect(await writeNewFile(directory, 'sum.png', text('first'))).toBe('sum-2.png')
    expect(await writeNewFile(directory, 'sum.png', text('second'))).toBe('sum-3.png')
    expect(await writeNewFile(path.join(directory, 'new'), 'a:b.svg', text('third'))).toBe('a_b.svg')
    expect(listing()).toEqual(['SUM.PNG', 'new', 'new/a_b.svg', 'sum-2.png', 'sum-3.png'])
    expect(readFileSync(path.join(directory, 'SUM.PNG'), 'utf8')).toBe('mine')
  })
})

/** Comes in three pieces, or breaks off after two. */
async function* pieces(letter: string, whole = true): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < 3; i++) {
    if (i === 2 && !whole) throw new LoupeError('cancelled', 'It was cancelled.')
    yield text(letter.repeat(100_000))
    await new Promise<void>((resolve) => setImmediate(resolve))
  }
}

describe('a file that comes in pieces', () => {
  it('is whole beside others that come at the same time, in a folder and in a zip', async () => {
    const file = path.join(directory, 'stages.zip')
    const folder = path.join(directory, 'stages')
    for (const sink of [folderSink(folder), zipSink(file)]) {
      await Promise.all(['a', 'b', 'c'].map((name) => sink.write(name, pieces(name))))
      await sink.close()
    }
    const zipped = unzipSync(readFileSync(file))
    expect(Object.keys(zipped).sort()).toEqual(['a', 'b', 'c'])
    for (const name of ['a', 'b', 'c']) {
      const wanted = Buffer.from(name.repeat(300_000))
      expect(wanted.equals(readFileSync(path.join(folder, name))), name).toBe(true)
      expect(wanted.equals(zipped[name]!), name).toBe(true)
    }
  })

  it('leaves nothing of itself where it breaks off, and aborting takes all back', async () => {
    const folder = folderSink(path.join(directory, 'stages'))
    await folder.write('whole', pieces('w'))
    await expect(folder.write('half', pieces('h', false))).rejects.toMatchObject({ code: 'cancelled' })
    expect(listing()).toEqual(['stages', 'stages/whole'])
    await folder.abort()
    const zip = zipSink(path.join(directory, 'stages.zip'))
    await expect(zip.write('half', pieces('h', false))).rejects.toMatchObject({ code: 'cancelled' })
    await zip.abort()
    expect(listing()).toEqual([])
  })

  it('is not added to a zip beyond its largest size', async () => {
    const zip = zipSink(path.join(directory, 'small.zip'), noNote, { bytes: 250_000, files: 9 })
    await expect(zip.write('large', pieces('l'))).rejects.toMatchObject({ code: 'write-failed' })
    await zip.abort()
    expect(listing()).toEqual([])
  })
})

describe('a folder sink', () => {
  it('writes files whole, in folders it makes, and leaves nothing else', async () => {
    const sink = folderSink(path.join(directory, 'deep/stages'))
    await Promise.all([sink.write('photo/00-input.npy', text('numbers')), sink.write('top.txt', text('top'))])
    await sink.close()
    expect(listing()).toEqual([
      'deep',
      'deep/stages',
      'deep/stages/photo',
      'deep/stages/photo/00-input.npy',
      'deep/stages/top.txt',
    ])
    expect(readFileSync(path.join(directory, 'deep/stages/photo/00-input.npy'), 'utf8')).toBe('numbers')
  })

  it('never writes outside its folder, nor under a name a system refuses', async () => {
    const inside = path.join(directory, 'inside')
    const sink = folderSink(inside)
    for (const name of ['../out.txt', '/etc/out.txt', 'a/../../b.txt', 'c\\..\\d.txt', 'NUL.png', './e.txt']) {
      await sink.write(name, text(name))
    }
    expect(listing()).toEqual(
      [
        'inside',
        'inside/_',
        'inside/_/e.txt',
        'inside/_/out.txt',
        'inside/a',
        'inside/a/_',
        'inside/a/_/_',
        'inside/a/_/_/b.txt',
        'inside/c_.._d.txt',
        'inside/etc',
        'inside/etc/out.txt',
        'inside/NUL_.png',
      ].sort(),
    )
  })

  it('takes back what it wrote when aborted, and leaves what others have', async () => {
    writeFileSync(path.join(directory, 'mine.txt'), 'mine')
    mkdirSync(path.join(directory, 'full'))
    writeFileSync(path.join(directory, 'full/theirs.txt'), 'theirs')
    const sink = folderSink(directory)
    const name = await sink.folder('full')
    expect(name).toBe('full-2')
    await sink.write(`${name}/a.txt`, text('a'))
    await sink.write('new/deep/b.txt', text('b'))
    await sink.write('full/c.txt', text('c'))
    await sink.write('mine.txt', text('written over'))
    await sink.abort()
    expect(listing()).toEqual(['full', 'full/theirs.txt', 'mine.txt'])
  })

  it('says what to do where a file is in the way of a folder', async () => {
    writeFileSync(path.join(directory, 'photo'), '')
    await expect(folderSink(directory).write('photo/a.png', text('a'))).rejects.toMatchObject({
      code: 'write-failed',
      message: expect.stringContaining('a.png could not be written') as string,
      detail: { file: 'a.png' },
    })
    expect(listing()).toEqual(['photo'])
  })

  it.skipIf(process.platform !== 'linux')(
    'says at once that no folder can be made where the system has none (skipped where there is no /proc)',
    async () => {
      const sink = folderSink('/proc/layerloupe/stages')
      const refused = {
        code: 'write-failed',
        message: expect.stringContaining('no folder can be made there') as string,
      }
      await expect(sink.folder('photo')).rejects.toMatchObject(refused)
      await expect(sink.write('photo/a.png', text('a'))).rejects.toMatchObject(refused)
      const zip = zipSink('/proc/layerloupe/stages.zip')
      await expect(zip.write('a.png', text('a'))).rejects.toMatchObject(refused)
      await zip.abort()
    },
  )

  it('writes through a link to a folder, which stays', async () => {
    mkdirSync(path.join(directory, 'real'))
    symlinkSync(path.join(directory, 'real'), path.join(directory, 'link'), 'junction')
    const sink = folderSink(path.join(directory, 'link'))
    await sink.write('a.txt', text('a'))
    expect(readdirSync(path.join(directory, 'real'))).toEqual(['a.txt'])
    await sink.abort()
    expect(listing()).toEqual(['link', 'real'])
  })

  it.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
    'says what to do where it may not write (skipped for root, who may)',
    async () => {
      chmodSync(directory, 0o500)
      await expect(folderSink(directory).write('a.png', text('a'))).rejects.toMatchObject({
        code: 'write-failed',
        message: expect.stringContaining('you may not write there') as string,
      })
      chmodSync(directory, 0o700)
    },
  )
})

describe('a zip sink', () => {
  it('holds each file as it was written, and appears only when closed', async () => {
    const file = path.join(directory, 'stages.zip')
    const sink = zipSink(file)
    const large = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 7919) >> 3)
    const [first, second] = [await sink.folder('photo'), await sink.folder('Photo')]
    await Promise.all([
      sink.write(`${first}/large.npy`, large),
      sink.write(`${second}/ä.json`, text('{}')),
      sink.write('../empty', new Uint8Array(0)),
    ])
    expect(existsSync(file)).toBe(false)
    await sink.close()
    expect(listing()).toEqual(['stages.zip'])
    const entries = unzipSync(readFileSync(file))
    expect(Object.keys(entries).sort()).toEqual(['Photo-2/ä.json', '_/empty', 'photo/large.npy'])
    expect(Buffer.compare(entries['photo/large.npy']!, large)).toBe(0)
    expect(new TextDecoder().decode(entries['Photo-2/ä.json'])).toBe('{}')
  })

  const python = '/usr/bin/python3'
  it.skipIf(!existsSync(python))('passes the check of another program (skipped without python3)', async () => {
    const file = path.join(directory, 'stages.zip')
    const sink = zipSink(file)
    await sink.write('a/b.txt', text('checked'))
    await sink.write('c.npy', new Uint8Array(100_000).fill(7))
    await sink.close()
    const check = spawnSync(python, ['-m', 'zipfile', '-t', file], { encoding: 'utf8' })
    expect(check.stdout).toContain('Done testing')
    expect(check.status).toBe(0)
  })

  it('leaves nothing when aborted, while files are still being written', async () => {
    const sink = zipSink(path.join(directory, 'stages.zip'))
    await sink.write('a', new Uint8Array(1_000_000))
    const late = sink.write('b', new Uint8Array(1_000_000))
    await Promise.all([late.catch(() => undefined), sink.abort()])
    await expect(sink.write('c', text('c'))).rejects.toMatchObject({ code: 'cancelled' })
    expect(listing()).toEqual([])
  })

  it('refuses more files than its format can list, and more bytes than can be fetched', async () => {
    const few = zipSink(path.join(directory, 'few.zip'), noNote, { bytes: 1e6, files: 2 })
    await few.write('a.npy', text('a'))
    await few.write('b.npy', text('b'))
    await expect(few.write('c.npy', text('c'))).rejects.toMatchObject({
      code: 'write-failed',
      message:
        'A zip holds at most 2 files, and these stages are more. Save fewer images or stages, or save to a folder.',
    })
    await few.abort()
    const small = zipSink(path.join(directory, 'small.zip'), noNote, { bytes: 1e9, files: 0xffff })
    await expect(small.write('d.npy', new Uint8Array(1e9))).rejects.toMatchObject({
      message: expect.stringContaining('at most 1.0 GB') as string,
    })
    await small.abort()
    expect(listing()).toEqual([])
  })

  it('that nothing was written to is an empty zip', async () => {
    const file = path.join(directory, 'empty.zip')
    const sink = zipSink(file)
    await sink.close()
    expect(unzipSync(readFileSync(file))).toEqual({})
  })
})

const { folder: disk, mounted, note } = smallDisk('1m')

describe.skipIf(!mounted)(`a full disk${note}`, () => {
  it('leaves of a folder the whole files and no trace of the one that did not fit; aborting takes all back', async () => {
    const sink = folderSink(path.join(disk, 'stages'))
    await sink.write('small.npy', new Uint8Array(400_000))
    await expect(sink.write('large.npy', new Uint8Array(900_000))).rejects.toMatchObject({
      code: 'write-failed',
      message:
        'large.npy could not be written: the disk is full. Free some space or choose another folder, then save again.',
      detail: { file: 'large.npy', system: 'ENOSPC' },
    })
    expect(listing(disk)).toEqual(['stages', 'stages/small.npy'])
    expect(statSync(path.join(disk, 'stages/small.npy')).size).toBe(400_000)
    await sink.abort()
    expect(listing(disk)).toEqual([])
  })

  it('leaves nothing of a zip that did not fit', async () => {
    const sink = zipSink(path.join(disk, 'stages.zip'))
    await sink.write('small.npy', new Uint8Array(400_000))
    await expect(sink.write('large.npy', new Uint8Array(900_000))).rejects.toMatchObject({
      code: 'write-failed',
      message: expect.stringContaining('stages.zip could not be written: the disk is full') as string,
    })
    await expect(sink.close()).rejects.toMatchObject({ code: 'write-failed' })
    await sink.abort()
    expect(listing(disk)).toEqual([])
  })
})
