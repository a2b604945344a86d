import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connectorOf } from '../../connectors/index.ts'
import {
  CONNECTIONS,
  type Codec,
  type Connection,
  createKafka,
  createSecretBox,
  DEAD_LETTERS,
  type DeadLetter,
  decodeConnection,
  deliveryKey,
  type KafkaClient,
  NORMALIZER_REQUESTS,
  newSecretKey,
  openCodec,
  openSettings,
  openWebhookSecrets,
  partitionFor,
  readTopic,
  SYNC_REQUESTS,
  sealWebhookSecret,
  silentLogger,
  WEBHOOK_DELIVERIES,
  WEBHOOK_STATE,
  WEBHOOKS_INBOUND,
  type WebhookDelivery,
  type WebhookDeliveryRecord,
  type WebhookState,
} from '../../core/index.ts'
import { serviceEnvironment } from '../../scripts/services.ts'
import { stack, testPrefix } from '../support/stack.ts'

const MAIN = fileURLToPath(new URL('../../services/cli/main.ts', import.meta.url))
const PARTITIONS = 3
const prefix = testPrefix()
const [oldKey, newKey] = [newSecretKey('old'), newSecretKey('new')]
const folder = mkdtempSync(join(tmpdir(), 'tributary-cli-'))
const file = join(folder, 'connections.yaml')
let kafka: KafkaClient
let codec: Codec

beforeAll(async () => {
  const parts = stack()
  kafka = createKafka({ brokers: [parts.kafka], clientId: 'cli-test', prefix }, silentLogger)
  writeFileSync(
    file,
    `connections:
  - id: plant
    system: tryton
    settings: { base_url: 'http://127.0.0.1:9', database: d, username: u, password: '\${PLANT_PASSWORD}' }
  - id: depot
    system: tryton
    settings: { base_url: 'http://127.0.0.1:9', database: d, username: u, password: fixed-password }
    webhook: { scheme: github, secrets: [depot-signs-with-this] }
`,
  )
  const created = await tributary('topics', 'create')
  if (created.code !== 0) throw new Error(created.err)
  codec = await openCodec({ registryUrl: parts.registry, prefix, register: true })
})

afterAll(async () => {
  rmSync(folder, { recursive: true })
  await kafka.close()
})

/** Runs the real command. */
async function tributaryWith(env: Record<string, string>, ...args: string[]) {
  const installation = serviceEnvironment(stack(), { prefix, secretKeys: oldKey, partitions: PARTITIONS })
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { ...process.env, ...installation, PLANT_PASSWORD: 'plant-password', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const text = { out: '', err: '' }
  child.stdout.on('data', (chunk: Buffer) => (text.out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (text.err += chunk.toString()))
  const [code] = (await once(child, 'close')) as [number]
  return { code, ...text }
}
const tributary = (...args: string[]) => tributaryWith({}, ...args)

async function records(topic: string) {
  const found: { partition: number; key: string; keyBytes: Buffer; value: Buffer }[] = []
  await readTopic(kafka, topic, {
    onRecord: ({ partition, key, value }) => {
      const keyBytes = Buffer.from(key ?? '')
      found.push({ partition, key: keyBytes.toString(), keyBytes, value: Buffer.from(value ?? '') })
    },
  })
  return found
}

async function connection(id: string): Promise<Connection> {
  const last = (await records(CONNECTIONS)).findLast(({ key }) => key === id)
  if (last === undefined) throw new Error(`no connection ${id}`)
  return decodeConnection(last.value)
}

const passwordOf = async (id: string, keys: string): Promise<unknown> => {
  const spec = connectorOf('tryton')?.config
  if (spec === undefined) throw new Error('no tryton')
  return (openSettings(await connection(id), spec, () => createSecretBox(keys)) as { password: string }).password
}

async function applied(): Promise<void> {
  expect(await tributary('connection', 'apply', '-f', file)).toMatchObject({ code: 0, err: '' })
}

test('topics: create is repeatable, verify fails when the partition count differs', async () => {
  expect((await tributary('topics', 'create')).out).toMatch(/all \d+ topics exist/)
  expect((await tributary('topics', 'verify')).code).toBe(0)
  const differs = await tributaryWith({ TRIBUTARY_PARTITIONS: '4' }, 'topics', 'verify')
  expect(differs).toMatchObject({ code: 1, err: expect.stringContaining('4') })
  const missing = await tributaryWith({ TRIBUTARY_TOPIC_PREFIX: `${prefix}other.` }, 'topics', 'verify')
  expect(missing).toMatchObject({ code: 1, err: expect.stringContaining('tributary topics create') })
})

test('apply writes each connection once, however often it runs, and never a password in plain text', async () => {
  await applied()
  const before = await records(CONNECTIONS)
  expect(await tributary('connection', 'apply', '-f', file)).toMatchObject({
    code: 0,
    out: 'plant unchanged\ndepot unchanged\n',
  })
  const after = await records(CONNECTIONS)
  expect(after).toHaveLength(before.length)
  for (const { value } of after) expect(value.toString()).not.toMatch(/plant-password|fixed-password|depot-signs/)
  expect(await passwordOf('plant', oldKey)).toBe('plant-password')
  const listed = await tributary('connection', 'list', '--json')
  expect(JSON.parse(listed.out)).toMatchObject([
    { id: 'depot', settings: { password: '[sealed]' }, webhook: { scheme: 'github', secrets: ['[sealed]'] } },
    { id: 'plant', settings: { password: '[sealed]' } },
  ])
})

test('a file with a problem changes nothing, and the exit codes tell failure from misuse', async () => {
  const before = (await records(CONNECTIONS)).length
  const failed = await tributaryWith({ PLANT_PASSWORD: '' }, 'connection', 'apply', '-f', file)
  expect(failed).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/PLANT_PASSWORD, which is not set/) })
  expect((await tributary('connection', 'apply')).code).toBe(2)
  expect((await tributary('dead-letters', 'redrive')).code).toBe(2)
  expect((await tributary('nonsense')).code).toBe(2)
  expect((await tributary('--help')).code).toBe(0)
  expect(await tributary('connection', 'show', 'nobody')).toMatchObject({
    code: 1,
    err: expect.stringContaining('nobody'),
  })
  expect((await records(CONNECTIONS)).length).toBe(before)
})

