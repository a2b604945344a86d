import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const SCRIPT = fileURLToPath(new URL('../../../scripts/sandbox.ts', import.meta.url))
const run = (...args: string[]) => spawnSync(process.execPath, [SCRIPT, ...args], { encoding: 'utf8' })

test('a system without sandbox is answered with those that have one', () => {
  const { status, stderr } = run('oracle', '--port', '1')
  expect(status).toBe(2)
  expect(stderr).toMatch(/^oracle has no sandbox; there is one of: .*sap-s4hana/)
})

test('options go to the sandbox of the system', () => {
  const { status, stdout } = run('sap-s4hana', '--help')
  expect(status).toBe(0)
  expect(stdout).toContain('--orders')
})
