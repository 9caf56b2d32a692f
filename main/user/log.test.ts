import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { discreet } from './discreet.ts'
import { openLog } from './log.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'layerloupe-log-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

it('writes a line for each event, with the time and the facts', () => {
  const log = openLog(path.join(folder, 'a/b'))
  log.write('start', { version: '1.2.3', pixels: 5e7 })
  log.write('stop')
  const lines = readFileSync(path.join(folder, 'a/b/layerloupe.log'), 'utf8').split('\n')
  expect(lines[0]).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z \d+ start version="1.2.3" pixels=50000000$/)
  expect(lines[1]).toMatch(/ stop$/)
  expect(log.tail(1)).toEqual([lines[1]])
})

it('keeps one older file, and never more than two of its size', () => {
  const log = openLog(folder, { bytes: 1000 })
  for (let i = 0; i < 200; i++) log.write('event', { i })
  expect(readdirSync(folder).sort()).toEqual(['layerloupe.log', 'layerloupe.old.log'])
  for (const name of readdirSync(folder)) expect(statSync(path.join(folder, name)).size).toBeLessThan(1100)
  const numbers = log.tail(15).map((line) => Number(/i=(\d+)/.exec(line)![1]))
  expect(numbers).toEqual(Array.from({ length: 15 }, (_, i) => 185 + i))
})

it('fails nothing where it cannot be written or read', () => {
  writeFileSync(path.join(folder, 'file'), '')
  const log = openLog(path.join(folder, 'file'))
  log.write('start')
  expect(log.tail(5)).toEqual([])
})

it('is one line an event, whatever the text', () => {
  const log = openLog(folder)
  log.write('error', { reason: 'first\nsecond "quoted" \u001b[31m' })
  expect(readFileSync(path.join(folder, 'layerloupe.log'), 'utf8').trim().split('\n')).toHaveLength(1)
})

it.each([
  ["ENOENT: no such file, open '/home/eva/My Photos/cat.jpg'", "ENOENT: no such file, open '~/My Photos/cat.jpg'"],
  ["EACCES, open '/mnt/secret disk/My Photos/cat.jpg'", "EACCES, open 'cat.jpg'"],
  ['at run (file:///opt/tools/layer/engine.js:10:5)', 'at run (engine.js:10:5)'],
  ['/home/evan/x.png and /home/eva', 'x.png and ~'],
  ['open "C:\\Users\\Eva\\cat.jpg" \\\\server\\share\\dog.png', 'open "cat.jpg" dog.png'],
  ['3/4 of the stages, 10:20, a/b', '3/4 of the stages, 10:20, a/b'],
  ['#3fJ0aX_lkQ-8sdkfjhsdkfjhsdkfjhsdkfjhskdjfh43', '#…'],
])('of %j keeps %j', (text, kept) => {
  expect(discreet(text, '/home/eva')).toBe(kept)
})