test('pause and resume keep everything else; a paused connection takes no request', async () => {
  await applied()
  const { updatedAt: _before, ...before } = await connection('depot')
  await tributary('connection', 'pause', 'depot', '--reason', 'stocktaking')
  expect(await connection('depot')).toMatchObject({ ...before, status: 'paused', statusReason: 'stocktaking' })
  expect(await tributary('sync', 'run', 'depot')).toMatchObject({ code: 1, err: expect.stringContaining('paused') })
  expect((await tributary('sync', 'status', '--connection', 'depot')).out).toMatch(/depot +vendor +paused/)
  await tributary('connection', 'resume', 'depot')
  expect(await connection('depot')).toMatchObject({ ...before, status: 'active', statusReason: null })
})

test('requests reach sync by connection and the normalizer in every partition', async () => {
  await applied()
  expect((await tributary('sync', 'resync', 'plant', 'vendor')).code).toBe(0)
  expect((await tributary('sync', 'run', 'plant', 'asset')).code).toBe(1)
  const asked = (await records(SYNC_REQUESTS)).filter(({ key }) => key === 'plant')
  expect(asked.map(({ value }) => JSON.parse(value.toString()) as unknown)).toMatchObject([
    { kind: 'resync', connectionId: 'plant', entity: 'vendor' },
  ])
  expect((await tributary('replay', '--entity', 'vendor')).code).toBe(0)
  const replays = await records(NORMALIZER_REQUESTS)
  expect(replays.map(({ partition }) => partition).toSorted((a, b) => a - b)).toEqual([0, 1, 2])
  expect(new Set(replays.map(({ key }) => key)).size).toBe(1)
})

test('rotate seals every secret anew under the first key, and nothing when one does not open', async () => {
  await applied()
  const lost = await tributaryWith({ TRIBUTARY_SECRET_KEYS: newKey }, 'secrets', 'rotate')
  expect(lost).toMatchObject({ code: 1, err: expect.stringContaining('"old"') })
  const both = { TRIBUTARY_SECRET_KEYS: `${newKey},${oldKey}` }
  expect((await tributaryWith(both, 'secrets', 'rotate')).out).toMatch(/^2 connections sealed anew, 0 /)
  expect(await passwordOf('plant', newKey)).toBe('plant-password')
  expect(await passwordOf('depot', newKey)).toBe('fixed-password')
  const depot = await connection('depot')
  expect(openWebhookSecrets(depot, null, () => createSecretBox(newKey), 0)).toEqual(['depot-signs-with-this'])
  expect((await tributaryWith(both, 'secrets', 'rotate')).out).toMatch(/^0 connections sealed anew, 2 /)
  // back, for whatever test comes next
  await tributaryWith({ TRIBUTARY_SECRET_KEYS: `${oldKey},${newKey}` }, 'secrets', 'rotate')
})

