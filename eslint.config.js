import js from '@eslint/js'
import { defineConfig } from 'eslint/config'
import boundaries from 'eslint-plugin-boundaries'
import svelte from 'eslint-plugin-svelte'
import globals from 'globals'
import ts from 'typescript-eslint'

/**
 * The rooms of the house, and who may import whom (default deny). `packages` are npm packages; `node` is `node:`.
 * A file takes the first room whose pattern it matches; one that matches none is an error.
 *
 * @type {Record<string, { files: string[], imports: string[], packages?: string[], node?: boolean }>}
 */
const rooms = {
  // Tests, build and bench may reach into any room; no room may reach into them.
  tools: {
    files: ['**/*.test.ts', 'tests/**', 'build/**', 'bench/**', '*.config.{ts,js}'],
    imports: ['*'],
    packages: ['**'],
    node: true,
  },
  shared: { files: ['shared/**'], imports: ['shared'], packages: ['valibot', 'd3-scale-chromatic'] },
  // The engine may name the type of a layer's progress, and nothing else of the layers.
  steps: { files: ['main/layers/steps.ts'], imports: ['shared'] },
  ndarray: { files: ['main/ndarray/**'], imports: ['shared', 'ndarray'] },
  lab: {
    files: ['main/lab/**'],
    imports: ['shared', 'ndarray', 'lab'],
    packages: ['@lezer/python'],
  },
  // Loops over whole photos in WebAssembly.
  simd: { files: ['main/simd/**'], imports: ['simd'] },
  layers: { files: ['main/layers/**'], imports: ['shared', 'simd', 'layers', 'steps'] },
  pipeline: { files: ['main/pipeline/**'], imports: ['shared', 'layers', 'steps', 'pipeline'] },
  images: {
    files: ['main/images/**'],
    imports: ['shared', 'simd', 'images'],
    packages: ['sharp', '@img/sharp-wasm32/**', 'opentype.js'],
    node: true,
  },
  export: {
    files: ['main/export/**'],
    imports: ['shared', 'layers', 'steps', 'images', 'export', 'package'],
    packages: ['fflate'],
    node: true,
  },
  user: { files: ['main/user/**'], imports: ['shared', 'user'], packages: ['valibot'], node: true },
  engine: {
    files: ['main/engine/**'],
    imports: ['shared', 'steps', 'pipeline', 'lab', 'images', 'export', 'user', 'engine'],
    node: true,
  },
  'host-web': {
    files: ['main/hosts/web/**'],
    imports: ['shared', 'engine', 'host-web'],
    packages: ['hono', 'hono/**', '@hono/node-server', '@hono/node-server/**'],
    node: true,
  },
  'host-cli': {
    files: ['main/hosts/cli/**'],
    imports: ['shared', 'engine', 'host-cli'],
    packages: ['commander', 'cli-progress', 'picomatch'],
    node: true,
  },
  'host-electron': {
    files: ['main/hosts/electron/**'],
    imports: ['shared', 'engine', 'user', 'host-electron'],
    packages: ['electron', 'electron/**'],
    node: true,
  },
  // The desktop app's composition root: Electron's main process.
  desktop: {
    files: ['main/desktop.ts'],
    imports: ['shared', 'engine', 'user', 'host-electron', 'package'],
    packages: ['electron'],
    node: true,
  },
  // The composition root: the only file that knows several hosts.
  app: { files: ['main/app.ts'], imports: ['shared', 'engine', 'user', 'host-*', 'package'], node: true },
  // Read for its version.
  package: { files: ['package.json'], imports: [] },
  'transport-interface': { files: ['renderer/transport/transport.ts'], imports: ['shared'] },
  transport: { files: ['renderer/transport/**'], imports: ['shared', 'transport', 'transport-interface'] },
  draw: { files: ['renderer/draw/**'], imports: ['shared', 'draw'] },
  state: {
    files: ['renderer/state/**'],
    imports: ['shared', 'transport-interface', 'state'],
    packages: ['svelte', 'svelte/**'],
  },
  ui: { files: ['renderer/ui/**'], imports: ['ui'], packages: ['svelte', 'svelte/**'] },
  ...Object.fromEntries(
    ['gallery', 'viewer', 'inspector', 'editor', 'save', 'settings', 'batch'].map((name) => [
      name,
      {
        files: [`renderer/${name}/**`],
        imports: ['shared', 'state', 'ui', 'draw', name],
        packages: ['svelte', 'svelte/**', 'virtua', 'virtua/**'],
      },
    ]),
  ),
  // Its pictures are the stage viewer's own.
  'lab-screen': {
    files: ['renderer/lab/**'],
    imports: ['shared', 'state', 'ui', 'draw', 'viewer', 'lab-screen'],
    packages: ['svelte', 'svelte/**', '@codemirror/*', '@lezer/highlight'],
  },
  // The window's own composition root: main.ts, the page, its styles.
  window: {
    files: ['renderer/*', 'renderer/app/**'],
    imports: [
      'shared',
      'transport',
      'transport-interface',
      'state',
      'ui',
      'draw',
      'gallery',
      'viewer',
      'inspector',
      'editor',
      'save',
      'settings',
      'batch',
      'lab-screen',
      'window',
    ],
    packages: ['svelte', 'svelte/**'],
  },
}

