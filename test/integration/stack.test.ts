import { execFile, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createKafka, readTopic } from '../../core/index.ts'
import { isAlive, type ProcessId, type StackFile } from '../../scripts/stack/state.ts'
import { ownBroker, ownRegistry } from '../support/own-servers.ts'
import { stack, testTryton } from '../support/stack.ts'

const CLI = join(import.meta.dirname, '..', '..', 'scripts', 'stack', 'cli.ts')
const run = promisify(execFile)
const quiet = { debug() {}, info() {}, warn() {}, error() {} } as never

async function put(brokers: string, topic: string, value: string): Promise<void> {
  const kafka = createKafka({ brokers: [brokers], clientId: 'stack-test', prefix: '' }, quiet)
  await kafka.withAdmin((admin) => admin.createTopics({ topics: [{ topic, numPartitions: 1 }] }))
  const producer = kafka.producer()
  await producer.send([{ topic, partition: 0, key: 'k', value: Buffer.from(value) }])
  await producer.close()
  await kafka.close()
}

async function valuesOf(brokers: string, topic: string): Promise<string[]> {
  const kafka = createKafka({ brokers: [brokers], clientId: 'stack-test', prefix: '' }, quiet)
  const values: string[] = []
  await readTopic(kafka, topic, { onRecord: (record) => void values.push(String(record.value)) })
  await kafka.close()
  return values
}

async function sql(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const result = await client.query<Record<string, unknown>>(text)
  await client.end()
  return result.rows
}