/** What sync and the receiver would have written. */
async function delivered() {
  const at = partitionFor('depot', PARTITIONS)
  const producer = kafka.producer()
  const came = (deliveryId: string, receiptId: string): WebhookDelivery => ({
    connectionId: 'depot',
    deliveryId,
    receiptId,
    receivedAt: 1000,
    headers: { 'x-event': 'vendor' },
    body: Buffer.from(`{"entity":"vendor","key":"${deliveryId}"}`),
  })
  const inbound = [came('d1', 'r1'), came('d2', 'r2'), came('d1', 'r3')].map((each) => ({
    topic: WEBHOOKS_INBOUND,
    key: 'depot',
    value: codec.inboundWebhook.encode(each),
  }))
  const { baseOffsets } = await producer.send(inbound)
  const first = baseOffsets.get(`${WEBHOOKS_INBOUND}/${at}`) ?? -1
  const became = (deliveryId: string, more: Partial<WebhookDeliveryRecord>) => {
    const record: WebhookDeliveryRecord = {
      connectionId: 'depot',
      deliveryId,
      receiptId: 'r1',
      receivedAt: 1000,
      offset: first,
      outcome: 'processed',
      hints: [{ entity: 'vendor', key: deliveryId }],
      error: null,
      processedAt: 2000,
      ...more,
    }
    const key = deliveryKey('depot', deliveryId, record.outcome === 'duplicate' ? record.receiptId : undefined)
    return { topic: WEBHOOK_DELIVERIES, partition: at, key, value: Buffer.from(JSON.stringify(record)) }
  }
  const state: WebhookState = {
    connectionId: 'depot',
    subscriptions: [],
    retired: [],
    health: 'silent',
    healthReason: 'a poll found vendor 7',
    lastDeliveryAt: 1000,
    updatedAt: 2000,
  }
  await producer.send([
    became('d1', {}),
    became('d2', { receiptId: 'r2', offset: first + 1, outcome: 'failed', error: 'HTTP 500' }),
    became('d1', { receiptId: 'r3', offset: first + 2, outcome: 'duplicate' }),
    { topic: WEBHOOK_STATE, key: 'depot', value: Buffer.from(JSON.stringify(state)) },
  ])
  await producer.close()
}

test('webhooks: listed with health and counts, shown with what came, replayed by a request to sync', async () => {
  await applied()
  await delivered()
  const all = await tributary('webhooks', 'list')
  expect(all.out).toMatch(/depot +silent +- +.* ago +1 +1 +0 +1\n/)
  expect(all.out).toContain('depot: a poll found vendor 7')
  expect(all.out).not.toContain('plant')
  expect((await tributary('webhooks', 'list', 'depot', '--failed')).out).toMatch(/d2 .*failed +vendor d2 +HTTP 500/)
  expect(JSON.parse((await tributary('webhooks', 'show', 'depot', 'd1')).out)).toMatchObject({
    outcome: 'processed',
    hints: [{ entity: 'vendor', key: 'd1' }],
    headers: { 'x-event': 'vendor' },
    body: { entity: 'vendor', key: 'd1' },
    received: [{ receipt: 'r1' }, { receipt: 'r3' }],
  })
  expect((await tributary('sync', 'status', '--connection', 'depot')).out).toMatch(/vendor .*silent/)
  expect((await tributary('webhooks', 'replay', 'depot', 'd1')).out).toBe('1 delivery will be processed once more\n')
  expect((await tributary('webhooks', 'replay', 'depot', '--failed')).code).toBe(0)
  const asked = (await records(SYNC_REQUESTS)).filter(({ key }) => key === 'depot')
  expect(asked.map(({ value }) => JSON.parse(value.toString()) as unknown)).toMatchObject([
    { kind: 'redeliver', connectionId: 'depot', deliveryId: 'd1' },
    { kind: 'redeliver', connectionId: 'depot', deliveryId: 'd2' },
  ])
})

test('webhooks: what is not known is said', async () => {
  await applied()
  for (const command of ['show', 'replay'])
    expect(await tributary('webhooks', command, 'depot', 'nothing')).toMatchObject({
      code: 1,
      err: expect.stringContaining('no delivery nothing of depot'),
    })
  expect(await tributary('webhooks', 'list', 'plant')).toMatchObject({
    code: 1,
    err: expect.stringContaining('takes no webhooks'),
  })
  expect((await tributary('webhooks', 'replay', 'depot')).code).toBe(2)
  expect((await tributary('webhooks', 'replay', 'depot', 'd1', '--failed')).code).toBe(2)
})

