import { setTimeout as delay } from 'node:timers/promises'
import { connectorOf } from '../../connectors/index.ts'
import {
  CONNECTION_DEFAULTS,
  CONNECTIONS,
  type Codec,
  type Connection,
  createKafka,
  createSecretBox,
  ENTITY_NAMES,
  type EntityName,
  encodeConnection,
  ensureTopics,
  type KafkaClient,
  newSecretKey,
  openCodec,
  parseSyncState,
  readTopic,
  SYNC_REQUESTS,
  SYNC_STATE,
  type SyncRequest,
  type SyncState,
  sealSettings,
  silentLogger,
  TOPICS,
  unifiedTopicOf,
} from '../../core/index.ts'
import { type ServiceProcess, serviceEnvironment, startService } from '../../scripts/services.ts'
import { differences, type Facts, isEmptyLevel, type Truth } from './facts.ts'
import { stack, testPrefix } from './stack.ts'
import type { TestedSystem } from './systems/system.ts'

/** The whole of it as users run it: real processes of the services between systems and real Kafka. */
export interface Pipeline {
  readonly prefix: string
  /** Settings of services and commands, as environment variables. */
  readonly env: Readonly<Record<string, string>>
  readonly kafka: KafkaClient
  readonly codec: Codec
  /** Starts one more process of a service and waits until it is ready. */
  start(name: 'sync' | 'normalizer' | 'writer'): Promise<ServiceProcess>
  /** All entities that the systems have records of. */
  readonly entities: readonly EntityName[]
  /** Declares the connections of all systems, or changes them. */
  connect(changes?: Partial<Connection>): Promise<void>
  /** Of every system that has the entity. */
  ask(kind: SyncRequest['kind'], entity: EntityName | null): Promise<void>
  /** Of the first system. */
  states(): Promise<ReadonlyMap<EntityName, SyncState>>
  /** Every record of a unified topic, oldest first within a key, as a read_committed consumer sees it. */
  history(entity: EntityName): Promise<ReadonlyMap<string, (Facts | null)[]>>
  truth(): Promise<Truth>
  /** Waits until every unified record of `entities` (default: all) equals the systems. Throws with what differs. */
  untilEqual(options?: {
    readonly withinMs?: number
    readonly entities?: readonly EntityName[]
  }): Promise<{ readonly compared: number }>
  close(): Promise<void>
}

const PARTITIONS = 4

/** `close` closes the systems as well. */
export async function openPipeline(...systems: readonly TestedSystem[]): Promise<Pipeline> {
  const addresses = stack()
  const prefix = testPrefix()
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
  const entities = ENTITY_NAMES.filter((entity) => systems.some((system) => system.entities.includes(entity)))

  async function latest(entity: EntityName): Promise<Map<string, Facts>> {
    const rows = new Map<string, Facts>()
    await readTopic(kafka, unifiedTopicOf(entity), {
      onRecord({ key, value }) {
        const id = key?.toString() ?? ''
        if (value === null) return void rows.delete(id)
        const row = codec.unified(entity).decode(value) as unknown as Facts
        if (row['deleted_at'] === null) rows.set(id, row)
        else rows.delete(id)
      },
    })
    return rows
  }

  async function readSystems(): Promise<Truth> {
    const truths = await Promise.all(systems.map((system) => system.truth()))
    return Object.fromEntries(
      entities.map((entity) => [entity, new Map(truths.flatMap((truth) => [...(truth[entity] ?? [])]))]),
    )
  }

  async function wrong(entities: readonly EntityName[]): Promise<{ found: string[]; compared: number }> {
    const truth = await readSystems()
    const found: string[] = []
    let compared = 0
    for (const entity of entities) {
      const rows = await latest(entity)
      for (const [id, facts] of truth[entity] ?? []) {
        compared++
        for (const difference of differences(facts, rows.get(id))) found.push(`${id} ${difference}`)
      }
      for (const [id, row] of rows)
        if (truth[entity]?.has(id) !== true && !isEmptyLevel(row)) found.push(`${id} is not in its system`)
    }
    return { found, compared }
  }

  return {
    prefix,
    env,
    kafka,
    codec,
    entities,
    async start(name) {
      const running = await startService({ name, env })
      processes.push(running)
      await running.ready()
      return running
    },
    async connect(changes = {}) {
      for (const { connectionId: id, system, settings } of systems) {
        const connector = connectorOf(system)
        if (connector === undefined) throw new Error(`no connector ${system}`)
        const connection: Connection = {
          ...CONNECTION_DEFAULTS,
          id,
          system,
          windowDays: null,
          settings: sealSettings(id, settings, connector.config, () => createSecretBox(secretKeys)),
          streams: Object.fromEntries(
            ENTITY_NAMES.map((entity) => [entity, { pollEveryMs: 500, sweepEveryMs: 3_600_000 }]),
          ),
          updatedAt: Date.now(),
          ...changes,
        }
        await producer.send([{ topic: CONNECTIONS, key: id, value: encodeConnection(connection) }])
      }
    },
    async ask(kind, entity) {
      for (const { connectionId, entities } of systems) {
        if (entity !== null && !entities.includes(entity)) continue
        const requestedAt = Date.now()
        const request: SyncRequest = { id: `${kind}-${requestedAt}`, kind, connectionId, entity, requestedAt }
        await producer.send([{ topic: SYNC_REQUESTS, key: connectionId, value: Buffer.from(JSON.stringify(request)) }])
      }
    },
    async states() {
      const found = new Map<EntityName, SyncState>()
      await readTopic(kafka, SYNC_STATE, {
        onRecord({ key, value }) {
          if (key === null || value === null) return
          const record = parseSyncState(key.toString(), value)
          const isFirst = record.kind === 'stream' && record.state.connectionId === systems[0]?.connectionId
          if (isFirst) found.set(record.state.entity, record.state)
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
    truth: readSystems,
    async untilEqual({ withinMs = 120_000, entities: wanted = entities } = {}) {
      const deadline = Date.now() + withinMs
      for (;;) {
        const { found, compared } = await wrong(wanted)
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
      for (const system of systems) await system.close()
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
