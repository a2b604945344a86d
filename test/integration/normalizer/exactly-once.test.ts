import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { benchConnection } from '../../../bench/support/bench-connection.ts'
import { startWorker, until, type Worker } from '../../../bench/support/processes.ts'
import { partyPayload, random } from '../../../bench/support/vendor-changes.ts'
import {
  CONNECTIONS,
  type Codec,
  createKafka,
  ensureTopics,
  type KafkaClient,
  NORMALIZER_STATE,
  type OutRecord,
  openCodec,
  partitionFor,
  type RecordProducer,
  readTopic,
  silentLogger,
  TOPICS,
  unifiedId,
} from '../../../core/index.ts'
import { stack, testPrefix } from '../../support/stack.ts'

const PARTITIONS = 4
const KEYS = 300
const T0 = 1_750_000_000_000
const tuning = { sessionTimeoutMs: 6_000, rebalanceTimeoutMs: 6_000, heartbeatMs: 200, transactionTimeoutMs: 10_000 }

let prefix: string
let kafka: KafkaClient
let codec: Codec
let producer: RecordProducer
let workers: Worker[]
/** Records sent to each partition of changes.vendor, and the names every vendor should be published with, in order. */
let sent: number[]
let expected: Map<string, string[]>

beforeEach(async () => {
  prefix = testPrefix()
  kafka = createKafka({ brokers: stack().kafka.split(','), clientId: 'test', prefix }, silentLogger)
  await ensureTopics(kafka, TOPICS, { partitions: PARTITIONS, replicationFactor: 1 })
  codec = await openCodec({ registryUrl: stack().registry, prefix, register: true })
  producer = kafka.producer()
  const value = Buffer.from(JSON.stringify(benchConnection))
  await producer.send([{ topic: CONNECTIONS, key: benchConnection.id, value }])
  workers = []
  sent = Array.from({ length: PARTITIONS }, () => 0)
  expected = new Map()
})

afterEach(async () => {
  for (const worker of workers) worker.kill('SIGCONT')
  await Promise.all(workers.map((worker) => worker.stop()))
  await producer.close()
  await kafka.withAdmin(async (admin) => {
    const topics = (await admin.listTopics()).filter((name) => name.startsWith(prefix))
    await admin.deleteTopics({ topics, timeout: 60_000 })
  })
  await kafka.close()
})

function start(): Worker {
  const worker = startWorker('normalizer-process.ts', {
    kafka: stack().kafka,
    registry: stack().registry,
    prefix,
    tuning,
  })
  workers.push(worker)
  return worker
}

const next = random(7)
let version = 0

/** Vendors renamed at random; one in four reads finds nothing new. */
async function change(count: number): Promise<void> {
  const records: OutRecord[] = []
  for (let i = 0; i < count; i++) {
    const id = Math.floor(next() * KEYS)
    const key = unifiedId(benchConnection.id, 'vendor', String(id))
    const names = expected.get(key) ?? []
    expected.set(key, names)
    const name = names.length > 0 && next() < 0.25 ? (names.at(-1) as string) : `Vendor ${id} of ${version}`
    if (names.at(-1) !== name) names.push(name)
    version++
    const partition = partitionFor(key, PARTITIONS)
    sent[partition] = (sent[partition] as number) + 1
    const { modified: _, _timestamp: __, ...payload } = partyPayload(id, 1) as Record<string, unknown>
    records.push({
      topic: 'changes.vendor',
      partition,
      key,
      value: codec.encodeChange({
        connection_id: benchConnection.id,
        system: 'tryton',
        stream: 'vendor',
        entity: 'vendor',
        source_id: String(id),
        operation: 'UPSERT',
        origin: 'INCREMENTAL',
        source_version: version,
        extracted_at: T0 + version,
        run_id: 'test',
        payload: Buffer.from(JSON.stringify({ ...payload, name })),
      }),
    })
  }
  await producer.send(records)
}

async function positions(): Promise<number[]> {
  const found = Array.from({ length: PARTITIONS }, () => 0)
  await readTopic(kafka, NORMALIZER_STATE, {
    onRecord({ partition, key, value }) {
      if (key?.toString() !== '~position') return
      found[partition] = (JSON.parse(value?.toString() ?? '{}') as Record<string, number>)['changes.vendor'] ?? 0
    },
  })
  return found
}

async function untilCaughtUp(timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    const now = await positions()
    if (now.every((position, partition) => position >= (sent[partition] as number))) return
    if (Date.now() > deadline) throw new Error(`at ${now.join()} of ${sent.join()}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

async function published(): Promise<Map<string, string[]>> {
  const names = new Map<string, string[]>()
  await readTopic(kafka, 'unified.vendor', {
    onRecord({ key, value }) {
      const id = key?.toString() ?? ''
      const list = names.get(id) ?? []
      names.set(id, list)
      list.push(codec.unified('vendor').decode(value as Buffer).name)
    },
  })
  return names
}

const sorted = (map: Map<string, string[]>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1))

describe('the normalizer on real Kafka', () => {
  test('publishes each change exactly once although two instances are killed again and again', async () => {
    let running = [start(), start()]
    await change(2_000)
    await until(() => running.every((worker) => (worker.last()?.partitions ?? 0) === PARTITIONS / 2), 60_000)
    for (let round = 0; round < 6; round++) {
      await change(6_000)
      const victim = running[round % 2] as Worker
      const before = victim.last()?.received ?? 0
      await until(() => (victim.last()?.received ?? 0) > before, 60_000)
      victim.kill('SIGKILL')
      await victim.exited
      const survivor = running[(round + 1) % 2] as Worker
      const successor = start()
      running = round % 2 === 0 ? [successor, survivor] : [survivor, successor]
      await until(() => running.every((worker) => (worker.last()?.partitions ?? 0) === PARTITIONS / 2), 60_000)
    }
    await untilCaughtUp(60_000)
    expect(sorted(await published())).toEqual(sorted(expected))
  })

  test('refuses the commit of a zombie that wakes up after another has taken over', async () => {
    const zombie = start()
    await until(() => zombie.last()?.partitions === PARTITIONS, 60_000)
    // Work for seconds, so that it is stopped in the middle of a batch.
    for (let i = 0; i < 12; i++) await change(10_000)
    await until(() => (zombie.last()?.received ?? 0) > 0, 60_000)
    zombie.kill('SIGSTOP')
    expect(zombie.last()?.received).toBeLessThan(120_000)
    await change(2_000)
    const heir = start()
    await until(() => heir.last()?.partitions === PARTITIONS, 90_000)
    await untilCaughtUp(60_000)
    zombie.kill('SIGCONT')
    await until(() => (zombie.last()?.fenced ?? 0) > 0, 60_000)
    await change(1_000)
    await untilCaughtUp(60_000)
    expect(sorted(await published())).toEqual(sorted(expected))
  })
})
