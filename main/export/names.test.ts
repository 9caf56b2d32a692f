import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { baseName, safeName, shortNames, uniqueFolder, uniqueName } from './names.ts'

it('tells pictures of one name apart by the folders they are in, as many as that takes', () => {
  const short = {
    'cat.jpg': 'cat.jpg',
    'term/anna/IMG_1.jpg': 'anna/IMG_1.jpg',
    'term/ben/IMG_1.jpg': 'term/ben/IMG_1.jpg',
    'other/ben/IMG_1.jpg': 'other/ben/IMG_1.jpg',
    'IMG_1.jpg': 'IMG_1.jpg',
    'term/ben/dog.jpg': 'dog.jpg',
  }
  expect(Object.fromEntries(shortNames(Object.keys(short)))).toEqual(short)
})

describe('a safe name', () => {
  it.each([
    ['photo', 'photo'],
    ['Ägypten 2024 – Ж', 'Ägypten 2024 – Ж'],
    ['a<b>c:d"e/f\\g|h?i*j', 'a_b_c_d_e_f_g_h_i_j'],
    ['tab\tand\u0000nul\u009f', 'tab_and_nul_'],
    ['ends with dots...', 'ends with dots'],
    [' spaces ', 'spaces'],
    ['CON', 'CON_'],
    ['con.old', 'con_.old'],
    ['Lpt1.tar', 'Lpt1_.tar'],
    ['COM¹', 'COM¹_'],
    ['console', 'console'],
    ['..', '_'],
    ['.', '_'],
    ['', '_'],
    ['../../etc/passwd', '.._.._etc_passwd'],
    ['half \ud800 a character', 'half _ a character'],
    ['e\u0301', 'é'],
  ])('of %j is %j', (name, safe) => {
    expect(safeName(name)).toBe(safe)
  })

  it('is at most 200 bytes, never cut inside a character', () => {
    expect(safeName('a'.repeat(300))).toBe('a'.repeat(200))
    expect(safeName('€'.repeat(300))).toBe('€'.repeat(66))
    expect(safeName('🐈'.repeat(300))).toBe('🐈'.repeat(50))
  })

  it('is legal everywhere, whatever is given, and safe already', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (name) => {
        const safe = safeName(name)
        expect(safe).toMatch(/^[^<>:"/\\|?*\p{Cc}]*[^. <>:"/\\|?*\p{Cc}]$/u)
        expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(201)
        expect(safeName(safe)).toBe(safe)
        expect(path.dirname(path.join('folder', safe))).toBe('folder')
      }),
    )
  })
})

it('a base name is the file name without its last ending', () => {
  expect(['photo.jpg', 'photo.tar.gz', '.hidden', 'none'].map(baseName)).toEqual([
    'photo',
    'photo.tar',
    '.hidden',
    'none',
  ])
})

it('a unique name counts up, and takes upper and lower case for the same', () => {
  const taken = new Set<string>()
  const names = ['photo', 'Photo', 'photo', 'other', 'photo-2'].map((name) => uniqueName(name, taken))
  expect(names).toEqual(['photo', 'Photo-2', 'photo-3', 'other', 'photo-2-2'])
})

it('a unique name is as short as a safe one, so that it stays what it is when it is made safe again', () => {
  const taken = new Set<string>()
  for (const name of ['n'.repeat(300), '🦊'.repeat(60), `${'n'.repeat(197)}. .jpg`]) {
    for (let i = 0; i < 12; i++) {
      const unique = uniqueName(name, taken)
      expect(safeName(unique)).toBe(unique)
    }
  }
  expect(taken.size).toBe(36)
})

describe('a unique folder', () => {
  let directory: string
  beforeEach(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'layerloupe-names-'))
  })
  afterEach(() => {
    rmSync(directory, { recursive: true })
  })

  it('is made, with the first number that is free among files and folders', async () => {
    mkdirSync(path.join(directory, 'PHOTO'))
    writeFileSync(path.join(directory, 'photo-2'), '')
    expect(await uniqueFolder(directory, 'photo')).toBe('photo-3')
    expect(readdirSync(directory).sort()).toEqual(['PHOTO', 'photo-2', 'photo-3'])
  })

  it('is another one for each of many asked for at once', async () => {
    const names = await Promise.all(Array.from({ length: 20 }, () => uniqueFolder(path.join(directory, 'new'), 'x')))
    expect(new Set(names).size).toBe(20)
    expect(readdirSync(path.join(directory, 'new')).length).toBe(20)
  })

  it('cannot be made inside a file, and says so', async () => {
    const file = path.join(directory, 'file')
    writeFileSync(file, '')
    await expect(uniqueFolder(file, 'x')).rejects.toMatchObject({
      code: 'write-failed',
      message: expect.stringMatching(/^x could not be written: .* Choose another folder\.$/) as string,
    })
  })
})
