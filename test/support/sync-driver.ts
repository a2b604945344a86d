import {
  type AnyConnector,
  CONNECTION_DEFAULTS,
  type ChangeRecord,
  type Codec,
  type Connection,
  CONNECTIONS,
  createManualClock,
  createMetrics,
  createSecretBox,
  type EntityName,
  type HttpClient,
  type InRecord,
  type Logger,
  type ManualClock,
  type Metrics,
  newSecretKey,
  type OutRecord,
  type Partition,
  type PartitionWork,
  parseSyncRun,
  parseSyncState,
  partitionFor,
  SWEEP_REPORTS,
  SYNC_REQUESTS,
  SYNC_RUNS,
  SYNC_STATE,
  silentLogger,
  type SweepReport,
  type SyncRequest,
  type SyncRun,
  type SyncState,
  streamStateKey,
  TOPICS,
  WEBHOOKS_INBOUND,
  type WebhookDelivery,
} from '../../core/index.ts'
import { createChangeEncoder } from '../../services/sync/changes.ts'
import { openPartition, type SyncParts } from '../../services/sync/partition-work.ts'
import { createTurns } from '../../services/sync/turns.ts'
import { DEFAULTS } from '../../services/sync/tuning.ts'

/**
 * The whole of sync on topics in memory, with a clock that stands still: no broker, no waiting, and a crash at any
 * commit. What it does with real Kafka is the integration tests' business.
 */
export interface SyncDriver {
  readonly clock: ManualClock
  readonly log: readonly LogLine[]
  /** Of all incarnations. */
  readonly metrics: Metrics
  /** Takes over every partition; `crash` first if it ran before. */
  start(): Promise<void>
  /** Drains and leaves, as on SIGTERM. */
  stop(): Promise<void>
  /** Forgets everything that is not committed, as on kill -9. */
  crash(): void
  /** Dies at the `nth` transaction from now: before it is written, or after it and before sync hears of it. */
  crashAt(nth: number, when: 'before' | 'after'): void
  /** True once a planned crash has happened. */
  crashed(): boolean
  connect(connection: Partial<Connection> & { readonly id: string }): Promise<void>
  disconnect(connectionId: string): Promise<void>
  ask(request: Omit<SyncRequest, 'id' | 'requestedAt'>): Promise<void>
  /** Deliveries as the receiver stores them, in Tributary's own form unless `body` says otherwise. */
  push(connectionId: string, ...deliveries: readonly TestDelivery[]): Promise<void>
  /** Puts raw bytes on `webhooks.inbound`. */
  pushBytes(connectionId: string, value: Buffer): Promise<void>
  /** Lets time pass in steps of `stepMs` until `condition` holds; throws after `maxMs`. */
  until(condition: () => boolean, options?: { readonly stepMs?: number; readonly maxMs?: number }): Promise<void>
  /** Lets `ms` pass, and everything that happens at one instant come to rest before the next. */
  pass(ms: number): Promise<void>
  /** In the order in which they were committed. */
  changes(entity: EntityName, lane?: 'changes' | 'backfill'): ChangeRecord[]
  state(connectionId: string, entity: EntityName): SyncState | null
  /** Everything on a topic, tombstones included. */
  records(topic: string): readonly { readonly key: string; readonly value: Buffer | null }[]
  history(): SyncRun[]
  transactions(): number
  /** The normalizer's side of sweeps; off = it is not running. */
  answerSweeps: boolean
  /** Partitions whose answer says that they were restarted during the sweep. */
  readonly restarted: Set<number>
}

/** A system in memory (fake-connector.ts), or a real connector with its way to a real system. */
export interface DrivenSystem {
  readonly connector: AnyConnector
  /** Requests so far: time stands still until they come to rest. */
  readonly requests: readonly unknown[]
  readonly http?: (log: Logger, metrics: Metrics) => HttpClient
}

export interface TestDelivery {
  readonly id: string
  readonly body: unknown
}

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  readonly message: string
  readonly fields: { readonly [name: string]: unknown }
}

export const PARTITIONS = 4