test('rotate says when sync has secrets of subscriptions to seal anew', async () => {
  await applied()
  const secret = sealWebhookSecret('depot', 'of a subscription', createSecretBox(oldKey))
  const state = { connectionId: 'depot', subscriptions: [], retired: [{ secret, until: 9e15 }], health: 'off' }
  const producer = kafka.producer()
  await producer.send([{ topic: WEBHOOK_STATE, key: 'depot', value: Buffer.from(JSON.stringify(state)) }])
  await producer.close()
  const both = { TRIBUTARY_SECRET_KEYS: `${newKey},${oldKey}` }
  expect(await tributaryWith(both, 'secrets', 'rotate')).toMatchObject({
    code: 1,
    out: expect.stringContaining('2 connections sealed anew'),
    err: expect.stringContaining('keep the old key'),
  })
  await tributaryWith({ TRIBUTARY_SECRET_KEYS: `${oldKey},${newKey}` }, 'secrets', 'rotate')
})

test('a removed connection needs --yes, is no longer listed, and its id stays taken', async () => {
  await applied()
  const set = ['base_url=http://127.0.0.1:9', 'database=d', 'username=u', 'password=p'].flatMap((each) => [
    '--set',
    each,
  ])
  const add = () => tributary('connection', 'add', 'barn', '--system', 'tryton', ...set)
  expect((await add()).code).toBe(0)
  expect(await add()).toMatchObject({ code: 1, err: expect.stringContaining('barn exists') })
  expect((await tributary('connection', 'remove', 'barn')).code).toBe(1)
  expect((await tributary('connection', 'remove', 'barn', '--yes')).code).toBe(0)
  expect((await tributary('connection', 'list')).out).not.toContain('barn')
  expect((await tributary('connection', 'resume', 'barn')).code).toBe(1)
})

test('redrive puts the original bytes back where they came from, once, and nothing behind a newer record', async () => {
  const topic = 'changes.vendor'
  const keys = [Buffer.from('plant:vendor:1'), Buffer.from([0, 255, 128]), Buffer.from('plant:vendor:3')]
  const change = codec.encodeChange({
    connection_id: 'plant',
    system: 'tryton',
    stream: 'vendor',
    entity: 'vendor',
    source_id: '1',
    operation: 'UPSERT',
    origin: 'INCREMENTAL',
    source_version: 1,
    extracted_at: 1,
    run_id: 'run',
    payload: Buffer.from('{"name":"Acme"}'),
  })
  const values = [change, Buffer.from([1, 2, 3, 254]), Buffer.from('old')]
  const producer = kafka.producer()
  const originals = keys.map((key, at) => ({ topic, partition: 2, key, value: values[at] as Buffer }))
  const { baseOffsets } = await producer.send(originals)
  const first = baseOffsets.get(`${topic}/2`) ?? -1
  await producer.send([{ topic, partition: 2, key: keys[2] as Buffer, value: Buffer.from('new') }])
  const letter = (more: Partial<DeadLetter>) => {
    const full: DeadLetter = {
      topic,
      partition: 2,
      offset: first,
      key: null,
      value: null,
      error: 'mapping refused it',
      kind: 'mapping',
      service: 'normalizer',
      connection_id: 'plant',
      at: Date.now(),
      run_id: 'run',
      request_id: null,
      ...more,
    }
    const name = `${full.topic}/${full.partition}/${full.offset}`
    return { topic: DEAD_LETTERS, key: name, value: codec.deadLetter.encode(full) }
  }
  await producer.send([
    ...originals.map(({ key, value }, at) => letter({ offset: first + at, key, value })),
    letter({ topic: 'source/plant/vendor', partition: -1, offset: -1, service: 'sync', kind: 'undecodable' }),
  ])
  await producer.close()

  const listed = JSON.parse(
    (await tributary('dead-letters', 'list', '--service', 'normalizer', '--json')).out,
  ) as unknown[]
  expect(listed).toHaveLength(3)
  const shown = await tributary('dead-letters', 'show', `${topic}/2/${first}`)
  expect(JSON.parse(shown.out)).toMatchObject({
    error: 'mapping refused it',
    key: 'plant:vendor:1',
    change: { source_id: '1', payload: { name: 'Acme' } },
  })
  const redriven = await tributary('dead-letters', 'redrive', '--connection', 'plant', '--json')
  expect(JSON.parse(redriven.out)).toEqual({ redriven: 2, superseded: 1, neverInKafka: 1 })
  const after = (await records(topic)).filter(({ partition }) => partition === 2)
  expect(after.slice(-2).map(({ keyBytes, value }) => [keyBytes, value])).toEqual([
    [keys[0], values[0]],
    [keys[1], values[1]],
  ])
  const again = await tributary('dead-letters', 'redrive', `${topic}/2/${first}`, '--json')
  expect(JSON.parse(again.out)).toEqual({ redriven: 0, superseded: 1, neverInKafka: 0 })
  expect(await records(topic)).toHaveLength(6)
})
