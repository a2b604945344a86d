import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  forgetStack,
  identify,
  isAlive,
  lockHolder,
  type ProcessId,
  runningStack,
  takeLock,
  untilLeftoversEnd,
  writeStackFile,
} from '../../../../scripts/stack/state.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'state-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const addresses = { kafka: 'k:1', registry: 'http://r', connect: 'http://c', postgres: 'postgresql://p' }
const write = (owner: ProcessId, servers: Record<string, ProcessId> = {}): void =>
  writeStackFile(dir, { ...addresses, owner, servers, logs: {} })

async function deadProcess(): Promise<ProcessId> {
  const child = spawn('sleep', ['60'])
  const id = identify(child.pid ?? 0)
  child.kill('SIGKILL')
  await once(child, 'exit')
  return id
}

test('a stack whose owner lives is found; one whose owner is gone is not', async () => {
  expect(runningStack(dir)).toBeNull()
  write(identify(process.pid))
  expect(runningStack(dir)?.kafka).toBe('k:1')
  write(await deadProcess())
  expect(runningStack(dir)).toBeNull()
})

test('a process id that was given to somebody else is not taken for the owner', () => {
  expect(isAlive({ pid: process.pid, started: 'Thu Jan  1 00:00:00 1970' })).toBe(false)
})

test('only one living process holds the lock', () => {
  expect(takeLock(dir)).toBe(true)
  expect(takeLock(dir)).toBe(false)
  expect(lockHolder(dir)?.pid).toBe(process.pid)
  forgetStack(dir)
  expect(lockHolder(dir)).toBeNull()
  expect(takeLock(dir)).toBe(true)
})

test('the lock of a process that is gone is taken over', async () => {
  writeFileSync(join(dir, 'stack.lock'), JSON.stringify(await deadProcess()))
  expect(takeLock(dir)).toBe(true)
})

test('a new start waits until the servers of a killed owner have ended', async () => {
  const server = spawn('sleep', ['0.7'])
  const ended = once(server, 'exit')
  write(await deadProcess(), { Kafka: identify(server.pid ?? 0) })
  await untilLeftoversEnd(dir)
  expect(server.exitCode ?? (await ended)[0]).toBe(0)
})
