/** `reproduce.py` and `reproduce_torch.py`: a run as programs that recompute it and compare every stage. */

import type { ImageInfo } from '../../shared/api.ts'
import { definitionOf } from '../../shared/layers/index.ts'
import type { Pipeline } from '../../shared/pipeline.ts'
import { definitions, isExact, numpyCode, parameterFile, photoCode, torchCode } from '../../shared/python/index.ts'
import { pythonString, pythonTuple, type LayerStage, type Parameter } from '../../shared/python/code.ts'
import type { Steps } from '../../shared/steps.ts'
import type { FloatDType, Shape } from '../../shared/tensor.ts'

export const scriptFile = 'reproduce.py'
export const torchScriptFile = 'reproduce_torch.py'
/** The decoded photo, where Pillow does not decode it to the same samples. */
export const originalFile = 'original.npy'

/** A run to write programs of; `stem` begins the files of each stage. */
export interface ScriptedRun {
  readonly image: ImageInfo
  readonly pipeline: Pipeline
  /** The shape of the decoded photo. */
  readonly original: Shape
  readonly stages: readonly { readonly stem: string; readonly shape: Shape }[]
}

/** An array that a program loads, to be saved beside it. */
export interface ScriptArray {
  readonly stage: number
  readonly file: string
  readonly shape: Shape
  readonly values: () => Steps<Float64Array>
}

/** How near two machines come where there is an exponential, and how near PyTorch's order of adding comes. */
const bounds: Readonly<Record<FloatDType, string>> = { float64: '1e-12', float32: '1e-6' }
const torchBound = '1e-5'
/** How near NumPy's random numbers come to ours where the logarithm in them is not glibc's; else they are equal. */
const randomBound = '1e-15'

function stagesOf(run: ScriptedRun): readonly { readonly stem: string; readonly stage: LayerStage }[] {
  const { layers, dtype } = run.pipeline
  return run.stages.map(({ stem, shape }, index) => ({
    stem,
    stage: {
      spec: layers[index]!,
      index,
      input: index === 0 ? run.original : run.stages[index - 1]!.shape,
      output: shape,
      dtype,
    },
  }))
}

/** Why the programs begin with `originalFile` instead of the photo's own file; null where they need none. */
export function whyOriginal({ image, pipeline }: Pick<ScriptedRun, 'image' | 'pipeline'>): string | null {
  const [first] = pipeline.layers
  if (first?.kind !== 'input') return null
  const photo = photoCode(image, first)
  return 'whyNot' in photo ? photo.whyNot : null
}

/** The arrays of numbers that stand in no text, and of random ones to be compared with. */
export function scriptArrays(run: ScriptedRun): readonly ScriptArray[] {
  return stagesOf(run).flatMap(({ stem, stage }) =>
    (numpyCode(stage).parameters ?? []).flatMap((parameter) =>
      parameter.array ? [{ stage: stage.index, file: parameterFile(stem, parameter), ...parameter.array }] : [],
    ),
  )
}

const loadFunction = `def load(file):
    """An array saved beside this script."""
    if not (HERE / file).exists():
        sys.exit(f"{file} is missing; it has to lie beside this script.")
    return np.load(HERE / file)`

const checkFunction = `def check(name, x, file, within=0.0):
    """Compares an array with the saved one, says how near they are, and ends here where they differ by more than within.

    Returns the saved one, so that what follows starts from the same numbers everywhere, also after a stage whose
    exponentials, or random numbers whose logarithms, are another machine's.
    """
    saved = load(file)
    if x.shape != saved.shape or x.dtype != saved.dtype:
        sys.exit(f"{name}: this is {x.shape} {x.dtype}, but {file} holds {saved.shape} {saved.dtype}.")
    same = np.isclose(x, saved, rtol=within, atol=within, equal_nan=True)
    if not same.all():
        at = tuple(np.argwhere(~same)[0].tolist())
        sys.exit(
            f"{name}: {np.count_nonzero(~same)} of {x.size} values differ from {file}; "
            f"the first, at {at}, is {x[at].item()!r} here and {saved[at].item()!r} there."
        )
    unequal = x.size - np.count_nonzero(np.isclose(x, saved, rtol=0, atol=0, equal_nan=True))
    zeros = np.count_nonzero((np.signbit(x) != np.signbit(saved)) & (x == 0))
    how = f"{unequal} unequal, but within {within:g}" if unequal else "equal to the last bit"
    print(name, x.shape, how + (f", but for the sign of {zeros} zeros" if zeros and not unequal else ""))
    return saved`

