import { randomBytes } from 'node:crypto'
import {
  CONNECTIONS,
  type Codec,
  createKafka,
  ensureTopics,
  type KafkaClient,
  type OutRecord,
  openCodec,
  partitionFor,
  silentLogger,
  TOPICS,
} from '../../core/index.ts'
import { type Addresses } from '../../scripts/stack/addresses.ts'
import { findStack } from '../../scripts/stack/find.ts'
import { benchConnection } from './bench-connection.ts'
import { vendorChanges } from './vendor-changes.ts'

export const PARTITIONS = 12

/** Topics of our own on the machine's stack, with one connection declared; `close` deletes them. */
export interface Installation {
  readonly addresses: Addresses
  readonly prefix: string
  readonly kafka: KafkaClient
  readonly codec: Codec
  /** Deletes topics and makes them anew, empty. */
  readonly empty: (...topics: string[]) => Promise<void>
  /** Fills `backfill.vendor`; returns the mean size of a payload. */
  readonly load: (records: number, keys: number) => Promise<number>
  readonly close: () => Promise<void>
}

export async function openInstallation(say: (line: string) => void): Promise<Installation> {
  const stack = await findStack({ say })
  const { addresses } = stack
  const prefix = `bench${randomBytes(4).toString('hex')}.`
  const kafka = createKafka({ brokers: addresses.kafka.split(','), clientId: 'bench', prefix }, silentLogger)
  const create = () => ensureTopics(kafka, TOPICS, { partitions: PARTITIONS, replicationFactor: 1 })
  await create()
  const codec = await openCodec({ registryUrl: addresses.registry, prefix, register: true })
  const producer = kafka.producer()
  await producer.send([
    { topic: CONNECTIONS, key: benchConnection.id, value: Buffer.from(JSON.stringify(benchConnection)) },
  ])
  return {
    addresses,
    prefix,
    kafka,
    codec,
    async empty(...topics) {
      const names = topics.map((topic) => kafka.topic(topic))
      await kafka.withAdmin(async (admin) => {
        const existing = new Set(await admin.listTopics())
        await admin.deleteTopics({ topics: names.filter((name) => existing.has(name)), timeout: 20_000 })
        while ((await admin.listTopics()).some((name) => names.includes(name))) {
          await new Promise((resolve) => setTimeout(resolve, 50))
        }
      })
      await create()
    },
    async load(records, keys) {
      let payloadBytes = 0
      let batch: OutRecord[] = []
      const sends: Promise<unknown>[] = []
      for (const { key, change } of vendorChanges(records, keys)) {
        payloadBytes += change.payload.length
        batch.push({
          topic: 'backfill.vendor',
          partition: partitionFor(key, PARTITIONS),
          key,
          value: codec.encodeChange(change),
        })
        if (batch.length === 5_000) {
          sends.push(producer.send(batch))
          batch = []
          if (sends.length > 3) await sends.shift()
        }
      }
      if (batch.length > 0) sends.push(producer.send(batch))
      await Promise.all(sends)
      return payloadBytes / records
    },
    async close() {
      await producer.close()
      await kafka.withAdmin(async (admin) => {
        const topics = (await admin.listTopics()).filter((name) => name.startsWith(prefix))
        await admin.deleteTopics({ topics, timeout: 60_000 })
      })
      await kafka.close()
      await stack.stop()
    },
  }
}
