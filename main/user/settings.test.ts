import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { defaultDocument } from '../../shared/settings.ts'
import { openSettings } from './settings.ts'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'layerloupe-settings-'))
  file = path.join(folder, 'settings.json')
})
afterEach(() => {
  chmodSync(folder, 0o700)
  rmSync(folder, { recursive: true, force: true })
})

/** The system's own user without rights, by number. */
const nobody = 65_534
const today = new Date().toISOString().slice(0, 10)

it('are the defaults where there is no file, and nothing is written until one is changed', () => {
  const store = openSettings(path.join(folder, 'none'))
  expect([store.current, store.problem]).toEqual([defaultDocument, null])
  expect(readdirSync(folder)).toEqual([])
})

it('are kept from one start to the next, in a file for this person alone', () => {
  openSettings(path.join(folder, 'new')).change({ pixels: 20e6, theme: 'dark' })
  const again = openSettings(path.join(folder, 'new'))
  expect(again.current).toEqual({ ...defaultDocument, pixels: 20e6, theme: 'dark' })
  expect(readdirSync(path.join(folder, 'new'))).toEqual(['settings.json'])
})

it('of two programs at once keep what each has changed', () => {
  const [one, other] = [openSettings(folder), openSettings(folder)]
  one.change({ theme: 'dark' })
  other.change({ motion: 'reduced' })
  expect(openSettings(folder).current).toMatchObject({ theme: 'dark', motion: 'reduced' })
})

it.each([
  ['half a file', '{"version": 1, "pix', 'corrupt', 'are damaged'],
  ['nothing', '', 'corrupt', 'are damaged'],
  ['a wrong value', '{"version": 1, "pixels": "many"}', 'corrupt', 'are damaged'],
  ['an unknown setting', '{"version": 1, "colour": "red"}', 'corrupt', 'are damaged'],
  ['a list', '[]', 'corrupt', 'are damaged'],
  ['a later version', '{"version": 2, "pixels": {"most": 5}}', 'newer', 'are from a later LayerLoupe'],
])('with %s are kept aside as they are, told, and the defaults used', (_what, text, state, sentence) => {
  writeFileSync(file, text)
  const store = openSettings(folder)
  expect(store.current).toEqual(defaultDocument)
  const aside = `settings.${state}-${today}.json`
  expect(store.problem).toBe(
    `The settings in settings.json ${sentence}. The file was kept as ${aside} in the same folder, and the defaults are used.`,
  )
  expect(readFileSync(path.join(folder, aside), 'utf8')).toBe(text)
  store.change({ theme: 'light' })
  expect(readdirSync(folder).sort()).toEqual([aside, 'settings.json'].sort())
  // A second one on the same day takes nothing's place.
  writeFileSync(file, text)
  expect(openSettings(folder).problem).toContain(`settings.${state}-${today}-2.json`)
  expect(readFileSync(path.join(folder, aside), 'utf8')).toBe(text)
})

it('that are no file at all are kept aside', () => {
  mkdirSync(file)
  const store = openSettings(folder)
  expect(store.problem).toContain('cannot be read (EISDIR)')
  store.change({ theme: 'dark' })
  expect(openSettings(folder).current.theme).toBe('dark')
})

/** Does something as a person without rights over everything: root may read and write all there is. */
function unprivileged<T>(work: () => T): T {
  if (process.geteuid?.() !== 0) return work()
  chownSync(folder, nobody, nobody)
  for (const name of readdirSync(folder)) chownSync(path.join(folder, name), nobody, nobody)
  process.seteuid!(nobody)
  try {
    return work()
  } finally {
    process.seteuid!(0)
  }
}

it.skipIf(process.platform === 'win32')('that this person may not read are kept aside', () => {
  writeFileSync(file, '{"version": 1, "theme": "dark"}')
  chmodSync(file, 0)
  const store = unprivileged(() => openSettings(folder))
  expect(store.current).toEqual(defaultDocument)
  expect(store.problem).toContain(`cannot be read (EACCES). The file was kept as settings.unreadable-${today}.json`)
})

it.skipIf(process.platform === 'win32')('that cannot be kept aside stay, and no change takes their place', () => {
  writeFileSync(file, 'broken')
  chmodSync(folder, 0o500)
  unprivileged(() => {
    const store = openSettings(folder)
    expect(store.problem).toContain('could not be renamed (EACCES)')
    expect(() => {
      store.change({ theme: 'light' })
    }).toThrow(/could not be kept/)
    expect(store.current.theme).toBe('system')
  })
  expect(readFileSync(file, 'utf8')).toBe('broken')
})

it('that cannot be written are not changed, the reason is said, and nothing half written stays', () => {
  const place = path.join(folder, 'file')
  writeFileSync(place, '')
  const store = openSettings(path.join(place, 'in'))
  expect(store.current).toEqual(defaultDocument)
  expect(() => {
    store.change({ theme: 'dark' })
  }).toThrow(/^The settings could not be kept/)
  expect(store.current.theme).toBe('system')
  expect(readdirSync(folder)).toEqual(['file'])
})
