/** `npm run bench <name> [options]`: runs bench/<name>.ts; its last line is one JSON object with the ratio. */
import { spawn } from 'node:child_process'
import { existsSync, globSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('.', import.meta.url))
const [name, ...args] = process.argv.slice(2)
const names = globSync('*.ts', { cwd: folder })
  .map((file) => file.replace(/\.ts$/, ''))
  .filter((file) => file !== 'run')
  .sort()

if (name === undefined || !names.includes(name) || !existsSync(`${folder}${name}.ts`)) {
  console.error(`usage: npm run bench <name>; there are: ${names.join(', ')}`)
  process.exit(2)
}
const child = spawn(process.execPath, ['--expose-gc', `${folder}${name}.ts`, ...args], { stdio: 'inherit' })
child.on('exit', (code) => process.exit(code ?? 1))