async function register(registry: string, subject: string, schema: string): Promise<number> {
  const response = await fetch(`${registry}/subjects/${subject}/versions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ schema }),
  })
  return ((await response.json()) as { id: number }).id
}

describe('npm run stack', () => {
  let dir: string
  const cli = (command: string): Promise<{ code: number | null; out: string }> =>
    new Promise((resolve) => {
      const env = { ...process.env, TRIBUTARY_STATE_DIR: dir, TRIBUTARY_STACK: 'local' }
      const child = spawn(process.execPath, [CLI, command], { env })
      let out = ''
      child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
      child.stderr.on('data', (chunk: Buffer) => (out += chunk.toString()))
      child.once('close', (code) => resolve({ code, out }))
    })
  const file = (): StackFile => JSON.parse(readFileSync(join(dir, 'stack.json'), 'utf8')) as StackFile
  const pids = (): ProcessId[] => Object.values(file().servers)

  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'tributary-stack-'))
    // As a project's folder is: PostgreSQL, which does not run as root, can reach it.
    chmodSync(dir, 0o755)
  })
  afterAll(async () => {
    await cli('stop')
    rmSync(dir, { recursive: true, force: true })
  })

  test('says that nothing runs, before', async () => {
    expect(await cli('status')).toEqual({ code: 3, out: 'not running\n' })
    expect((await cli('stop')).out).toBe('not running\n')
  })

  test('start brings up all parts on this machine only; a second start finds them as they are', async () => {
    const started = await cli('start')
    expect(started.out).toContain('Kafka Connect ready')
    expect(started.code).toBe(0)
    const before = file()
    expect(await (await fetch(`${before.connect}/connector-plugins`)).text()).toContain('JdbcSinkConnector')
    expect(await (await fetch(`${before.registry}/config`)).json()).toEqual({ compatibilityLevel: 'BACKWARD' })
    expect(await sql(before.postgres, 'select 1 as one')).toEqual([{ one: 1 }])

    const began = Date.now()
    expect((await cli('start')).code).toBe(0)
    expect(Date.now() - began).toBeLessThan(5000)
    expect(file()).toEqual(before)
  })

  test('servers end when the process that owns them is killed, and what they held is there after the next start', async () => {
    const before = file()
    await put(before.kafka, 'kept', 'a record')
    await sql(before.postgres, "create table kept as select 'a row' as text")
    const schema = JSON.stringify({ type: 'record', name: 'Kept', fields: [{ name: 'x', type: 'string' }] })
    const id = await register(before.registry, 'kept-value', schema)

    process.kill(before.owner.pid, 'SIGKILL')
    expect((await cli('status')).out).toBe('not running\n')
    // Not waited for here: the new start has to cope with servers that are still ending.
    const started = await cli('start')
    expect([started.code, started.out]).toEqual([0, expect.stringContaining('Kafka Connect ready')])
    for (const server of Object.values(before.servers)) expect(isAlive(server)).toBe(false)

    const after = file()
    expect({ ...after, owner: null, servers: null }).toEqual({ ...before, owner: null, servers: null })
    expect(await valuesOf(after.kafka, 'kept')).toEqual(['a record'])
    expect(await sql(after.postgres, 'select text from kept')).toEqual([{ text: 'a row' }])
    expect(await (await fetch(`${after.registry}/schemas/ids/${id}`)).json()).toMatchObject({ schema })
  })

  test('a part that it lacks is started beside it for who asks, and ends with who asked', async () => {
    const before = file()
    expect(before.tryton).toBeUndefined()
    const asking = `
      import { findStack } from '${join(import.meta.dirname, '..', '..', 'scripts', 'stack', 'find.ts')}'
      const stack = await findStack({ with: ['tryton'] })
      const answer = await fetch(stack.addresses.tryton.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ id: 1, method: 'common.server.version', params: [] }),
      })
      console.log(JSON.stringify({ ...stack.addresses, version: (await answer.json()).result }))
      await stack.stop()`
    const env = { ...process.env, TRIBUTARY_STATE_DIR: dir, TRIBUTARY_STACK: 'local' }
    const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '-e', asking], { env })
    const found = JSON.parse(stdout || `"${stderr}"`) as StackFile & { version: string }
    expect(found.version).toMatch(/^6\.0/)
    expect([found.kafka, found.registry, found.connect, found.postgres]).toEqual([
      before.kafka,
      before.registry,
      before.connect,
      before.postgres,
    ])
    expect(file()).toEqual(before)
    await expect(fetch(found.tryton?.url ?? '')).rejects.toThrow()
    expect(readdirSync(dir).filter((name) => name.startsWith('beside'))).toEqual([])
  })

  test('status shows a server that is gone', async () => {
    const { servers } = file()
    const registry = servers['schema registry']
    if (registry === undefined) throw new Error('no registry in stack.json')
    process.kill(registry.pid, 'SIGKILL')
    while (isAlive(registry)) await delay(20)
    const { code, out } = await cli('status')
    expect(out).toMatch(/schema registry\s+ENDED, see .*registry\.log/)
    expect(code).toBe(1)
  })

  test('stop ends every server', async () => {
    const all = pids()
    expect(all.length).toBe(4)
    expect(await cli('stop')).toEqual({ code: 0, out: 'stopped\n' })
    expect(all.filter(isAlive)).toEqual([])
    expect((await cli('status')).code).toBe(3)
  })
})

describe('a broker of one test', () => {
  test('keeps what it acknowledged through a kill, and its address', async () => {
    const broker = await ownBroker()
    try {
      await put(broker.url, 'acknowledged', 'before the crash')
      const first = broker.pid()
      await broker.kill()
      expect(broker.isRunning()).toBe(false)
      await broker.restart()
      expect(broker.pid()).not.toBe(first)
      expect(await valuesOf(broker.url, 'acknowledged')).toEqual(['before the crash'])
    } finally {
      await broker.remove()
    }
  })
})

describe('a registry of one test', () => {
  test('keeps a registration that it acknowledged just before it was killed', async () => {
    const registry = await ownRegistry()
    try {
      const schema = JSON.stringify({ type: 'record', name: 'Kept', fields: [{ name: 'x', type: 'string' }] })
      const id = await register(registry.url, 'kept-value', schema)
      await registry.kill()
      await registry.restart()
      expect(await (await fetch(`${registry.url}/schemas/ids/${id}`)).json()).toMatchObject({ schema })
    } finally {
      await registry.remove()
    }
  })
})

describe('Tryton databases', () => {
  const login = (url: string, password: string): Promise<Response> =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ id: 1, method: 'common.db.login', params: ['admin', { password }] }),
    })

  test('are copied from the template within seconds, take the login, and can be dropped while in use', async ({
    skip,
  }) => {
    if (stack().tryton === undefined) return skip('no Tryton in this stack')
    const began = Date.now()
    const erp = await testTryton()
    expect(Date.now() - began).toBeLessThan(15_000)
    const answer = (await (await login(`${erp.url}/${erp.database}/`, erp.password)).json()) as {
      result: [number, string]
    }
    expect(answer.result[0]).toBeGreaterThan(0)
    await erp.drop()
    const names = await sql(stack().postgres, `select datname from pg_database where datname = '${erp.database}'`)
    expect(names).toEqual([])
  })
})
