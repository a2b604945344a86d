import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readTopic } from '../../../core/index.ts'
import { differences, install, type Installation } from '../../integration/kafka/installation.ts'
import { stack } from '../../support/stack.ts'

const script = fileURLToPath(new URL('../../support/copy-child.ts', import.meta.url))
const children = new Set<ChildProcess>()
let installation: Installation
beforeEach(async () => {
  installation = await install({ in: 'compact', out: 'compact', state: 'compact' })
})
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL')
  children.clear()
  await installation.drop()
})

/** A copier in a process of its own; its lines are kept. */
async function startChild(pauseMs: number): Promise<{ child: ChildProcess; lines: string[] }> {
  const argument = JSON.stringify({ brokers: stack().kafka.split(','), prefix: installation.kafka.prefix, pauseMs })
  const child = spawn(process.execPath, [script, argument], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.add(child)
  child.once('exit', () => children.delete(child))
  const lines: string[] = []
  await new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`a worker ended with ${code}: ${lines.join('\n')}`)))
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      lines.push(line)
      if (line === 'ready') resolve()
    })
  })
  return { child, lines }
}

const kill = async (child: ChildProcess): Promise<void> => {
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

const copied = async (): Promise<number> =>
  (await readTopic(installation.kafka, 'out', { onRecord: () => undefined })).records

async function untilCopied(count: number, timeoutMs = 120_000): Promise<void> {
  const deadline = Date.now() + timeoutMs
  for (let seen = await copied(); seen < count; seen = await copied()) {
    if (Date.now() > deadline) throw new Error(`${seen} of ${count} records copied`)
    await sleep(200)
  }
}

/** Sends `count` records in small pieces, as long as it takes. */
async function produce(from: number, count: number): Promise<void> {
  const producer = installation.kafka.producer()
  for (let i = 0; i < count; i += 20) {
    await producer.send(
      Array.from({ length: 20 }, (_, k) => ({
        topic: 'in',
        key: `key-${from + i + k}`,
        value: Buffer.from(String(from + i + k)),
      })),
    )
    await sleep(10)
  }
  await producer.close()
}

test('workers killed at random moments lose nothing and copy nothing twice', async () => {
  const workers = [await startChild(20), await startChild(20)]
  const producing = produce(0, 6_000)
  for (let round = 0; round < 6; round++) {
    await sleep(300 + Math.random() * 1_500)
    const victim = round % workers.length
    await kill((workers[victim] as { child: ChildProcess }).child)
    workers[victim] = await startChild(20)
  }
  await producing
  await untilCopied(6_000)
  await sleep(500)
  expect(await differences(installation.kafka)).toEqual([])
})

test('a worker that slept through its expulsion is fenced when it wakes up, and joins again', async () => {
  const sleeper = await startChild(10)
  await produce(0, 1_000)
  await untilCopied(200)
  // In the middle of work: another batch is certainly begun and not committed.
  const producing = produce(1_000, 1_000)
  await sleep(100)
  sleeper.child.kill('SIGSTOP')
  const other = await startChild(10)
  await producing
  await untilCopied(2_000)
  sleeper.child.kill('SIGCONT')
  await produce(2_000, 1_000)
  await untilCopied(3_000)
  const woken = () =>
    sleeper.lines.filter((line) => line.includes('the group has gone on without us') || line.includes('another owner'))
  const deadline = Date.now() + 30_000
  while (woken().length === 0 && Date.now() < deadline) await sleep(100)
  expect(woken().length).toBeGreaterThan(0)
  expect(await differences(installation.kafka)).toEqual([])
  // Both leave in order: no error on the way.
  for (const { child } of [sleeper, other]) {
    const exited = once(child, 'exit')
    child.kill('SIGTERM')
    expect(await exited).toEqual([0, null])
  }
})
