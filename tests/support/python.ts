/** A Python with some modules, where there is one here: checks against NumPy itself run with it. */

import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Debian's own, which has Debian's packages, before any other. */
const programs = ['/usr/bin/python3', 'python3']

const found = new Map<string, string | undefined>()

function programWith(modules: readonly string[]): string | undefined {
  const key = modules.join()
  if (!found.has(key)) found.set(key, findProgram(modules))
  return found.get(key)
}

function findProgram(modules: readonly string[]): string | undefined {
  const script = modules.map((name) => `import ${name}`).join('\n')
  return programs.find((program) => spawnSync(program, ['-c', script]).status === 0)
}

export function hasPython(...modules: readonly string[]): boolean {
  return programWith(modules) !== undefined
}

/** Whether Python's logarithm here is the one that ours is: glibc's, where the processor multiplies and adds at once. */
export function hasGlibcLog(): boolean {
  if (process.platform !== 'linux' || process.arch !== 'x64') return false
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } }
  const [major = 0, minor = 0] = (header.glibcVersionRuntime ?? '').split('.').map(Number)
  return (major > 2 || (major === 2 && minor >= 28)) && /\bfma\b/.test(readFileSync('/proc/cpuinfo', 'utf8'))
}

/** Runs a script and gives what it printed; throws what it said where it failed. */
export function runPython(script: string, ...args: readonly string[]): string {
  return started(['numpy'], ['-c', script, ...args])
}

/** The same with text to read: `sys.stdin`. */
export function runPythonOn(input: string, script: string): string {
  return started(['numpy'], ['-c', script], input)
}

export interface ScriptRun {
  readonly file: string
  readonly args?: readonly string[]
}

export interface ScriptEnd {
  readonly code: number
  readonly out: string
  /** What it ended with: the text given to sys.exit, or of an exception. */
  readonly said: string
}

/** Runs many programs, each as if alone, in one process that has these modules. */
export function runScripts(modules: readonly string[], runs: readonly ScriptRun[]): readonly ScriptEnd[] {
  const out = started(modules, ['-c', runner], JSON.stringify(runs.map(({ file, args = [] }) => [file, ...args])))
  return JSON.parse(out) as ScriptEnd[]
}

const runner = `
import contextlib, io, json, runpy, sys, traceback, warnings
warnings.simplefilter("ignore", DeprecationWarning)
ends = []
for sys.argv in json.load(sys.stdin):
    out = io.StringIO()
    code, said = 0, ""
    try:
        with contextlib.redirect_stdout(out):
            runpy.run_path(sys.argv[0], run_name="__main__")
    except SystemExit as end:
        code, said = (end.code or 0, "") if isinstance(end.code, (int, type(None))) else (1, end.code)
    except Exception:
        code, said = 1, traceback.format_exc()
    ends.append({"code": code, "out": out.getvalue(), "said": said})
print(json.dumps(ends))
`

function started(modules: readonly string[], args: readonly string[], input = ''): string {
  const program = programWith(modules)
  if (program === undefined) throw new Error(`There is no Python with ${modules.join(' and ')}.`)
  const ended = spawnSync(program, args, { encoding: 'utf8', input, maxBuffer: 1 << 28 })
  if (ended.status !== 0) throw new Error(ended.stderr)
  return ended.stdout
}
