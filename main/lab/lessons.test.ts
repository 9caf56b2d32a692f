import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { stageNames } from '../../shared/lab.ts'
import { labLessons } from '../../shared/labLessons/index.ts'
import type { LabLesson } from '../../shared/labLessons/lesson.ts'
import { presets } from '../../shared/presets.ts'
import { finish } from '../../shared/steps.ts'
import type { Tensor } from '../../shared/tensor.ts'
import { openLab, startCell } from '../../tests/support/lab.ts'
import { run as runLayer } from '../../tests/support/layer.ts'
import { hasPython, runScripts } from '../../tests/support/python.ts'
import type { LabPhoto } from './index.ts'

/** Soft shapes in three colours, some noise, and values held at both ends. */
function picture(height: number, width: number, channels: number): LabPhoto {
  let state = 1
  const data = Uint8Array.from({ length: height * width * channels }, (_, i) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    const [x, y] = [Math.floor(i / channels) % width, Math.floor(i / channels / width)]
    const light = 140 + 120 * Math.sin(x / 17 + (i % channels)) * Math.cos(y / 23) + (state / 2 ** 31) * 40 - 20
    return Math.max(0, Math.min(255, light))
  })
  return { shape: [height, width, channels], data }
}

interface Given {
  readonly name: string
  readonly photo: LabPhoto
  readonly stages: ReadonlyMap<string, Tensor>
  /** On it some mistakes cannot be seen. */
  readonly plain?: true
}

/** The stages of a photo in the pipeline “Walkthrough”, as `stages` has them. */
function stagesOf(photo: LabPhoto): ReadonlyMap<string, Tensor> {
  const { layers } = presets.find(({ id }) => id === 'walkthrough')!.pipeline
  const names = stageNames(layers.map(({ kind }) => kind))
  let tensor: Tensor = photo
  return new Map(layers.map((spec, i) => [names[i]!, (tensor = runLayer(spec, tensor))]))
}

const large = picture(310, 420, 3)
const given: readonly Given[] = [
  { name: 'a large colour photo with a run', photo: large, stages: stagesOf(large) },
  { name: 'a grey photo', photo: picture(70, 50, 1), stages: new Map() },
  { name: 'a photo with transparency and a run', photo: picture(40, 61, 4), stages: stagesOf(picture(40, 61, 3)) },
  { name: 'a photo of 5 × 7', photo: picture(5, 7, 3), stages: new Map() },
  { name: 'a grey photo of 3 × 2 with transparency', photo: picture(3, 2, 2), stages: new Map() },
  ...[0, 255].map((grey) => ({
    name: `a photo of the one grey ${grey}`,
    photo: { shape: [40, 30, 3], data: new Uint8Array(40 * 30 * 3).fill(grey) } as const,
    stages: new Map(),
    plain: true as const,
  })),
]

interface Cell {
  readonly code: string
  /** What it ends with: nothing, or the sentence with which a check refuses; of a right answer only on a plain photo. */
  readonly end: 'well' | 'refusal' | 'right'
}

/** A lesson from top to bottom; each task with the code it begins with, checked, and with its solution, checked. */
function cellsOf({ parts }: LabLesson): Cell[] {
  return parts.flatMap((part): Cell[] => {
    if (part.kind === 'text') return []
    if (part.kind === 'code') return [{ code: part.code, end: 'well' }]
    return [
      { code: part.code, end: 'well' },
      { code: part.check, end: 'refusal' },
      { code: part.solution, end: 'well' },
      { code: part.check, end: 'right' },
    ]
  })
}

/** What a cell did: printed, gave with its last line (its `repr`), and ended with. */
type Told = readonly [printed: string, value: string | null, error: string | null]

/** Where an array is summarised, NumPy 2 tells its shape before its dtype, and NumPy 1 does not. */
const plain = (text: string) => text.replace(/,\s+shape=\([\d, ]+\)/, '').replace(/,\s+dtype=/, ', dtype=')

function runLesson(lesson: LabLesson, { photo, stages }: Given): Told[] {
  const session = openLab()
  return cellsOf(lesson).map(({ code }) => {
    const { output, value, error } = finish(startCell(session, code, new Map([['photo', photo]]), stages))
    const text = value && plain(value.text)
    return [output, text, error && `${error.kind}: ${error.message}`]
  })
}

const told = new Map<string, Told[]>()
const key = (lesson: LabLesson, { name }: Given) => `${lesson.title}: ${name}`

