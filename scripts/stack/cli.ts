/** `npm run stack start [--with-tryton]|stop|status`: the stack as a background process, until it is stopped. */
import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { PARTS } from './addresses.ts'
import { StackError } from './errors.ts'
import { findStack } from './find.ts'
import { STATE_DIR } from './paths.ts'
import { isAlive, lockHolder, runningStack, type StackFile } from './state.ts'

const SUPERVISOR_LOG = join(STATE_DIR, 'logs', 'stack.log')

const wantsTryton = process.argv.includes('--with-tryton')

function show(stack: StackFile): void {
  for (const part of PARTS) console.log(`${part.padEnd(9)} ${stack[part]}`)
  if (stack.tryton !== undefined)
    console.log(`tryton    ${stack.tryton.url}/${stack.tryton.database}/ (${stack.tryton.user})`)
}

/** Runs in the background; the servers are its children and end with it. */
async function supervise(): Promise<void> {
  const stack = await findStack({ say: console.log, with: wantsTryton ? ['tryton'] : [] })
  console.log('ready')
  const idle = setInterval(() => {}, 1 << 30)
  const end = async (): Promise<void> => {
    console.log('stopping')
    await stack.stop()
    clearInterval(idle)
    console.log('stopped')
  }
  let ending: Promise<void> | null = null
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      ending ??= end()
    })
  }
}

async function start(): Promise<void> {
  const running = runningStack(STATE_DIR)
  if (running !== null) {
    show(running)
    if (wantsTryton && running.tryton === undefined)
      console.log('it runs without Tryton: stop it and start it with `npm run stack start -- --with-tryton`')
    return
  }
  mkdirSync(join(STATE_DIR, 'logs'), { recursive: true })
  const log = openSync(SUPERVISOR_LOG, 'a')
  let shown = statSync(SUPERVISOR_LOG).size
  const child = spawn(process.execPath, [import.meta.filename, 'supervise', ...process.argv.slice(3)], {
    detached: true,
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  let ended = false
  child.once('exit', () => {
    ended = true
  })
  const relay = (): void => {
    const text = readFileSync(SUPERVISOR_LOG).subarray(shown)
    shown += text.length
    if (text.length > 0) process.stdout.write(text)
  }
  while (runningStack(STATE_DIR) === null && !ended) {
    await new Promise((resolve) => setTimeout(resolve, 100))
    relay()
  }
  child.unref()
  const stack = runningStack(STATE_DIR)
  if (stack === null) throw new StackError(`the stack did not start; see ${SUPERVISOR_LOG}`)
  show(stack)
}

async function stop(): Promise<void> {
  const owner = runningStack(STATE_DIR)?.owner ?? lockHolder(STATE_DIR)
  if (owner === null) return console.log('not running')
  process.kill(owner.pid, 'SIGTERM')
  while (isAlive(owner)) await new Promise((resolve) => setTimeout(resolve, 100))
  console.log('stopped')
}

function status(): void {
  const stack = runningStack(STATE_DIR)
  if (stack === null) {
    console.log(lockHolder(STATE_DIR) === null ? 'not running' : 'starting')
    process.exitCode = 3
    return
  }
  show(stack)
  for (const [name, id] of Object.entries(stack.servers)) {
    const state = isAlive(id) ? `pid ${id.pid}` : `ENDED, see ${stack.logs[name]}`
    if (!isAlive(id)) process.exitCode = 1
    console.log(`  ${name.padEnd(16)} ${state}`)
  }
}

/** For a clean start: `rm -rf .tributary/stack`; downloads stay in the user's cache. */
const commands = { start, stop, status, supervise } as const
const wanted = process.argv[2] ?? 'status'
if (!(wanted in commands)) {
  console.error(`unknown command ${wanted}; known: start, stop, status`)
  process.exit(2)
}
try {
  await commands[wanted as keyof typeof commands]()
} catch (error) {
  console.error(error instanceof StackError ? error.message : error)
  process.exit(1)
}