const policies = Object.entries(rooms).flatMap(([name, { imports, packages = [], node = false }]) => {
  const from = { file: { categories: name } }
  return [
    { from, allow: { to: { file: { categories: imports } } } },
    ...(packages.length > 0 ? [{ from, allow: { to: { module: { origin: 'external', source: packages } } } }] : []),
    ...(node ? [{ from, allow: { to: { module: { origin: 'core' } } } }] : []),
  ]
})

const tests = ['**/*.test.ts', 'tests/**']

export default defineConfig(
  {
    ignores: [
      'dist',
      'dist-package',
      '.cache',
      'shared/ambient.d.ts',
      'tests/fixtures',
      'test-results',
      'playwright-report',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  ...ts.configs.strictTypeChecked,
  ...svelte.configs.recommended,
  ...svelte.configs.prettier,
  {
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.json', './renderer/tsconfig.json', './tsconfig.browser.json'],
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.svelte'],
      },
    },
    rules: {
      'max-lines': ['error', { max: 400, skipBlankLines: false, skipComments: false }],
      eqeqeq: 'error',
      'no-console': 'error',
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'] }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // Indices are checked by noUncheckedIndexedAccess; where arithmetic proves them, `!` says so.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      'no-restricted-syntax': ['error', { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' }],
    },
  },
  {
    plugins: { boundaries },
    files: ['**/*.{ts,js,mjs,svelte}'],
    settings: {
      'boundaries/root-path': import.meta.dirname,
      'boundaries/files': Object.entries(rooms).map(([category, { files }]) => ({ category, pattern: files })),
      'boundaries/files-single-match': true,
    },
    rules: {
      'boundaries/no-unknown-files': 'error',
      'boundaries/no-unknown-dependencies': 'error',
      'boundaries/dependencies': [
        'error',
        { default: 'disallow', checkAllOrigins: true, checkUnknownLocals: true, checkInternals: true, policies },
      ],
    },
  },
  { files: ['**/*.svelte', '**/*.svelte.ts'], languageOptions: { parserOptions: { parser: ts.parser } } },
  // State holds sets and maps that are replaced as a whole ($state.raw), never changed in place.
  { files: ['renderer/state/**'], rules: { 'svelte/prefer-svelte-reactivity': 'off' } },
  // A view goes by what every layer says of itself; the fake is the engine's part.
  {
    files: ['renderer/**'],
    ignores: [...tests, 'renderer/transport/fake*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '/shared/layers/(?!(?:index|definition|fields|options)\\.ts$)',
              message: 'The window names no layer: what a view needs to know of one belongs in its definition.',
            },
          ],
        },
      ],
    },
  },
  { files: ['renderer/**'], ignores: tests, languageOptions: { globals: globals.browser } },
  {
    files: ['**/*.{js,mjs}'],
    extends: [ts.configs.disableTypeChecked],
    languageOptions: { globals: globals.node },
    rules: { '@typescript-eslint/switch-exhaustiveness-check': 'off' },
  },
  { files: ['main/hosts/cli/**', 'build/**', 'bench/**'], rules: { 'no-console': 'off' } },
  { files: ['*.config.{ts,js}', 'build/*.config.ts'], rules: { 'no-restricted-syntax': 'off' } },
  { files: tests, rules: { '@typescript-eslint/no-empty-function': 'off' } },
)
