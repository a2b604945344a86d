import { fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import {
  type AnyConnector,
  CONNECTION_DEFAULTS,
  CONNECTIONS,
  type Connection,
  createHttpClient,
  createKafka,
  createLogger,
  createMetrics,
  ensureTopics,
  type EntityName,
  type JsonObject,
  openCodec,
  systemClock,
  TOPICS,
  WEBHOOKS_INBOUND,
} from '../../core/index.ts'
import { findStack } from '../../scripts/stack/find.ts'
import { withLanes } from '../../services/sync/lane.ts'
import { createSync } from '../../services/sync/service.ts'
import { pageSource } from './connector.ts'

/** Sync as it runs in production, on real Kafka and a real registry. */
export interface Stage {
  /** Adds a connection; resolves with the time to the commit of its `records`-th record (of one entity), ms. */
  snapshot(connectionId: string, records: number, entity?: EntityName): Promise<number>
  /** Records of a connection (of one entity) that are committed. */
  sent(connectionId: string, entity?: EntityName): Promise<number>
  close(): Promise<void>
}

export interface StageOptions {
  readonly connector: AnyConnector
  /** The only streams that are read. */
  readonly entities: readonly EntityName[]
  /** Settings of the connection that reads so many records, secrets in clear. */
  readonly settings: (records: number) => JsonObject
  /** Of the connection. Default: as everywhere. */
  readonly limits?: Connection['limits']
}

const PARTITIONS = 12
const STUCK_AFTER_MS = 120_000

export async function openStage(options: StageOptions): Promise<Stage> {
  const { connector, entities, settings, limits = CONNECTION_DEFAULTS.limits } = options
  const stack = await findStack({ say: console.error })
  const prefix = `bench-${randomBytes(4).toString('hex')}.`
  const log = createLogger({ service: 'sync', level: 'warn' })
  const metrics = createMetrics()
  const kafka = createKafka({ brokers: stack.addresses.kafka.split(','), clientId: 'bench', prefix }, log)
  const own = entities.flatMap((entity) => [`changes.${entity}`, `backfill.${entity}`])
  const streams = Object.fromEntries(entities.map((entity) => [entity, connector.streams[entity]]))
  const only: AnyConnector = { ...connector, streams }
  const topics = TOPICS.filter(({ name }) => !name.includes('.') || name === WEBHOOKS_INBOUND || own.includes(name))
  await ensureTopics(kafka, topics, { partitions: PARTITIONS, replicationFactor: 1 })
  const codec = await openCodec({ registryUrl: stack.addresses.registry, prefix, register: true })
  const producer = kafka.producer()
  const group = createSync({
    kafka,
    codec,
    partitions: PARTITIONS,
    log,
    metrics,
    connectorOf: (system) => (system === only.id ? only : undefined),
    settingsOf(connection) {
      const parsed = connector.config.parse(connection.settings)
      if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
      return parsed.value
    },
    httpFor(connection) {
      const { limits, id: connectionId, system } = connection
      const about = { connectionId, system, limits, log, metrics, allowPrivateHosts: true }
      const client = createHttpClient(about)
      return { http: withLanes(client), close: () => client.close() }
    },
    decodeConnection: (value) => JSON.parse(value.toString()) as Connection,
    webhookUrl: null,
    box: () => {
      throw new Error('connections of benches have no webhook')
    },
  })
  await group.start()
  while (group.partitions().length < PARTITIONS) await systemClock.sleep(10)

  async function sent(connectionId: string, entity?: EntityName): Promise<number> {
    const { values } = await metrics.recordsSent.get()
    return values
      .filter(({ labels }) => labels.connection === connectionId && (entity ?? labels.stream) === labels.stream)
      .reduce((sum, { value }) => sum + value, 0)
  }

  return {
    sent,
    async snapshot(connectionId, records, entity) {
      const began = performance.now()
      const value = Buffer.from(JSON.stringify(connectionTo(connectionId, records)))
      await producer.send([{ topic: CONNECTIONS, key: connectionId, value }])
      let [seen, seenAt] = [0, began]
      while (seen < records) {
        await systemClock.sleep(5)
        const now = await sent(connectionId, entity)
        if (now > seen) [seen, seenAt] = [now, performance.now()]
        else if (performance.now() - seenAt > STUCK_AFTER_MS)
          throw new Error(`${seen} of ${records} records, and no more`)
      }
      return performance.now() - began
    },
    async close() {
      await group.stop()
      await producer.close()
      await kafka.withAdmin((admin) => admin.deleteTopics({ topics: topics.map(({ name }) => kafka.topic(name)) }))
      await kafka.close()
      await stack.stop()
    },
  }

  /** Polls once an hour: the snapshot is what is measured. */
  function connectionTo(id: string, records: number): Connection {
    return {
      ...CONNECTION_DEFAULTS,
      id,
      system: connector.id,
      settings: settings(records),
      limits,
      streams: Object.fromEntries(entities.map((entity) => [entity, { pollEveryMs: 3_600_000, sweepEveryMs: null }])),
      windowDays: null,
      tombstoneAfterDays: null,
      updatedAt: 0,
    }
  }
}

/** The stage of the page source of `server.ts`, in a process of its own. */
export async function openPageStage(source: {
  readonly records: number
  readonly latencyMs: number
}): Promise<Stage & { readonly sourceUrl: string }> {
  const script = fileURLToPath(new URL('server.ts', import.meta.url))
  const server = fork(script, [String(source.records), String(source.latencyMs)])
  const sourceUrl = await new Promise<string>((resolve) => server.once('message', (url) => resolve(String(url))))
  const settings = (records: number): JsonObject => ({ base_url: `${sourceUrl}/first/${records}` })
  const stage = await openStage({ connector: pageSource, entities: ['vendor'], settings })
  return {
    ...stage,
    sourceUrl,
    async close() {
      await stage.close()
      server.disconnect()
    },
  }
}
