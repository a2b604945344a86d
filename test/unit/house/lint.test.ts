import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'

const root = join(import.meta.dirname, '../../..')
let folder = ''
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function lint(text: string): string {
  folder = mkdtempSync(join(tmpdir(), 'lint-'))
  for (const name of ['.oxlintrc.json', 'tsconfig.json', 'package.json']) cpSync(join(root, name), join(folder, name))
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  writeFileSync(join(folder, 'planted.ts'), text)
  const result = spawnSync('oxlint', ['--type-aware', 'planted.ts'], { cwd: folder, encoding: 'utf8' })
  return `${result.stdout}${result.stderr}`
}

test('a send that nobody awaits is caught: it would be data loss', () => {
  expect(lint('async function send(): Promise<void> {}\nexport function work(): void {\n  send()\n}\n')).toContain(
    'no-floating-promises',
  )
})

test('throwing something that is no Error is caught', () => {
  expect(lint("export function work(): void {\n  throw 'text'\n}\n")).toContain('only-throw-error')
})
