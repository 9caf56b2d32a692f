import { describe, expect, test } from 'vitest'
import type { Method } from './api.ts'
import { isMethod, parseParams } from './schema.ts'

const image = 'a'.repeat(64)

describe('parameters', () => {
  test.each<[method: Method, params: unknown]>([
    ['host.info', {}],
    ['images.add', { name: 'a.png', bytes: new Uint8Array(3) }],
    ['images.remove', { images: [image] }],
    ['images.thumbnail', { image, size: 160 }],
    ['images.read', { image, rect: { left: 0, top: 1, width: 2, height: 3 }, channels: [0, 1], maxSize: 64 }],
    ['pipeline.plan', { pipeline: 'anything' }],
    ['runs.start', { image, pipeline: null }],
    ['stages.read', { run: 'run-1_a', stage: 0 }],
    ['stages.read', { run: 'r1', stage: 2, minus: { run: 'r2', stage: 1 }, maxSize: 64 }],
    ['stages.difference', { run: 'r1', stage: 0, minus: { run: 'r2', stage: 0 } }],
    ['export.start', { runs: ['r1'], save: ['png'], destination: { type: 'zip' } }],
    [
      'export.start',
      { runs: ['r1'], save: ['npy', 'manifest'], stage: 2, destination: { type: 'folder', folder: 'f1' } },
    ],
  ])('of %s are taken as they are: %j', (method, params) => {
    expect(parseParams(method, params)).toEqual(params)
  })

  test.each<[what: string, method: Method, params: unknown, named: string]>([
    ['an unknown key', 'stages.read', { run: 'r', stage: 0, path: '/etc' }, 'path'],
    ['a missing key', 'stages.read', { run: 'r' }, 'stage'],
    ['a negative stage', 'stages.read', { run: 'r', stage: -1 }, 'stage'],
    ['half a stage', 'stages.read', { run: 'r', stage: 0.5 }, 'stage'],
    ['a run id with a slash', 'stages.read', { run: '../r', stage: 0 }, 'run'],
    ['half a rectangle', 'stages.read', { run: 'r', stage: 0, rect: { left: 0, top: 0, width: 1 } }, 'rect.height'],
    ['a size of nothing', 'stages.read', { run: 'r', stage: 0, maxSize: 0 }, 'maxSize'],
    ['half a stage to take away', 'stages.read', { run: 'r', stage: 0, minus: { run: 'r' } }, 'minus.stage'],
    ['nothing to take away', 'stages.difference', { run: 'r', stage: 0 }, 'minus'],
    ['an image that is a path', 'images.thumbnail', { image: '/etc/passwd', size: 160 }, 'image'],
    ['a huge thumbnail', 'images.thumbnail', { image, size: 100_000 }, 'size'],
    ['bytes that are a list', 'images.add', { name: 'a', bytes: [1, 2] }, 'bytes'],
    ['no name', 'images.add', { name: '', bytes: new Uint8Array(1) }, 'name'],
    [
      'a folder by path',
      'export.start',
      { runs: ['r'], save: ['png'], destination: { type: 'folder', folder: '/tmp' } },
      'destination.folder',
    ],
    [
      'a kind twice',
      'batches.start',
      { pipeline: {}, save: ['npy', 'npy'], destination: { type: 'none' } },
      'each kind once',
    ],
    ['nothing to save', 'export.start', { runs: ['r'], save: [], destination: { type: 'zip' } }, 'save'],
    ['no object', 'host.info', null, 'host.info was called wrongly'],
  ])('with %s are refused, naming it', (_what, method, params, named) => {
    expect(() => parseParams(method, params)).toThrow(
      expect.objectContaining({ code: 'bad-request', message: expect.stringContaining(named) as string }),
    )
  })

  test('only the contract’s names are methods', () => {
    expect(isMethod('stages.read')).toBe(true)
    for (const name of ['stages.write', 'toString', '__proto__', '']) expect(isMethod(name)).toBe(false)
  })
})
