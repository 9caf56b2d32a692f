/** Pictures opened in the lab beside Pillow: every mode, converted and resized, from the same files. */

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openAsPillow, defaultLimits } from '../../main/images/index.ts'
import { LoupeError } from '../../shared/errors.ts'
import { finish } from '../../shared/steps.ts'
import { convertPicture, resizePicture } from '../../main/pipeline/photo.ts'
import { openLab } from '../support/lab.ts'
import { hasPython, runPython } from '../support/python.ts'

const make = `
import sys, os
import numpy as np
from PIL import Image
os.chdir(sys.argv[1])
y, x = np.mgrid[0:40, 0:60]
grey = ((x * 3 + y * 2) % 256).astype(np.uint8)
alpha = ((x * 4) % 256).astype(np.uint8); alpha[:5] = 0; alpha[5:9] = 255
rgb = np.stack([grey, 255 - grey, ((x * y) % 256).astype(np.uint8)], axis=2)
Image.fromarray(grey).save('grey.png')
Image.fromarray(rgb).save('rgb.png')
Image.fromarray(np.dstack([grey, alpha]), 'LA').save('la.png')
Image.fromarray(np.dstack([rgb, alpha])).save('rgba.png')
Image.fromarray(np.dstack([rgb, alpha])).save('rgba.webp', lossless=True, exact=True)
Image.fromarray(rgb).save('key.png', transparency=tuple(int(v) for v in rgb[3, 4]))
Image.fromarray(rgb).quantize(16).save('palette.png')
Image.fromarray(rgb).quantize(16).save('transparent.png', transparency=bytes(range(0, 256, 16)))
Image.fromarray(rgb).quantize(16).save('picture.gif')
Image.fromarray(grey > 128).save('bilevel.png')
turned = Image.Exif(); turned[274] = 6
Image.fromarray(rgb).save('turned.jpg', quality=95, exif=turned)
Image.fromarray(grey).save('grey.jpg', quality=95)
Image.fromarray(rgb).save('rgb.tif')
Image.fromarray((grey.astype(np.uint16) * 256)).save('deep.png')
`

const look = `
from PIL import Image
import numpy as np
def told(a):
    return a.shape, str(a.dtype), int(a.astype(np.int64).sum()), a.reshape(-1)[::97].tolist()
im = Image.open(NAME)
print(im.mode, im.size, im.format, im.getbands())
if im.mode != 'P':
    print(told(np.array(im)), im.getpixel((3, 7)))
# Pillow makes the transparent colour of key.png transparent in RGBA; the lab has no such note of a picture.
for mode in ('L',) if im.mode == '1' else ('L', 'RGB') if NAME == 'key.png' else ('L', 'RGB', 'RGBA'):
    print(mode, told(np.array(im.convert(mode))))
    print(told(np.array(im.crop((5, 6, 30, 20)).convert(mode))))
for filter in (Image.NEAREST, Image.BILINEAR, Image.BICUBIC, Image.LANCZOS):
    small = im.resize((23, 31), filter)
    print(small.mode, told(np.array(small.convert('L' if im.mode == '1' else 'RGB' if NAME == 'key.png' else 'RGBA'))))
print(told(np.array(im.resize((70, 20)).convert('L'))))
`

describe.skipIf(!hasPython('numpy', 'PIL'))('a picture opened in the lab', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'layerloupe-test-'))
  runPython(make, folder)
  const files = readdirSync(folder)
  const told = runPython(
    `import os, json, io, contextlib\nos.chdir(${JSON.stringify(folder)})\nall = {}\nfor NAME in ${JSON.stringify(files)}:\n    if NAME == 'deep.png': continue\n    out = io.StringIO()\n    with contextlib.redirect_stdout(out): exec(${JSON.stringify(look)}, {'NAME': NAME})\n    all[NAME] = out.getvalue()\nprint(json.dumps(all))`,
  )
  const expected = JSON.parse(told) as Record<string, string>

  afterAll(() => {
    rmSync(folder, { recursive: true })
  })

  async function run(name: string, code: string) {
    const bytes = new Uint8Array(readFileSync(path.join(folder, name)))
    const opened = await openAsPillow({ name, bytes }, defaultLimits).catch((error: unknown) => {
      if (error instanceof LoupeError) return { whyNot: error.message }
      throw error
    })
    const images = { names: [name], open: () => opened, resize: resizePicture, convert: convertPicture }
    return finish(openLab().run({ cell: 'cell', code: `NAME = '${name}'\n${code}`, images }))
  }

  it.each(files.filter((name) => name !== 'deep.png'))('is what Pillow makes of it: %s', async (name) => {
    const { output, error } = await run(name, look)
    expect(error?.traceback ?? '').toBe('')
    expect(output.split('\n')).toEqual(expected[name]!.split('\n'))
  })

  it('is refused as an array where it has a palette, and altogether where its mode is not here', async () => {
    const palette = await run('palette.png', 'from PIL import Image\nimport numpy as np\nnp.array(Image.open(NAME))')
    expect(palette.error).toMatchObject({ kind: 'ValueError', line: 4 })
    expect(palette.error?.message).toContain(".convert('RGB') first")
    const deep = await run('deep.png', 'from PIL import Image\nImage.open(NAME)')
    expect(deep.error).toMatchObject({ kind: 'OSError', line: 3 })
    expect(deep.error?.message).toContain('16 bits of grey')
  })
})