describe('the lessons of the array lab', () => {
  it.each(labLessons)(
    'run on photos of every kind, refuse what a task begins with and accept its solution: $title',
    (lesson) => {
      for (const each of given) {
        const ends = runLesson(lesson, each)
        told.set(key(lesson, each), ends)
        for (const [i, { code, end }] of cellsOf(lesson).entries()) {
          const error = ends[i]![2]
          const tooPlain = each.plain && end === 'right' && error !== null
          if (tooPlain) expect(error).toMatch(/^AssertionError: Your photo is too plain for this task: .*[.]$/)
          else if (end !== 'refusal') expect(error, `${each.name}\n${code}`).toBeNull()
          else expect(error, `${each.name}\n${code}`).toMatch(/^AssertionError: \w.{20,}[.?]$/)
        }
      }
    },
  )

  it('compute the stages of a run as the layers do', () => {
    const printed = (id: string) => {
      const lesson = labLessons.find((one) => one.id === id)!
      return told.get(key(lesson, given[0]!))!.map(([output]) => output)
    }
    expect(printed('input')).toContain('(64, 64, 1) largest difference 0.0\n')
    expect(printed('convolution')).toContain('(64, 64) True\n')
    expect(printed('pooling')).toContain('(64, 64, 1) (32, 32, 1) largest difference 0.0\n')
    expect(printed('softmax').filter((output) => output.endsWith('] True\n'))).toHaveLength(1)
  })

  describe.runIf(hasPython('numpy', 'PIL'))('in Python with NumPy and Pillow', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'layerloupe-lessons-'))
    afterAll(() => {
      rmSync(folder, { recursive: true })
    })

    it('print and give the same, to the character', () => {
      const tasks = labLessons.flatMap((lesson) => given.map((each) => ({ lesson, each })))
      const file = path.join(folder, 'lessons.py')
      const inputs = path.join(folder, 'lessons.json')
      writeFileSync(file, kernel)
      writeFileSync(
        inputs,
        JSON.stringify(
          tasks.map(({ lesson, each }) => ({
            image: listed(each.photo),
            stages: Object.fromEntries(Array.from(each.stages, ([name, tensor]) => [name, listed(tensor)])),
            cells: cellsOf(lesson).map(({ code }) => code),
          })),
        ),
      )
      const [end] = runScripts(['numpy', 'PIL'], [{ file, args: [inputs] }])
      expect(end!.said).toBe('')
      const theirs = (JSON.parse(end!.out) as Told[][]).map((ends) =>
        ends.map(([printed, value, error]): Told => [printed, value && plain(value), error]),
      )
      for (const [i, { lesson, each }] of tasks.entries()) {
        expect(told.get(key(lesson, each)), key(lesson, each)).toEqual(theirs[i])
      }
    }, 60_000)
  })
})

/** The bytes of an array for Python. */
function listed({ shape, data }: Tensor) {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64')
  const dtype = data instanceof Uint8Array ? 'uint8' : data instanceof Float32Array ? 'float32' : 'float64'
  return { shape, dtype, bytes }
}

/** Runs cells as a notebook does. What Matplotlib shows prints nothing, so its functions need not do anything. */
const kernel = `
import ast, base64, contextlib, io, json, sys, types
import numpy as np

class Quiet(types.ModuleType):
    def __getattr__(self, name):
        return lambda *given, **named: None

sys.modules['matplotlib.pyplot'] = Quiet('matplotlib.pyplot')
sys.modules['matplotlib'] = types.ModuleType('matplotlib')
sys.modules['matplotlib'].pyplot = sys.modules['matplotlib.pyplot']
np.seterr(all='ignore')

def array(told):
    return np.frombuffer(base64.b64decode(told['bytes']), told['dtype']).reshape(told['shape']).copy()

def run(names, code):
    body = ast.parse(code).body
    last = body.pop() if isinstance(body[-1], ast.Expr) else None
    out, value, error = io.StringIO(), None, None
    with contextlib.redirect_stdout(out):
        try:
            exec(compile(ast.Module(body, []), 'cell', 'exec'), names)
            if last is not None:
                value = eval(compile(ast.Expression(last.value), 'cell', 'eval'), names)
        except Exception as e:
            error = f'{type(e).__name__}: {e}'
    return [out.getvalue(), None if value is None else repr(value), error]

ends = []
for lesson in json.load(open(sys.argv[1])):
    photo = array(lesson['image'])
    photo = photo[..., 0] if photo.shape[2] == 1 else photo
    names = {'np': np, 'stages': {name: array(told) for name, told in lesson['stages'].items()}}
    ends.append([])
    for code in lesson['cells']:
        names['image'] = photo.copy()
        ends[-1].append(run(names, code))
print(json.dumps(ends))
`