export function connectionOf(changes: Partial<Connection> & { readonly id: string }): Connection {
  return {
    ...CONNECTION_DEFAULTS,
    system: 'fake',
    settings: {},
    windowDays: null,
    updatedAt: 0,
    ...changes,
  }
}

interface Stored {
  readonly nth: number
  readonly key: string
  readonly value: Buffer | null
}

export function createSyncDriver(options: {
  readonly systems: readonly DrivenSystem[]
  readonly clock?: ManualClock
  readonly tuning?: Partial<SyncParts['tuning']>
  readonly mostRuns?: number
  readonly webhookUrl?: string | null
  readonly webhooks?: Partial<SyncParts['webhooks']>
  readonly turns?: { readonly total: number; readonly slowAfterMs: number }
}): SyncDriver {
  const clock = options.clock ?? createManualClock()
  const logs = new Map<string, Stored[]>()
  const lines: LogLine[] = []
  const metrics = createMetrics()
  const box = createSecretBox(newSecretKey('k1'))
  const known = new Set(TOPICS.map(({ name }) => name))
  let alive = new AbortController()
  let works: PartitionWork[] = []
  let deliveries: Promise<void> = Promise.resolve()
  let delivered = new Map<string, number>()
  let transactions = 0
  let crashIn = Number.POSITIVE_INFINITY
  let crashWhen: 'before' | 'after' = 'before'
  let runs = 0
  let appended = 0
  let receipts = 0

  const of = (topic: string, partition: number) => {
    const name = `${topic}/${partition}`
    let found = logs.get(name)
    if (found === undefined) logs.set(name, (found = []))
    return found
  }

  function append(records: readonly OutRecord[]): void {
    for (const { topic, partition, key, value } of records) {
      if (!known.has(topic)) throw new Error(`no topic ${topic}`)
      const at = partition ?? partitionFor(key, PARTITIONS)
      of(topic, at).push({ nth: appended++, key: key.toString(), value: value === null ? null : Buffer.from(value) })
    }
  }

  function partitionOf(index: number, life: AbortController): Partition {
    return {
      index,
      signal: life.signal,
      async transact(records: readonly OutRecord[]) {
        await new Promise<void>((resolve) => setImmediate(resolve))
        if (life.signal.aborted) throw new Error('fenced')
        const dies = --crashIn === 0
        if (!dies || crashWhen === 'after') {
          append(records)
          transactions++
          normalize(records)
        }
        if (dies) {
          life.abort(new Error('killed'))
          throw new Error('killed')
        }
        deliver()
        return { baseOffsets: new Map() }
      },
      async restore(topic: string, onRecord: (record: InRecord) => void) {
        const stored = of(topic, index)
        stored.forEach(({ key, value }, offset) =>
          onRecord({ topic, partition: index, offset, timestamp: 0, key: Buffer.from(key), value }),
        )
        return { records: stored.length, endOffset: stored.length }
      },
      async fetchOne(topic: string, offset: number) {
        const found = of(topic, index)[offset]
        if (found === undefined) return null
        return { topic, partition: index, offset, timestamp: 0, key: Buffer.from(found.key), value: found.value }
      },
      seek() {},
      lag: () => new Map(),
    }
  }

  /** Hands new records of the input topics to their owners, in order. */
  function deliver(): void {
    const life = alive
    deliveries = deliveries.then(async () => {
      for (const topic of [CONNECTIONS, SYNC_REQUESTS, SWEEP_REPORTS, WEBHOOKS_INBOUND])
        for (let partition = 0; partition < PARTITIONS; partition++) {
          const work = works[partition]
          const name = `${topic}/${partition}`
          const from = delivered.get(name) ?? work?.positions.get(topic) ?? 0
          const fresh = of(topic, partition).slice(from)
          if (fresh.length === 0 || work === undefined || life.signal.aborted) continue
          delivered.set(name, from + fresh.length)
          const records = fresh.map(({ key, value }, i) => ({
            topic,
            partition,
            offset: from + i,
            timestamp: clock.now(),
            key: Buffer.from(key),
            value,
          }))
          await work.onBatch({ topic, partition, records, highWatermark: from + fresh.length }).catch(() => {})
        }
    })
  }

  // ---- the normalizer's side of sweeps ----
  const seen = new Map<string, Set<string>>()
  function normalize(records: readonly OutRecord[]): void {
    for (const { topic, partition = 0, value } of records) {
      if (!topic.startsWith('backfill.') || value === null) continue
      const change = jsonCodec.decode(value)
      const sweep = `${change.run_id}/${partition}`
      if (change.operation === 'SWEEP_BEGIN') seen.set(sweep, new Set())
      if (change.operation === 'SEEN')
        for (const key of (JSON.parse(change.payload.toString()) as { keys: string[] }).keys) seen.get(sweep)?.add(key)
      if (change.operation === 'SWEEP_END' && driver.answerSweeps) {
        const live = liveKeys(change.entity as EntityName, change.connection_id, partition)
        const report: SweepReport = {
          connectionId: change.connection_id,
          entity: change.entity as EntityName,
          runId: change.run_id,
          partition,
          complete: !driver.restarted.has(partition),
          live: live.length,
          missing: live.filter((key) => !(seen.get(sweep)?.has(key) ?? false)).length,
        }
        append([{ topic: SWEEP_REPORTS, key: report.connectionId, value: Buffer.from(JSON.stringify(report)) }])
      }
    }
  }

  function liveKeys(entity: EntityName, connectionId: string, partition: number): string[] {
    const live = new Set<string>()
    for (const lane of ['backfill', 'changes'])
      for (const { value } of of(`${lane}.${entity}`, partition)) {
        if (value === null) continue
        const change = jsonCodec.decode(value)
        if (change.connection_id !== connectionId) continue
        if (change.operation === 'UPSERT') live.add(change.source_id)
        if (change.operation === 'DELETE') live.delete(change.source_id)
      }
    return [...live]
  }

  const write = (level: LogLine['level']) => (first: unknown, message?: string) =>
    void lines.push(
      typeof first === 'string'
        ? { level, message: first, fields: {} }
        : { level, message: message ?? '', fields: first as LogLine['fields'] },
    )
  const log = {
    ...silentLogger,
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
  } as unknown as Logger

  function partsOf(): SyncParts {
    const settings = { ...DEFAULTS, tuning: { ...DEFAULTS.tuning, ...options.tuning } }
    return {
      ...settings,
      commit: { ...DEFAULTS.commit, lingerMs: 0 },
      webhooks: { ...DEFAULTS.webhooks, ...options.webhooks },
      ...(options.mostRuns === undefined ? {} : { mostRuns: options.mostRuns }),
      clock,
      log,
      metrics,
      encoder: createChangeEncoder(jsonCodec as unknown as Codec, PARTITIONS),
      partitions: PARTITIONS,
      turns: createTurns({ clock, ...(options.turns ?? DEFAULTS.turns) }),
      connectorOf: (system) => options.systems.find(({ connector }) => connector.id === system)?.connector,
      settingsOf: (connection) => connection.settings,
      httpFor: ({ system }) => ({
        http: options.systems.find(({ connector }) => connector.id === system)?.http?.(log, metrics) as HttpClient,
        close: async () => {},
      }),
      decodeConnection: (value) => JSON.parse(value.toString()) as Connection,
      decodeDelivery: decodeTestDelivery,
      webhookUrl: options.webhookUrl === undefined ? 'https://hooks.example' : options.webhookUrl,
      box: () => box,
      random: () => 0.5,
      newRunId: () => `run-${++runs}`,
    }
  }

  const driver: SyncDriver = {
    clock,
    log: lines,
    metrics,
    answerSweeps: true,
    restarted: new Set(),
    async start() {
      alive = new AbortController()
      const life = alive
      delivered = new Map()
      deliveries = Promise.resolve()
      const parts = partsOf()
      works = []
      for (let index = 0; index < PARTITIONS; index++) works.push(await openPartition(parts, partitionOf(index, life)))
      deliver()
    },
    async stop() {
      await deliveries
      await Promise.all(works.map((work) => work.close('stopping')))
      alive.abort(new Error('stopped'))
    },
    crash: () => alive.abort(new Error('killed')),
    crashAt(nth, when) {
      crashIn = nth
      crashWhen = when
    },
    crashed: () => alive.signal.aborted,
    async connect(changes) {
      const connection = connectionOf(changes)
      append([{ topic: CONNECTIONS, key: connection.id, value: Buffer.from(JSON.stringify(connection)) }])
      deliver()
      await deliveries
    },
    async disconnect(connectionId) {
      append([{ topic: CONNECTIONS, key: connectionId, value: null }])
      deliver()
      await deliveries
    },
    async ask(request) {
      const value = Buffer.from(JSON.stringify({ id: 'ask', requestedAt: clock.now(), ...request }))
      append([{ topic: SYNC_REQUESTS, key: request.connectionId, value }])
      deliver()
      await deliveries
    },
    async push(connectionId, ...sent) {
      for (const { id, body } of sent) {
        const text = JSON.stringify(body)
        const delivery = { connectionId, receiptId: `r${++receipts}`, deliveryId: id, receivedAt: clock.now(), text }
        append([{ topic: WEBHOOKS_INBOUND, key: connectionId, value: Buffer.from(JSON.stringify(delivery)) }])
      }
      deliver()
      await deliveries
    },
    async pushBytes(connectionId, value) {
      append([{ topic: WEBHOOKS_INBOUND, key: connectionId, value }])
      deliver()
      await deliveries
    },
    async until(condition, { stepMs = 100, maxMs = 600_000 } = {}) {
      const end = clock.now() + maxMs
      for (let settles = 0; !condition(); settles++) {
        if (clock.now() > end) throw new Error(`waiting in vain for ${condition.toString()}`)
        await clock.advance(settles % 4 === 3 ? stepMs : 0)
      }
    },
    async pass(ms) {
      const end = clock.now() + ms
      while (clock.now() < end) {
        await clock.advance(Math.min(500, end - clock.now()))
        const activity = () => transactions + options.systems.reduce((sum, { requests }) => sum + requests.length, 0)
        for (let calm = 0, before = activity(); calm < 5; calm++) {
          await clock.advance(0)
          if (activity() !== before) calm = 0
          before = activity()
        }
      }
    },
    changes: (entity, lane = 'changes') =>
      driver
        .records(`${lane}.${entity}`)
        .filter((record) => record.value !== null)
        .map(({ value }) => jsonCodec.decode(value as Buffer)),
    state(connectionId, entity) {
      const key = streamStateKey(connectionId, entity)
      const last = driver.records(SYNC_STATE).findLast((record) => record.key === key)
      if (last?.value == null) return null
      const record = parseSyncState(key, last.value)
      return record.kind === 'stream' ? record.state : null
    },
    records: (topic) =>
      Array.from({ length: PARTITIONS }, (_, p) => of(topic, p))
        .flat()
        .sort((a, b) => a.nth - b.nth),
    history: () => driver.records(SYNC_RUNS).map(({ value }) => parseSyncRun(value as Buffer)),
    transactions: () => transactions,
  }
  return driver
}

/** Readable bytes instead of Avro: what is encoded is the codec's own tests' business. */
const jsonCodec = {
  encodeChange: (change: ChangeRecord) =>
    Buffer.from(JSON.stringify({ ...change, payload: change.payload.toString() })),
  decode(value: Buffer): ChangeRecord {
    const change = JSON.parse(value.toString()) as ChangeRecord & { payload: string }
    return { ...change, payload: Buffer.from(change.payload) }
  },
  deadLetter: {
    encode: (letter: object) => Buffer.from(JSON.stringify(letter)),
    decode: (value: Buffer) => JSON.parse(value.toString()) as object,
  },
}

function decodeTestDelivery(value: Buffer): WebhookDelivery {
  const { text, ...delivery } = JSON.parse(value.toString()) as WebhookDelivery & { text: string }
  return { ...delivery, headers: {}, body: Buffer.from(text) }
}
