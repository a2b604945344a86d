import { setTimeout as delay } from 'node:timers/promises'
import {
  type Codec,
  type Connection,
  CONNECTION_DEFAULTS,
  CONNECTIONS,
  createKafka,
  createSecretBox,
  encodeConnection,
  ensureTopics,
  ENTITY_NAMES,
  type EntityName,
  type KafkaClient,
  newSecretKey,
  openCodec,
  parseSyncState,
  readTopic,
  sealSettings,
  silentLogger,
  SYNC_REQUESTS,
  SYNC_STATE,
  type SyncState,
  type SyncRequest,
  TOPICS,
  unifiedTopicOf,
} from '../../core/index.ts'
import { connectorOf } from '../../connectors/index.ts'
import { serviceEnvironment, type ServiceProcess, startService } from '../../scripts/services.ts'
import { differences, type Facts, isEmptyLevel, readTruth, type Truth, type TruthEntity } from './tryton-truth.ts'
import { stack, testPrefix, testTryton } from './stack.ts'
import { withDatabase } from '../../scripts/stack/postgres.ts'

/** The whole read path as users run it: real processes of both services between a real Tryton and real Kafka. */
export interface Pipeline {
  readonly prefix: string
  readonly kafka: KafkaClient
  readonly codec: Codec
  readonly tryton: Awaited<ReturnType<typeof testTryton>>
  /** Starts one more process of a service and waits until it is ready. */
  start(name: 'sync' | 'normalizer'): Promise<ServiceProcess>
  /** Declares the connection (id `erp`), or changes it. */
  connect(changes?: Partial<Connection>): Promise<void>
  ask(kind: SyncRequest['kind'], entity: EntityName | null): Promise<void>
  states(): Promise<ReadonlyMap<EntityName, SyncState>>
  /** Every record of a unified topic, oldest first within a key, as a read_committed consumer sees it. */
  history(entity: EntityName): Promise<ReadonlyMap<string, (Facts | null)[]>>
  truth(): Promise<Truth>
  /** Waits until every unified record of `entities` (default: all) equals the ERP. Throws with what differs. */
  untilEqual(options?: {
    readonly withinMs?: number
    readonly entities?: readonly TruthEntity[]
  }): Promise<{ readonly compared: number }>
  close(): Promise<void>
}

export const CONNECTION_ID = 'erp'
const PARTITIONS = 4
export const TRUTH_ENTITIES: readonly TruthEntity[] = [
  'vendor',
  'item',
  'location',
  'stock_level',
  'purchase_order',
  'inventory_movement',
  'user',
]