const findFunction = `def find_photo():
    """The path of the photo: the argument, or else its name beside this script; it has to be the very same file."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / PHOTO
    if not path.is_file():
        sys.exit(f"{path} is not there. Put the photo beside this script, or say where it is: {sys.argv[0]} PATH")
    if hashlib.sha256(path.read_bytes()).hexdigest() != PHOTO_SHA256:
        sys.exit(f"{path} is not the photo of this run: its SHA-256 is not {PHOTO_SHA256}.")
    return path`

const samplesFunction = `def check_samples(photo):
    """Ends here where the photo is decoded otherwise than it was for this run."""
    if zlib.crc32(photo.tobytes()) != SAMPLES_CRC32:
        sys.exit(
            f"Pillow {PIL.__version__} decodes this photo to other samples than LayerLoupe did, so nothing that follows "
            "could agree. Save the photo as PNG, which is decoded alike everywhere, and run LayerLoupe on that."
        )`

const samplesOfFile = `def check_samples(photo):
    """Ends here where the decoded photo is not that of this run."""
    if zlib.crc32(photo.tobytes()) != SAMPLES_CRC32:
        sys.exit("${originalFile} is not the decoded photo of this run.")`

/**
 * The NumPy program, from the photo's file to the last stage; `samples` is the CRC-32 of the decoded photo's bytes: enough
 * to say that a decoder is another, and 6 million of them are counted in half a millisecond.
 */
export function numpyScript(run: ScriptedRun, samples: number): string {
  const stages = stagesOf(run)
  const codes = stages.map(({ stage }) => numpyCode(stage))
  const first = stages[0]!.stage.spec as LayerStage<'input'>['spec']
  const photo = photoCode(run.image, first)
  const reads = 'read' in photo
  const { imports, texts } = definitions([
    ...(reads ? [photo.read] : []),
    ...codes.flatMap(({ functions }) => functions),
  ])
  const standard = [...(reads ? ['import hashlib'] : []), 'import sys', 'import zlib', 'from pathlib import Path']
  const isStandard = (line: string) => line === 'import math'
  const needsPillow = imports.some((line) => line.includes('PIL'))
  const begin = reads
    ? ['photo = read_photo(find_photo())', 'check_samples(photo)']
    : [
        `# ${photo.whyNot}: this begins with the decoded photo.`,
        `photo = load("${originalFile}")`,
        'check_samples(photo)',
      ]

  const blocks = stages.map(({ stem, stage }, index) => {
    const name = `${stem.slice(0, 2)} ${stage.spec.kind}`
    const within = isExact(stage) ? '' : `, within=${bounds[stage.dtype]}`
    return [
      `# ${stageTitle(stem, stage)}`,
      ...(codes[index]!.parameters ?? []).flatMap((one) => parameterLines(name, stem, one)),
      ...codes[index]!.lines,
      `x = check("${name}", x, "${stem}.npy"${within})`,
    ].join('\n')
  })

  return program(
    [
      `Recomputes every stage of a run of LayerLoupe, and compares each with the array saved beside this script.`,
      '',
      ...(reads
        ? [
            `    python3 ${scriptFile} [path of the photo]`,
            '',
            'Without a path, the photo is looked for beside this script, under its own name.',
            'Needs NumPy and Pillow (python3 -m pip install numpy pillow).',
          ]
        : [
            `    python3 ${scriptFile}`,
            '',
            `Needs NumPy${needsPillow ? ' and Pillow' : ''}. It does not decode the photo: ${photo.whyNot}.`,
          ]),
      'Pictures are arrays (height, width, channels). It ends with an error at the first stage that differs.',
    ],
    [...standard, ...imports.filter(isStandard)].sort(byModule),
    [...(reads ? ['import PIL'] : []), 'import numpy as np', ...imports.filter((line) => !isStandard(line))].sort(
      byModule,
    ),
    [
      'HERE = Path(__file__).resolve().parent',
      ...(reads ? [`PHOTO = ${pythonString(run.image.name)}`, `PHOTO_SHA256 = "${run.image.id}"`] : []),
      `SAMPLES_CRC32 = ${samples}  # of the decoded photo's bytes`,
    ],
    [
      ...sectioned('The layers', texts),
      ...sectioned('Finding the photo, and comparing', [
        ...(reads ? [findFunction, samplesFunction] : [samplesOfFile]),
        loadFunction,
        checkFunction,
      ]),
    ],
    [section('The run, stage by stage'), begin.join('\n'), ...blocks, `print("${agreement(stages.length)}")`],
  )
}

