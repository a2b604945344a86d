import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, expect, test } from 'vitest'

const root = join(import.meta.dirname, '../../..')
const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

/** Runs dependency-cruiser with the project's rules over a small tree of the given files. */
function cruise(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'imports-'))
  folders.push(folder)
  for (const name of ['.dependency-cruiser.cjs', 'tsconfig.json', 'package.json'])
    cpSync(join(root, name), join(folder, name))
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  const tops = [...new Set(Object.keys(files).map((path) => path.split('/')[0] ?? ''))]
  const result = spawnSync(join(root, 'node_modules/.bin/depcruise'), [...tops, '--output-type', 'err'], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  })
  return `${result.stdout}${result.stderr}`
}

const door = { 'core/index.ts': 'export const a = 1\n', 'core/inner.ts': 'export const b = 1\n' }

test.each([
  [
    'core-has-one-door',
    { 'services/x/main.ts': "import { b } from '../../core/inner.ts'\nexport const c = b\n", ...door },
  ],
  [
    'core-knows-no-system',
    {
      'core/index.ts': "export { t } from '../connectors/t/index.ts'\n",
      'connectors/t/index.ts': 'export const t = 1\n',
    },
  ],
  [
    'connectors-are-islands',
    { 'connectors/a/index.ts': "export { b } from '../b/index.ts'\n", 'connectors/b/index.ts': 'export const b = 1\n' },
  ],
  [
    'connectors-have-one-door',
    {
      'services/x/main.ts': "export { b } from '../../connectors/b/index.ts'\n",
      'connectors/b/index.ts': 'export const b = 1\n',
    },
  ],
  [
    'services-do-not-import-each-other',
    { 'services/x/main.ts': "export { y } from '../y/main.ts'\n", 'services/y/main.ts': 'export const y = 1\n' },
  ],
  ['schemas-import-nothing', { 'schemas/a.ts': "export { a } from '../core/index.ts'\n", ...door }],
  [
    'nothing-imports-test',
    { 'core/index.ts': "export { t } from '../test/t.ts'\n", 'test/t.ts': 'export const t = 1\n' },
  ],
  ['only-core-kafka-imports-kafkajs', { 'services/x/main.ts': "import k from 'kafkajs'\nexport const x = k\n" }],
  ['only-core-avro-imports-avro', { 'core/index.ts': "import a from 'avsc'\nexport const x = a\n" }],
  [
    'sandbox-shares-nothing-with-its-connector',
    {
      'connectors/a/sandbox/main.ts': "export { a } from '../index.ts'\n",
      'connectors/a/index.ts': 'export const a = 1\n',
    },
  ],
  [
    'no-circular',
    {
      'core/index.ts': "import { b } from './b.ts'\nexport const a = () => b\n",
      'core/b.ts': "import { a } from './index.ts'\nexport const b = () => a\n",
    },
  ],
])('a planted violation of %s is caught', (rule, files) => {
  expect(cruise(files)).toContain(rule)
})

test('a clean tree passes and its modules are seen', () => {
  const output = cruise({ 'services/x/main.ts': "export { a } from '../../core/index.ts'\n", ...door })
  expect(output).toMatch(/no dependency violations found \([1-9]\d* modules/)
})
