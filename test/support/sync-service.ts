import {
  type AnyConnector,
  type Codec,
  type Connection,
  CONNECTIONS,
  createHttpClient,
  createKafka,
  createMetrics,
  createSecretBox,
  type ChangeRecord,
  type EntityName,
  ensureTopics,
  type GroupTuning,
  type KafkaClient,
  type Logger,
  newSecretKey,
  openCodec,
  type PartitionGroup,
  parseSyncRun,
  parseSyncState,
  readTopic,
  SYNC_REQUESTS,
  SYNC_RUNS,
  SYNC_STATE,
  silentLogger,
  type SyncRequest,
  type SyncRun,
  type SyncStateRecord,
  systemClock,
  TOPICS,
  WEBHOOKS_INBOUND,
} from '../../core/index.ts'
import { withLanes } from '../../services/sync/lane.ts'
import { createSync, type SyncOptions } from '../../services/sync/service.ts'
import { connectionOf } from './sync-driver.ts'

/** Real Kafka and a real registry for tests of sync; systems are given by the test. */
export interface SyncStage {
  readonly kafka: KafkaClient
  readonly partitions: number
  /** One more member of the group, in this process. */
  join(connectors: readonly AnyConnector[], figures?: SyncOptions['figures']): Promise<PartitionGroup>
  connect(connection: Partial<Connection> & { readonly id: string }): Promise<void>
  ask(request: Omit<SyncRequest, 'id' | 'requestedAt'>): Promise<void>
  send(topic: string, key: string, value: Buffer): Promise<void>
  /** What a read_committed reader finds now, per partition in order. */
  changes(entity: EntityName, lane: 'changes' | 'backfill'): Promise<ChangeRecord[]>
  states(): Promise<Map<string, SyncStateRecord>>
  history(): Promise<SyncRun[]>
  close(): Promise<void>
}

export interface StageAddresses {
  readonly kafka: string
  readonly registry: string
  readonly prefix: string
}

/** Quick to notice a member that died. */
export const IMPATIENT: Partial<GroupTuning> = { sessionTimeoutMs: 6_000, heartbeatMs: 500, rebalanceTimeoutMs: 10_000 }

export async function openStage(
  addresses: StageAddresses,
  entities: readonly EntityName[],
  partitions = 4,
): Promise<SyncStage> {
  const { prefix } = addresses
  const kafka = createKafka({ brokers: [addresses.kafka], clientId: 'sync-test', prefix }, silentLogger)
  const wanted = TOPICS.filter(({ name }) => {
    const entity = name === WEBHOOKS_INBOUND ? undefined : name.split('.')[1]
    return entity === undefined || (entities.includes(entity as EntityName) && !name.startsWith('unified.'))
  })
  await ensureTopics(kafka, wanted, { partitions, replicationFactor: 1 })
  const codec = await openCodec({ registryUrl: addresses.registry, prefix, register: true })
  const producer = kafka.producer()
  const groups: PartitionGroup[] = []

  async function readAll<T>(topic: string, parse: (key: string, value: Buffer) => T): Promise<T[]> {
    const found: T[] = []
    await readTopic(kafka, topic, {
      onRecord({ key, value }) {
        if (key !== null && value !== null) found.push(parse(key.toString(), value))
      },
    })
    return found
  }

  const send = (topic: string, key: string, value: Buffer) => producer.send([{ topic, key, value }]).then(() => {})
  return {
    kafka,
    partitions,
    async join(connectors, figures) {
      const group = createSync({
        ...syncOptions(kafka, codec, connectors, partitions),
        figures: figures ?? {},
        group: IMPATIENT,
      })
      groups.push(group)
      await group.start()
      return group
    },
    connect: (changes) => send(CONNECTIONS, changes.id, Buffer.from(JSON.stringify(connectionOf(changes)))),
    ask: (request) =>
      send(
        SYNC_REQUESTS,
        request.connectionId,
        Buffer.from(JSON.stringify({ id: 'ask', requestedAt: Date.now(), ...request })),
      ),
    send,
    changes: (entity, lane) =>
      readAll(`${lane}.${entity}`, (_key, value) => {
        const change = codec.decodeChange(value)
        return { ...change, payload: Buffer.from(change.payload) }
      }),
    async states() {
      const states = new Map<string, SyncStateRecord>()
      await readTopic(kafka, SYNC_STATE, {
        onRecord({ key, value }) {
          if (key === null) return
          if (value === null) states.delete(key.toString())
          else states.set(key.toString(), parseSyncState(key.toString(), value))
        },
      })
      return states
    },
    history: () => readAll(SYNC_RUNS, (_key, value) => parseSyncRun(value)),
    async close() {
      await Promise.all(groups.map((group) => group.stop()))
      await producer.close()
      await kafka.close()
    },
  }
}

/** Sync with plain-text connections and the given connectors. */
export function syncOptions(
  kafka: KafkaClient,
  codec: Codec,
  connectors: readonly AnyConnector[],
  partitions: number,
  log: Logger = silentLogger,
): SyncOptions {
  const metrics = createMetrics()
  const box = createSecretBox(newSecretKey('k1'))
  return {
    kafka,
    codec,
    partitions,
    log,
    metrics,
    connectorOf: (system) => connectors.find(({ id }) => id === system),
    settingsOf: (connection) => connection.settings,
    httpFor(connection) {
      const client = createHttpClient({
        connectionId: connection.id,
        system: connection.system,
        limits: connection.limits,
        log,
        metrics,
        allowPrivateHosts: true,
      })
      return { http: withLanes(client), close: () => client.close() }
    },
    decodeConnection: (value) => JSON.parse(value.toString()) as Connection,
    webhookUrl: 'https://hooks.example',
    box: () => box,
  }
}

/** Asks every 50 ms until it holds; what it waits for is awaited, not slept for. */
export async function eventually<T>(ask: () => Promise<T | null | undefined | false>, withinMs = 60_000): Promise<T> {
  const end = Date.now() + withinMs
  for (;;) {
    const answer = await ask()
    if (answer !== null && answer !== undefined && answer !== false) return answer
    if (Date.now() > end) throw new Error(`waited ${withinMs} ms in vain for: ${ask.toString()}`)
    await systemClock.sleep(50)
  }
}
