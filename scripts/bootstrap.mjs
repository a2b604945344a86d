#!/usr/bin/env node
// Entry of every npm script. Plain JavaScript, so that any Node from 18 on can run it: it installs the packages
// when they are missing (Node 24 is one of them), then runs the wanted TypeScript file on that Node 24.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const bin = join(root, 'node_modules', '.bin')
const node = join(bin, process.platform === 'win32' ? 'node.cmd' : 'node')
const stamp = join(root, 'node_modules', '.tributary-installed')

const [script, ...args] = process.argv.slice(2)
if (script === undefined) {
  console.error('usage: node scripts/bootstrap.mjs <script.ts> [arguments]')
  process.exit(2)
}

const lock = readFileSync(join(root, 'package-lock.json'), 'utf8')
const installed = existsSync(stamp) && readFileSync(stamp, 'utf8') === lock
if (!installed || !existsSync(node)) {
  console.error('installing packages (npm ci) …')
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if (npm.status !== 0) {
    console.error(
      'npm ci did not succeed: check the network and the registry that npm is configured with, then repeat the command',
    )
    process.exit(npm.status ?? 1)
  }
  writeFileSync(stamp, lock)
}
const version = spawnSync(node, ['--version'], { encoding: 'utf8' })
if (version.status !== 0 || !version.stdout.startsWith('v24.')) {
  console.error(
    `node_modules/.bin/node is not Node 24 (${version.stdout || version.error}): delete node_modules and repeat the command`,
  )
  process.exit(1)
}

const child = spawn(node, [join(root, script), ...args], {
  stdio: 'inherit',
  env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}` },
})
// Ctrl-C reaches the child by the terminal's process group; a `kill` of this process is passed on.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => child.kill('SIGTERM'))
child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 1)))
