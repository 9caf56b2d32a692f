/** The array lab, held to the same scenarios through every transport. */

import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LabResult, LabSurroundings } from '../../shared/lab.ts'
import { readNpy } from '../support/npy.ts'
import { fixturesDir } from '../support/shared.ts'
import { openSession, refusal, type Session } from './session.ts'
import { transports } from './transports.ts'

describe.each(transports)('the lab $name', (transport) => {
  let of: Session
  let session = ''

  beforeAll(async () => {
    of = await openSession(transport)
    ;({ session } = await of.api.call('lab.open', {}))
  }, 120_000)

  afterAll(async () => {
    await of.close()
  })

  function run(
    code: string,
    given: Partial<LabSurroundings> & { cell?: string; in?: string } = {},
  ): Promise<LabResult> {
    const { images = [], run: stagesOf = null, cell = 'cell 1', in: where = session } = given
    return of.api.call('lab.run', { session: where, cell, code, images, run: stagesOf })
  }

  it('runs cells over one namespace, with NumPy’s own printing', async () => {
    await run('import numpy as np\na = np.arange(6).reshape(2, 3)\ndef twice(x):\n    return 2 * x')
    const { output, value, error, variables } = await run('print(a.sum())\ntwice(a)', { cell: 'cell 2' })
    expect(error).toBeNull()
    expect(output).toBe('15\n')
    expect(value).toMatchObject({
      text: 'array([[ 0,  2,  4],\n       [ 6,  8, 10]])',
      array: { dtype: 'int64', shape: [2, 3] },
    })
    expect(variables.map(({ name, kind }) => `${name}: ${kind}`)).toEqual(['a: ndarray', 'twice: function'])
  })

  it('tells what it prints while it runs, and all of it at the end', async () => {
    const code = 'import numpy as np\nfor i in range(3):\n    print(i)\n    total = sum(j for j in range(300000))'
    const { output } = await run(code, { cell: 'printing' })
    expect(output).toBe('0\n1\n2\n')
    const told = await of.until(() => {
      const events = of.events.filter((event) => event.type === 'lab.output' && event.cell === 'printing')
      const text = events.map((event) => (event.type === 'lab.output' ? event.text : '')).join('')
      return text === output ? events : undefined
    })
    expect(told.length).toBeGreaterThan(1)
    expect(told[0]).toMatchObject({ session })
  })

  it('binds the first photo, opens all by name, and reads arrays as stages are read', async () => {
    const code =
      "from PIL import Image\nsame = (np.array(Image.open('shapes.png')) == image).all()\ncrop = image[4:10, 8:20:2]\ncrop"
    const { value, variables, error } = await run(code, { images: [of.shapes.id] })
    expect(error).toBeNull()
    expect(variables.find(({ name }) => name === 'same')).toMatchObject({ text: 'np.True_', id: null })
    const image = variables.find(({ name }) => name === 'image')!
    expect(value?.array).toMatchObject({
      dtype: 'uint8',
      picture: true,
      view: { base: 'image', baseId: image.id, region: { rows: [4, 10, 1], columns: [8, 19, 2], channels: [0, 3, 1] } },
    })
    const photo = await of.api.call('images.read', { image: of.shapes.id })
    const whole = await of.api.call('lab.read', { session, value: image.id! })
    expect(whole).toEqual({ ...photo, note: null })
    const rect = { left: 1, top: 2, width: 1, height: 1 }
    const part = await of.api.call('lab.read', { session, value: value!.id!, rect })
    const [, width] = photo.shape
    expect([...part.data]).toEqual([...photo.data.subarray(((4 + 2) * width + 10) * 3, ((4 + 2) * width + 10) * 3 + 3)])
    const summary = await of.api.call('lab.summary', { session, value: image.id! })
    expect(summary).toMatchObject({
      shape: photo.shape,
      dtype: 'uint8',
      min: Array.from(photo.data).reduce((least, byte) => Math.min(least, byte)),
      nan: 0,
    })
    expect(summary.histogram.counts.reduce((sum, n) => sum + n)).toBe(photo.data.length)
  })

  it('gives the tensors of a run by the names of their layers, to be read only', async () => {
    const stagesOf = await of.run()
    const code = "print(list(stages), stages['conv2d'].dtype)\nstages['conv2d'][:, :, 0] = 0"
    const { output, error, variables } = await run(code, { run: stagesOf })
    expect(output).toMatch(/^\['input', 'conv2d', .*\] float64\n$/)
    expect(error).toMatchObject({
      kind: 'ValueError',
      message: 'assignment destination is read-only',
      line: 2,
      column: 1,
    })
    expect(variables.find(({ name }) => name === 'stages')).toMatchObject({ kind: 'dict' })
    const { value } = await run("stages['conv2d']", { run: stagesOf, cell: 'stage' })
    const { data } = await of.api.call('lab.read', { session, value: value!.id! })
    expect([...data]).toEqual([...readNpy(path.join(fixturesDir, 'synthetic/shapes/default/convolution.npy')).data])
    expect((await run("len(stages), 'conv2d' in stages")).value?.text).toBe('(0, False)')
  })

  it('makes pictures of what is shown, and keeps the arrays behind them', async () => {
    const code = 'import matplotlib.pyplot as plt\nplt.imshow(np.eye(4))\nplt.title("eye")\nplt.show()'
    const { figures } = await run(code, { cell: 'shown' })
    expect(figures).toMatchObject([{ title: 'eye', panels: [{ title: 'eye', rgb: false, range: [0, 1] }] }])
    expect([...figures[0]!.picture.bytes.subarray(1, 4)]).toEqual([...Buffer.from('PNG')])
    const value = figures[0]!.panels[0]!.value!
    await run('later = 1', { cell: 'another' })
    const { data } = await of.api.call('lab.read', { session, value, rect: { left: 0, top: 0, width: 2, height: 1 } })
    expect([...data]).toEqual([1, 0])
    await run('0', { cell: 'shown' })
    expect((await refusal(of.api.call('lab.read', { session, value }))).code).toBe('not-found')
  })

  it('outlines the subscripts of pictures without running anything', async () => {
    await run('grey = np.zeros((8, 10))\nn = 3')
    const code = "grey[n:-1, ::2] + grey[0, 1] + image[2:4].mean() + f(grey[len(grey):]) + stages['conv2d'][5]"
    const surroundings = { images: [of.shapes.id], run: await of.run() }
    const { outlines } = await of.api.call('lab.outline', { session, code, ...surroundings })
    const told = outlines.map(({ from, to, name, region }) => [code.slice(from, to), name, region.rows, region.columns])
    expect(told).toEqual([
      ['grey[n:-1, ::2]', 'grey', [3, 7, 1], [0, 9, 2]],
      ['grey[0, 1]', 'grey', [0, 1, 1], [1, 2, 1]],
      ['image[2:4]', 'image', [2, 4, 1], [0, of.shapes.width, 1]],
      ["stages['conv2d'][5]", "stages['conv2d']", [5, 6, 1], [0, 64, 1]],
    ])
  })

  it('interrupts a cell, which answers with what it printed, and goes on with the next', async () => {
    const running = run('kept = 7\nprint("begun")\nwhile True:\n    kept += 1', { cell: 'endless' })
    await of.until(() => of.events.find((event) => event.type === 'lab.output' && event.cell === 'endless'))
    await of.api.call('lab.stop', { session })
    const { output, error, variables } = await running
    expect(output).toBe('begun\n')
    expect(error).toMatchObject({ kind: 'KeyboardInterrupt' })
    expect(error!.line).toBeGreaterThanOrEqual(3)
    expect(variables.map(({ name }) => name)).toContain('kept')
    expect((await run('kept > 7')).value?.text).toBe('True')
  })

  it('gives up a call that is aborted, and can be used again', async () => {
    const controller = new AbortController()
    const params = { session, cell: 'given up', code: 'while True: pass', images: [], run: null }
    const call = of.api.call('lab.run', params, { signal: controller.signal })
    setTimeout(() => {
      controller.abort()
    }, 100)
    expect((await refusal(call)).code).toBe('cancelled')
    expect((await run('1 + 1')).value?.text).toBe('2')
  })

  it('keeps sessions apart, and refuses one that is closed', async () => {
    const { session: other } = await of.api.call('lab.open', {})
    expect((await run('kept', { in: other })).error).toMatchObject({
      kind: 'NameError',
      line: 1,
      column: 1,
      endColumn: 5,
    })
    await of.api.call('lab.close', { session: other })
    expect((await refusal(run('1', { in: other }))).code).toBe('not-found')
  })

  it('says what cannot be read of code that is being written', async () => {
    const check = async (code: string) => (await of.api.call('lab.check', { code })).error
    expect(await check('a = 1\nfor i in range(3):\n    print(a[i])')).toBeNull()
    expect(await check('a = 1\nb = (2')).toMatchObject({ kind: 'SyntaxError', line: 2, column: 5, endColumn: 6 })
    expect(await check('class A: pass')).toMatchObject({ kind: 'SyntaxError', line: 1 })
  })

  it('names what it has', async () => {
    const { names } = await of.api.call('lab.names', {})
    expect(names).toContainEqual({
      name: 'np.reshape',
      signature: "(a, shape, order='C')",
      doc: 'The same elements in another shape; a view where possible. One length may be −1.',
      kind: 'function',
    })
  })
})
