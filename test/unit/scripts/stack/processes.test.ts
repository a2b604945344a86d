import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { launch, logged, untilReady } from '../../../../scripts/stack/processes.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'leash-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
async function untilGone(pid: number, timeoutMs = 10_000): Promise<boolean> {
  const deadline = Date.now() + timeoutMs
  while (alive(pid) && Date.now() < deadline) await delay(20)
  return !alive(pid)
}
const shell = (script: string, options: { graceSeconds?: number } = {}) =>
  launch({ name: 'probe', command: '/bin/sh', args: ['-c', script], logFile: join(dir, 'probe.log'), ...options })

/** A process of its own that launches a server and then waits: what we kill. */
async function starter(
  script: string,
  graceSeconds: number,
  then = 'setInterval(() => {}, 1000)',
): Promise<{ starter: ChildProcess; server: number }> {
  const file = join(dir, 'starter.ts')
  writeFileSync(
    file,
    `import { launch } from ${JSON.stringify(new URL('../../../../scripts/stack/processes.ts', import.meta.url).href)}
     const server = launch({ name: 'probe', command: '/bin/sh', args: ['-c', ${JSON.stringify(script)}],
       logFile: ${JSON.stringify(join(dir, 'probe.log'))}, graceSeconds: ${graceSeconds} })
     console.log(server.pid)
     ${then}`,
  )
  const child = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  return { starter: child, server: Number(line.toString()) }
}

describe('a launched server', () => {
  test('ends when its starter is killed with SIGKILL', async () => {
    const { starter: parent, server } = await starter('exec sleep 300', 5)
    expect(alive(server)).toBe(true)
    parent.kill('SIGKILL')
    expect(await untilGone(server)).toBe(true)
  })

  test('ends by SIGKILL after the grace when it ignores the signal', async () => {
    const { starter: parent, server } = await starter("trap '' TERM; while :; do sleep 0.1; done", 1)
    parent.kill('SIGKILL')
    await delay(400)
    expect(alive(server)).toBe(true)
    expect(await untilGone(server)).toBe(true)
  })

  test('has the process id of the command itself, so that a kill reaches it', async () => {
    const file = join(dir, 'own.pid')
    const server = shell(`echo $$ > ${file}.new; mv ${file}.new ${file}; exec sleep 300`)
    await untilReady(server, () => existsSync(file), 5000)
    expect(Number(readFileSync(file, 'utf8'))).toBe(server.pid)
    await server.kill()
    expect(await server.exited).toBe('signal SIGKILL')
    expect(alive(server.pid)).toBe(false)
  })

  test('may end by itself: nothing is signalled afterwards', async () => {
    const server = shell('exit 3')
    expect(await server.exited).toBe('exit code 3')
    expect(server.isRunning()).toBe(false)
    await server.stop()
  })

  test('that ends while starting is reported with the end of its log', async () => {
    const server = shell('echo starting; echo "no space left on device" >&2; exit 1')
    const waiting = untilReady(server, logged(server, 'ready'), 10_000)
    await expect(waiting).rejects.toThrow(/probe ended while starting \(exit code 1\)[\s\S]*no space left on device/)
  })

  test('that does not get ready in time is killed and reported', async () => {
    const server = shell('echo waiting for nothing; exec sleep 300')
    await expect(untilReady(server, () => false, 300)).rejects.toThrow(
      /not ready after 0.3 s[\s\S]*waiting for nothing/,
    )
    expect(alive(server.pid)).toBe(false)
  })

  test('is ready by a line of this start, not of an earlier one in the same log', async () => {
    const first = shell('echo ready')
    await first.exited
    const second = shell('sleep 0.3; echo ready; exec sleep 300')
    expect(logged(second, 'ready')()).toBe(false)
    await untilReady(second, logged(second, 'ready'), 5000)
    await second.stop()
  })

  test('does not keep its starter from ending', async () => {
    const { starter: parent, server } = await starter('exec sleep 300', 2, '')
    if (parent.exitCode === null) await once(parent, 'exit')
    expect(parent.exitCode).toBe(0)
    expect(await untilGone(server)).toBe(true)
  })
})

test('a command that does not exist is an error that names it', async () => {
  const server = launch({ name: 'probe', command: '/no/such/program', args: [], logFile: join(dir, 'probe.log') })
  await expect(untilReady(server, () => false, 5000)).rejects.toThrow(
    /probe ended while starting[\s\S]*no\/such\/program/,
  )
})