export async function openPipeline(): Promise<Pipeline> {
  const addresses = stack()
  const prefix = testPrefix()
  const tryton = await testTryton()
  const secretKeys = newSecretKey('test')
  const env = {
    ...serviceEnvironment(addresses, { prefix, secretKeys, partitions: PARTITIONS }),
    TRIBUTARY_LOG_LEVEL: 'info',
  }
  const kafka = createKafka({ brokers: addresses.kafka.split(','), clientId: 'pipeline', prefix }, silentLogger)
  await ensureTopics(kafka, TOPICS, { partitions: PARTITIONS, replicationFactor: 1 })
  const codec = await openCodec({ registryUrl: addresses.registry, prefix, register: true })
  const producer = kafka.producer()
  const processes: ServiceProcess[] = []
  const databaseUrl = withDatabase(addresses.postgres, tryton.database)

  async function latest(entity: EntityName): Promise<Map<string, Facts>> {
    const rows = new Map<string, Facts>()
    await readTopic(kafka, unifiedTopicOf(entity), {
      onRecord({ key, value }) {
        const id = key?.toString() ?? ''
        if (value === null) return void rows.delete(id)
        const row = codec.unified(entity).decode(value) as unknown as Facts
        if (row['deleted_at'] === null) rows.set(String(row['source_id']), row)
        else rows.delete(String(row['source_id']))
      },
    })
    return rows
  }

  const readErp = () => readTruth(databaseUrl, { connectionId: CONNECTION_ID, company: 1, vendorScope: 'suppliers' })

  async function wrong(entities: readonly TruthEntity[]): Promise<{ found: string[]; compared: number }> {
    const truth = await readErp()
    const found: string[] = []
    let compared = 0
    for (const entity of entities) {
      const rows = await latest(entity)
      for (const [key, facts] of truth[entity]) {
        compared++
        for (const difference of differences(facts, rows.get(key))) found.push(`${entity} ${key} ${difference}`)
      }
      for (const [key, row] of rows)
        if (!truth[entity].has(key) && !isEmptyLevel(row)) found.push(`${entity} ${key} is not in the ERP`)
    }
    return { found, compared }
  }

  return {
    prefix,
    kafka,
    codec,
    tryton,
    async start(name) {
      const running = await startService({ name, env })
      processes.push(running)
      await running.ready()
      return running
    },
    async connect(changes = {}) {
      const connector = connectorOf('tryton')
      if (connector === undefined) throw new Error('no connector')
      const settings = {
        base_url: tryton.url,
        database: tryton.database,
        username: tryton.user,
        password: tryton.password,
        page_size: 20,
      }
      const connection: Connection = {
        ...CONNECTION_DEFAULTS,
        id: CONNECTION_ID,
        system: 'tryton',
        windowDays: null,
        settings: sealSettings(CONNECTION_ID, settings, connector.config, () => createSecretBox(secretKeys)),
        streams: Object.fromEntries(
          ENTITY_NAMES.map((entity) => [entity, { pollEveryMs: 500, sweepEveryMs: 3_600_000 }]),
        ),
        updatedAt: Date.now(),
        ...changes,
      }
      await producer.send([{ topic: CONNECTIONS, key: CONNECTION_ID, value: encodeConnection(connection) }])
    },
    async ask(kind, entity) {
      const request: SyncRequest = {
        id: `${kind}-${Date.now()}`,
        kind,
        connectionId: CONNECTION_ID,
        entity,
        requestedAt: Date.now(),
      }
      await producer.send([{ topic: SYNC_REQUESTS, key: CONNECTION_ID, value: Buffer.from(JSON.stringify(request)) }])
    },
    async states() {
      const found = new Map<EntityName, SyncState>()
      await readTopic(kafka, SYNC_STATE, {
        onRecord({ key, value }) {
          if (key === null || value === null) return
          const record = parseSyncState(key.toString(), value)
          if (record.kind === 'stream') found.set(record.state.entity, record.state)
        },
      })
      return found
    },
    async history(entity) {
      const all = new Map<string, (Facts | null)[]>()
      await readTopic(kafka, unifiedTopicOf(entity), {
        onRecord({ key, value }) {
          const id = key?.toString() ?? ''
          const list = all.get(id) ?? []
          all.set(id, list)
          list.push(value === null ? null : (codec.unified(entity).decode(value) as unknown as Facts))
        },
      })
      return all
    },
    truth: readErp,
    async untilEqual({ withinMs = 120_000, entities = TRUTH_ENTITIES } = {}) {
      const deadline = Date.now() + withinMs
      for (;;) {
        const { found, compared } = await wrong(entities)
        if (found.length === 0) return { compared }
        if (Date.now() > deadline) {
          const tails = processes.map(({ name, tail }) => `${name}:\n${tail()}`).join('\n')
          throw new Error(
            `${found.length} differences after ${withinMs} ms:\n${found.slice(0, 20).join('\n')}\n${tails}`,
          )
        }
        await delay(500)
      }
    },
    async close() {
      await Promise.all(processes.map((process) => process.stop()))
      await producer.close()
      await kafka.close()
      await tryton.drop()
    },
  }
}

/** Changes of one key that say the same thing twice in a row: a duplicate that a reader would see. */
export function duplicates(history: ReadonlyMap<string, (Facts | null)[]>): string[] {
  const essence = (row: Facts | null): string => {
    if (row === null) return 'tombstone'
    const { raw: _raw, source_version: _version, origin: _origin, synced_at: _synced, ...rest } = row
    return JSON.stringify(rest)
  }
  return [...history].flatMap(([key, rows]) =>
    rows.flatMap((row, at) => (at > 0 && essence(row) === essence(rows[at - 1] ?? null) ? [`${key} #${at}`] : [])),
  )
}
