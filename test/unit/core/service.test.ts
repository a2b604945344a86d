import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'

const FIXTURE = join(import.meta.dirname, '../../support/service-child.ts')
vi.setConfig({ testTimeout: 30_000 })

const GOOD = { TRIBUTARY_KAFKA_BROKERS: 'a:9092' }

type Line = { readonly [field: string]: unknown; readonly msg: string; readonly level: string }

interface Child {
  readonly process: ChildProcess
  readonly lines: Line[]
  /** Resolves with the first line of this message. */
  said(message: string): Promise<Line>
  /** Exit code and everything on stderr. */
  readonly ended: Promise<{ readonly code: number | null; readonly stderr: string }>
}

function start(behaviour: string, env: Record<string, string> = GOOD): Child {
  const child = fork(FIXTURE, [behaviour], { env, silent: true, execArgv: [] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const lines: Line[] = []
  const waiting: { readonly message: string; readonly done: (line: Line) => void }[] = []
  let stderr = ''
  let rest = ''
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk))
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    const texts = (rest + chunk).split('\n')
    rest = texts.pop() ?? ''
    for (const text of texts) {
      const line = JSON.parse(text) as Line
      lines.push(line)
      for (const { message, done } of waiting) if (line.msg === message) done(line)
    }
  })
  return {
    process: child,
    lines,
    said: (message) =>
      new Promise((done) => {
        const line = lines.find(({ msg }) => msg === message)
        if (line !== undefined) done(line)
        else waiting.push({ message, done })
      }),
    ended: once(child, 'close').then(([code]) => ({ code: code as number | null, stderr })),
  }
}

async function running(behaviour: string): Promise<Child & { get(path: string): Promise<Response> }> {
  const child = start(behaviour)
  const { port } = await child.said('health and metrics')
  await child.said('started')
  return { ...child, get: (path) => fetch(`http://127.0.0.1:${String(port)}${path}`) }
}

test('health, readiness and metrics are served; SIGTERM drains and exits 0', async () => {
  const child = await running('unready')
  const alive = await child.get('/healthz')
  expect([alive.status, await alive.json()]).toEqual([200, { service: 'fixture', alive: true }])
  expect((await child.get('/readyz')).status).toBe(503)
  child.process.send('ready')
  await once(child.process, 'message')
  const ready = await child.get('/readyz')
  expect([ready.status, await ready.json()]).toEqual([
    200,
    { service: 'fixture', ready: true, detail: { partitions: [1, 2] } },
  ])
  const metrics = await (await child.get('/metrics')).text()
  expect(metrics).toContain('tributary_records_sent_total{connection="erp",stream="vendor",service="fixture"} 7')
  expect(metrics).toContain('nodejs_heap_size_used_bytes{service="fixture"}')
  child.process.kill('SIGTERM')
  expect(await child.ended).toEqual({ code: 0, stderr: '' })
  expect(child.lines.map(({ msg }) => msg).slice(-3)).toEqual(['draining', 'let go', 'drained'])
})

test('SIGINT drains too; a second signal while draining changes nothing', async () => {
  const child = await running('calm')
  child.process.kill('SIGINT')
  child.process.kill('SIGTERM')
  expect((await child.ended).code).toBe(0)
  expect(child.lines.filter(({ msg }) => msg === 'draining')).toHaveLength(1)
})

test('a drain that fails exits 1 and says why', async () => {
  const child = await running('stop-fails')
  child.process.kill('SIGTERM')
  expect((await child.ended).code).toBe(1)
  expect(child.lines.at(-1)).toMatchObject({ level: 'error', err: { message: 'commit refused' } })
})

test('a bad environment exits 78 and lists everything that is wrong', async () => {
  const child = start('calm', { TRIBUTARY_KAFKA_BROKER: 'a:9092', TRIBUTARY_PARTITIONS: 'many' })
  const { code, stderr } = await child.ended
  expect(code).toBe(78)
  expect(stderr.trim().split('\n')).toEqual([
    'fixture: the environment is not usable:',
    '  TRIBUTARY_KAFKA_BROKER is not a setting (did you mean TRIBUTARY_KAFKA_BROKERS?)',
    '  TRIBUTARY_KAFKA_BROKERS is missing (Kafka brokers)',
    '  TRIBUTARY_PARTITIONS must be a number',
  ])
})

test('configuration that turns out unusable at the start exits 78 too', async () => {
  const child = start('start-unusable')
  expect((await child.ended).code).toBe(78)
  expect(child.lines.at(-1)?.msg).toContain('user is missing')
})

test('a start that fails exits 1 with one line', async () => {
  const child = start('start-fails')
  expect(await child.ended).toEqual({ code: 1, stderr: '' })
  expect(child.lines.at(-1)).toMatchObject({ level: 'fatal', msg: 'fixture cannot go on: the broker is gone' })
})

test.each([
  ['throw', 'a bug: its cause'],
  ['reject', 'a forgotten promise'],
  ['fail', 'fenced by another owner'],
])('%s: exits 1 with one clear line and no stack', async (what, message) => {
  const child = await running('calm')
  child.process.send(what)
  expect(await child.ended).toEqual({ code: 1, stderr: '' })
  const last = child.lines.filter(({ level }) => level === 'fatal')
  expect(last).toHaveLength(1)
  expect(last[0]?.msg).toBe(`fixture cannot go on: ${message}`)
  expect(JSON.stringify(last)).not.toContain('stack')
})

test('a port that is taken exits 1 and names it', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  const child = start('calm', { ...GOOD, TRIBUTARY_HTTP_PORT: String(port) })
  const { code } = await child.ended
  other.close()
  expect(code).toBe(1)
  expect(child.lines.find(({ level }) => level === 'fatal')?.msg).toContain(`127.0.0.1:${port}`)
})
