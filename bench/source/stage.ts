import { fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import {
  CONNECTION_DEFAULTS,
  CONNECTIONS,
  type Connection,
  createHttpClient,
  createKafka,
  createLogger,
  createMetrics,
  ensureTopics,
  openCodec,
  systemClock,
  TOPICS,
} from '../../core/index.ts'
import { findStack } from '../../scripts/stack/find.ts'
import { withLanes } from '../../services/sync/lane.ts'
import { createSync } from '../../services/sync/service.ts'
import { pageSource } from './connector.ts'

/** Sync as it runs in production, on real Kafka and a real registry, with a source in a process of its own. */
export interface Stage {
  readonly sourceUrl: string
  /** Adds a connection to the first `records` of the source; resolves with the time to the commit of the last one, ms. */
  snapshot(connectionId: string, records: number): Promise<number>
  /** Records of a connection that are committed. */
  sent(connectionId: string): Promise<number>
  close(): Promise<void>
}

const PARTITIONS = 12

export async function openStage(source: { readonly records: number; readonly latencyMs: number }): Promise<Stage> {
  const stack = await findStack({ say: console.error })
  const prefix = `bench-${randomBytes(4).toString('hex')}.`
  const log = createLogger({ service: 'sync', level: 'warn' })
  const metrics = createMetrics()
  const kafka = createKafka({ brokers: stack.addresses.kafka.split(','), clientId: 'bench', prefix }, log)
  const topics = TOPICS.filter(({ name }) => !name.includes('.') || /^(changes|backfill)\.vendor$/.test(name))
  await ensureTopics(kafka, topics, { partitions: PARTITIONS, replicationFactor: 1 })
  const codec = await openCodec({ registryUrl: stack.addresses.registry, prefix, register: true })
  const server = fork(fileURLToPath(new URL('server.ts', import.meta.url)), [
    String(source.records),
    String(source.latencyMs),
  ])
  const sourceUrl = await new Promise<string>((resolve) => server.once('message', (url) => resolve(String(url))))
  const producer = kafka.producer()
  const group = createSync({
    kafka,
    codec,
    partitions: PARTITIONS,
    log,
    metrics,
    connectorOf: (system) => (system === pageSource.id ? pageSource : undefined),
    settingsOf: (connection) => connection.settings,
    httpFor(connection) {
      const { limits, id: connectionId, system } = connection
      const about = { connectionId, system, limits, log, metrics, allowPrivateHosts: true }
      const client = createHttpClient(about)
      return { http: withLanes(client), close: () => client.close() }
    },
    decodeConnection: (value) => JSON.parse(value.toString()) as Connection,
  })
  await group.start()
  while (group.partitions().length < PARTITIONS) await systemClock.sleep(10)

  async function sent(connectionId: string): Promise<number> {
    const { values } = await metrics.recordsSent.get()
    return values.filter(({ labels }) => labels.connection === connectionId).reduce((sum, { value }) => sum + value, 0)
  }

  return {
    sourceUrl,
    sent,
    async snapshot(connectionId, records) {
      const began = performance.now()
      const value = Buffer.from(JSON.stringify(connectionTo(connectionId, `${sourceUrl}/first/${records}`)))
      await producer.send([{ topic: CONNECTIONS, key: connectionId, value }])
      while ((await sent(connectionId)) < records) await systemClock.sleep(5)
      return performance.now() - began
    },
    async close() {
      await group.stop()
      await producer.close()
      await kafka.withAdmin((admin) => admin.deleteTopics({ topics: topics.map(({ name }) => kafka.topic(name)) }))
      await kafka.close()
      server.disconnect()
      await stack.stop()
    },
  }
}

/** Polls once an hour: the snapshot is what is measured. */
const connectionTo = (id: string, url: string): Connection => ({
  ...CONNECTION_DEFAULTS,
  id,
  system: pageSource.id,
  settings: { base_url: url },
  streams: { vendor: { pollEveryMs: 3_600_000 } },
  windowDays: null,
  tombstoneAfterDays: null,
  updatedAt: 0,
})