/** The PyTorch program: from the input stage, which the other program makes, to the last. */
export function torchScript(run: ScriptedRun): string {
  const stages = stagesOf(run)
  const codes = stages.map(({ stage }) => torchCode(stage))
  const { texts } = definitions(codes.flatMap(({ functions }) => functions))
  const { dtype } = run.pipeline
  const [input, ...others] = stages
  const blocks = others.map(({ stem, stage }, index) => {
    const code = codes[index + 1]!
    const load = ({ name, text, array }: Parameter) =>
      `${name} = ${array || text === undefined ? `load("${parameterFile(stem, { name })}")` : text}`
    return [
      `# ${stageTitle(stem, stage)}`,
      ...(code.parameters ?? []).map(load),
      ...code.lines,
      `check("${stem.slice(0, 2)} ${stage.spec.kind}", x, "${stem}.npy")`,
    ].join('\n')
  })
  const body = [...texts, ...blocks].join('\n')
  return program(
    [
      'Recomputes a run of LayerLoupe with PyTorch from its input stage on, and compares each stage with the saved array.',
      '',
      `    python3 ${torchScriptFile}`,
      '',
      `How the photo becomes the input stage is in ${scriptFile}. Pictures are tensors (1, channels, height, width).`,
      'Needs NumPy and PyTorch (python3 -m pip install numpy torch).',
    ],
    ['import sys', 'from pathlib import Path'],
    ['import numpy as np', 'import torch', ...(/\bF\./.test(body) ? ['import torch.nn.functional as F'] : [])],
    ['HERE = Path(__file__).resolve().parent'],
    [
      loadFunction,
      `def tensor(values):
    """Numbers as a tensor of this run's precision."""
    return torch.from_numpy(np.array(values, np.${dtype}))`,
      `def check(name, x, file):
    """Compares a stage with the saved array, channels last, and ends here where they differ."""
    x = (x.permute(0, 2, 3, 1) if x.dim() == 4 else x)[0].numpy()
    saved = load(file)
    if x.shape != saved.shape:
        sys.exit(f"{name}: this is {x.shape}, but {file} holds {saved.shape}.")
    near = ${torchBound} * max(1, np.abs(saved[np.isfinite(saved)]).max(initial=0))  # of the largest value
    same = np.isclose(x, saved, rtol=0, atol=near, equal_nan=True)
    if not same.all():
        sys.exit(f"{name}: {np.count_nonzero(~same)} of {x.size} values differ from {file}.")
    print(name, x.shape, "within ${torchBound}")`,
      ...texts,
    ],
    [
      [
        `# The input stage, ${pythonTuple(input!.stage.output)}, with channels first and as a batch of one`,
        `x = tensor(load("${input!.stem}.npy")).permute(2, 0, 1).unsqueeze(0)`,
      ].join('\n'),
      ...blocks,
      `print("${agreement(others.length)}")`,
    ],
  )
}

/** What a program ends with. */
function agreement(stages: number): string {
  if (stages === 0) return 'There is no stage to compare.'
  return stages === 1 ? 'The only stage agrees.' : `All ${stages} stages agree.`
}

/** `01 Conv 3×3: (64, 64, 1) to (64, 64, 1)` */
function stageTitle(stem: string, { spec, input, output }: LayerStage): string {
  return `${stem.slice(0, 2)} ${definitionOf(spec).title(spec)}: ${pythonTuple(input)} to ${pythonTuple(output)}`
}

/** A parameter as it is made; random numbers are then compared with those of the run, which are used. */
function parameterLines(name: string, stem: string, parameter: Parameter): readonly string[] {
  const file = parameterFile(stem, parameter)
  if (parameter.text === undefined) return [`${parameter.name} = load("${file}")`]
  const made = `${parameter.name} = ${parameter.text}`
  if (!parameter.array) return [made]
  return [
    made,
    `${parameter.name} = check("${name} ${parameter.name}", ${parameter.name}, "${file}", within=${randomBound})`,
  ]
}

/** A line that tells parts of a program apart. */
function section(title: string): string {
  return `# ${title} ${'-'.repeat(100 - title.length)}`
}

function sectioned(title: string, [first, ...others]: readonly string[]): readonly string[] {
  return first === undefined ? [] : [`${section(title)}\n\n\n${first}`, ...others]
}

/** `import x` before `from x import y`, each in the order of the alphabet. */
function byModule(a: string, b: string): number {
  return Number(a.startsWith('from')) - Number(b.startsWith('from')) || (a < b ? -1 : 1)
}

function program(
  about: readonly string[],
  standard: readonly string[],
  packages: readonly string[],
  constants: readonly string[],
  functions: readonly string[],
  blocks: readonly string[],
): string {
  const head = [`"""\n${about.join('\n')}\n"""`, standard.join('\n'), packages.join('\n'), constants.join('\n')].join(
    '\n\n',
  )
  return `${[head, ...functions, blocks.join('\n\n')].join('\n\n\n')}\n`
}
